"""The judgement of the deploy stage: what is there, against what the source's graph says.

Pure functions from a graph, a state and its wires to a list of problems, so that selftest.py can feed
them faults. What the graph must lead to on AWS stands in rights.toml, written from AWS's
documentation and not from the compiler's standard library.
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from functools import cache
from typing import Iterable

from common import HERE, Json
from graph import Edge, Graph
from state import FunctionState, StackState, Statement, Wire, mentions


@cache
def rights() -> Json:
    return tomllib.loads((HERE / "rights.toml").read_text(encoding="utf-8"))


def compare(graph: Graph, state: StackState, wires: list[Wire]) -> list[str]:
    """All problems of one deployed stack."""
    problems: list[str] = []
    problems += missing_resources(graph, state)
    for name, function in state.functions.items():
        problems += settings_differ(name, function, state)
    problems += trigger_problems(graph, state, wires)
    problems += capability_problems(graph, state)
    for name, function in state.functions.items():
        problems += excess_rights(name, function, graph, state)
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


def trigger_problems(graph: Graph, state: StackState, wires: list[Wire]) -> list[str]:
    """Each trigger edge is a wire with the right to use it, and no wire is without an edge."""
    problems, explained = [], set()
    for edge in graph.triggers():
        source, target = edge.source.logical_id, edge.target.logical_id
        if target not in state.types:
            continue
        # What an edge itself emits (a schedule, a rule) is named after both of its ends.
        carrying = [w for w in wires if w.target == target and (belongs(w.source, source, state) or w.source.startswith(target + source))]
        explained |= set(carrying)
        if not carrying:
            problems.append(f"{edge}: nothing that was deployed wakes {target} from {source}")
        elif target in state.functions:
            problems += invocation_problems(edge, carrying, state.functions[target], state)
    explained |= {wire for wire in wires if by_itself(wire, graph, state)}
    for wire in set(wires) - explained:
        problems.append(f"{wire.source} wakes {wire.target} ({wire.by}), which no trigger edge of the source says")
    return problems


def by_itself(wire: Wire, graph: Graph, state: StackState) -> bool:
    """A function's own URL, and a task of a state machine that can invoke the function, need no trigger edge."""
    if wire.by == "function URL":
        return belongs(wire.source, wire.target, state)
    invoked = {(e.source.logical_id, e.target.logical_id) for e in graph.capabilities() if e.label == "invoke"}
    return wire.by == "task" and (wire.source, wire.target) in invoked


def belongs(logical_id: str, declared: str, state: StackState) -> bool:
    """Whether a resource is the declared one, or one of those that its declaration emits beside it."""
    return logical_id == declared or bool(declared) and logical_id.startswith(declared) and logical_id in state.types


def invocation_problems(edge: Edge, wires: list[Wire], function: FunctionState, state: StackState) -> list[str]:
    """Who may invoke: a poller reads with the function's role, a pusher needs a permission, or a role of its own."""
    problems = []
    for wire in wires:
        kind = state.types.get(wire.source, "")
        if wire.by == "event source mapping":
            needed = rights()["poll"].get(kind)
            if needed is None:
                problems.append(f"{edge}: rights.toml does not say what polling a {kind} needs")
            else:
                problems += [f"{edge}: {text}" for text in not_allowed(function.statements, needed, wire.source, state)]
        elif not may_push(wire, kind, function, state):
            problems.append(f"{edge}: {wire.source} has no permission, narrowed to it, to invoke {function.logical_id}")
    return problems


def may_push(wire: Wire, kind: str, function: FunctionState, state: StackState) -> bool:
    principal = rights()["push"].get(kind)
    if principal == "role":
        own = [held for role, held in state.roles.items() if mentions(state.resolved[wire.source], state.arns[role])]
        return any(allows(statement, "lambda:InvokeFunction", function.arn) for held in own for statement in held)
    if principal == "*":
        return any(invoker.principal == "*" for invoker in function.invokers)
    names = {state.physical.get(wire.source) or f"stand-in-{wire.source}", state.arns.get(wire.source, wire.source)}
    names |= {state.arns[rule] for rule in state.of_type("AWS::Events::Rule")} if wire.by == "rule" else set()
    return any(
        invoker.principal == principal and any(name in invoker.source for name in names)
        for invoker in function.invokers
    )


