"""Random projects out of the hop table: a walk over things and hops, closed to a loop or left open, in several dresses.

The walk only chooses; whether the project has a loop is read from its model afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from .model import Busy, Decl, Hop, Project, hops
from .narrow import narrow
from .rows import RESOURCES, write
from .source import files

DRESSES = ("plain", "component", "for", "statements", "resources", "imports", "narrow")
HOPS = hops()
# The names of the cases that try one hop alone, by the dress of the hop.
ALONE = {"plain": "hop", "statements": "statement", "resources": "resource"}
MOST_STEPS = 14
# What the dress `narrow` is made of: hops that can be narrowed, and what leads on from them.
NARROWABLE = ("put-object", "put-events", "put-item", "created-to-function", "created-to-queue", "rule-to-function", "rule-to-queue",
              "table-mapping", "queue-mapping", "invoke-function")

LEADING: dict[tuple[str, str], list[Hop]] = defaultdict(list)
for _hop in HOPS:
    LEADING[_hop.cause].append(_hop)
    if _hop.cause == ("function", "run"):
        LEADING["function", "async"].append(_hop)


@dataclass(frozen=True)
class Sample:
    """A project in Purlin with what the hop table expects."""

    case: str
    files: dict[str, str]
    looping: frozenset[str]  # the hops of its loops; empty if it has none
    certain: bool
    # There is a loop only if any call of a function, and any failure, went where asynchronous calls or failures of one
    # trigger go.
    arguable: bool = False

    @property
    def source(self) -> str:
        return "\n".join(f"--- {name}\n{text}" for name, text in self.files.items())


def distances(goal: tuple[str, str]) -> dict[tuple[str, str], int]:
    """How many hops it takes from an event to the goal, at least."""
    far = {goal: 0}
    changed = True
    while changed:
        changed = False
        for cause, leading in LEADING.items():
            best = min((far[hop.effect] + 1 for hop in leading if hop.effect in far), default=None)
            if best is not None and best < far.get(cause, 1_000):
                far[cause], changed = best, True
    return far


NEAR_RUN, NEAR_ASYNC = distances(("function", "run")), distances(("function", "async"))


@dataclass
class Walk:
    rng: Random
    project: Project
    dress: str
    at: Decl
    event: str
    only: tuple[str, ...] = ()  # the hops that may be taken; any if there is none

    def step(self, hop: Hop, target: Decl) -> bool:
        """Takes a hop if it fits; what was made for it in vain goes again."""
        try:
            write(self.project, self.at, target, hop, self.dress)
        except Busy:
            return False
        self.at, self.event = target, hop.effect[1]
        return True

    def choices(self, nearer: dict[tuple[str, str], int] | None) -> list[Hop]:
        """The hops from here in random order; those that lead nearer to a goal if one is given."""
        found = [hop for hop in LEADING[self.at.thing, self.event] if not self.only or hop.id in self.only]
        self.rng.shuffle(found)
        if nearer is not None:
            here = nearer.get((self.at.thing, self.event), 1_000)
            found = [hop for hop in found if nearer.get(hop.effect, 1_000) < here or (here == 0 and hop.effect in nearer)]
        return found

    def forth(self) -> bool:
        """One hop to something new, or sometimes to something that is there."""
        for hop in self.choices(None):
            if (hop.effect[0], hop.effect[1]) not in NEAR_RUN:
                continue
            there = [d for d in self.project.decls.values() if d.thing == hop.effect[0] and d is not self.at]
            target = self.rng.choice(there) if there and self.rng.random() < 0.1 else self.project.new(hop.effect[0])
            known = len(self.project.causes)
            if self.step(hop, target):
                return True
            if len(self.project.causes) == known and not there:
                self.project.decls.pop(target.name, None)
        return False

    def close(self, start: Decl) -> bool:
        """Hops back to the start."""
        for _ in range(6):
            nearer = NEAR_RUN if self.rng.random() < 0.5 else NEAR_ASYNC
            for hop in self.choices(nearer):
                back = hop.effect[0] == "function"
                if self.step(hop, start if back else self.project.new(hop.effect[0])):
                    if back:
                        return True
                    break
            else:
                return False
        return False


def project(rng: Random, dress: str, closed: bool, only: tuple[str, ...] = ()) -> Project:
    made = Project()
    start = made.new("function")
    walk = Walk(rng, made, dress, start, rng.choice(["run", "async"]), only or (NARROWABLE if dress == "narrow" else ()))
    functions = rng.randint(1, 3)
    for _ in range(MOST_STEPS):
        if sum(d.thing == "function" for d in made.decls.values()) >= functions and walk.at.thing == "function":
            break
        if not walk.forth():
            break
    if closed:
        walk.close(start)
    if dress == "narrow":
        narrow(rng, made)
    return made


def sample(seed: int, number: int) -> Sample:
    """The sample of a number: dresses in turn, loops and their like without in turn."""
    rng = Random(f"{seed}/{number}")
    dress, closed = DRESSES[number % len(DRESSES)], number // len(DRESSES) % 3 != 2
    made = project(rng, dress, closed)
    looping = frozenset(made.looping())
    return Sample(f"{'loop' if looping else 'no-loop'}/{dress}", files(rng, made, dress), looping, made.certain(),
                  not looping and bool(made.looping(any_call=True)))


def smallest(hop: Hop, dress: str = "plain") -> Sample:
    """A loop through this hop in a dress."""
    made = loop_through(hop, dress)
    return Sample(f"{ALONE[dress]}/{hop.id}", files(Random(0), made, "plain"), frozenset(made.looping()), made.certain())


def loop_through(hop: Hop, dress: str = "plain") -> Project:
    """A loop through this hop in a dress, with as few others as possible, all of them the plainest."""
    made = Project()
    source = made.new(hop.cause[0])
    target = made.new(hop.effect[0])
    walk = Walk(Random(0), made, dress, source, hop.cause[1])
    if not walk.step(hop, target):
        raise AssertionError(f"{hop.id} cannot be written")
    walk.dress = "plain"
    lead_back(walk, source, hop)
    if hop.id not in made.looping():
        raise AssertionError(f"no loop through {hop.id} was found")
    return made


def alone() -> list[Sample]:
    """Each hop in a smallest loop, in each of the ways that it can be written."""
    made = [smallest(hop) for hop in HOPS]
    made += [smallest(hop, "statements") for hop in HOPS if hop.action]
    return made + [smallest(hop, "resources") for hop in HOPS if hop.id in RESOURCES]


def lead_back(walk: Walk, source: Decl, hop: Hop) -> None:
    """From the hop's target to its cause, over a new function where one has to act."""
    goal = hop.cause
    if goal == ("function", "async") or hop.effect[0] != "function":
        if walk.at is not source:
            shortest(walk, ("function", "async" if goal == ("function", "async") else "run"), source if goal[0] == "function" else None)
    if walk.at is not source or walk.event != goal[1]:
        shortest(walk, goal, source)


PLAIN = ("put-object", "delete-object", "tag-object", "send-message", "publish-message", "put-events", "put-item", "put-record", "start-execution",
         "start-sync-execution", "invoke-function", "call-http-api", "call-rest-api", "put-log-events", "queue-mapping", "topic-to-function",
         "rule-to-function", "table-mapping", "stream-mapping", "created-to-function", "log-subscription")


def shortest(walk: Walk, goal: tuple[str, str], end: Decl | None) -> None:
    """Walks the fewest hops to an event, of the end if one is given; plain hops first."""
    far = distances(goal)
    for _ in range(6):
        if (walk.at.thing, walk.event) == goal and (end is None or walk.at is end):
            return
        here = far[walk.at.thing, walk.event] or 1_000
        order = sorted(LEADING[walk.at.thing, walk.event], key=lambda h: (not h.certain, h.id not in PLAIN, far.get(h.effect, 1_000)))
        taken = False
        for hop in order:
            if far.get(hop.effect, 1_000) >= here:
                continue
            target = end if hop.effect == goal and end else walk.project.new(hop.effect[0])
            if walk.step(hop, target):
                taken = True
                break
        if not taken:
            return
