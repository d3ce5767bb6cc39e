"""Judges what the compiler says of pairs of filters by constructing events.

A pair that the compiler passes although an event satisfies both sides is refuted, and fails. A pair that it reports
although there is no such event is needless, and is counted. Run alone:

    python tests/oracles/witness/judge.py [--seed N] [--count N] [--show CASE]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from known import known
from verdict import DECLARED, LOOP, NOT_PROVED, REFUSED, SILENT, Judged, check
from witness.families import Pair, pairs
from witness.solve import Doubt, Witness

JUDGE = "witness"
SMALL, FULL = 1_400, 14_000
BATCH = 350

REFUTED = "refuted"  # passed, and an event goes round
DECLARED_ONE_VALUE = "only by a list"  # `loop-only-declared`, and only a list of values goes round
NEEDLESS = "needless"  # reported as a loop or as not proved, and no event goes round
UNDECIDED = "undecided"  # no event was found, and that there is none is not shown
INVALID = "refused"  # the compiler does not accept the program
RIGHT = "right"


@dataclass(frozen=True)
class Answer:
    pair: Pair
    judged: Judged
    outcome: str
    witness: Witness | None

    @property
    def message(self) -> str:
        if self.outcome == INVALID:
            return f"refused: {self.judged.refusals[0].rule}: {self.judged.refusals[0].text[:200]}"
        if self.witness is None:
            return f"{self.judged.verdict}, and nothing goes round"
        return f"{self.judged.verdict}, and this goes round: {self.witness.event}"


def judge(pair: Pair, judged: Judged) -> Answer:
    """Holds the compiler's verdict on a pair against the solver's."""
    verdict = judged.verdict
    if verdict == REFUSED:
        return Answer(pair, judged, INVALID, None)
    try:
        found = pair.solve()
        alone = pair.alone() if pair.alone and not found else None
    except Doubt:
        return Answer(pair, judged, UNDECIDED, None)
    if verdict == SILENT and (found or alone):
        return Answer(pair, judged, REFUTED, found or alone)
    if verdict == DECLARED and found and not pair.enforced:
        return Answer(pair, judged, DECLARED_ONE_VALUE if found.listed else REFUTED, found)
    # What a declared pattern is compared with is one value: that a list would go round is no reason for an error.
    goes_round = found and (pair.enforced or not found.listed)
    return Answer(pair, judged, NEEDLESS if verdict in (LOOP, NOT_PROVED) and not goes_round else RIGHT, found)


def answers(every: list[Pair]) -> list[Answer]:
    """The verdicts on all pairs: many in one project, except where they would share the account's default bus."""
    done: list[Answer] = []
    apart = [pair for pair in every if "default = true" in pair.source]
    shared = [pair for pair in every if "default = true" not in pair.source]
    for batch in [shared[at : at + BATCH] for at in range(0, len(shared), BATCH)] + [[pair] for pair in apart]:
        files = {f"p{number}.purlin": pair.source.replace("stack a\n", f"stack p{number}\n", 1) for number, pair in enumerate(batch)}
        judged = check(files)
        done += [judge(pair, judged[name]) for pair, name in zip(batch, files)]
    return done


def failures(every: list[Answer]) -> dict[str, str]:
    """One message per case that has a refuted or a refused pair: how many, and the first of them."""
    found: dict[str, list[Answer]] = {}
    for answer in every:
        if answer.outcome in (REFUTED, INVALID):
            found.setdefault(answer.pair.case, []).append(answer)
    return {case: f"{len(wrong)} pairs; the first: {wrong[0].message}\n{wrong[0].pair.source}" for case, wrong in found.items()}


def report(every: list[Answer]) -> None:
    outcomes = Counter(answer.outcome for answer in every)
    told = Counter(answer.judged.verdict for answer in every)
    print(f"witness: {len(every)} pairs; " + ", ".join(f"{outcomes[o]} {o}" for o in (RIGHT, REFUTED, DECLARED_ONE_VALUE, NEEDLESS, UNDECIDED, INVALID))
          + "; the compiler says " + ", ".join(f"{told[v]} {v}" for v in sorted(told)))
    per = {family: Counter(a.outcome for a in every if a.pair.family == family) for family in dict.fromkeys(a.pair.family for a in every)}
    for family, counts in per.items():
        print(f"  {family:<15}" + ", ".join(f"{counts[o]} {o}" for o in (RIGHT, REFUTED, DECLARED_ONE_VALUE, NEEDLESS, UNDECIDED, INVALID) if counts[o]))
    empty = [a for a in every if a.outcome == NEEDLESS or (a.outcome == RIGHT and a.witness is None)]
    there = Counter(operator for a in empty for operator in a.pair.operators)
    needless = Counter(operator for a in every if a.outcome == NEEDLESS for operator in a.pair.operators)
    share = ", ".join(f"{operator} {count} of {there[operator]}" for operator, count in needless.most_common())
    print(f"  needless: {outcomes[NEEDLESS]} of {len(empty)} pairs that cannot meet{'; by operator: ' + share if share else ''}")


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=FULL if os.environ.get("PURLIN_FULL") else SMALL)
    arguments.add_argument("--show", help="print the pairs of this outcome or this case that are wrong")
    given = arguments.parse_args()
    every = answers(pairs(given.seed, given.count))
    for answer in every:
        if given.show and given.show in (answer.outcome, answer.pair.case) and answer.outcome != RIGHT:
            print(f"--- {answer.pair.case} {answer.outcome}: {answer.message}\n{answer.pair.source}")
    report(every)
    found, listed = failures(every), known(JUDGE)
    complete = given.seed == 1 and given.count >= SMALL
    problems = listed.problems(found, {a.pair.case for a in every} if complete else set()) + (listed.unused(a.pair.case for a in every) if complete else [])
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
