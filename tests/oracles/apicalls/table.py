"""The table of types: which operations a resource's handler calls, and how properties become members."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Mapping

FOLDER = Path(__file__).resolve().parent / "types"
CALL_KEYS = {
    "call", "shape", "takes", "spread", "rename", "elements", "single", "json", "attributes", "supplied", "ignored",
    "permission", "pairs",
}
TYPE_KEYS = CALL_KEYS | {"none", "name", "longest", "lower", "suffix", "ref", "get", "then"}


class MalformedTable(Exception):
    """A file of the table is wrong."""


@dataclass(frozen=True)
class Call:
    """One operation (or a part of a patch, as a shape) with what it takes from the properties."""

    target: str
    is_shape: bool = False
    takes: Mapping[str, str] = field(default_factory=dict)
    spread: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)
    single: frozenset[str] = frozenset()
    json: frozenset[str] = frozenset()
    into: str | None = None
    attributes: frozenset[str] = frozenset()
    supplied: frozenset[str] = frozenset()
    ignored: Mapping[str, str] = field(default_factory=dict)
    permission: bool = False
    pairs: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        return self.target.split(".")[0]

    def claims(self) -> set[str]:
        """The properties that the main call does not get because this one takes them."""
        return {*self.takes, *self.elements, *([self.spread[0]] if self.spread else [])}


@dataclass(frozen=True)
class Entry:
    """One CloudFormation type."""

    type: str
    calls: tuple[Call, ...]
    none: str | None
    name: str | None
    longest: int
    lower: bool
    suffix: Mapping[str, str]
    ref: str
    get: Mapping[str, str]
    page: str


def call_of(raw: Mapping[str, Any], where: str) -> Call:
    target = raw.get("call") or raw.get("shape")
    if not target:
        raise MalformedTable(f"{where}: neither `call` nor `shape` nor `none`")
    attributes = raw.get("attributes", {})
    return Call(
        target, "shape" in raw, raw.get("takes", {}), tuple(raw["spread"].split(".")) if "spread" in raw else (),
        raw.get("rename", {}), raw.get("elements", {}), frozenset(raw.get("single", ())), frozenset(raw.get("json", ())),
        attributes.get("into"), frozenset(attributes.get("names", ())), frozenset(raw.get("supplied", ())),
        raw.get("ignored", {}), raw.get("permission", False), tuple(raw.get("pairs", ())),
    )


def entry_of(type_name: str, raw: Mapping[str, Any], head: Mapping[str, Any], where: str) -> Entry:
    strange = set(raw) - TYPE_KEYS | {key for then in raw.get("then", ()) for key in set(then) - CALL_KEYS}
    if strange:
        raise MalformedTable(f"{where}: {type_name} has unknown keys {sorted(strange)}")
    calls = () if "none" in raw else (call_of(raw, f"{where}: {type_name}"),)
    calls += tuple(call_of(then, f"{where}: {type_name}") for then in raw.get("then", ()))
    return Entry(
        type_name, calls, raw.get("none"), raw.get("name"), raw.get("longest", 64), raw.get("lower", False),
        raw.get("suffix", {}), raw.get("ref", "{name}"), raw.get("get", {}), page(head, calls),
    )


def page(head: Mapping[str, Any], calls: tuple[Call, ...]) -> str:
    """The page of the API reference for the first call."""
    if not calls or calls[0].is_shape:
        return str(head["pages"])
    service, operation = calls[0].target.split(".")
    guide, api = head.get("service", {}).get(service, ("", ""))
    return str(head["pages"]).format(service=guide, api=api, operation=operation)


@cache
def entries() -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        head = {key: raw.pop(key) for key in ("date", "pages", "service") if key in raw}
        if not {"date", "pages"} <= set(head):
            raise MalformedTable(f"{file.name}: `date` and `pages` are needed")
        for type_name, body in raw.items():
            if type_name in found:
                raise MalformedTable(f"{file.name}: {type_name} has two entries")
            found[type_name] = entry_of(type_name, body, head, file.name)
    return found


def entry(type_name: str) -> Entry | None:
    """The entry of a type; a custom type has the one of all custom types."""
    if type_name.startswith("Custom::"):
        return entries()["Custom::*"]
    return entries().get(type_name)
