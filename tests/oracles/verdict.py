"""What `purlin check` says of loops, stack by stack: the verdict that the hop and the witness judges compare.

A project is a folder with one file per stack. One call of the compiler judges all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, Mapping

from common import OracleFailure, compiler

LOOP = "loop"  # `event-loop` as an error: every hop is certain
NOT_PROVED = "not-proved"  # `event-loop` below error, or a finding that the proof does not hold
DECLARED = "declared"  # `loop-only-declared`: disjoint as long as the code sends what is declared
SILENT = "silent"  # nothing is said of loops
REFUSED = "refused"  # an error of another rule
VERDICTS = (LOOP, NOT_PROVED, DECLARED, SILENT, REFUSED)
REPORTED = (LOOP, NOT_PROVED, DECLARED)

# What a declared function needs beside what a case is about.
FUNCTION = ('  runtime = "python3.13"', '  handler = "f.h"', '  code    = "f.zip"', "  timeout = 10s")


@dataclass(frozen=True)
class Finding:
    rule: str
    severity: str
    file: str
    line: int
    text: str  # the message, and the text of every related place

    def loop_verdict(self) -> str | None:
        """The verdict that this finding gives of a loop, if it speaks of one."""
        if self.rule == "loop-only-declared":
            return DECLARED
        if self.rule == "event-loop" and self.severity == "error":
            return LOOP
        if self.rule == "event-loop" or "not-proved" in self.rule:
            return NOT_PROVED
        return None


@dataclass(frozen=True)
class Judged:
    """The findings about one stack, or about a whole project."""

    findings: tuple[Finding, ...] = field(default=())

    @property
    def loops(self) -> list[Finding]:
        return [f for f in self.findings if f.loop_verdict()]

    @property
    def verdicts(self) -> set[str]:
        return {verdict for f in self.findings if (verdict := f.loop_verdict())}

    @property
    def refusals(self) -> list[Finding]:
        return [f for f in self.findings if f.severity == "error" and not f.loop_verdict()]

    @property
    def verdict(self) -> str:
        """The strongest verdict. An error of another rule comes first: such a program is not judged at all."""
        if self.refusals:
            return REFUSED
        return next((v for v in REPORTED if v in self.verdicts), SILENT)


def expanded(source: str) -> str:
    """Replaces each line that is only `...` by what every function needs."""
    lines: list[str] = []
    for line in source.splitlines():
        indent = line[: len(line) - len(line.lstrip())][2:]
        lines += [indent + text for text in FUNCTION] if line.strip() == "..." else [line]
    return "\n".join(lines) + "\n"


def check(files: Mapping[str, str], arguments: Iterable[str] = ()) -> dict[str, Judged]:
    """Checks a project of these files (by name) and gives the findings by file; files without any have an empty entry."""
    with tempfile.TemporaryDirectory(prefix="purlin-loops-") as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(expanded(text), encoding="utf-8")
        return {name: Judged(tuple(found)) for name, found in run(Path(folder), files, arguments).items()}


def run(folder: Path, names: Iterable[str], arguments: Iterable[str]) -> dict[str, list[Finding]]:
    command = [str(compiler()), "check", "--format", "json", *arguments, "."]
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, env=environment)
    if done.returncode not in (0, 1):
        raise OracleFailure(f"purlin check ended with {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, list[Finding]] = defaultdict(list, {name: [] for name in names})
    for entry in json.loads(done.stdout)["findings"]:
        if "allowed" in entry:  # an `@allow` suppresses it
            continue
        place = entry.get("place") or {}
        text = " | ".join([entry["message"], entry.get("label") or "", *(r["text"] for r in entry["related"])])
        finding = Finding(entry["rule"], entry["severity"], place.get("file", ""), place.get("line", 0), text)
        found[finding.file].append(finding)
    return found


def together(judged: Mapping[str, Judged]) -> Judged:
    """The findings of all files of a project as one."""
    return Judged(tuple(f for one in judged.values() for f in one.findings))
