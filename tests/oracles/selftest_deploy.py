"""The self-test of the deploy stage: every kind of fault in wires, rights and networks is found."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import deploy
import fake_aws
import graph
from common import OracleFailure, Template
from seeded import (
    GOOD,
    GRAPH,
    NETWORK,
    NETWORK_GRAPH,
    WIRES,
    WIRES_GRAPH,
    Fault,
    properties,
    right_elsewhere,
    rights_of,
    with_fault,
)


def wildcard(t: Template) -> None:
    rights_of(t, "TakeRole").append({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})


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


def notification_filter(t: Template) -> Any:
    return properties(t, "Images")["NotificationConfiguration"]["LambdaConfigurations"][0]["Filter"]["S3Key"]["Rules"]


def whole_bucket(t: Template) -> None:
    for statement in rights_of(t, "ThumbRole"):
        if "s3:GetObject" in statement["Action"]:
            statement["Resource"]["Fn::Sub"] = statement["Resource"]["Fn::Sub"].replace("/in/*", "/*")


def stranger() -> Any:
    """A permission that no trigger asks for."""
    function = {"Fn::GetAtt": ["Thumb", "Arn"]}
    rights = {"FunctionName": function, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"}
    return {"Type": "AWS::Lambda::Permission", "Properties": rights | {"SourceArn": "arn:aws:sns:us-east-1:1:x"}}


WIRE_FAULTS: dict[str, tuple[Fault, str]] = {
    "no-notification": (lambda t: properties(t, "Images").pop("NotificationConfiguration"), "wakes Thumb from Images"),
    "no-stream-mapping": (without("StreamMap"), "wakes Thumb from Table"),
    "no-queue-mapping": (without("JobsMap"), "wakes Thumb from Jobs"),
    "no-method": (lambda t: properties(t, "ApiItemsGet").update(Integration={"Type": "MOCK"}), "wakes Thumb from Api"),
    "no-route": (without("HttpRoute"), "wakes Thumb from Http"),
    "no-schedule": (without("Nightly"), "wakes Thumb from Nightly"),
    "no-rule-target": (lambda t: properties(t, "Hourly").update(Targets=[]), "wakes Thumb from Hourly"),
    "no-task": (flow_without_function, "no task of Flow invokes Thumb"),
    "no-url": (without("Url"), "wakes Thumb from Url"),
    "bucket-may-not": (without("S3Invoke"), "Images has no permission"),
    "rest-may-not": (without("ApiInvoke"), "Api has no permission"),
    "http-may-not": (without("HttpInvoke"), "Http has no permission"),
    "rule-may-not": (without("HourlyInvoke"), "Hourly has no permission"),
    "schedule-may-not": (lambda t: rights_of(t, "SchedRole").clear(), "Nightly has no permission"),
    "another-batch": (lambda t: properties(t, "JobsMap").update(BatchSize=10), "batch is 20 in the source and 10"),
    "no-partial-failures": (lambda t: properties(t, "JobsMap").pop("FunctionResponseTypes"), "partial_failures is True"),
    "another-prefix": (lambda t: notification_filter(t)[0].update(Value="out/"), "prefix is 'in/' in the source"),
    "another-path": (lambda t: properties(t, "HttpRoute").update(RouteKey="GET /else"), "wakes Thumb from Http"),
    "open-route": (lambda t: properties(t, "ApiItemsGet").update(AuthorizationType="NONE"), "auth is 'AWS_IAM' in the source"),
    "wider-than-the-edge": (whole_bucket, "s3:GetObject is not narrowed to key ['in/*']"),
    "stranger-may": (lambda t: t["Resources"].update(Stranger=stranger()), "sns.amazonaws.com may invoke it, which no"),
    "anybody-of-a-service": (lambda t: properties(t, "HourlyInvoke").pop("SourceArn"), "may invoke it from anywhere"),
    "flow-may-not": (lambda t: rights_of(t, "FlowRole").clear(), "no right to lambda:InvokeFunction on Thumb"),
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


# --- facts that need more than one resource added -------------------------------------------------

def name_without_reference(t: Template) -> None:
    t["Resources"]["Bus"] = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "news"}}
    rule = {"EventBusName": "news", "EventPattern": {"source": ["x"]}, "State": "ENABLED"}
    t["Resources"]["OnNews"] = {"Type": "AWS::Events::Rule", "Properties": rule}


def test_a_name_instead_of_a_reference_is_found(server: fake_aws.Server) -> None:
    problems = deployed(server, "hidden", with_fault(name_without_reference))
    assert any("OnNews names Bus as the text 'news'" in problem for problem in problems), problems


def with_alias(t: Template) -> None:
    """The route reaches the alias; the permission still stands on the function."""
    alias = {"FunctionName": {"Ref": "Take"}, "FunctionVersion": "1", "Name": "live"}
    t["Resources"]["TakeLive"] = {"Type": "AWS::Lambda::Alias", "Properties": alias}
    properties(t, "ShopTake")["IntegrationUri"] = {"Ref": "TakeLive"}


def test_a_permission_on_the_function_does_not_serve_its_alias(server: fake_aws.Server) -> None:
    template = with_fault(with_alias)
    assert any("no permission is given on it" in p for p in deployed(server, "alias", template))
    properties(template, "ShopInvokesTake")["FunctionName"] = {"Ref": "TakeLive"}
    assert deployed(server, "alias", template) == []


def with_topic(t: Template) -> None:
    t["Resources"]["News"] = {"Type": "AWS::SNS::Topic", "Properties": {}}
    subscription = {"TopicArn": {"Ref": "News"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Intake", "Arn"]}}
    t["Resources"]["IntakeOnNews"] = {"Type": "AWS::SNS::Subscription", "Properties": subscription}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["Intake", "Arn"]},
        "Condition": {"ArnEquals": {"aws:SourceArn": {"Ref": "News"}}},
    }
    policy = {"Queues": [{"Ref": "Intake"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    t["Resources"]["IntakePolicy"] = {"Type": "AWS::SQS::QueuePolicy", "Properties": policy}


def test_a_topic_needs_the_policy_of_the_queue(server: fake_aws.Server) -> None:
    news = graph.Node("news", "topic", "News")
    edge = graph.Edge(news, GRAPH.nodes["intake"], "trigger", "published")
    means = graph.Graph(GRAPH.nodes | {"news": news}, [*GRAPH.edges, edge])
    template = with_fault(with_topic)
    assert deployed(server, "topic", template, means) == []
    properties(template, "IntakePolicy")["PolicyDocument"]["Statement"][0].pop("Condition")
    assert any("News has no permission" in p for p in deployed(server, "topic", template, means))
    template["Resources"].pop("IntakeOnNews")
    assert any("wakes Intake from News" in p for p in deployed(server, "topic", template, means))


def two_stacks() -> tuple[Template, Template, graph.Graph]:
    """A stack that exports a queue, and the good one with its first function sending there instead."""
    jobs = {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": {}}
    arn = {"Value": {"Fn::GetAtt": ["Jobs", "Arn"]}, "Export": {"Name": "base-jobs-arn"}}
    base = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Jobs": jobs}, "Outputs": {"JobsArn": arn}}
    application = with_fault(lambda t: rights_of(t, "TakeRole")[1].update(Resource={"Fn::ImportValue": "base-jobs-arn"}))
    outside = graph.Node("jobs", "queue", "Jobs")
    edges = [e for e in GRAPH.edges if e.source.name != "take"]
    edges.append(graph.Edge(GRAPH.nodes["take"], outside, "capability", "send"))
    return base, application, graph.Graph(GRAPH.nodes | {"jobs": outside}, edges)


def test_what_one_stack_exports_another_one_imports(server: fake_aws.Server) -> None:
    base, application, means = two_stacks()
    exported: dict[str, str] = {}
    server.reset()
    server.client("s3").create_bucket(Bucket=deploy.ARTIFACTS)
    assert deploy.judge_stack(server, "base", base, graph.Graph({}, []), exported) == []
    assert deploy.judge_stack(server, "application", application, means, exported) == []
    rights_of(application, "TakeRole").pop()
    problems = deploy.judge_stack(server, "without-right", application, means, exported)
    assert any("no right to sqs:SendMessage on Jobs, which another stack owns" in p for p in problems), problems


def test_an_import_that_nobody_exports_fails(server: fake_aws.Server) -> None:
    _, application, means = two_stacks()
    with pytest.raises(OracleFailure, match="No export named base-jobs-arn"):
        deployed(server, "alone", application, means)
