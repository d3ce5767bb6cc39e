"""The simulator is judged itself: a good template passes every scenario, each seeded fault is found by its fact."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any, Callable

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from common import HERE, Template, read_json
from simulate import engine, inputs, scenarios, variants
from simulate.catalogue import BEHAVIOURS
from simulate.functions import VERSIONED
from simulate.model import Account
from simulate.schema import properties_of

GOOD = read_json(HERE / "fixtures" / "deployed.json")
Fault = Callable[[Template], Any]


def resource(template: Template, name: str) -> dict[str, Any]:
    return template["Resources"][name]


def properties(template: Template, name: str) -> dict[str, Any]:
    return resource(template, name)["Properties"]


def drop(name: str, key: str) -> Fault:
    return lambda t: resource(t, name).pop(key)


def no_statement(role: str, number: int) -> Fault:
    return lambda t: properties(t, role)["Policies"][0]["PolicyDocument"]["Statement"].pop(number)


def set_to(name: str, **values: Any) -> Fault:
    return lambda t: properties(t, name).update(values)


def rename(old: str, new: str) -> Fault:
    def fault(template: Template) -> None:
        template["Resources"][new] = template["Resources"].pop(old)
    return fault


FAULTS: dict[str, tuple[Fault, str, str]] = {
    # name: (fault, scenario in which it shows, fact)
    "fixed bucket name": (set_to("Files", BucketName="files"), "twice", "already-exists"),
    "fixed bucket name, redeployed": (set_to("Files", BucketName="files"), "deleted and created", "already-exists"),
    "fixed name of an export": (lambda t: t["Outputs"]["Files"]["Export"].update(Name="files"), "twice", "already-exists"),
    "fixed global name": (set_to("Access", OriginAccessControlConfig={"Name": "access"}), "another Region", "already-exists"),
    "retain": (lambda t: resource(t, "Files").update(DeletionPolicy="Retain"), "failed and repeated", "left-behind"),
    "retain and fixed name": (lambda t: (resource(t, "Files").update(DeletionPolicy="Retain"), properties(t, "Files").update(BucketName="files")), "failed and repeated", "not-repeatable"),
    "replaced under its name": (lambda t: (properties(t, "Proxy").update(EngineFamily={"Ref": "Family"}), properties(t, "Proxy").update(DBProxyName="pool")), "changed parameters", "custom-name-replaced"),
    "alias named by text": (set_to("Config", FunctionName={"Ref": "Work"}) , "created", "not-there-yet"),
    "bucket named by text": (lambda t: properties(t, "LogsPolicy").update(Bucket=properties(t, "Logs")["BucketName"]) or properties(t, "LogsPolicy")["PolicyDocument"]["Statement"][0].update(Resource="*"), "created", "not-there-yet"),
    "no alias at all": (set_to("Config", Qualifier="other"), "created", "not-there-yet"),
    "reference to what is not made": (lambda t: resource(t, "Lost").update(Condition="Never"), "created", "dangling-reference"),
    "circle": (lambda t: resource(t, "Lost").update(DependsOn="Jobs"), "created", "circular"),
    "version without the package": (lambda t: properties(t, "Version").pop("Description"), "new code", "version-is-old"),
    "version that nothing changed": (lambda t: properties(t, "Work").pop("Description"), "same code", "version-exists"),
    "version without a parameter": (lambda t: properties(t, "Version").update(Description={"Ref": "ArtifactPrefix"}), "changed parameters", "version-is-old"),
    "edge version not retained": (lambda t: resource(t, "EdgeVersion").pop("DeletionPolicy"), "deleted and created", "edge-version-kept"),
    "edge version not kept on update": (lambda t: resource(t, "EdgeVersion").pop("UpdateReplacePolicy"), "new code", "edge-version-kept"),
    "deployment before a method": (drop("Deployment", "DependsOn"), "created", "deployment-is-old"),
    "deployment that a parameter changes": (lambda t: properties(t, "Get")["Integration"].update(Uri={"Ref": "Level"}), "changed parameters", "deployment-is-old"),
    "proxy before the instance": (drop("Targets", "DependsOn"), "created", "proxy-before-instances"),
    "function before the mount target": (drop("Work", "DependsOn"), "created", "function-before-mount-target"),
    "log bucket without its policy": (drop("Files", "DependsOn"), "created", "no-log-delivery"),
    "notification before the permission": (lambda t: resource(t, "Files").update(DependsOn="LogsPolicy"), "created", "notification-not-permitted"),
    "subscription before the permission": (drop("Subscription", "DependsOn"), "created", "subscription-not-permitted"),
    "poller without rights": (no_statement("Role", 0), "created", "role-without-right"),
    "network without rights": (no_statement("Role", 1), "created", "role-without-right"),
    "destination without rights": (no_statement("Role", 2), "created", "role-without-right"),
    "role of another service": (lambda t: properties(t, "Role")["AssumeRolePolicyDocument"]["Statement"][0]["Principal"].update(Service="sqs.amazonaws.com"), "created", "role-not-assumable"),
    "machine that may not log": (no_statement("MachineRole", 0), "created", "machine-may-not-log"),
    "address before the attachment": (drop("Address", "DependsOn"), "created", "gateway-not-attached"),
    "route before the attachment": (drop("Route", "DependsOn"), "created", "gateway-not-attached"),
    "two policies of one queue": (lambda t: t["Resources"].update(Again=copy.deepcopy(resource(t, "JobsPolicy"))), "created", "two-policies-of-one"),
    "bucket that is deleted full": (lambda t: resource(t, "Files").pop("DeletionPolicy"), "deleted and created", "bucket-not-empty"),
}


def found(template: Template, scenario: str) -> set[str]:
    return {problem.fact for problem in scenarios.SCENARIOS[scenario](template)}


@pytest.mark.parametrize("scenario", scenarios.SCENARIOS)
def test_the_good_template_passes(scenario: str) -> None:
    assert [f"{p.fact}: {p}" for p in scenarios.SCENARIOS[scenario](copy.deepcopy(GOOD))] == []


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found(name: str) -> None:
    fault, scenario, fact = FAULTS[name]
    template = copy.deepcopy(GOOD)
    fault(template)
    assert fact in found(template, scenario)


def test_a_package_that_was_not_uploaded_is_found() -> None:
    outcome = engine.deploy(Account(), "a", GOOD, inputs.values(GOOD))
    assert "package-missing" in {p.fact for p in outcome.problems}


def test_access_logs_need_the_role_of_the_account() -> None:
    template = copy.deepcopy(GOOD)
    properties(template, "Stage")["AccessLogSetting"] = {"DestinationArn": {"Fn::GetAtt": ["Lines", "Arn"]}}
    outcome = engine.deploy(Account(api_log_role=False), "a", template, inputs.values(template))
    assert "no-log-role" in {p.fact for p in outcome.problems}


def test_a_new_logical_id_loses_data_and_reordering_makes_nothing() -> None:
    renamed = copy.deepcopy(GOOD)
    rename("Items", "Goods")(renamed)
    assert "data-replaced" in {p.fact for p in scenarios.edited(GOOD, renamed, harmless=False)}
    assert "changed-for-nothing" in {p.fact for p in scenarios.edited(GOOD, renamed, harmless=True)}
    reordered = copy.deepcopy(GOOD) | {"Resources": dict(reversed(GOOD["Resources"].items()))}
    assert scenarios.edited(GOOD, reordered, harmless=True) == []


def test_two_equal_environments_clash() -> None:
    template = copy.deepcopy(GOOD)
    properties(template, "Files")["BucketName"] = "files"
    assert "already-exists" in {p.fact for p in scenarios.environments(template, template)}
    assert scenarios.environments(GOOD, GOOD) == []


def exporting(value: str) -> Template:
    return {"Resources": {"A": {"Type": "AWS::SQS::Queue"}}, "Outputs": {"A": {"Value": value, "Export": {"Name": "a"}}}}


IMPORTING = {"Resources": {"B": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Fn::ImportValue": "a"}}}}}


def test_stacks_of_a_project_are_deployed_in_the_order_of_their_imports() -> None:
    assert scenarios.project({"app": IMPORTING, "base": exporting("x")}) == []
    assert {p.fact for p in scenarios.project({"app": IMPORTING})} == {"import-missing"}


def test_an_export_that_is_imported_can_be_neither_changed_nor_removed() -> None:
    account = Account()
    engine.deploy(account, "base", exporting("x"), {})
    engine.deploy(account, "app", IMPORTING, {})
    assert {p.fact for p in engine.deploy(account.copy(), "base", exporting("y"), {}).problems} == {"export-in-use"}
    assert {p.fact for p in engine.delete(account, "base").problems} == {"export-in-use"}


def test_every_property_of_a_function_is_classified() -> None:
    assert properties_of("AWS::Lambda::Function") == set(VERSIONED)


def test_every_behaviour_has_a_sentence_and_a_public_source() -> None:
    for name, behaviour in BEHAVIOURS.items():
        assert behaviour.sentence.endswith(".") and all(s.startswith("https://") for s in behaviour.source.split()), name


def test_sources_are_cut_at_their_declarations() -> None:
    source = 'stack a\n\n/// One.\n@allow(x, "y {")\nqueue b { }\n\nfunction c {\n  inline = """\n{\n"""\n}\n'
    assert len(variants.blocks(source)) == 3
    assert variants.reordered(source).startswith("stack a\n")
    assert sorted(variants.blocks(variants.reordered(source))) == sorted(variants.blocks(source))
