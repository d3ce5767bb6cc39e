"""Capabilities: each edge is a right of its holder's role, narrowed as the edge says; no role has any other right."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from typing import Any, Iterable

from common import HERE, Json
from graph import Edge, Graph
from state import arn_of, StackState, Statement, belongs, mentions


@cache
def rights() -> Json:
    return tomllib.loads((HERE / "rights.toml").read_text(encoding="utf-8"))


def verb_of(edge: Edge) -> str:
    """The key in rights.toml: the target's kind, and the verb."""
    return f"{edge.target.kind}.{re.split(r'[ (]', edge.label)[0]}"


def held_by(logical_id: str, state: StackState) -> list[Statement] | None:
    """The statements of a holder's role: as moto has a function's, or those of the roles it names."""
    function = state.functions.get(logical_id)
    if function is not None:
        return function.statements
    named = state.resolved.get(logical_id)
    if named is None:
        return None
    return [s for role, held in state.roles.items() if mentions(named, state.arns[role]) for s in held]


def arn_for(target: str, state: StackState) -> list[str]:
    """What a statement may call this target. A stand-in's Ref is an ARN on AWS, for a secret as for a topic."""
    if target in state.physical:
        return [state.arns[target]]
    shaped = arn_of(state.types.get(target, ""), f"stand-in-{target}")
    return [f"stand-in-{target}", state.arns.get(target, target), shaped]


def not_allowed(held: list[Statement], actions: Iterable[str], target: str, state: StackState) -> list[str]:
    """The actions that no statement allows on this resource (or on a part of it)."""
    if target not in state.types:
        return [f"no right to {a} on {target}, which another stack owns" for a in actions if not allowed_outside(held, a, state)]
    arns = arn_for(target, state)
    return [f"no right to {a} on {target}" for a in actions if not any(allows_part(s, a, arn) for s in held for arn in arns)]


def allowed_outside(held: list[Statement], action: str, state: StackState) -> bool:
    """Whether something that no resource of this stack is may be used: all that is known of an existing target."""
    return any(action in s.actions and any(is_outside(r, state) for r in s.resources) for s in held)


def is_outside(resource: str, state: StackState) -> bool:
    return resource.startswith("arn:") and state.owner_of(resource) == resource


def allows_part(statement: Statement, action: str, arn: str) -> bool:
    """Allowed on the resource itself, or on something inside it: `bucket/thumbs/*`, `table/index/*`."""
    inside = tuple(arn + mark for mark in ("/", ":"))
    return action in statement.actions and any(r == arn or r.startswith(inside) for r in statement.resources)


def capability_problems(graph: Graph, state: StackState) -> list[str]:
    """Each capability edge is a right of its holder's role on its target."""
    problems = []
    for edge in graph.capabilities():
        held = held_by(edge.source.logical_id, state)
        if held is None:
            continue
        entry = rights()["verb"].get(verb_of(edge))
        if entry is None:
            problems.append(f"{edge}: rights.toml does not say what {verb_of(edge)} needs")
        elif entry.get("on") == "any":
            actions = {action for statement in held for action in statement.actions}
            problems += [f"{edge}: no right to {action}" for action in entry["actions"] if action not in actions]
        else:
            missing = not_allowed(held, entry["actions"], edge.target.logical_id, state)
            problems += [f"{edge}: {text}" for text in missing]
    return problems


def narrowing_problems(graph: Graph, state: StackState) -> list[str]:
    """What an edge narrows, IAM enforces: in the resource for a bucket's keys, in a condition for all else."""
    problems = []
    for edge in graph.capabilities():
        held = held_by(edge.source.logical_id, state)
        same = [e for e in graph.from_holder(edge.source.name) if (e.target, e.label) == (edge.target, edge.label)]
        entry = rights()["verb"].get(verb_of(edge), {})
        for name, where in entry.get("narrowed_by", {}).items():
            values = [text for e in same for text in texts(e.arguments.get(name))]
            if held is None or not all(name in e.arguments for e in same):
                continue
            for statement in concerned(held, entry, edge.target.logical_id, state):
                if not is_narrowed(statement, where, values, edge.target.logical_id, state):
                    problems.append(f"{edge}: {statement.actions[0]} is not narrowed to {name} {values}")
    return problems


def texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def concerned(held: list[Statement], entry: Json, target: str, state: StackState) -> list[Statement]:
    arns = arn_for(target, state)
    return [s for s in held if any(allows_part(s, action, arn) for action in entry["actions"] for arn in arns)]


def is_narrowed(statement: Statement, where: str, values: list[str], target: str, state: StackState) -> bool:
    if where == "resource":
        inside = [r for r in statement.resources if any(r.startswith(arn) for arn in arn_for(target, state))]
        return all(any(r.endswith("/" + value) for value in values) for r in inside)
    condition = json.loads(statement.condition)
    return mentions_key(condition, where) and all(mentions(condition, value) for value in values)


def mentions_key(condition: Json, key: str) -> bool:
    return isinstance(condition, dict) and any(key in operands for operands in condition.values())


def excess_rights(graph: Graph, state: StackState) -> list[str]:
    """Every right of a holder's role is one that one of its edges leads to. No action is a pattern."""
    problems = []
    by_id = {node.logical_id: node for node in graph.nodes.values() if node.logical_id}
    holders = [*state.functions, *state.of_type("AWS::StepFunctions::StateMachine")]
    for name in holders:
        if name not in by_id:
            problems.append(f"{name} stands in the template but not in the graph")
            continue
        granted = [*granted_by_edges(by_id[name].name, graph, state), (name, set(rights()["own"]["actions"]))]
        for statement in held_by(name, state) or []:
            problems += [f"{name}: its role holds the pattern {a}" for a in statement.actions if "*" in a]
            for resource in statement.resources:
                for action in statement.actions:
                    if not explained(action, resource, granted, state):
                        problems.append(f"{name}: no edge explains {action} on {resource}")
    return problems


def granted_by_edges(holder: str, graph: Graph, state: StackState) -> Iterable[tuple[str, set[str]]]:
    """What the edges of one holder lead to: a logical id, and the actions that may be held on it."""
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
    if resource == rights()["at_edge"]["resource"]:
        return action in rights()["at_edge"]["actions"]
    owner, outside = state.owner_of(resource), is_outside(resource, state)
    return any(
        action in actions and (belongs(owner, target, state) or outside and target not in state.types)
        for target, actions in granted
    )
