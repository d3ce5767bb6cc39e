"""Judges what the compiler says of random projects made from the hop table.

Each hop of the table has a case of its own, a smallest loop through it; one more with its right as a statement of a
role, or with its trigger as a resource. Random projects follow; one whose loop is missed is explained by a hop whose own case fails, and otherwise fails the case of its dress. Run alone:

    python tests/oracles/hops/judge.py [--seed N] [--count N] [--show CASE]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hops.generate import ALONE, Sample, alone, sample
from known import known
from verdict import LOOP, REFUSED, SILENT, Judged, check, together

JUDGE = "hops"
SMALL, FULL = 350, 3_500
BATCH = 50

FOUND = "found"
UNSURE = "found as not proved"  # a loop of certain hops, which the compiler does not call certain
QUIET = "no loop, and none claimed"
MISSED = "missed"
FALSE = "claimed without a loop"
ARGUABLE = "claimed as if all calls were alike"
INVALID = "refused"


@dataclass(frozen=True)
class Answer:
    sample: Sample
    judged: Judged

    @property
    def outcome(self) -> str:
        verdict = self.judged.verdict
        if verdict == REFUSED:
            return INVALID
        if not self.sample.looping:
            return QUIET if verdict == SILENT else ARGUABLE if self.sample.arguable else FALSE
        if verdict == SILENT:
            return MISSED
        return UNSURE if self.sample.certain and verdict != LOOP else FOUND

    @property
    def case(self) -> str:
        """The case that this project fails: one for programs that the compiler does not accept, one for its verdict."""
        return compiles(self.sample) if self.outcome == INVALID and not tried_alone(self.sample) else self.sample.case

    @property
    def message(self) -> str:
        said = self.judged.refusals or self.judged.loops
        through = f" through {', '.join(sorted(self.sample.looping))}" if self.sample.looping else ""
        return f"{self.outcome}{through}{': ' + said[0].rule + ' ' + said[0].file + ' ' + said[0].text[:200] if said else ''}"


def tried_alone(of: Sample) -> bool:
    return of.case.split("/")[0] in ALONE.values()


def compiles(of: Sample) -> str:
    return f"compiles/{of.case.split('/')[1]}"


def answers(samples: list[Sample]) -> list[Answer]:
    """Many stacks are checked as one project, except those that share something: the account's default bus, imports."""
    apart = [one for one in samples if "main.purlin" not in one.files or "default = true" in one.source]
    shared = [one for one in samples if one not in apart]
    batches = [[one] for one in apart] + [shared[at : at + BATCH] for at in range(0, len(shared), BATCH)]
    with ThreadPoolExecutor(2) as pool:
        judged = dict(found for batch in pool.map(judge, batches) for found in batch)
    return [Answer(one, judged[id(one)]) for one in samples]


def judge(batch: list[Sample]) -> list[tuple[int, Judged]]:
    if len(batch) == 1:
        return [(id(batch[0]), together(check(batch[0].files)))]
    files = {f"s{number}.purlin": one.files["main.purlin"].replace("stack a\n", f"stack s{number}\n", 1) for number, one in enumerate(batch)}
    judged = check(files)
    return [(id(one), judged[name]) for one, name in zip(batch, files)]


def failures(every: list[Answer]) -> dict[str, str]:
    """One message per case that fails: the first project of it, and how many more there are."""
    wrong = [a for a in every if a.outcome in (MISSED, FALSE, INVALID)]
    broken = {a.sample.case for a in wrong if tried_alone(a.sample)}
    found: dict[str, list[Answer]] = {}
    for answer in wrong:
        if tried_alone(answer.sample) or answer.outcome != MISSED or not broken & explanations(answer.sample):
            found.setdefault(answer.case, []).append(answer)
    return {case: f"{len(those)} projects; the first: {those[0].message}\n{those[0].sample.source}" for case, those in found.items()}


def explanations(of: Sample) -> set[str]:
    """The cases of single hops that explain why the loop of this project is missed."""
    ways = {"hop", ALONE.get(of.case.split("/")[1], "hop")}
    return {f"{way}/{hop}" for way in ways for hop in of.looping}


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=FULL if os.environ.get("PURLIN_FULL") else SMALL)
    arguments.add_argument("--show", help="print the projects of this outcome or this case")
    given = arguments.parse_args()
    single = answers(alone())
    every = answers([sample(given.seed, number) for number in range(given.count)])
    for answer in single + every:
        if given.show and given.show in (answer.outcome, answer.sample.case):
            print(f"--- {answer.sample.case}: {answer.message}\n{answer.sample.source}")
    for title, those in (("smallest loops", single), ("random projects", every)):
        counts = Counter(answer.outcome for answer in those)
        print(f"hops: {len(those)} {title}; " + ", ".join(f"{counts[o]} {o}" for o in (FOUND, UNSURE, QUIET, MISSED, FALSE, ARGUABLE, INVALID)))
    found, listed = failures(single + every), known(JUDGE)
    ran = {answer.sample.case for answer in single + every} | {compiles(answer.sample) for answer in every}
    complete = given.seed == 1 and given.count >= SMALL
    problems = listed.problems(found, ran if complete else {answer.sample.case for answer in single})
    for problem in problems + (listed.unused(ran) if complete else []):
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
