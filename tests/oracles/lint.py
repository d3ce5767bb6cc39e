"""Stage 1: two linters that know the CloudFormation schemas judge every template.

    python tests/oracles/lint.py [--example NAME]... [-- TEMPLATE.json...]
    python tests/oracles/lint.py --generated FOLDER      what tests of the crate generate (`PURLIN_TEMPLATES`)

cfn-lint and AWS's cloudformation-validate each see all templates of the examples and of the small programs in one
process. Every error and every warning fails, unless exceptions.toml names it or the known failures list it; an
exception that no longer occurs fails too.

Of generated templates only the errors count: a random program may well do what a warning advises against. Each rule is
slow, so that a part of them is judged, and all with PURLIN_FULL.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import cloudformation_validate

from common import HERE, VENV, Json, OracleFailure, build_all, build_programs, bullet_list, run_stage
from known import GENERATED, Known, known

REGION = "us-east-1"
# How many generated templates a run of the gate judges.
SAMPLE = 50
EXCEPTION_KEYS = {"tool", "rule", "example", "resource", "reason", "date"}


@dataclass(frozen=True, order=True)
class Finding:
    """One error or warning, in the shape in which both tools can be compared with an exception."""

    example: str
    template: str
    resource: str
    rule: str
    tool: str
    path: str
    message: str

    def key(self) -> tuple[str, str, str, str]:
        return (self.tool, self.rule, self.example, self.resource)

    @property
    def case(self) -> str:
        """The name that the list of known failures uses: both tools give most rules the same id."""
        return f"{self.example} {self.resource} {self.rule}"

    def __str__(self) -> str:
        return f"{self.example}/{self.template} {self.resource}: {self.rule} [{self.tool}] {self.message} (at {self.path})"


Targets = dict[Path, tuple[str, str]]  # template file -> (example, stack)
Exceptions = dict[tuple[str, str, str, str], str]  # (tool, rule, example, resource) -> reason


def cfn_lint(targets: Targets) -> list[Finding]:
    """All rules that are errors or warnings, over all files in one process: starting it is what costs."""
    command = [str(VENV / "cfn-lint"), "-f", "json", "-r", REGION, "--", *map(str, targets)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    try:
        results = json.loads(done.stdout or "[]")
    except json.JSONDecodeError as error:
        raise OracleFailure(f"cfn-lint gave no JSON ({done.returncode}): {done.stdout[:500]}{done.stderr}") from error
    if done.returncode & 1 or (done.returncode and not results):
        raise OracleFailure(f"cfn-lint could not run ({done.returncode}): {done.stderr}")
    return [from_cfn_lint(entry, targets) for entry in results if entry["Level"] != "Informational"]


def from_cfn_lint(entry: Json, targets: Targets) -> Finding:
    example, stack = targets[Path(entry["Filename"])]
    path = [str(part) for part in entry["Location"].get("Path") or []]
    resource = path[1] if len(path) > 1 and path[0] in ("Resources", "Outputs", "Parameters") else "-"
    return Finding(example, stack, resource, entry["Rule"]["Id"], "cfn-lint", "/".join(path), entry["Message"])


def aws_validate(targets: Targets) -> list[Finding]:
    """AWS's own validator, natively in this process; what it cannot analyse is a failure as well."""
    engine = cloudformation_validate.CompositeEngine()
    floor = {cloudformation_validate.Severity.INFO, cloudformation_validate.Severity.DEBUG}
    findings = []
    for file, (example, stack) in targets.items():
        report = engine.validate_template(str(file))
        if report.status.name != "OK" and not report.diagnostics:
            raise OracleFailure(f"cloudformation-validate could not analyse {example}/{stack}: {report.status.name}")
        for found in report.diagnostics:
            if found.severity not in floor:
                resource = found.entity.logical_id if found.entity else "-"
                path, message = found.property_path or "-", found.message
                findings.append(Finding(example, stack, resource, found.rule_id, "cloudformation-validate", path, message))
        if report.status.name == "ANALYSIS_INCOMPLETE":
            message = "the analysis did not reach the end of the template"
            findings.append(Finding(example, stack, "-", "incomplete", "cloudformation-validate", "-", message))
    return findings


