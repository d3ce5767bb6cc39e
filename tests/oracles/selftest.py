"""Stage 4: the oracles are judged themselves. A stage that cannot fail proves nothing.

The good templates must pass everywhere; each fault seeded into one must be found by the oracle that is
there for it. Run with pytest: `tests/run selftest`. The deploy stage has selftest_deploy.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import common
import lint
import run_example
from common import HERE, OracleFailure, Template
from seeded import GOOD, Fault, properties, right_elsewhere, rights_of, with_fault

# --- lint -----------------------------------------------------------------------------------------

BOTH = ("cfn-lint", "cloudformation-validate")
LINT_FAULTS: dict[str, tuple[Fault, str, tuple[str, ...]]] = {
    "unknown-property": (lambda t: properties(t, "Intake").update(Colour="red"), "3002", BOTH),
    "value-out-of-range": (lambda t: properties(t, "Take").update(Timeout=9999), "3034", BOTH),
    "missing-required": (lambda t: properties(t, "Orders").pop("KeySchema"), "3003", BOTH),
    "unknown-reference": (lambda t: properties(t, "Take").update(Role={"Ref": "Nobody"}), "1020", BOTH),
    "unknown-type": (lambda t: t["Resources"]["Parked"].update(Type="AWS::SQS::Rope"), "3006", BOTH),
    "too-short-visibility": (lambda t: properties(t, "Intake").update(VisibilityTimeout=5), "3505", BOTH),
    "cycle": (lambda t: t["Resources"]["Parked"].update(DependsOn="Intake"), "3004", BOTH),
}


@pytest.fixture(scope="session")
def lint_findings(tmp_path_factory: pytest.TempPathFactory) -> list[lint.Finding]:
    """Every faulty template and the good one, linted once together: starting the linters is what costs."""
    folder = tmp_path_factory.mktemp("lint")
    faulty = {name: with_fault(fault) for name, (fault, _, _) in LINT_FAULTS.items()}
    targets = {}
    for name, template in (faulty | {"good": GOOD}).items():
        file = folder / f"{name}.json"
        file.write_text(json.dumps(template))
        targets[file] = ("selftest", name)
    return lint.cfn_lint(targets) + lint.aws_validate(targets)


def test_lint_finds_nothing_in_the_good_template(lint_findings: list[lint.Finding]) -> None:
    assert [str(f) for f in lint_findings if f.template == "good"] == []


@pytest.mark.parametrize("name", LINT_FAULTS)
def test_both_linters_find_the_fault(name: str, lint_findings: list[lint.Finding]) -> None:
    _, rule, tools = LINT_FAULTS[name]
    found = {f.tool for f in lint_findings if f.template == name and f.rule[1:] == rule}
    assert found == set(tools), [str(f) for f in lint_findings if f.template == name]


def finding(rule: str = "E3002") -> lint.Finding:
    return lint.Finding("orders", "orders", "Intake", rule, "cfn-lint", "Resources/Intake", "unknown")


def test_a_finding_fails_unless_it_is_excepted() -> None:
    excepted = {finding().key(): "the linter is behind"}
    assert len(lint.judge([finding()], {}, {"orders"})) == 1
    assert lint.judge([finding()], excepted, {"orders"}) == []


def test_of_generated_templates_only_errors_count(tmp_path: Path) -> None:
    assert [found.rule for found in lint.errors([finding("W3005"), finding("E3002"), finding("F1001")])] == ["E3002", "F1001"]
    for number in range(200):
        (tmp_path / f"random_{number}.json").write_text("{}")
    chosen = lint.generated(tmp_path)
    assert lint.SAMPLE <= len(chosen) <= 2 * lint.SAMPLE
    assert all(name == file.stem for file, (name, _) in chosen.items())


def test_a_run_without_generated_templates_says_nothing_of_their_known_failures() -> None:
    listed = lint.Known("lint", {"random_7 D1 E3002": "reason"})
    assert lint.judge([], {}, None, listed) == []
    assert "passes now" in lint.judge([], {}, {"random_7"}, listed)[0]


def test_an_exception_that_no_longer_occurs_fails() -> None:
    excepted = {finding().key(): "the linter is behind"}
    assert "no longer occurs" in lint.judge([], excepted, None)[0]
    assert lint.judge([], excepted, {"another example"}) == []


def test_an_exception_without_a_reason_fails(tmp_path: Path) -> None:
    file = tmp_path / "exceptions.toml"
    file.write_text('[[exception]]\ntool = "cfn-lint"\nrule = "E3002"\n')
    with pytest.raises(OracleFailure, match="needs exactly"):
        lint.read_exceptions(file)


def test_the_lint_stage_ends_with_an_error(tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(with_fault(LINT_FAULTS["unknown-property"][0])))
    done = subprocess.run([sys.executable, str(HERE / "lint.py"), str(file)], capture_output=True, text=True)
    assert done.returncode == 1 and "FAILED" in done.stdout


# --- run ------------------------------------------------------------------------------------------

def wrong_queue(t: Template) -> None:
    properties(t, "Take")["Environment"]["Variables"]["QUEUE_URL"] = {"Ref": "Parked"}


def wrong_queue_and_right(t: Template) -> None:
    wrong_queue(t)
    right_elsewhere(t)


RUN_FAULTS: dict[str, tuple[Fault, str]] = {
    "missing-right": (lambda t: rights_of(t, "TakeRole").pop(), "AccessDenied"),
    "right-elsewhere": (right_elsewhere, "AccessDenied"),
    "wrong-queue": (wrong_queue, "AccessDenied"),
    "wrong-queue-allowed": (wrong_queue_and_right, "the messages in the queue"),
    "missing-variable": (lambda t: properties(t, "Take").pop("Environment"), "QUEUE_URL"),
}


def test_the_handler_runs_with_the_good_template() -> None:
    run_example.run_handler("good", GOOD)


@pytest.mark.parametrize("name", RUN_FAULTS)
def test_the_handler_fails_with_the_fault(name: str) -> None:
    fault, message = RUN_FAULTS[name]
    with pytest.raises(OracleFailure, match=message):
        run_example.run_handler("faulty", with_fault(fault))


# --- the compiler's own failure -------------------------------------------------------------------

def test_a_compiler_that_fails_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURLIN", "/bin/false")
    with pytest.raises(OracleFailure, match="ended with 1"):
        common.purlin("build", "examples/orders")
