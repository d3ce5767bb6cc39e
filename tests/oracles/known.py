"""Known failures: what a judge finds and nobody has repaired yet, listed in `tests/known-failures.toml`.

The list is strict. A judge fails on a case that fails and is not listed, on a listed case that passes, and on a
listed case that it no longer has. `python tests/oracles/known.py` prints how many failures are known, per judge.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Mapping

FILE = Path(__file__).resolve().parents[1] / "known-failures.toml"
# How the names of templates begin that tests of the crate generate: each judge of templates sees them in a run of their own.
GENERATED = ("random_", "matrix_")
KEYS = {"judge", "cases", "reason", "date"}


class MalformedList(Exception):
    """The list of known failures itself is wrong."""


@dataclass(frozen=True)
class Known:
    """The known failures of one judge: each case with the reason why it fails."""

    judge: str
    reasons: Mapping[str, str]

    def problems(self, failures: Mapping[str, str], ran: Iterable[str]) -> list[str]:
        """What makes the judge fail. `failures` has a message per failed case, `ran` names every case of this run.

        A listed case that this run left out (a smaller seed, one example) must not be in `ran`; the complete run
        calls `unused` as well.
        """
        unexpected = [f"{case}: {message}" for case, message in failures.items() if case not in self.reasons]
        passing = [case for case in ran if case in self.reasons and case not in failures]
        return unexpected + [f"{case}: it passes now, remove it from {FILE.name}" for case in passing]

    def unused(self, ran: Iterable[str]) -> list[str]:
        """Listed cases that a complete run does not have."""
        there = set(ran)
        return [f"{case}: {FILE.name} lists it, the judge has no such case" for case in self.reasons if case not in there]


def entries(file: Path = FILE) -> list[dict[str, object]]:
    found = tomllib.loads(file.read_text(encoding="utf-8")).get("failure", [])
    for entry in found:
        if set(entry) != KEYS or not all(entry.values()):
            raise MalformedList(f"{file.name}: a failure needs exactly {sorted(KEYS)}, none of them empty: {entry}")
    return found


def known(judge: str, file: Path = FILE) -> Known:
    """The known failures of one judge."""
    reasons: dict[str, str] = {}
    for entry in entries(file):
        if entry["judge"] == judge:
            for case in entry["cases"]:
                if case in reasons:
                    raise MalformedList(f"{file.name}: {judge} lists the case {case!r} twice")
                reasons[case] = str(entry["reason"])
    return Known(judge, reasons)


def main() -> None:
    counts: Counter[str] = Counter()
    for entry in entries():
        counts[str(entry["judge"])] += len(entry["cases"])
    print(f"known failures: {sum(counts.values())}")
    for judge, count in sorted(counts.items()):
        print(f"  {judge:<12} {count:>5}")


if __name__ == "__main__":
    main()