def read_exceptions(path: Path) -> Exceptions:
    """The exceptions by (tool, rule, example, resource). Each must say why and since when."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("exception", [])
    for entry in entries:
        wrong = EXCEPTION_KEYS.symmetric_difference(entry)
        if wrong or not all(str(value).strip() for value in entry.values()):
            raise OracleFailure(f"{path.name}: an exception needs exactly {sorted(EXCEPTION_KEYS)}, filled: {entry}")
    return {(e["tool"], e["rule"], e["example"], e["resource"]): e["reason"] for e in entries}


def excepts(key: tuple[str, str, str, str], finding: Finding) -> bool:
    """Whether an exception is about a finding. Example and resource may have `*` for what differs."""
    return all(fnmatchcase(found, wanted) for found, wanted in zip(finding.key(), key, strict=True))


def judge(
    findings: list[Finding], exceptions: Exceptions, judged: set[str] | None, listed: Known = Known("lint", {})
) -> list[str]:
    """What fails: findings without an exception, and exceptions of the judged examples without a finding."""
    used = {key for key in exceptions if any(excepts(key, finding) for finding in findings)}
    failures: dict[str, str] = {}
    for finding in sorted(findings):
        if not any(excepts(key, finding) for key in used):
            failures.setdefault(finding.case, str(finding))
    def of_this_run(case: str) -> bool:
        return not case.startswith(GENERATED) if judged is None else case.split(" ")[0] in judged

    ran = [case for case in listed.reasons if of_this_run(case)]
    problems = listed.problems(failures, ran)
    stale = [key for key in exceptions if key not in used and (judged is None or key[2] in judged)]
    return problems + [f"the exception {' '.join(key)} no longer occurs: remove it" for key in stale]


def errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if not finding.rule.startswith("W")]


def lint(
    targets: Targets, everything: bool, exceptions: Path = HERE / "exceptions.toml", errors_only: bool = False
) -> list[str]:
    """The problems of these templates, both tools together; `everything` says that no example is left out."""
    if not targets:
        raise OracleFailure("no template to lint")
    findings = cfn_lint(targets) + aws_validate(targets)
    if errors_only:
        findings = errors(findings)
    judged = None if everything else {example for example, _ in targets.values()}
    return judge(findings, read_exceptions(exceptions), judged, known("lint"))


def generated(folder: Path) -> Targets:
    """The templates of a folder, each an example of its own name: all of them, or a part that is spread over them."""
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise OracleFailure(f"no template in {folder}")
    step = 1 if "PURLIN_FULL" in os.environ else max(1, len(files) // SAMPLE)
    return {file.resolve(): (file.stem, "generated") for file in files[::step]}


def main() -> None:
    parser = argparse.ArgumentParser(description="lint every example's templates with both schema oracles")
    parser.add_argument("--example", action="append", help="only this example; may be repeated")
    parser.add_argument("--generated", type=Path, help="a folder of generated templates to lint instead of the examples")
    parser.add_argument("template", nargs="*", type=Path, help="templates to lint instead of the examples")
    chosen = parser.parse_args()
    targets: Targets = {file.resolve(): ("given", file.stem) for file in chosen.template}
    if chosen.generated:
        targets = generated(chosen.generated)
    if not targets:
        # What the compiler does not build of the small programs is a case of the judge "replay".
        programs = [] if chosen.example else build_programs()[0]
        for application in build_all(chosen.example) + programs:
            targets |= {file: (application.name, stack) for stack, file in application.templates.items()}
    everything = not chosen.template and not chosen.example and not chosen.generated
    problems = lint(targets, everything, errors_only=chosen.generated is not None)
    if problems:
        raise OracleFailure(f"{len(problems)} lint problems\n{bullet_list(problems)}")
    none = "no error" if chosen.generated else "no error, no warning"
    print(f"{len(targets)} templates, cfn-lint and cloudformation-validate: {none}", flush=True)


if __name__ == "__main__":
    sys.exit(run_stage(main))
