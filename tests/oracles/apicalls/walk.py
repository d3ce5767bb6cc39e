"""A request held to the shape that the API's model gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import models
from .models import Shape
from .resolve import compact, text_of
from .sample import Guess
from .table import Call

Json = Any
Path = tuple[str, ...]
WHOLE = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass(frozen=True, order=True)
class Problem:
    """What AWS would refuse: the property, the rule that it breaks, and what was found."""

    path: str
    rule: str
    message: str


class Nest(dict[str, tuple[Path, Json]]):
    """Members of a structure that were put there from elsewhere, each with the path of its property."""

    origin: Path = ()  # where the property is that the members come from


@dataclass
class Tally:
    """What was looked at."""

    values: int = 0
    checks: int = 0
    guesses: int = 0


@dataclass
class Walk:
    """One request of one call."""

    call: Call
    tally: Tally
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: Path, rule: str, message: str) -> None:
        self.problems.append(Problem(shown(path), rule, message))

    def request(self, value: Nest) -> list[Problem]:
        service, name = self.call.target.split(".")
        shape = models.shape(service, name) if self.call.is_shape else models.request(self.call.target)
        self.structure(value, shape, value.origin, top=True)
        return self.problems

    def node(self, value: Json, shape: Shape, path: Path) -> None:
        kind = shape["type"]
        if kind == "structure":
            self.structure(value, shape, path)
        elif kind == "list":
            self.items(value, shape, path)
        elif kind == "map":
            self.mapping(value, shape, path)
        elif isinstance(value, Guess):
            self.tally.guesses += 1
        else:
            self.tally.values += 1
            SCALARS.get(kind, Walk.string)(self, value, shape, path)

    # --- structures, lists, maps

    def structure(self, value: Json, shape: Shape, path: Path, top: bool = False) -> None:
        if shape.get("document"):
            return
        if isinstance(value, list) and {"Quantity", "Items"} <= set(shape["members"]):
            self.member(value, shape, "Items", path)
            return
        if not isinstance(value, dict):
            self.wrong(path, "type", f"{shape['name']} is an object, and this is {brief(value)}")
            return
        placed = self.placed(value, shape, path, top)
        for required in shape.get("required", ()):
            self.tally.checks += 1
            if required not in placed and not self.supplied(shape, required, top):
                self.wrong((*path, required), "required", f"{self.call.target} needs {required}")
        for member, (origin, item) in placed.items():
            self.member(item, shape, member, origin)

    def placed(self, value: Json, shape: Shape, path: Path, top: bool) -> Nest:
        if isinstance(value, Nest) and not top:
            for key in set(value) - set(shape["members"]):
                self.wrong(value.pop(key)[0], "unknown-member", f"{self.call.target} takes no {key}")
            return value
        placed = Nest()
        pairs = value.items() if isinstance(value, Nest) else ((key, ((*path, key), item)) for key, item in value.items())
        for key, located in pairs:
            target = self.target(key, shape, top)
            if target:
                put(placed, target, located, shape)
            elif target is None:
                self.stray(placed, key, located, top)
        return placed

    def stray(self, placed: Nest, key: str, located: tuple[Path, Json], top: bool) -> None:
        origin, item = located
        names = self.call.attributes
        if top and self.call.into and (not names or key in names):
            text = compact(item) if isinstance(item, (dict, list)) and self.is_json(origin) else item
            nest = placed.setdefault(self.call.into, ((), Nest()))[1]
            nest[key] = (origin, text)
        else:
            self.wrong(origin, "unknown-member", f"{self.call.target} takes no {key}")

    def target(self, key: str, shape: Shape, top: bool) -> str | None:
        """The member that a property goes to; "" if it reaches no API, None if there is none."""
        for name in ([key] if top else []) + [f"{shape['name']}.{key}"]:
            if name in self.call.rename:
                return self.call.rename[name]
            if name in self.call.ignored:
                return ""
        folded: dict[str, str] = shape["folded"]
        if key == "Tags" and "tagspecifications" in folded:
            return "TagSpecifications"
        if key in ("Key", "Value") and "tagkey" in folded:
            return f"Tag{key}"
        return folded.get(key.lower())

    def supplied(self, shape: Shape, member: str, top: bool) -> bool:
        names = self.call.supplied
        return member == "Quantity" or f"{shape['name']}.{member}" in names or top and member in names

    def member(self, item: Json, shape: Shape, member: str, path: Path) -> None:
        target = models.member_shape(self.call.service, shape, member)
        if member == "TagSpecifications" and isinstance(item, list):
            item = [Nest({"Tags": (path, item)})]
        self.node(item, target, path)

    def items(self, value: Json, shape: Shape, path: Path) -> None:
        if isinstance(value, Guess):
            self.tally.guesses += 1
            return
        if not isinstance(value, list):
            if not self.is_single(path):
                self.wrong(path, "type", f"a list is needed, and this is {brief(value)}")
                return
            value = [value]
        self.bounds(len(value), shape, path, "items", "elements")
        element = models.shape(self.call.service, shape["member"]["shape"])
        for index, item in enumerate(value):
            self.node(item, element, (*path, str(index)))

    def mapping(self, value: Json, shape: Shape, path: Path) -> None:
        if isinstance(value, list) and all(isinstance(item, dict) and {"Key", "Value"} == set(item) for item in value):
            value = {text_of(item["Key"]): item["Value"] for item in value}
        if not isinstance(value, dict):
            self.wrong(path, "type", f"a map is needed, and this is {brief(value)}")
            return
        self.bounds(len(value), shape, path, "items", "entries")
        keys, values = (models.shape(self.call.service, shape[side]["shape"]) for side in ("key", "value"))
        for key, item in value.items():
            origin, item = item if isinstance(value, Nest) else ((*path, key), item)
            self.string(key, keys, (*origin, "key") if not isinstance(value, Nest) else origin)
            self.node(item, values, origin)

    # --- scalars

    def string(self, value: Json, shape: Shape, path: Path) -> None:
        if isinstance(value, (dict, list)):
            if not self.is_json(path):
                self.wrong(path, "type", f"a text is needed, and this is {brief(value)}")
                return
            value = compact(value)
        text = text_of(value)
        self.bounds(len(text), shape, path, "length", "characters")
        if "enum" in shape:
            self.tally.checks += 1
            if text not in shape["enum"]:
                self.wrong(path, "enum", f"{brief(text)} is none of {', '.join(shape['enum'])}")
        if "pattern" in shape:
            self.tally.checks += 1
            if not models.pattern(shape["pattern"]).fullmatch(text):
                self.wrong(path, "pattern", f"{brief(text)} does not match {shape['pattern']}")

    def whole(self, value: Json, shape: Shape, path: Path) -> None:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not WHOLE.fullmatch(str(value)):
            self.wrong(path, "type", f"a whole number is needed, and this is {brief(value)}")
        else:
            self.bounds(int(value), shape, path, "value", "")

    def number(self, value: Json, shape: Shape, path: Path) -> None:
        if isinstance(value, bool) or not NUMBER.fullmatch(str(value)):
            self.wrong(path, "type", f"a number is needed, and this is {brief(value)}")
        else:
            self.bounds(float(value), shape, path, "value", "")

    def boolean(self, value: Json, shape: Shape, path: Path) -> None:
        if not isinstance(value, bool) and value not in ("true", "false"):
            self.wrong(path, "type", f"true or false is needed, and this is {brief(value)}")

    def timestamp(self, value: Json, shape: Shape, path: Path) -> None:
        try:
            datetime.fromisoformat(str(value))
            whole = "T" in str(value)  # a date alone is no time
        except ValueError:
            whole = False
        if not whole:
            self.wrong(path, "type", f"a time stamp is needed, and this is {brief(value)}")

    def bounds(self, size: float, shape: Shape, path: Path, what: str, unit: str) -> None:
        for bound, broken in (("min", lambda limit: size < limit), ("max", lambda limit: size > limit)):
            if bound in shape:
                self.tally.checks += 1
                if broken(shape[bound]):
                    rule = bound if what == "value" else f"{bound}-{what}"
                    self.wrong(path, rule, f"{size} {unit}".strip() + f": {bound}imum {shape[bound]} ({shape['name']})")

    def is_json(self, path: Path) -> bool:
        return plain(path) in self.call.json

    def is_single(self, path: Path) -> bool:
        return any(plain(path) == name or plain(path).endswith("." + name.split(".")[-1]) for name in self.call.single)


SCALARS = {
    "integer": Walk.whole, "long": Walk.whole, "float": Walk.number, "double": Walk.number,
    "boolean": Walk.boolean, "timestamp": Walk.timestamp,
}


def put(placed: Nest, target: str, located: tuple[Path, Json], shape: Shape) -> None:
    """Puts a value at a member, which may be nested: `A.B` is member B of the structure at member A."""
    *outer, last = target.split(".")
    at = placed
    for step in outer:
        inner = at.setdefault(step, (located[0][:-1], Nest()))[1]
        if isinstance(inner, list):  # a list that has become the items of a structure
            at[step] = (at[step][0], Nest({"Items": (at[step][0], inner)}))
            inner = at[step][1]
        at = inner
    if last in at and isinstance(at[last][1], Nest) and isinstance(located[1], list):
        at[last][1]["Items"] = located
    else:
        at[last] = located


def plain(path: Path) -> str:
    """A path without the numbers of list elements."""
    return ".".join(step for step in path if not step.isdigit())


def shown(path: Path) -> str:
    return ".".join(path) or "-"


def brief(value: Json) -> str:
    text = compact(value) if not isinstance(value, str) else repr(str(value))
    return text if len(text) <= 120 else text[:117] + "..."
