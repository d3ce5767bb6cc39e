"""A project as the generator sees it: declarations, and which event causes which by which hop of the table.

The expectation follows from this model alone: a project has a loop where its events cause themselves.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable

TABLE = Path(__file__).resolve().parent / "table.toml"

# Kinds of Purlin by the things of the table.
KINDS = {"machine": "state_machine", "express": "state_machine", "default-bus": "bus", "log-group": "log_group",
         "http-api": "http_api", "rest-api": "rest_api"}


class Busy(Exception):
    """The hop does not fit: the place in the declaration is taken."""


@dataclass(frozen=True)
class Hop:
    id: str
    cause: tuple[str, str]  # thing and event
    effect: tuple[str, str]
    how: str
    page: str
    certain: bool = True
    action: str | None = None
    scope: str = ""


def hops() -> list[Hop]:
    """The rows of the table."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["hop"]
    made = []
    for row in rows:
        cause, effect = (tuple(row.pop(end).split(".")) for end in ("from", "to"))
        made.append(Hop(cause=cause, effect=effect, **row))
    return made


@dataclass
class Decl:
    """A declaration. `<name>` in its texts refers to another one."""

    thing: str
    name: str
    props: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)  # of a state machine
    taken: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        return KINDS.get(self.thing, self.thing)

    def take(self, what: str) -> None:
        if what in self.taken:
            raise Busy(f"{self.name}: {what}")
        self.taken.add(what)

    def set(self, prop: str, value: str) -> None:
        self.take(prop)
        self.props[prop] = value

    def body(self) -> str:
        """What stands between its braces."""
        lines = [f"{name} = {value}" for name, value in self.props.items()]
        if self.thing == "function":
            lines = ["...", *lines]
        if self.kind == "state_machine":
            lines += states(self.tasks)
        return "\n".join(f"  {line}" for line in lines + self.lines)


def states(tasks: list[str]) -> list[str]:
    lines = ['start = "s0"', "states {"]
    for number, task in enumerate(tasks):
        lines += [f"  s{number} {{", '    type = "task"', f"    {task}", f'    next = "s{number + 1}"', "  }"]
    return [*lines, f'  s{len(tasks)} {{ type = "succeed" }}', "}"]


Port = tuple[str, str]  # a declaration's name and an event of it


@dataclass
class Project:
    decls: dict[str, Decl] = field(default_factory=dict)
    causes: list[tuple[Port, Port, Hop]] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)  # declarations beside the kinds: roles, resources
    failing: list[tuple[str, str]] = field(default_factory=list)  # a function, and what gets the events that it failed on

    def new(self, thing: str) -> Decl:
        if thing == "default-bus" and "account" in self.decls:
            return self.decls["account"]
        name = "account" if thing == "default-bus" else f"{thing.replace('-', '_')}{len(self.decls)}"
        decl = self.decls[name] = Decl(thing, name)
        if thing == "default-bus":
            decl.props["default"] = "true"
        if thing == "queue":
            decl.props["visibility"] = "1m"
        if thing == "table":
            decl.props |= {"key": '"id"', "stream": '"new"'}
        if thing == "express":
            decl.props["type"] = '"express"'
        return decl

    def cause(self, source: Decl, target: Decl, hop: Hop) -> None:
        self.causes.append(((source.name, hop.cause[1]), (target.name, hop.effect[1]), hop))

    def edges(self, any_call: bool = False) -> dict[Port, list[tuple[Port, Hop | None]]]:
        """What causes what. With `any_call` every call counts as an asynchronous one, and every failure of a function
        goes where its failures of one trigger go."""
        found: dict[Port, list[tuple[Port, Hop | None]]] = {}
        for before, after, hop in self.causes:
            found.setdefault(before, []).append((after, hop))
        for decl in self.decls.values():
            if decl.thing == "function":  # an asynchronous call is a call
                found.setdefault((decl.name, "async"), []).append(((decl.name, "run"), None))
                if any_call:
                    found.setdefault((decl.name, "run"), []).append(((decl.name, "async"), None))
        for listener, target in self.failing if any_call else ():
            found.setdefault((listener, "run"), []).append(((target, "message"), None))
        return found

    def looping(self, any_call: bool = False) -> set[str]:
        """The ids of all hops that are part of a loop; empty if nothing causes itself."""
        edges = self.edges(any_call)
        reach = {port: reachable(edges, port) for port in edges}
        return {hop.id for before, after, hop in self.causes if before == after or before in reach.get(after, ())}

    def certain(self) -> bool:
        """Whether there is a loop of certain hops alone."""
        sure = Project(self.decls, [cause for cause in self.causes if cause[2].certain])
        return bool(sure.looping())


def reachable(edges: dict[Port, list[tuple[Port, Hop | None]]], start: Port) -> set[Port]:
    seen: set[Port] = set()
    todo = [start]
    while todo:
        for after, _ in edges.get(todo.pop(), ()):
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return seen


def names_in(texts: Iterable[str]) -> set[str]:
    """The declarations that texts refer to."""
    return {name for text in texts for name in re.findall(r"<(\w+)>", text)}
