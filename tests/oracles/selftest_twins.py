"""The judge of twins is judged: each fault seeded into a twin must be found, and its reader must read each form in
which a template says the same. Run with pytest: `tests/run selftest`."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any, Callable

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import twins
from common import OracleFailure
from reading.expand import expand
from reading.load import load, parse
from reading.partitions import PARTITIONS, endpoint_service
from reading.rights import capabilities
from reading.values import Values
from reading.whole import graph

WEBHOOKS = next(twin for twin in twins.twins() if twin.name == "sam webhooks")
REPORT = next(twin for twin in twins.twins() if twin.name == "sam report-db")
THUMBNAILS = next(twin for twin in twins.twins() if twin.name == "sam thumbnails")


def properties(template: Any, logical_id: str) -> Any:
    return template["Resources"][logical_id]["Properties"]


def less(template: Any, logical_id: str, key: str) -> None:
    del properties(template, logical_id)[key]


def event_of(template: Any, function: str) -> Any:
    (event,) = properties(template, function)["Events"].values()
    return event["Properties"]


SEEDED: list[tuple[str, Any, Callable[[Any], None], str]] = [
    ("no event", THUMBNAILS, lambda t: less(t, "Shrink", "Events"), "only purlin has notify: pictures -> shrink"),
    ("no right", THUMBNAILS, lambda t: less(t, "Announce", "Policies"), "only purlin has may: announce -> news [sns publish]"),
    ("no destination", THUMBNAILS, lambda t: less(t, "Shrink", "EventInvokeConfig"), "only purlin has failure: shrink -> failed"),
    ("no dead letters", WEBHOOKS, lambda t: less(t, "CallsQueue", "RedrivePolicy"), "only purlin has redrive: calls -> refused"),
    ("no address", WEBHOOKS, lambda t: less(t, "ReceiveFunction", "FunctionUrlConfig"), "only purlin has request: <internet>"),
    ("other address", WEBHOOKS,
     lambda t: properties(t, "ReceiveFunction")["FunctionUrlConfig"].update(AuthType="AWS_IAM"),
     "only sam has request: <internet> -> receive [auth=AWS_IAM]"),
    ("shorter visibility", WEBHOOKS, lambda t: less(t, "CallsQueue", "VisibilityTimeout"),
     "only purlin has set: calls -> <VisibilityTimeout> [360]"),
    ("longer timeout", WEBHOOKS, lambda t: properties(t, "WorkFunction").update(Timeout=90),
     "only sam has set: work -> <Timeout> [90]"),
    ("no end of retries", THUMBNAILS, lambda t: event_of(t, "Announce").pop("MaximumRetryAttempts"),
     "only purlin has poll: catalogue -> announce [retries=3"),
    ("way out", REPORT, lambda t: properties(t, "PrivateDefaultRoute").update(NatGatewayId={"Ref": "AWS::NoValue"}),
     "only purlin has out: report -> <internet>"),
    ("no access to the proxy", REPORT, lambda t: properties(t, "ReportToProxy").update(FromPort=5432, ToPort=5432),
     "only purlin has reach: report -> sales_pool [port=3306]"),
    ("other retries of a schedule", REPORT,
     lambda t: event_of(t, "ReportFunction").update(RetryPolicy={"MaximumRetryAttempts": 9}),
     "only sam has turn: <cron(0 6 ? * MON *) Europe/Vienna> -> report [retries=9]"),
    ("wider right", WEBHOOKS, lambda t: properties(t, "WorkFunction").update(Policies=["AmazonSQSFullAccess"]),
     "only sam has may: work -> <all> [sqs send]"),
]


def outcome(twin: Any, template: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(twins, "read", lambda _: template)
    problems, differences = twins.compare(twin)
    return problems + twins.verdict(differences, twins.explained(), complete=False)


@pytest.mark.parametrize("twin", [WEBHOOKS, THUMBNAILS, REPORT], ids=lambda twin: twin.name)
def test_a_good_twin_passes(twin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(twin, load(twin.template), monkeypatch) == []


@pytest.mark.parametrize(("twin", "seed", "message"), [row[1:] for row in SEEDED], ids=[row[0] for row in SEEDED])
def test_a_seeded_fault_is_found(
    twin: Any, seed: Callable[[Any], None], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = load(twin.template)
    seed(template)
    assert any(message in problem for problem in outcome(twin, template, monkeypatch))


def test_an_entry_that_explains_nothing_fails() -> None:
    entry = twins.Explained("sam *", "sam", "poll: * -> nowhere", "because")
    assert twins.verdict([], [entry], complete=True) and not twins.verdict([], [entry], complete=False)


def test_an_example_without_a_twin_is_named() -> None:
    assert twins.missing([WEBHOOKS], [Path("examples/webhooks"), Path("examples/other")]) == {"other": "it has no twin in SAM"}


# --- the reader ---------------------------------------------------------------------------------------------


def cloudformation(resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Resources": resources, **more}


QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {}}
FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "work"}}
QUEUE_ARN = [
    {"Fn::GetAtt": ["Jobs", "Arn"]},
    {"Fn::GetAtt": "Jobs.Arn"},
    {"Fn::Sub": "${Jobs.Arn}"},
    {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs.QueueName}"},
    {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "sqs", {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"},
                        {"Fn::GetAtt": ["Jobs", "QueueName"]}]]},
    {"Fn::Select": [0, [{"Fn::GetAtt": ["Jobs", "Arn"]}]]},
    {"Fn::If": ["Yes", {"Fn::GetAtt": ["Jobs", "Arn"]}, "arn:aws:sqs:us-east-1:1:other"]},
    {"Fn::FindInMap": ["Arns", "all", "jobs"]},
]
FUNCTION_NAME = ["work", {"Ref": "Work"}, {"Fn::GetAtt": ["Work", "Arn"]}, {"Ref": "Live"}, {"Fn::Sub": "${Work}:live"}]


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition.name)
@pytest.mark.parametrize("name", FUNCTION_NAME, ids=str)
@pytest.mark.parametrize("arn", QUEUE_ARN, ids=str)
def test_each_form_of_a_name_means_its_resource(arn: Any, name: Any, partition: Any) -> None:
    template = cloudformation(
        {
            "Jobs": QUEUE,
            "Work": FUNCTION,
            "Live": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "Work"}, "Name": "live"}},
            "Poll": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"EventSourceArn": arn, "FunctionName": name}},
        },
        Conditions={"Yes": {"Fn::Equals": ["a", "a"]}},
        Mappings={"Arns": {"all": {"jobs": {"Fn::GetAtt": ["Jobs", "Arn"]}}}},
    )
    _, edges = graph(template, partition)
    assert [str(edge) for edge in edges] == ["poll: Jobs -> Work"]


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ("sqs:SendMessage", {"sqs send"}),
        ("SQS:sendmessage", {"sqs send"}),
        ("sqs:SendMessage*", {"sqs send"}),
        ("sqs:*", {"sqs send", "sqs receive"}),
        ("sqs:GetQueueUrl", set()),
        ("sqs:PurgeQueue", {"sqs:PurgeQueue"}),
    ],
)
def test_an_action_has_its_capabilities(action: str, found: set[str]) -> None:
    assert capabilities(action) == found


def rights(resource: Any, action: str) -> list[str]:
    return of_statement({"Effect": "Allow", "Action": action, "Resource": resource})


def of_statement(statement: Any, **more: Any) -> list[str]:
    template = cloudformation(more | {
        "Files": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Work": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": {"Statement": []},
            "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [statement]}}]}},
    })
    return sorted(str(edge) for edge in graph(template, PARTITIONS[0])[1])


def test_an_object_action_on_a_bucket_gives_nothing() -> None:
    bucket = {"Fn::GetAtt": ["Files", "Arn"]}
    assert rights(bucket, "s3:PutObject") == []
    assert rights({"Fn::Sub": "${Files.Arn}/*"}, "s3:PutObject") == ["may: Work -> Files [s3 write *]"]
    assert rights({"Fn::Sub": "${Files.Arn}/in/*"}, "s3:ListBucket") == []
    assert rights(bucket, "s3:ListBucket") == ["may: Work -> Files [s3 list]"]


def test_a_condition_belongs_to_a_right() -> None:
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": {"Fn::GetAtt": ["Files", "Arn"]}}
    narrow = statement | {"Condition": {"StringLike": {"s3:prefix": ["b/*", "a/*"]}, "Null": {"s3:prefix": "false"}}}
    assert of_statement(narrow) == ["may: Work -> Files [s3 list if StringLike s3:prefix=a/*,b/*]"]


def test_a_user_of_a_database_is_part_of_a_right() -> None:
    proxy = {"Type": "AWS::RDS::DBProxy", "Properties": {"RoleArn": "arn:aws:iam::1:role/other"}}
    arn = {"Fn::Sub": ["arn:aws:rds-db:us-east-1:123456789012:dbuser:${Id}/app", {
        "Id": {"Fn::Select": [6, {"Fn::Split": [":", {"Fn::GetAtt": ["Pool", "DBProxyArn"]}]}]}}]}
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": arn}
    assert of_statement(statement, Pool=proxy) == ["may: Work -> Pool [database connect app]"]


SOURCES = {
    "api": ({"Type": "AWS::ApiGatewayV2::Api", "Properties": {}},
            {"Fn::Sub": "arn:aws:execute-api:us-east-1:123456789012:${Source}/*/GET/x"}, "Source"),
    "bucket": ({"Type": "AWS::S3::Bucket", "Properties": {}}, {"Fn::GetAtt": ["Source", "Arn"]}, "Source"),
    "rule": ({"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["a"]}}},
             {"Fn::GetAtt": ["Source", "Arn"]}, "<default bus>"),
    "timer": ({"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "rate(1 day)"}},
              {"Fn::GetAtt": ["Source", "Arn"]}, "<rate(1 day)>"),
    "stranger": ({"Type": "AWS::S3::Bucket", "Properties": {}}, "arn:aws:s3:::other", "<it>"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_permission_comes_from_the_resource_in_whose_name_it_is(name: str) -> None:
    source, arn, found = SOURCES[name]
    template = cloudformation({
        "Source": source, "Work": FUNCTION,
        "Allowed": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Ref": "Work"}, "Principal": "it", "SourceArn": arn}},
    })
    assert f"permit: {found} -> Work [lambda invoke]" in {str(edge) for edge in graph(template, PARTITIONS[0])[1]}


@pytest.mark.parametrize(("partition", "name", "found"), [
    (0, "com.amazonaws.us-east-1.sqs", "<sqs>"),
    (0, "cn.com.amazonaws.us-east-1.sqs", "<no service cn.com.amazonaws.us-east-1.sqs>"),
    (1, "cn.com.amazonaws.cn-north-1.sqs", "<sqs>"),
    (1, "com.amazonaws.cn-north-1.sqs", "<no service com.amazonaws.cn-north-1.sqs>"),
    (1, "com.amazonaws.cn-north-1.sns", "<sns>"),
    (2, "com.amazonaws.us-gov-west-1.ecr.api", "<ecr.api>"),
])
def test_an_endpoint_has_the_name_of_its_partition(partition: int, name: str, found: str) -> None:
    assert endpoint_service(name, PARTITIONS[partition]) == found


def test_a_difference_between_partitions_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    template = load(WEBHOOKS.template)
    narrow = {"Fn::If": ["China", {"Ref": "RefusedQueue"}, {"Fn::GetAtt": ["CallsQueue", "QueueName"]}]}
    template["Conditions"] = {"China": {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws-cn"]}}
    properties(template, "ReceiveFunction")["Policies"][0] = {"SQSSendMessagePolicy": {"QueueName": narrow}}
    assert any("only not aws-cn has may: receive -> calls [sqs send]" in p for p in outcome(WEBHOOKS, template, monkeypatch))


def test_the_loader_refuses_a_key_that_is_there_twice(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("Resources:\n  A: 1\n  A: 2\n")
    with pytest.raises(OracleFailure, match="twice"):
        parse(file)


def test_a_key_replaces_what_is_merged(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("A: &a {x: 1, y: 1}\nB:\n  <<: *a\n  y: 2\n")
    assert parse(file)["B"] == {"x": 1, "y": 2}


def test_the_loader_includes_neighbours(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text("paths:\n  /a: {get: {}}\n")
    file = tmp_path / "t.yaml"
    file.write_text(
        "Resources:\n  A:\n    Type: AWS::Serverless::Api\n    Properties:\n      DefinitionBody:\n"
        "        Fn::Transform:\n          Name: AWS::Include\n          Parameters: {Location: api.yaml}\n"
    )
    assert properties(load(file), "A")["DefinitionBody"] == {"paths": {"/a": {"get": {}}}}
    file.write_text(file.read_text().replace("api.yaml", "other.yaml"))
    with pytest.raises(OracleFailure, match="other.yaml"):
        load(file)


def test_the_translator_knows_the_partition() -> None:
    template = load(THUMBNAILS.template)
    for partition in PARTITIONS:
        before = copy.deepcopy(template)
        expanded = expand(template, partition)
        assert template == before, "expanding must not change the template"
        managed = properties(expanded, "ShrinkRole")["ManagedPolicyArns"]
        assert all(str(arn).startswith(f"arn:{partition.name}:iam::aws:") for arn in managed)


def test_an_unknown_reference_is_a_failure() -> None:
    with pytest.raises(OracleFailure, match="Nothing"):
        Values(cloudformation({}), PARTITIONS[0]).of({"Ref": "Nothing"})
