"""Directed programs about loops: each file of `directed/` lists named programs with the verdict that they must get.

    === NAME: VERDICT [, VERDICT...] [through NAME...]
    # why
    program; a line `...` is what every function needs; `--- FILE` begins the next file of the project

The verdicts are those of `verdict.py`; `reported` is any of loop, not-proved and declared. With `through`, one
finding about a loop must name these declarations. Run alone: `python tests/oracles/hops/directed.py [NAME...]`.
"""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from known import known
from verdict import REFUSED, REPORTED, VERDICTS, Judged, check, together

JUDGE = "loops"
HEAD = re.compile(r"=== (?P<name>[a-z0-9-]+): (?P<verdicts>[a-z, -]+?)(?: through (?P<through>[a-z_, ]+))?")


@dataclass(frozen=True)
class Case:
    name: str
    expected: frozenset[str]
    through: tuple[str, ...]
    files: dict[str, str]

    def problem(self, judged: Judged) -> str | None:
        """What is wrong with the compiler's answer."""
        if judged.verdict not in self.expected:
            said = "; ".join(f"{f.rule} ({f.severity}) {f.file}:{f.line} {f.text}" for f in judged.loops or judged.refusals)
            return f"expected {' or '.join(sorted(self.expected))}, got {judged.verdict}{': ' if said else ''}{said[:400]}"
        if judged.verdict == REFUSED and not any(f.file in self.files for f in judged.refusals):
            return f"refused, but at {judged.refusals[0].file}, not in the program"
        if self.through and not any(f.loop_verdict() in self.expected and self.names(f.text) for f in judged.loops):
            return f"no finding goes through {', '.join(self.through)}: {'; '.join(f.text for f in judged.loops)}"
        return None

    def names(self, text: str) -> bool:
        return all(re.search(rf"\b{name}\b", text) for name in self.through)


def cases(folder: Path = HERE / "directed") -> list[Case]:
    found: list[Case] = []
    for file in sorted(folder.glob("*.txt")):
        for block in re.split(r"(?m)^(?==== )", file.read_text(encoding="utf-8"))[1:]:
            found.append(case(file.name, *block.split("\n", 1)))
    names = [one.name for one in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two directed cases have one name: {sorted(twice)}")
    return found


def case(file: str, head: str, body: str) -> Case:
    read = HEAD.fullmatch(head.strip())
    if read is None:
        raise ValueError(f"{file}: malformed head: {head}")
    words = [word.strip() for word in read["verdicts"].split(",")]
    expected = frozenset(v for word in words for v in (REPORTED if word == "reported" else (word,)))
    if not expected <= set(VERDICTS):
        raise ValueError(f"{file}: unknown verdict: {head}")
    code = "\n".join(line for line in body.splitlines() if not line.startswith("#"))
    parts = re.split(r"(?m)^--- (\S+)\n", code)
    files = {"main.purlin": parts[0]} if len(parts) == 1 else dict(zip(parts[1::2], parts[2::2]))
    through = tuple(word for word in re.split(r"[ ,]+", read["through"] or "") if word)
    return Case(read["name"], expected, through, files)


def run(selected: list[Case]) -> dict[str, str]:
    """The message of every case that fails, by name."""
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda one: one.problem(together(check(one.files))), selected)
        return {one.name: problem for one, problem in zip(selected, answers) if problem}


def main() -> int:
    everything, wanted = cases(), set(sys.argv[1:])
    selected = [one for one in everything if not wanted or one.name in wanted]
    failures, listed = run(selected), known(JUDGE)
    names = [one.name for one in selected]
    problems = listed.problems(failures, names) + (listed.unused(names) if not wanted else [])
    for line in problems:
        print(line)
    print(f"directed loops: {len(selected)} programs, {len(selected) - len(failures)} as expected, {len(failures)} not, "
          f"{len(failures.keys() & listed.reasons.keys())} of them known")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
