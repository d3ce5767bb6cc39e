"""Which resources CloudFormation makes first: Ref, Fn::GetAtt, Fn::Sub and DependsOn, with conditions resolved."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator

Condition = Callable[[str], bool]


def references(value: Any, holds: Condition) -> Iterator[str]:
    """The names that a value refers to: logical ids, parameters and pseudo parameters alike."""
    if isinstance(value, list):
        for item in value:
            yield from references(item, holds)
    elif isinstance(value, dict):
        if len(value) == 1:
            (key, argument), = value.items()
            if key == "Ref" and isinstance(argument, str):
                yield argument
                return
            if key == "Fn::GetAtt":
                yield argument.split(".", 1)[0] if isinstance(argument, str) else argument[0]
                return
            if key == "Fn::If":
                yield from references(argument[1] if holds(argument[0]) else argument[2], holds)
                return
            if key == "Fn::Sub":
                yield from substituted(argument, holds)
                return
        for item in value.values():
            yield from references(item, holds)


def substituted(argument: Any, holds: Condition) -> Iterator[str]:
    text, extra = argument if isinstance(argument, list) else (argument, {})
    for name in re.findall(r"\$\{([^!}][^}]*)\}", text):
        if name not in extra:
            yield name.split(".", 1)[0]
    yield from references(list(extra.values()), holds)


def needs(resource: dict[str, Any], holds: Condition) -> set[str]:
    """What one resource waits for, among all names."""
    depends = resource.get("DependsOn", [])
    direct = set(references(resource.get("Properties", {}), holds))
    return direct | {depends} if isinstance(depends, str) else direct | set(depends)


def in_order(graph: dict[str, set[str]]) -> list[str]:
    """Topological order, ties in the order of the template. What is left out waits for itself."""
    done: dict[str, None] = {}
    waiting = list(graph)
    while waiting:
        ready = [name for name in waiting if graph[name] <= done.keys()]
        if not ready:
            return list(done)
        done |= dict.fromkeys(ready)
        waiting = [name for name in waiting if name not in done]
    return list(done)


def reachable(graph: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    """For each resource, all that certainly exist when it is made."""
    reach: dict[str, frozenset[str]] = {}
    for name in in_order(graph):
        direct = graph[name]
        reach[name] = frozenset(direct).union(*(reach[other] for other in direct))
    return reach
