"""Wall times of `purlin check` and `purlin build` beside other tools' on the same applications.

    python tests/oracles/peers.py [--runs N] [--example NAME]...

Not part of the gate: a time proves nothing about correctness. All commands run interleaved, one after the
other in each round, so that what disturbs the machine disturbs all of them; the table gives medians.
The tools do not do the same work: see the notes under the table.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from common import ROOT, VENV, Application, OracleFailure, build_all, run_stage

TRANSLATE = """
import json, sys
from samtranslator.translator.transform import transform
from samtranslator.parser.parser import Parser
class NoPolicies:
    def load(self): return {}
for name in sys.argv[1:]:
    with open(name) as file:
        transform(json.load(file), {}, NoPolicies())
"""


@dataclass
class Contender:
    name: str
    command: list[str]
    seconds: list[float] = field(default_factory=list)


def release_compiler() -> Path:
    """The release build: a debug build would be compared with nobody's debug build."""
    given = os.environ.get("PURLIN")
    path = Path(given) if given else Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "purlin"
    if not path.exists():
        raise OracleFailure(f"no release compiler at {path}: run `cargo build --release` first, or set PURLIN")
    return path


def as_sam(application: Application, folder: Path) -> list[str]:
    """The application's functions as SAM would have them: the resource that its translator expands."""
    files = []
    for stack in application.templates:
        resources = {}
        for name, resource in application.template(stack)["Resources"].items():
            if resource["Type"] == "AWS::Lambda::Function":
                kept = ("Runtime", "Handler", "MemorySize", "Timeout", "Environment")
                properties = {key: value for key, value in resource["Properties"].items() if key in kept}
                properties |= {"CodeUri": "s3://bucket/code.zip"}
                resources[name] = {"Type": "AWS::Serverless::Function", "Properties": properties}
        file = folder / f"{application.name}-{stack}.sam.json"
        file.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}))
        files.append(str(file))
    return files


def contenders(application: Application, folder: Path) -> list[Contender]:
    purlin, out = str(release_compiler()), str(folder / application.name)
    source, python = str(application.folder), str(VENV / "python")
    templates = [str(path) for path in application.templates.values()]
    return [
        Contender("purlin check", [purlin, "check", source]),
        Contender("purlin build", [purlin, "build", source, "-o", out]),
        Contender("SAM translator", [python, "-c", TRANSLATE, *as_sam(application, folder)]),
        Contender("cfn-lint", [str(VENV / "cfn-lint"), "-r", "us-east-1", "--", *templates]),
        Contender("python start-up", [python, "-c", "pass"]),
    ]


def run_once(contender: Contender) -> None:
    begun = time.perf_counter()
    done = subprocess.run(contender.command, capture_output=True, text=True, timeout=600)
    contender.seconds.append(time.perf_counter() - begun)
    if done.returncode != 0 and contender.name != "cfn-lint":
        raise OracleFailure(f"{contender.name} ended with {done.returncode}: {done.stderr[-1000:]}")


def table(application: Application, found: list[Contender]) -> str:
    resources = sum(len(application.template(stack)["Resources"]) for stack in application.templates)
    lines = [f"\n### {application.name}: {resources} resources in {len(application.templates)} stacks\n"]
    lines += ["| command | median | fastest | slowest | of `purlin build` |", "|---|---|---|---|---|"]
    base = statistics.median(next(c for c in found if c.name == "purlin build").seconds)
    for contender in found:
        median = statistics.median(contender.seconds)
        low, high = min(contender.seconds), max(contender.seconds)
        lines.append(f"| {contender.name} | {median:.3f} s | {low:.3f} s | {high:.3f} s | {median / base:.1f} |")
    return "\n".join(lines)


def measure(application: Application, folder: Path, runs: int) -> str:
    found = contenders(application, folder)
    for _ in range(runs + 1):
        for contender in found:
            run_once(contender)
    for contender in found:
        contender.seconds.pop(0)  # the first round only warms the caches
    return table(application, found)


def main() -> None:
    parser = argparse.ArgumentParser(description="wall times beside other tools")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--example", action="append", help="only this example; may be repeated")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for application in build_all(chosen.example):
            print(measure(application, Path(scratch), chosen.runs), flush=True)
    print(f"\nMedians of {chosen.runs} interleaved rounds. Not like for like: cfn-lint checks the emitted templates against")
    print("the schemas and emits nothing; the SAM translator gets the functions alone and checks no schema.")


if __name__ == "__main__":
    sys.exit(run_stage(main))
