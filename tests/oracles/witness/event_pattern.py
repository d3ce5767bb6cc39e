"""Event patterns: what a pattern accepts, after AWS's documentation, value by value.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html

A pattern is a dict; its leaves are lists of matchers. A field of an event is one value or a list of values, and a
list is accepted where one of its values is. This module does not search: `solve.py` does, and asks this one.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Callable

from .texts import RUN, Glob, any_case, joined, literal

Json = Any


@dataclass(frozen=True)
class Number:
    """A number as it is written: equality of numbers in a pattern is equality of what is written."""

    text: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.text)


class Missing:
    """The field is not in the event."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()
Scalar = str | Number | bool | None | Missing

TEXT_OPERATORS = ("prefix", "suffix", "equals-ignore-case", "wildcard")
COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def wildcard(pattern: str) -> Glob:
    """`*` is any run of characters; `\\*` is a star and `\\\\` a backslash."""
    tokens: list[Any] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\" and pattern[at + 1 : at + 2] in ("*", "\\"):
            at += 1
            tokens.append(frozenset(pattern[at]))
        else:
            tokens.append(RUN if pattern[at] == "*" else frozenset(pattern[at]))
        at += 1
    return Glob(tuple(tokens))


def text_glob(operator: str, operand: Json) -> Glob:
    """The texts that an operator over texts accepts."""
    ignoring = isinstance(operand, dict)
    fixed = any_case(operand["equals-ignore-case"]) if ignoring else literal(operand)
    match operator:
        case "prefix":
            return joined(fixed, RUN)
        case "suffix":
            return joined(RUN, fixed)
        case "equals-ignore-case":
            return any_case(operand)
        case "wildcard":
            return wildcard(operand)
    raise ValueError(f"no operator over texts: {operator}")


def in_range(cidr: str, text: str) -> bool:
    try:
        return ipaddress.ip_address(text) in ipaddress.ip_network(cidr)
    except ValueError:
        return False


def accepts(matcher: Json, value: Scalar) -> bool:
    """Whether one matcher accepts one value."""
    if not isinstance(matcher, dict):
        return type(matcher) is type(value) and matcher == value
    ((operator, operand),) = matcher.items()
    if operator == "exists":
        return (value is not MISSING) == operand
    if value is MISSING:
        return False
    if operator in TEXT_OPERATORS:
        return isinstance(value, str) and text_glob(operator, operand).accepts(value)
    if operator == "cidr":
        return isinstance(value, str) and in_range(operand, value)
    if operator == "numeric":
        pairs = zip(operand[::2], operand[1::2])
        return isinstance(value, Number) and all(COMPARISONS[c](value.value, bound.value) for c, bound in pairs)
    if operator == "anything-but":
        return not any(accepts(but, value) for but in excluded(operand))
    raise ValueError(f"unknown operator: {operator}")


def excluded(operand: Json) -> list[Json]:
    """What `anything-but` leaves out, as matchers: values, or the values of one operator over texts."""
    if isinstance(operand, list):
        return operand
    if isinstance(operand, dict):
        ((operator, inner),) = operand.items()
        return [{operator: one} for one in (inner if isinstance(inner, list) else [inner])]
    return [operand]


def values(event: Json, key: str) -> list[Scalar]:
    """The values of a field: those of a list one by one."""
    if not isinstance(event, dict) or key not in event:
        return [MISSING]
    value = event[key]
    return list(value) if isinstance(value, list) else [value]


def matches(pattern: dict[str, Json], event: Json) -> bool:
    """Whether an event satisfies a pattern: all of its fields, and one of the alternatives of `$or`."""
    for key, wanted in pattern.items():
        if key == "$or":
            held = any(matches(one, event) for one in wanted)
        elif isinstance(wanted, dict):
            held = matches(wanted, event.get(key) if isinstance(event, dict) else None)
        else:
            held = any(accepts(matcher, value) for value in values(event, key) for matcher in wanted)
        if not held:
            return False
    return True
