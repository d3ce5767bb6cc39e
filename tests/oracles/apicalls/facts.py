"""What the API reference says in prose and no model holds: `constraints.toml`, applied to resolved properties."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Iterator, Mapping

import regex

from .formats import FORMATS
from .resolve import compact, text_of
from .sample import Guess
from .table import MalformedTable
from .walk import NUMBER, Problem, Tally, brief

Json = Any
FILE = Path(__file__).resolve().parent / "constraints.toml"
CHECKS = {
    "pattern", "not_pattern", "enum", "min", "max", "min_length", "max_length", "max_bytes", "min_items", "max_items",
    "format", "requires", "forbids", "one_of",
}
KEYS = CHECKS | {"id", "type", "property", "when", "says", "source"}
UNIQUE_KEYS = {"id", "type", "names", "within", "matching", "says", "source"}


@dataclass(frozen=True)
class Fact:
    """One sentence of a page, as a check of one property of one type."""

    id: str
    type: str
    steps: tuple[str, ...]
    when: Mapping[str, Any]
    check: str
    limit: Any
    says: str

    def applies(self, properties: Json) -> bool:
        return all(met(properties, name, wanted) for name, wanted in self.when.items())


def met(properties: Json, name: str, wanted: Any) -> bool:
    """A condition on another property: its values, or a pattern (`~...`), or that it is absent (false for "there")."""
    found = [value for _, value in values(properties, tuple(name.split(".")))]
    if wanted == "absent" or wanted == "there":
        return bool(found) == (wanted == "there")
    options = wanted if isinstance(wanted, list) else [wanted]
    for value in found:
        if isinstance(value, (dict, list, Guess)):
            continue
        for option in options:
            text = text_of(option)
            if text.startswith("~") and regex.search(text[1:], text_of(value)) or text == text_of(value):
                return True
    return False


def values(node: Json, steps: tuple[str, ...], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every value at a path. `*` takes each element or entry, `%` each key of a map."""
    if not steps or steps == ("",):
        yield path, node
        return
    step, rest = steps[0], steps[1:]
    if step == "%" and isinstance(node, dict):
        yield from (((*path, key), key) for key in node)
    elif step == "*" and isinstance(node, (list, dict)):
        for key, item in enumerate(node) if isinstance(node, list) else node.items():
            yield from values(item, rest, (*path, str(key)))
    elif isinstance(node, dict) and step in node:
        yield from values(node[step], rest, (*path, step))


def broken(fact: Fact, value: Json) -> bool | str:
    """Whether a value breaks a fact; a text says how."""
    check, limit = fact.check, fact.limit
    if check in ("requires", "forbids", "one_of"):
        names = limit if isinstance(limit, list) else [limit]
        there = [name for name in names if any(True for _ in values(value, tuple(name.split("."))))]
        return {"requires": len(there) < len(names), "forbids": bool(there), "one_of": not there}[check]
    if check == "format":
        return FORMATS[limit](value) or False
    if check in ("min_items", "max_items"):
        return len(value) < limit if check == "min_items" else len(value) > limit
    if check == "max_bytes":
        return len((value if isinstance(value, str) else compact(value)).encode()) > limit
    if isinstance(value, list):
        return any(broken(fact, item) for item in value)
    if isinstance(value, dict):
        return "a plain value is needed"
    text = text_of(value)
    if check in ("min", "max"):
        if not NUMBER.fullmatch(text):
            return "a number is needed"
        return float(text) < limit if check == "min" else float(text) > limit
    return {
        "pattern": lambda: not regex.fullmatch(limit, text),
        "not_pattern": lambda: bool(regex.search(limit, text)),
        "enum": lambda: text not in map(text_of, limit),
        "min_length": lambda: len(text) < limit,
        "max_length": lambda: len(text) > limit,
    }[check]()


def holds_guess(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(holds_guess, value.values()))
    return any(map(holds_guess, value)) if isinstance(value, list) else isinstance(value, Guess)


def judge(type_name: str, properties: Json, tally: Tally) -> Iterator[Problem]:
    """What a resource's properties break."""
    for fact in facts().get(type_name, ()):
        if not fact.applies(properties):
            continue
        for path, value in values(properties, fact.steps):
            if holds_guess(value) and fact.check not in ("requires", "forbids", "one_of", "min_items", "max_items"):
                tally.guesses += 1
                continue
            tally.checks += 1
            found = broken(fact, value)
            if found:
                more = f"; {found}" if isinstance(found, str) else ""
                yield Problem(".".join(path) or "-", fact.id, f"{fact.says} (found {brief(value)}{more})")


@cache
def document() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def facts() -> Mapping[str, tuple[Fact, ...]]:
    found: dict[str, list[Fact]] = {}
    for raw in document()["constraint"]:
        checks = set(raw) & CHECKS
        if set(raw) - KEYS or not checks or not all(raw.get(key) for key in ("id", "type", "says", "source")):
            raise MalformedTable(f"{FILE.name}: needs id, type, says, source and a check, and no other key: {raw}")
        for type_name in raw["type"] if isinstance(raw["type"], list) else [raw["type"]]:
            for name in raw["property"] if isinstance(raw.get("property"), list) else [raw.get("property", "")]:
                for check in sorted(checks):
                    steps = tuple(name.split("."))
                    fact = Fact(raw["id"], type_name, steps, raw.get("when", {}), check, raw[check], raw["says"])
                    found.setdefault(type_name, []).append(fact)
    return {name: tuple(listed) for name, listed in found.items()}


@dataclass(frozen=True)
class Unique:
    """Two resources of one type that AWS would take for the same, or does not allow beside each other."""

    id: str
    type: str
    names: tuple[str, ...]
    within: tuple[str, ...]
    matching: str
    says: str


@cache
def uniques() -> Mapping[str, tuple[Unique, ...]]:
    found: dict[str, list[Unique]] = {}
    for raw in document()["unique"]:
        if set(raw) - UNIQUE_KEYS or not all(raw.get(key) for key in ("id", "type", "says", "source")):
            raise MalformedTable(f"{FILE.name}: needs id, type, says, source, and no other key: {raw}")
        unique = Unique(
            raw["id"], raw["type"], tuple(raw.get("names", ())), tuple(raw.get("within", ())), raw.get("matching", ""),
            raw["says"],
        )
        found.setdefault(raw["type"], []).append(unique)
    return {name: tuple(listed) for name, listed in found.items()}


def clashes(resources: Mapping[str, tuple[str, Json, Json]], tally: Tally) -> Iterator[tuple[str, Problem]]:
    """Resources (type, resolved and written properties, by logical id) that AWS refuses beside each other.

    `names` are compared as resolved, `within` as written: two APIs of a template have one sample id.
    """
    seen: dict[tuple[str, ...], str] = {}
    for logical_id, (type_name, properties, written) in resources.items():
        for unique in uniques().get(type_name, ()):
            found = [list(values(properties, tuple(name.split(".")))) for name in unique.names]
            if not all(found):
                continue
            names = [compact(one[0][1]) for one in found]
            if unique.matching and not all(regex.fullmatch(unique.matching, name) for name in names):
                continue
            tally.checks += 1
            key = (unique.id, *([] if unique.matching else names), *(compact(written.get(name)) for name in unique.within))
            if key in seen:
                message = f"{unique.says} (the other is {seen[key]}; {', '.join(names)})"
                yield logical_id, Problem(".".join(unique.names) or "-", unique.id, message)
            seen.setdefault(key, logical_id)
