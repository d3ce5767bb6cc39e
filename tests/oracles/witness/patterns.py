"""Random event patterns: which operators a place allows, and how a flavour chooses among them."""

from __future__ import annotations

from random import Random
from typing import Any, Callable

from .event_pattern import Json, Number

Leaf = Callable[[Random], Json]

WORDS = ["a", "b", "ab", "ba", "aB", "A", "abc", "cab", ""]
ADDRESSES = ["10.0.0.1", "10.0.0.9", "10.1.2.3", "192.168.0.7", "2001:db8::1", "2001:DB8::1", "2001:0db8:0:0:0:0:0:2"]
RANGES = ["10.0.0.0/24", "10.0.0.0/29", "10.0.0.8/29", "10.1.2.3/32", "192.168.0.0/28", "2001:db8::/125", "2001:db8::2/127"]
ESCAPES = ["a*b", "a\\*b", "*a\\\\b", "a\\\\*", "\\**", "a\\*", "*b*"]
SPECIAL = ["a*b", "axb", "a\\b", "a*", "\\*b", "a\\", "ab"]


def word(rng: Random) -> str:
    return rng.choice(WORDS)


def part(rng: Random) -> str:
    """A text that a prefix, a suffix or the like may hold: not an empty one."""
    return rng.choice([w for w in WORDS if w])


def number(rng: Random) -> Number:
    return Number(str(rng.choice([-2, -1, 0, 1, 2, 3, 5, 10, 0.5, 1.5, 2.25])))


def exact_number(rng: Random) -> Number:
    """Sometimes one that a double-precision number cannot hold."""
    return Number(rng.choice(["9007199254740992", "9007199254740993"])) if rng.random() < 0.2 else number(rng)


def numeric(rng: Random) -> Json:
    if rng.random() < 0.5:
        return {"numeric": [rng.choice(["=", "<", "<=", ">", ">="]), number(rng)]}
    low, high = sorted((number(rng), number(rng)), key=lambda n: n.value)
    if low.value == high.value:
        high = Number(str(high.value + 1))
    return {"numeric": [rng.choice([">", ">="]), low, rng.choice(["<", "<="]), high]}


def but(rng: Random) -> Json:
    return {"anything-but": [part(rng) for _ in range(rng.randint(1, 2))]}


# Each operator by name: what a matcher of it looks like.
OPERATORS: dict[str, Leaf] = {
    "exact": word,
    "number": exact_number,
    "bool": lambda rng: rng.random() < 0.5,
    "prefix": lambda rng: {"prefix": part(rng)},
    "suffix": lambda rng: {"suffix": part(rng)},
    "equals-ignore-case": lambda rng: {"equals-ignore-case": part(rng)},
    "anything-but": but,
    "anything-but-number": lambda rng: {"anything-but": [exact_number(rng)]},
    "numeric": numeric,
    "exists": lambda rng: {"exists": rng.random() < 0.7},
    "cidr": lambda rng: {"cidr": rng.choice(RANGES)},
    "address": lambda rng: rng.choice(ADDRESSES),
    "anything-but-prefix": lambda rng: {"anything-but": {"prefix": part(rng)}},
    "anything-but-suffix": lambda rng: {"anything-but": {"suffix": part(rng)}},
    "prefix-ignore-case": lambda rng: {"prefix": {"equals-ignore-case": part(rng)}},
    "wildcard": lambda rng: {"wildcard": rng.choice(["a*", "*a", "a*b", "*b*", "*"])},
    "escapes": lambda rng: {"wildcard": rng.choice(ESCAPES)},
    "special": lambda rng: rng.choice(SPECIAL),
}

# What each service documents for its patterns. Lambda documents neither cidr nor wildcard.
LAMBDA = ("exact", "number", "bool", "prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists", "address", "special")
SNS = (*LAMBDA, "cidr", "anything-but-number", "anything-but-prefix", "anything-but-suffix")
EVENTS = (*SNS, "prefix-ignore-case", "wildcard", "escapes")

# What a pair of patterns is about: the operators that its two sides choose from, where the place allows them.
FLAVOURS: dict[str, tuple[str, ...]] = {
    "texts": ("exact", "prefix", "suffix", "equals-ignore-case", "anything-but", "anything-but-prefix", "anything-but-suffix", "wildcard"),
    "numbers": ("number", "numeric", "anything-but-number"),
    "addresses": ("address", "cidr"),
    "escapes": ("special", "escapes"),
    "mixed": ("exact", "number", "bool", "numeric", "exists", "prefix", "anything-but"),
}


def leaf(rng: Random, flavour: str, allowed: tuple[str, ...]) -> list[Json]:
    """The matchers of one field."""
    names = [name for name in FLAVOURS[flavour] if name in allowed]
    return [OPERATORS[rng.choice(names)](rng) for _ in range(1 if rng.random() < 0.7 else 2)]


def pattern(rng: Random, flavour: str, allowed: tuple[str, ...], alternatives: bool = False) -> dict[str, Json]:
    """A pattern over the fields x, y and d.z, with `$or` over two fields that nothing else names if asked for."""
    made: dict[str, Any] = {"x": leaf(rng, flavour, allowed)}
    if rng.random() < 0.3:
        made["y"] = leaf(rng, flavour, allowed)
    if rng.random() < 0.2:
        made["d"] = {"z": leaf(rng, flavour, allowed)}
    if alternatives and rng.random() < 0.6:
        made["$or"] = [{"v": leaf(rng, flavour, allowed)}, {"w": leaf(rng, flavour, allowed)}]
    return made


def operators(of: Json) -> set[str]:
    """The names of the operators in a pattern."""
    if isinstance(of, list):
        return set().union(*(operators(item) for item in of)) if of else set()
    if isinstance(of, dict):
        found = {key for key in of if key in ("prefix", "suffix", "equals-ignore-case", "wildcard", "cidr", "numeric", "exists", "anything-but", "$or")}
        inside = [item for key, item in of.items() if key == "$or" or key not in found]
        return found.union(*(operators(item) for item in inside)) if inside else found
    return {"exact"}
