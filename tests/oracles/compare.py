"""The judgement of the deploy stage: what is there, against what the source's graph says.

Pure functions from a graph, a state and its wires to a list of problems. What the graph must lead to
on AWS stands in rights.toml, written from AWS's documentation and not from the compiler's standard
library.
"""

from __future__ import annotations

from capabilities import capability_problems, excess_rights, narrowing_problems
from dependencies import hidden_dependencies
from graph import Graph
from state import FunctionState, StackState, Wire
from waking import alias_problems, excess_invokers, trigger_problems


def compare(graph: Graph, state: StackState, wires: list[Wire]) -> list[str]:
    """All problems of one deployed stack."""
    problems = missing_resources(graph, state)
    for name, function in state.functions.items():
        problems += settings_differ(name, function, state)
    problems += trigger_problems(graph, state, wires)
    problems += alias_problems(state)
    problems += excess_invokers(graph, state)
    problems += capability_problems(graph, state)
    problems += narrowing_problems(graph, state)
    problems += excess_rights(graph, state)
    problems += hidden_dependencies(state)
    return problems


def missing_resources(graph: Graph, state: StackState) -> list[str]:
    """Every node that has a resource in this stack's template must have been made, or be a known skip."""
    nodes = [n for n in graph.nodes.values() if n.logical_id in state.types]
    return [
        f"{node.kind} {node.name}: {node.logical_id} was not created"
        for node in nodes
        if node.logical_id not in state.physical and node.logical_id not in state.skipped
    ]


def settings_differ(name: str, function: FunctionState, state: StackState) -> list[str]:
    """The function that moto runs has the settings of the template, its references resolved by moto itself."""
    wanted, found = state.resolved[name], function.settings
    problems = []
    for key in ("Runtime", "Handler", "MemorySize", "Timeout"):
        if key in wanted and str(wanted[key]) != str(found.get(key)):
            problems.append(f"function {name}: {key} is {found.get(key)!r}, the template says {wanted[key]!r}")
    wanted_env = wanted.get("Environment", {}).get("Variables", {})
    found_env = found.get("Environment", {}).get("Variables", {})
    for key in sorted(wanted_env.keys() | found_env.keys()):
        if str(wanted_env.get(key)) != str(found_env.get(key)):
            problems.append(f"function {name}: {key} is {found_env.get(key)!r}, the template means {wanted_env.get(key)!r}")
    return problems
