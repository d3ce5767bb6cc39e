"""Judges what the compiler says of the random projects of the hop table when they are written as templates.

Each hop is tried alone in a smallest loop, as CloudFormation and as SAM. Random projects of one to five stacks follow.
The counts of the verdicts are printed by how the stacks are joined. Run alone:

    python tests/oracles/hops/templates/judge.py [--seed N] [--count N] [--show CASE] [--number N]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hops.generate import HOPS
from hops.judge import ARGUABLE, FALSE, FOUND, INVALID, MISSED, QUIET, UNSURE, Answer
from hops.templates.sample import KINDS, Sample, alone, sample
from hops.templates.world import OPEN
from known import known
from verdict import DECLARED, LOOP, NOT_PROVED, REFUSED, SILENT, Judged, check, together

JUDGE = "templates"
SMALL, FULL = 320, 6_400
SAID = "disjoint as declared, and found so"
OUTCOMES = (FOUND, SAID, UNSURE, QUIET, MISSED, FALSE, ARGUABLE, INVALID)


class Told(Answer):
    """An answer about a project that may be a loop only against what a declaration says of messages."""

    @property
    def outcome(self) -> str:
        if not getattr(self.sample, "declared", False) or self.judged.verdict == REFUSED:
            return super().outcome
        return {SILENT: MISSED, LOOP: FALSE}.get(self.judged.verdict, SAID)


# What the templates leave out: policies by which a service may deliver, and rights of functions in a network. Here the
# question is where events lead once they are delivered.
LEFT_OUT = frozenset({
    "missing-invoke-permission", "missing-queue-policy", "missing-topic-policy", "missing-network-right",
    "missing-poller-right", "missing-task-right",
})


def answer(one: Sample) -> Answer:
    found = together(check(one.files)).findings
    return Told(one, Judged(tuple(f for f in found if f.rule not in LEFT_OUT)))


def failures(every: list[Answer]) -> dict[str, str]:
    """One message per case that fails. A missed project is explained by a hop that fails alone."""
    wrong = [a for a in every if a.outcome in (MISSED, FALSE, INVALID)]
    broken = {a.sample.case.split("/")[1] for a in wrong if single(a.sample)}
    found: dict[str, list[Answer]] = {}
    for one in wrong:
        if single(one.sample) or one.outcome != MISSED or one.sample.world.without(broken).looping(OPEN):
            found.setdefault(f"compiles/{one.sample.case.split('/')[1]}" if one.outcome == INVALID and not single(one.sample) else one.sample.case, []).append(one)
    return {case: f"{len(those)} projects; the first: {those[0].message}\n{those[0].sample.source}" for case, those in found.items()}


def single(one: Sample) -> bool:
    return one.case.startswith(("hop/", "sam/"))


def table(every: list[Answer]) -> list[str]:
    """How often each verdict was given, by how the stacks of the project are joined."""
    verdicts = {LOOP: "loop", NOT_PROVED: "not proved", DECLARED: "disjoint as declared", SILENT: "disjoint"}
    lines = []
    for kind in KINDS:
        those = [a for a in every if a.sample.case.split("/")[1] == kind]
        counts = Counter(a.judged.verdict for a in those)
        looping = sum(bool(a.sample.looping) for a in those)
        lines.append(f"  {kind:<9} {len(those):>5} projects, {looping:>4} with a loop: " + ", ".join(f"{counts[v]} {name}" for v, name in verdicts.items()))
    return lines


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=FULL if os.environ.get("PURLIN_FULL") else SMALL)
    arguments.add_argument("--show", help="print the projects of this outcome or this case")
    arguments.add_argument("--number", type=int, help="judge only the project of this number, and print it")
    given = arguments.parse_args()
    if given.number is not None:
        one = answer(sample(given.seed, given.number))
        print(f"{one.sample.source}\n{one.sample.case}: {one.message}")
        return 0
    with ThreadPoolExecutor(2) as pool:
        tried = list(pool.map(answer, [alone(hop, sam=sam) for hop in HOPS for sam in (False, True)]))
        every = list(pool.map(answer, (sample(given.seed, number) for number in range(given.count))))
    for number, one in enumerate(tried + every):
        if given.show and given.show in (one.outcome, one.sample.case):
            print(f"--- {number - len(tried)} {one.sample.case}: {one.message}\n{one.sample.source}")
    for title, those in (("smallest loops", tried), ("random projects", every)):
        counts = Counter(one.outcome for one in those)
        print(f"templates: {len(those)} {title}; " + ", ".join(f"{counts[o]} {o}" for o in OUTCOMES))
    print("\n".join(table(every)))
    ran = {one.sample.case for one in tried + every} | {f"compiles/{kind}" for kind in KINDS}
    found, listed, complete = failures(tried + every), known(JUDGE), given.seed == 1 and given.count >= SMALL
    problems = listed.problems(found, ran if complete else {one.sample.case for one in tried})
    for problem in problems + (listed.unused(ran) if complete else []):
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
