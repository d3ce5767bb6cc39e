"""The judge "replay": what AWS's API would refuse of a template, without an account.

    python tests/oracles/replay.py [--example NAME]...         the examples, the golden templates, the programs
    python tests/oracles/replay.py [--limit N] PATH...         templates from anywhere; a folder has all below it. Known
                                                               failures are those of templates of the same names

Every resource is turned into the requests that CloudFormation's handler for its type makes (`apicalls/types/`), with
plausible values for references and each condition true and false. A request is held to the input shape that
botocore's model of the service gives, and to what the API reference says in prose (`apicalls/constraints.toml`).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Iterator

from apicalls.judge import Judge
from common import HERE, Application, OracleFailure, Template, build_all, build_programs, bullet_list, read_json, run_stage
from known import GENERATED, known
from programs_of import goldens, programs

JUDGE = "replay"


Named = tuple[str, Template]


def golden_templates() -> Iterator[Named]:
    for name, template in goldens():
        yield name.replace("golden ", "golden/"), template


def program_templates() -> Iterator[Named]:
    """The programs that have a folder of their own; those that are one file are `build_programs`."""
    folders = sorted(folder.name for folder in (HERE / "programs").iterdir() if folder.is_dir())
    for program in programs(folders):
        name = program.name.replace("program ", "programs/")
        yield from ((f"{name}/{stack}", template) for stack, template in program.templates.items())
        yield from ((f"{name}/other/{stack}", template) for stack, template in program.other_environment.items())


def templates_of(applications: list[Application]) -> Iterator[Named]:
    for application in applications:
        for stack, file in application.templates.items():
            name = application.name if application.name.startswith("programs/") else f"{application.name}/{stack}"
            yield name, read_json(file)


def given_templates(paths: list[Path]) -> Iterator[Named]:
    """The templates at some paths. They are named by the path, from the given folder on."""
    for path in paths:
        files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        for file in files:
            name = str(file.relative_to(path).with_suffix("")) if path.is_dir() else path.stem
            template = read_json(file)
            if not isinstance(template, dict) or "Resources" not in template:
                raise OracleFailure(f"{file} is no template: it has no Resources")
            yield name, template


def replay(judge: Judge, templates: Iterator[Named]) -> tuple[dict[str, str], set[str]]:
    """The cases that fail, with their messages, and the names of the templates that were judged."""
    failures: dict[str, str] = {}
    names: set[str] = set()
    for name, template in templates:
        names.add(name)
        failures |= {f"{name} {case}": message for case, message in judge.template(template, name).items()}
    return failures, names


def problems_of(failures: dict[str, str], names: set[str], everything: bool) -> list[str]:
    """What makes the stage fail: unlisted failures, and listed ones of the judged templates that are gone."""
    list_of = known(JUDGE)
    ran = {case for case in list_of.reasons if case.split(" ")[0] in names} | set(failures)
    unused = [problem for problem in list_of.unused(ran) if not problem.startswith(GENERATED)] if everything else []
    return list_of.problems(failures, sorted(ran)) + unused


def summary(judge: Judge, seconds: float, failed: int) -> str:
    counts = judge.counts
    return (
        f"replayed {counts.templates} templates in {seconds:.1f} s: {counts.resources} resources of "
        f"{len(counts.types)} types, {counts.scenarios} assignments, {counts.values} values and {counts.checks} "
        f"constraints checked, {counts.guesses} values known to the deployer alone, {failed} failures"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="hold templates to the API that their resources call")
    parser.add_argument("--example", action="append", help="only this example; may be repeated")
    parser.add_argument("--limit", type=int, default=200, help="how many failures to print at most")
    parser.add_argument("path", nargs="*", type=Path, help="templates, or folders of templates, instead of the examples")
    chosen = parser.parse_args()
    begun, judge = time.monotonic(), Judge()
    if chosen.path:
        failures, names = replay(judge, given_templates(chosen.path))
        problems = problems_of(failures, names, everything=False)
    else:
        feeds = list(templates_of(build_all(chosen.example)))
        refused: dict[str, str] = {}
        if not chosen.example:
            small, refused = build_programs()
            feeds += [*templates_of(small), *program_templates(), *golden_templates()]
        begun = time.monotonic()
        failures, names = replay(judge, iter(feeds))
        failures |= {f"{name} build": message for name, message in refused.items()}
        problems = problems_of(failures, names, everything=not chosen.example)
    print(summary(judge, time.monotonic() - begun, len(failures)), flush=True)
    for condition in sorted(judge.counts.one_sided):
        print(f"  no assignment makes both sides of the condition {condition}", flush=True)
    if problems:
        raise OracleFailure(f"AWS would refuse {len(problems)} values\n{bullet_list(problems[:chosen.limit])}")


if __name__ == "__main__":
    sys.exit(run_stage(main))
