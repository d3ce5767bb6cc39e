"""The deployment simulator: what CloudFormation and the services would do with every template.

    python tests/oracles/simulate.py [--example NAME]... [-- TEMPLATE.json...]

Every example, every program below programs/ and every golden template is created, updated, failed, deleted and
deployed a second time in a simulated account, by the scenarios in `simulate/scenarios.py`. What AWS would refuse or
lose is a failure, named `APPLICATION, SCENARIO: FACT`; the facts are in `simulate/catalogue.py`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import known
from common import OracleFailure, Template, bullet_list, compiler, output_root, purlin, read_json, run_stage
from programs_of import Program, goldens, programs
from simulate.catalogue import BEHAVIOURS
from simulate.model import Problem
from simulate.scenarios import edited, environments, play, project
from simulate.variants import VARIANTS, write

Cases = dict[str, list[Problem]]  # "application, scenario" -> what is wrong


def of_template(name: str, template: Template) -> Cases:
    return {f"{name}, {scenario}": problems for scenario, problems in play(template).items()}


def of_edits(program: Program) -> Iterator[tuple[str, list[Problem]]]:
    """The updates from a program's source to each edited one."""
    for label, variant in VARIANTS.items():
        into = output_root() / "variants" / program.name / label.replace(" ", "-")
        if not write(program.folder, into, variant):
            continue
        out = into / "built"
        purlin("build", into, *program.options, "-o", out)
        problems: list[Problem] = []
        for stack, template in program.templates.items():
            problems += edited(template, read_json(out / f"{stack}.json"), variant.harmless)
        yield f"{program.name}, {label}", problems


def of_program(program: Program) -> Cases:
    cases: Cases = {}
    for stack, template in program.templates.items():
        name = program.name if len(program.templates) == 1 else f"{program.name}/{stack}"
        cases |= of_template(name, template)
    cases |= dict(of_edits(program))
    if len(program.templates) > 1:
        cases[f"{program.name}, project"] = project(program.templates)
    if program.other_environment:
        pairs = ((program.templates[stack], other) for stack, other in program.other_environment.items())
        cases[f"{program.name}, environments"] = [p for pair in pairs for p in environments(*pair)]
    return cases


def failures(cases: Cases) -> dict[str, str]:
    """One failed case per application, scenario and fact, with everything that was found."""
    found: dict[str, list[str]] = {}
    for case, problems in cases.items():
        for problem in problems:
            found.setdefault(f"{case}: {problem.fact}", []).append(str(problem))
    return {case: "; ".join(sorted(set(texts))[:4]) for case, texts in found.items()}


def simulate(chosen: argparse.Namespace) -> None:
    begun, cases = time.monotonic(), {}
    for file in chosen.template:
        cases |= of_template(file.stem, read_json(file))
    if not chosen.template:
        for program in programs(chosen.example):
            cases |= of_program(program)
        if not chosen.example:
            for name, template in goldens():
                cases |= of_template(name, template)
    failed, listed = failures(cases), known.known("simulate")
    ran = [f"{case}: {fact}" for case in cases for fact in BEHAVIOURS]
    wrong = listed.problems(failed, ran)
    if not chosen.template and not chosen.example:
        wrong += listed.unused(ran)
    applications = len({case.rsplit(", ", 1)[0] for case in cases})
    print(f"simulate: {applications} applications, {len(cases)} scenarios, {len(BEHAVIOURS)} facts, "
          f"{len(failed)} failures, {len(failed.keys() & listed.reasons.keys())} of them known, "
          f"{time.monotonic() - begun:.0f} s", flush=True)
    if wrong:
        raise OracleFailure(f"{len(wrong)} problems\n{bullet_list(wrong)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="simulate the deployment of every template")
    parser.add_argument("--example", action="append", help="only this example or program; may be repeated")
    parser.add_argument("template", nargs="*", type=Path, help="templates to simulate instead")
    compiler()
    simulate(parser.parse_args())


if __name__ == "__main__":
    sys.exit(run_stage(main))
