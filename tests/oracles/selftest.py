"""Stage 4: the oracles are judged themselves. A stage that cannot fail proves nothing.

The fixture intake.json must pass everywhere; each fault seeded into it must be found by the oracle that
is there for it. Run with pytest: `tests/run selftest`.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import common
import deploy
import fake_aws
import graph
import lint
import run_example
from common import HERE, OracleFailure, Template

Fault = Callable[[Template], Any]


def fixture(name: str) -> tuple[Template, graph.Graph]:
    folder = HERE / "fixtures"
    return common.read_json(folder / f"{name}.json"), graph.parse(common.read_json(folder / f"{name}.graph.json"))


GOOD, GRAPH = fixture("intake")
WIRES, WIRES_GRAPH = fixture("wires")
NETWORK, NETWORK_GRAPH = fixture("network")


def properties(template: Template, name: str) -> dict[str, Any]:
    return template["Resources"][name]["Properties"]


def rights_of(template: Template, role: str) -> list[Any]:
    return properties(template, role)["Policies"][0]["PolicyDocument"]["Statement"]


def with_fault(fault: Fault, base: Template = GOOD) -> Template:
    template = copy.deepcopy(base)
    fault(template)
    return template


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


# --- deploy ---------------------------------------------------------------------------------------

def wildcard(t: Template) -> None:
    rights_of(t, "TakeRole").append({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})


def right_elsewhere(t: Template) -> None:
    rights_of(t, "TakeRole")[1]["Resource"] = {"Fn::GetAtt": ["Parked", "Arn"]}


def wire_without_edge(t: Template) -> None:
    t["Resources"]["Extra"] = copy.deepcopy(t["Resources"]["StoreOnIntake"])
    properties(t, "Extra")["EventSourceArn"] = {"Fn::GetAtt": ["Parked", "Arn"]}


def unknown_skip(t: Template) -> None:
    t["Resources"]["Dax"] = {"Type": "AWS::DAX::SubnetGroup", "Properties": {"SubnetIds": ["subnet-1"]}}


def foreign_permission(t: Template) -> None:
    properties(t, "ShopInvokesTake")["Principal"] = "events.amazonaws.com"


def poller_blind(t: Template) -> None:
    rights_of(t, "StoreRole")[1]["Action"].remove("sqs:DeleteMessage")


def too_much_on_a_source(t: Template) -> None:
    rights_of(t, "StoreRole")[1]["Action"].append("sqs:PurgeQueue")


DEPLOY_FAULTS: dict[str, tuple[Fault, str]] = {
    "missing-mapping": (lambda t: t["Resources"].pop("StoreOnIntake"), "nothing that was deployed wakes Store"),
    "missing-route": (lambda t: t["Resources"].pop("ShopPostOrders"), "nothing that was deployed wakes Take"),
    "missing-permission": (lambda t: t["Resources"].pop("ShopInvokesTake"), "no permission, narrowed to it"),
    "foreign-permission": (foreign_permission, "no permission, narrowed to it"),
    "wire-without-edge": (wire_without_edge, "which no trigger edge of the source says"),
    "missing-right": (lambda t: rights_of(t, "TakeRole").pop(), "no right to sqs:SendMessage on Intake"),
    "right-elsewhere": (right_elsewhere, "no edge explains sqs:SendMessage"),
    "poller-without-right": (poller_blind, "no right to sqs:DeleteMessage on Intake"),
    "excess-right": (too_much_on_a_source, "no edge explains sqs:PurgeQueue"),
    "wildcard-right": (wildcard, "its role holds the pattern sqs:*"),
    "unknown-skip": (unknown_skip, "moto skipped AWS::DAX::SubnetGroup"),
}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[fake_aws.Server]:
    with fake_aws.moto_server(tmp_path_factory.mktemp("moto")) as running:
        yield running


def deployed(server: fake_aws.Server, stack: str, template: Template, means: graph.Graph = GRAPH) -> list[str]:
    server.reset()
    server.client("s3").create_bucket(Bucket=deploy.ARTIFACTS)
    return deploy.judge_stack(server, stack, template, means)


def test_the_good_templates_are_what_their_graphs_say(server: fake_aws.Server) -> None:
    assert deployed(server, "good", GOOD) == []
    assert deployed(server, "wires", WIRES, WIRES_GRAPH) == []
    assert deployed(server, "network", NETWORK, NETWORK_GRAPH) == []


@pytest.mark.parametrize("name", DEPLOY_FAULTS)
def test_the_comparison_finds_the_fault(name: str, server: fake_aws.Server) -> None:
    fault, message = DEPLOY_FAULTS[name]
    problems = deployed(server, name, with_fault(fault))
    assert any(message in problem for problem in problems), problems


def without(name: str) -> Fault:
    """Takes a resource away, and what would not deploy without it."""

    def fault(t: Template) -> None:
        t["Resources"].pop(name)
        t.pop("Outputs", None)
        for resource in t["Resources"].values():
            if name in resource.get("DependsOn", []):
                resource["DependsOn"].remove(name)

    return fault


def flow_without_function(t: Template) -> None:
    properties(t, "Flow")["DefinitionSubstitutions"]["Fn"] = "another"


WIRE_FAULTS: dict[str, tuple[Fault, str]] = {
    "no-notification": (lambda t: properties(t, "Images").pop("NotificationConfiguration"), "wakes Thumb from Images"),
    "no-stream-mapping": (without("StreamMap"), "wakes Thumb from Table"),
    "no-queue-mapping": (without("JobsMap"), "wakes Thumb from Jobs"),
    "no-method": (lambda t: properties(t, "ApiItemsGet").update(Integration={"Type": "MOCK"}), "wakes Thumb from Api"),
    "no-route": (without("HttpRoute"), "wakes Thumb from Http"),
    "no-schedule": (without("Nightly"), "wakes Thumb from Nightly"),
    "no-rule-target": (lambda t: properties(t, "Hourly").update(Targets=[]), "wakes Thumb from Hourly"),
    "no-task": (flow_without_function, "wakes Thumb from Flow"),
    "no-url": (without("Url"), "wakes Thumb from Url"),
    "bucket-may-not": (without("S3Invoke"), "Images has no permission"),
    "rest-may-not": (without("ApiInvoke"), "Api has no permission"),
    "http-may-not": (without("HttpInvoke"), "Http has no permission"),
    "rule-may-not": (without("HourlyInvoke"), "Hourly has no permission"),
    "schedule-may-not": (lambda t: rights_of(t, "SchedRole").clear(), "Nightly has no permission"),
    "flow-may-not": (lambda t: rights_of(t, "FlowRole").clear(), "Flow has no permission"),
}


@pytest.mark.parametrize("name", WIRE_FAULTS)
def test_the_comparison_sees_every_way_of_waking(name: str, server: fake_aws.Server) -> None:
    fault, message = WIRE_FAULTS[name]
    problems = deployed(server, name, with_fault(fault, WIRES), WIRES_GRAPH)
    assert any(message in problem for problem in problems), problems


NETWORK_FAULTS: dict[str, tuple[Fault, str]] = {
    "no-way-out": (without("StorePoolConnectEgress"), "no way from Store to Pool"),
    "no-way-in": (without("StorePoolConnectIngress"), "no way from Store to Pool"),
    "other-port": (lambda t: properties(t, "StorePoolConnectIngress").update(FromPort=1, ToPort=1), "no way from Store"),
    "proxy-cannot-leave": (without("PoolToDatabase"), "no way from Pool to Ledger"),
    "database-closed": (without("PoolFromProxy"), "no way from Pool to Ledger"),
    "outside": (lambda t: properties(t, "Store").pop("VpcConfig"), "Pool stands in a network, Store does not"),
}


@pytest.mark.parametrize("name", NETWORK_FAULTS)
def test_the_comparison_sees_a_closed_way(name: str, server: fake_aws.Server) -> None:
    fault, message = NETWORK_FAULTS[name]
    problems = deployed(server, name, with_fault(fault, NETWORK), NETWORK_GRAPH)
    assert any(message in problem for problem in problems), problems


def test_a_template_that_cannot_be_deployed_fails(server: fake_aws.Server) -> None:
    template = with_fault(lambda t: properties(t, "Take").update(Role={"Fn::GetAtt": ["Intake", "Colour"]}))
    with pytest.raises(OracleFailure, match="ended with"):
        deployed(server, "undeployable", template)


def test_a_skip_that_moto_has_learnt_to_make_fails() -> None:
    one = sorted(deploy.allowed_skips())[0]
    assert deploy.stale_skips({one}) == [f"moto makes {one} now: take it out of moto-skips.toml"]


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