def not_allowed(held: list[Statement], actions: Iterable[str], target: str, state: StackState) -> list[str]:
    """The actions that no statement allows on this resource (or on a part of it)."""
    arn = state.arns[target] if target in state.physical else f"stand-in-{target}"
    return [f"no right to {a} on {target}" for a in actions if not any(allows_part(s, a, arn) for s in held)]


def allows(statement: Statement, action: str, arn: str) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), a.lower()) for a in statement.actions) and any(
        fnmatch.fnmatchcase(arn, resource) for resource in statement.resources
    )


def allows_part(statement: Statement, action: str, arn: str) -> bool:
    """Allowed on the resource itself, or on something inside it: `bucket/thumbs/*`, `table/index/*`."""
    inside = tuple(arn + mark for mark in ("/", ":"))
    return action in statement.actions and any(r == arn or r.startswith(inside) for r in statement.resources)


def capability_problems(graph: Graph, state: StackState) -> list[str]:
    """Each capability edge is a right of its holder's role on its target."""
    problems = []
    for edge in graph.capabilities():
        function = state.functions.get(edge.source.logical_id)
        if function is None:
            continue
        entry = rights()["verb"].get(verb_of(edge))
        if entry is None:
            problems.append(f"{edge}: rights.toml does not say what {verb_of(edge)} needs")
            continue
        problems += [f"{edge}: {text}" for text in verb_problems(entry, edge, function, state)]
    return problems


def verb_problems(entry: Json, edge: Edge, function: FunctionState, state: StackState) -> list[str]:
    if entry.get("on") == "any":
        held = {action for statement in function.statements for action in statement.actions}
        return [f"no right to {action}" for action in entry["actions"] if action not in held]
    return not_allowed(function.statements, entry["actions"], edge.target.logical_id, state)


def excess_rights(name: str, function: FunctionState, graph: Graph, state: StackState) -> list[str]:
    """Every right of a function's role is one that one of its edges leads to. No action is a pattern."""
    node = next((n for n in graph.nodes.values() if n.logical_id == name), None)
    if node is None:
        return [f"function {name} stands in the template but not in the graph"]
    granted = list(granted_by_edges(node.name, graph, state))
    granted.append((name, set(rights()["own"]["actions"])))
    problems = []
    for statement in function.statements:
        problems += [f"function {name}: its role holds the pattern {a}" for a in statement.actions if "*" in a]
        for resource in statement.resources:
            for action in statement.actions:
                if not explained(action, resource, granted, state):
                    problems.append(f"function {name}: no edge explains {action} on {resource}")
    return problems


def granted_by_edges(holder: str, graph: Graph, state: StackState) -> Iterable[tuple[str, set[str]]]:
    """What the edges of one function lead to: a logical id, and the actions that may be held on it."""
    for edge in graph.from_holder(holder):
        entry = rights()["verb"].get(verb_of(edge), {"actions": []})
        yield edge.target.logical_id, {*entry["actions"], *entry.get("also", [])}
    for edge in graph.triggers():
        if edge.target.name == holder:
            kind = state.types.get(edge.source.logical_id, "")
            yield edge.source.logical_id, {*rights()["poll"].get(kind, []), *rights()["poll_also"].get(kind, [])}


def explained(action: str, resource: str, granted: list[tuple[str, set[str]]], state: StackState) -> bool:
    if resource == "*":
        return action in rights()["anywhere"]["actions"]
    if action in rights()["beside"]["actions"]:
        return True
    owner = state.owner_of(resource)
    return any(action in actions and belongs(owner, target, state) for target, actions in granted)


def verb_of(edge: Edge) -> str:
    """The key in rights.toml: the target's kind, and the verb without its narrowing."""
    return f"{edge.target.kind}.{re.split(r'[ (]', edge.label)[0]}"
