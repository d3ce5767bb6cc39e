"""Facts about AWS's services that no schema holds, checked on every template.

    python tests/oracles/facts.py [--example NAME]... [--unverified] [-- TEMPLATE.json...]

Each fact is one sentence with its public source and a check (`facts/*.py`). Every example, every program below
programs/ and every golden template is checked, with each value that its parameters name. A failure is named
`APPLICATION: FACT`.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

import known
from common import HERE, OracleFailure, Template, bullet_list, read_json, run_stage
from facts.registry import FACTS
from facts.view import views
from programs_of import goldens, programs
from simulate.scenarios import deployed_name

for module in sorted((HERE / "facts").glob("*.py")):
    importlib.import_module(f"facts.{module.stem}")


Given = dict[str, tuple[Template, dict[str, Template]]]  # a template, and the other stacks of its project


def check(template: Template, others: dict[str, Template] | None = None) -> dict[str, list[str]]:
    """What is wrong with a template, by fact."""
    found: dict[str, list[str]] = {}
    for view in views(template, others):
        for name, fact in FACTS.items():
            texts = [text for text in fact.check(view) if text not in found.get(name, [])]
            if texts:
                found.setdefault(name, []).extend(texts)
    return found


def templates(chosen: argparse.Namespace) -> Given:
    if chosen.template:
        return {file.stem: (read_json(file), {}) for file in chosen.template}
    found: Given = {}
    for program in programs(chosen.example):
        for stack, template in program.templates.items():
            name = program.name if len(program.templates) == 1 else f"{program.name}/{stack}"
            found[name] = (template, {deployed_name(t, s): t for s, t in program.templates.items() if s != stack})
    return found if chosen.example else found | {name: (template, {}) for name, template in goldens()}


def judge(chosen: argparse.Namespace) -> None:
    begun, failed, conditions = time.monotonic(), {}, 0
    given = templates(chosen)
    for name, (template, others) in given.items():
        for fact, texts in check(template, others).items():
            conditions += FACTS[fact].precondition
            if not FACTS[fact].precondition:
                failed[f"{name}: {fact}"] = f"{'; '.join(texts[:4])} ({FACTS[fact].sentence})"
    listed, ran = known.known("facts"), [f"{name}: {fact}" for name in given for fact in FACTS]
    wrong = listed.problems(failed, ran)
    if not chosen.template and not chosen.example:
        wrong += listed.unused(ran)
    print(f"facts: {len(FACTS)} facts, {len(given)} templates, {len(failed)} failures, "
          f"{len(failed.keys() & listed.reasons.keys())} of them known, {conditions} preconditions of the account, "
          f"{time.monotonic() - begun:.0f} s", flush=True)
    if wrong:
        raise OracleFailure(f"{len(wrong)} problems\n{bullet_list(wrong)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="check facts about AWS's services on every template")
    parser.add_argument("--example", action="append", help="only this example or program; may be repeated")
    parser.add_argument("template", nargs="*", type=Path, help="templates to check instead")
    judge(parser.parse_args())


if __name__ == "__main__":
    sys.exit(run_stage(main))
