"""Constructs an event that satisfies several patterns, or shows that there is none.

A pattern is a choice of conjunctions (`$or` multiplied out). For each conjunction, each field gets one value that all
of its matchers accept, or a list with a value for each. Texts are decided by automata, numbers by the points at and
between their bounds; only a range of addresses that is too large to go through leaves a doubt.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Iterator, Sequence

from .event_pattern import MISSING, TEXT_OPERATORS, Json, Number, Scalar, accepts, excluded, matches, text_glob
from .texts import ANYTHING, Glob, common, literal

Path = tuple[str, ...]
Conjunction = list[tuple[Path, list[Json]]]

MOST_ADDRESSES = 4096


class Doubt(Exception):
    """No witness was found, and that there is none is not shown."""


@dataclass(frozen=True)
class Witness:
    """An event that satisfies all of the patterns; `listed` if it needs a list where one value does not do."""

    event: Json
    listed: bool


def conjunctions(pattern: dict[str, Json], at: Path = ()) -> list[Conjunction]:
    """The choices of a pattern: fields that must all hold, with the matchers of each."""
    parts: list[list[Conjunction]] = []
    for key, wanted in pattern.items():
        if key == "$or":
            parts.append([one for alternative in wanted for one in conjunctions(alternative, at)])
        elif isinstance(wanted, dict):
            parts.append(conjunctions(wanted, (*at, key)))
        else:
            parts.append([[((*at, key), wanted)]])
    return [[leaf for part in chosen for leaf in part] for chosen in product(*parts)]


def as_texts(matcher: Json) -> tuple[list[Glob], list[Glob]] | None:
    """The texts that a matcher accepts: in all of the first and none of the second; none if it accepts no text."""
    if isinstance(matcher, str):
        return [literal(matcher)], []
    if not isinstance(matcher, dict):
        return None
    ((operator, operand),) = matcher.items()
    if operator in TEXT_OPERATORS:
        return [text_glob(operator, operand)], []
    if operator == "anything-but":
        texts = [as_texts(but) for but in excluded(operand)]
        return [ANYTHING], [glob for found in texts if found for glob in found[0]]
    return ([ANYTHING], []) if operator == "exists" and operand else None


def ranges(matchers: Sequence[Json]) -> list[str]:
    return [m["cidr"] for m in matchers if isinstance(m, dict) and "cidr" in m]


def addresses(cidr: str) -> Iterator[str]:
    """The addresses of a range, each in the spellings that differ; the first ones only of a large one."""
    network = ipaddress.ip_network(cidr)
    for number, address in enumerate(network):
        if number == MOST_ADDRESSES:
            return
        yield from dict.fromkeys((str(address), address.exploded, str(address).upper(), address.exploded.upper()))


def numbers(matchers: Sequence[Json]) -> list[Number]:
    """The bounds and the values that the matchers name, and points between and beyond them."""
    written: dict[Decimal, Number] = {}
    for matcher in matchers:
        operand = next(iter(matcher.values())) if isinstance(matcher, dict) else matcher
        for one in operand if isinstance(operand, list) else [operand]:
            if isinstance(one, Number):
                written.setdefault(one.value, one)
    if not written:
        return [Number("1")]
    points = sorted(written)
    between = [a + (b - a) * part / 8 for a, b in zip(points, points[1:]) for part in range(1, 8)]
    beyond = [points[0] - step for step in (1, 2, 3, 4)] + [points[-1] + step for step in (1, 2, 3, 4)]
    return [*written.values(), *(Number(format(n.normalize(), "f")) for n in between + beyond)]


def candidates(matchers: Sequence[Json]) -> Iterator[Scalar]:
    """Values that may satisfy all matchers: complete but for large ranges of addresses."""
    if networks := ranges(matchers):
        yield from (m for m in matchers if isinstance(m, str))
        yield from addresses(min(networks, key=lambda c: ipaddress.ip_network(c).num_addresses))
    else:
        texts = [as_texts(m) for m in matchers]
        if all(texts):
            positive = [glob for found in texts if found for glob in found[0]]
            negative = [glob for found in texts if found for glob in found[1]]
            if (text := common(positive, negative)) is not None:
                yield text
    yield from numbers(matchers)
    yield from (True, False, None, MISSING)


def value_for(matchers: Sequence[Json]) -> Scalar:
    """One value that all matchers accept. Raises LookupError if there is none, Doubt if that is not shown."""
    for value in candidates(matchers):
        if all(accepts(matcher, value) for matcher in matchers):
            return value
    networks = [ipaddress.ip_network(c) for c in ranges(matchers)]
    others = [m for m in matchers if isinstance(m, dict) and "cidr" not in m]
    if networks and min(n.num_addresses for n in networks) > MOST_ADDRESSES and others:
        raise Doubt(f"{matchers}")
    if any(n.version == 6 for n in networks) and others:
        raise Doubt(f"{matchers}: an address of IPv6 has more spellings than are tried")
    raise LookupError


def field(constraints: list[list[Json]], listed: bool) -> Json:
    """A value for a field under several lists of matchers: one value, or a list with one for each."""
    doubt: Doubt | None = None
    for chosen in product(*constraints):
        try:
            if not listed:
                return value_for(chosen)
            found = [value_for([matcher]) for matcher in chosen]
        except LookupError:
            continue
        except Doubt as error:
            doubt = error
            continue
        absent = [value is MISSING for value in found]
        if not any(absent):
            return list(dict.fromkeys(found))
        if all(absent):
            return MISSING
    if doubt:
        raise doubt
    raise LookupError


def put(event: dict[str, Json], path: Path, value: Json) -> None:
    for key in path[:-1]:
        event = event.setdefault(key, {})
    if value is not MISSING:
        event[path[-1]] = value


def event_for(parts: Sequence[Conjunction], listed: bool, single: frozenset[Path]) -> Json:
    """An event that satisfies one conjunction of each pattern; fields of `single` hold one value in any case."""
    fields: dict[Path, list[list[Json]]] = {}
    for path, wanted in (leaf for part in parts for leaf in part):
        fields.setdefault(path, []).append(wanted)
    event: dict[str, Json] = {}
    for path, constraints in fields.items():
        put(event, path, field(constraints, listed and path not in single))
    return event


def witness(patterns: Sequence[dict[str, Json]], lists: bool = True, single: frozenset[Path] = frozenset()) -> Witness | None:
    """An event that satisfies all patterns, preferably without lists; none if there is none. May raise Doubt."""
    doubt: Doubt | None = None
    for listed in (False, True) if lists else (False,):
        for parts in product(*(conjunctions(pattern) for pattern in patterns)):
            try:
                event = event_for(parts, listed, single)
            except LookupError:
                continue
            except Doubt as error:
                doubt = error
                continue
            if not all(matches(pattern, event) for pattern in patterns):
                raise AssertionError(f"the solver is wrong: {event} does not satisfy {patterns}")
            return Witness(event, listed)
    if doubt:
        raise doubt
    return None
