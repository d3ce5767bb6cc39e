"""What causes what in a project of templates, as AWS documents it: the expectation follows from here alone.

Beside the events of the hop table this model knows how sure a cause is, which of the events it is about (the keys below
a prefix, the sources of a rule), and on which condition of a template it depends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from ..model import reachable

# How sure a cause is. An open one must be reported where it closes a loop, at least as not proved. An arguable one may be:
# the right that a service needs of a function to deliver its failures is a right of its code too.
CERTAIN, OPEN, ARGUABLE = 2, 1, 0

# The classes of events that filters and rights tell apart; events of others are of one class.
CLASSES = {("bucket", "created"): ("in", "out"), ("bus", "event"): ("app", "lambda", "other"), ("table", "change"): ("a", "b"), ("queue", "message"): ("a", "b")}
ANY = ("*",)


@dataclass
class Thing:
    """A resource that takes part in events."""

    name: str
    thing: str
    stack: int
    logical: str
    physical: str | None


Port = tuple[str, str, str]  # a thing's name, its event, the class of the event


@dataclass(frozen=True)
class Cause:
    before: tuple[str, str]
    after: tuple[str, str]
    hop: str
    level: int = CERTAIN
    takes: tuple[str, ...] | None = None  # classes of the event before; none for all
    gives: tuple[str, ...] | None = None  # classes of the event after
    when: tuple[str, str] | None = None  # a parameter that decides, and its value
    says: tuple[str, ...] | None = None  # classes of the event after, as a declaration says that nothing enforces


@dataclass
class World:
    things: dict[str, Thing] = field(default_factory=dict)
    causes: list[Cause] = field(default_factory=list)

    def of(self, thing: str) -> list[Thing]:
        return [one for one in self.things.values() if one.thing == thing]

    def classes(self, name: str, event: str) -> tuple[str, ...]:
        thing = self.things[name].thing
        if thing == "default-bus" and event.startswith("s3-"):  # by the bucket that the event is of
            return tuple(sorted(b.name for b in self.of("bucket")))
        return CLASSES.get((thing, event), ANY)

    def looping(self, level: int, as_declared: bool = True) -> set[str]:
        """The hops of all loops of causes that are at least so sure, whatever the parameters are. `as_declared`: as long
        as messages are what declarations say."""
        decided = sorted({cause.when[0] for cause in self.causes if cause.when})
        found: set[str] = set()
        for values in product(("dev", "prod"), repeat=len(decided)):
            found |= self.looping_with(dict(zip(decided, values)), level, as_declared)
        return found

    def looping_with(self, values: dict[str, str], level: int, as_declared: bool) -> set[str]:
        edges: dict[Port, list[tuple[Port, None]]] = {}
        of_hop: list[tuple[Port, Port, str]] = []
        for cause in self.causes:
            if cause.level < level or (cause.when and values[cause.when[0]] != cause.when[1]):
                continue
            given = cause.gives or (cause.says if as_declared else None) or self.classes(*cause.after)
            for takes, gives in product(cause.takes or self.classes(*cause.before), given):
                of_hop.append(((*cause.before, takes), (*cause.after, gives), cause.hop))
        for function in self.of("function"):
            run, called = (function.name, "run", "*"), (function.name, "async", "*")
            edges.setdefault(called, []).append((run, None))
            if level == ARGUABLE:
                edges.setdefault(run, []).append((called, None))
        for before, after, _ in of_hop:
            edges.setdefault(before, []).append((after, None))
        reach = {port: reachable(edges, port) for port in edges}  # type: ignore[arg-type]
        return {hop for before, after, hop in of_hop if before in reach.get(after, ()) or before == after}

    def without(self, hops: set[str]) -> World:
        """The project as if these hops were not there."""
        return World(self.things, [cause for cause in self.causes if cause.hop not in hops])
