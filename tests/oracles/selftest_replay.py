"""The judge "replay" is judged: good resources pass, and each seeded fault is found by the rule that is there for it."""

from __future__ import annotations

import copy
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import replay
from apicalls import calls, facts, models, scenarios, table
from apicalls.judge import Judge
from common import Template
from seeded import GOOD, NETWORK, WIRES

Json = Any

ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
        },
        "Policies": [{
            "PolicyName": "rights",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": {"Fn::GetAtt": ["Jobs", "Arn"]}},
            ]},
        }],
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    },
}


def resource(kind: str, **properties: Json) -> dict[str, Json]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


SHOP: Template = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prod"]},
        "Copies": {"Type": "Number", "Default": 2, "MinValue": 1, "MaxValue": 5},
        "Bucket": {"Type": "String"},
    },
    "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    "Resources": {
        "Role": ROLE,
        "Jobs": resource("SQS::Queue", VisibilityTimeout=60, Tags=[{"Key": "team", "Value": "shop"}]),
        "Ordered": resource("SQS::Queue", FifoQueue=True, ContentBasedDeduplication=True, QueueName="ordered.fifo"),
        "News": resource("SNS::Topic", FifoTopic=True, TopicName="news.fifo"),
        "Heard": resource(
            "SNS::Subscription", TopicArn={"Ref": "News"}, Protocol="sqs", Endpoint={"Fn::GetAtt": ["Ordered", "Arn"]},
            FilterPolicy={"kind": ["a"]},
        ),
        "Files": resource(
            "S3::Bucket", BucketName={"Fn::Sub": "files-${AWS::AccountId}-${AWS::Region}"},
            VersioningConfiguration={"Status": "Enabled"},
            LifecycleConfiguration={"Rules": [{
                "Status": "Enabled", "ExpirationInDays": 30,
                "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 7}],
            }]},
            NotificationConfiguration={"LambdaConfigurations": [{
                "Event": "s3:ObjectCreated:*", "Function": {"Fn::GetAtt": ["Work", "Arn"]},
                "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "in/"}]}},
            }]},
        ),
        "Work": resource(
            "Lambda::Function", Runtime="python3.13", Handler="index.handler", MemorySize=512, Timeout=30,
            Role={"Fn::GetAtt": ["Role", "Arn"]}, Code={"S3Bucket": {"Ref": "Bucket"}, "S3Key": "work.zip"},
            Environment={"Variables": {"STAGE": {"Ref": "Stage"}}}, ReservedConcurrentExecutions={"Ref": "Copies"},
            TracingConfig={"Fn::If": ["IsProd", {"Mode": "Active"}, {"Ref": "AWS::NoValue"}]},
            Tags=[{"Key": "team", "Value": "shop"}],
        ),
        "Mapping": resource(
            "Lambda::EventSourceMapping", EventSourceArn={"Fn::GetAtt": ["Jobs", "Arn"]}, FunctionName={"Ref": "Work"},
            BatchSize=10, FilterCriteria={"Filters": [{"Pattern": "{\"body\":{\"a\":[1]}}"}]},
        ),
        "Items": resource(
            "DynamoDB::Table", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamViewType": "NEW_IMAGE"}, SSESpecification={"SSEEnabled": True},
            TimeToLiveSpecification={"AttributeName": "expires", "Enabled": True},
        ),
        "Bus": resource("Events::EventBus", Name="shop-events"),
        "Rule": resource(
            "Events::Rule", EventBusName={"Ref": "Bus"}, EventPattern={"source": ["shop"]},
            Targets=[{"Id": "work", "Arn": {"Fn::GetAtt": ["Work", "Arn"]}}],
        ),
        "Nightly": resource(
            "Scheduler::Schedule", ScheduleExpression="cron(0 3 ? * MON-FRI *)", ScheduleExpressionTimezone="Asia/Seoul",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": {"Fn::GetAtt": ["Work", "Arn"]}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
        ),
        "Pool": resource(
            "RDS::DBProxy", DBProxyName="shop-pool", EngineFamily="POSTGRESQL", RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
            VpcSubnetIds=["subnet-1", "subnet-2"], Auth=[{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED"}],
        ),
        "Settings": resource("RDS::DBParameterGroup", Family="postgres16", Description="x", Parameters={"max_connections": "9"}),
        "Group": resource(
            "EC2::SecurityGroup", GroupDescription="The function", VpcId="vpc-1",
            SecurityGroupEgress=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}],
        ),
        "Lines": resource("Logs::LogGroup", RetentionInDays=30),
        "Api": resource("ApiGatewayV2::Api", Name="shop", ProtocolType="HTTP"),
        "Route": resource("ApiGatewayV2::Route", ApiId={"Ref": "Api"}, RouteKey="GET /items/{item}"),
        "Rest": resource("ApiGateway::RestApi", Name="rest"),
        "PathItem": resource(
            "ApiGateway::Resource", RestApiId={"Ref": "Rest"}, ParentId={"Fn::GetAtt": ["Rest", "RootResourceId"]},
            PathPart="{item}",
        ),
        "Method": resource(
            "ApiGateway::Method", RestApiId={"Ref": "Rest"}, ResourceId={"Ref": "PathItem"}, HttpMethod="GET",
            AuthorizationType="NONE",
            Integration={"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": "arn:aws:apigateway:x:lambda:path/y"},
        ),
        "Rewrite": resource(
            "CloudFront::Function", Name="rewrite", FunctionCode="x", FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        ),
        "Site": resource("CloudFront::Distribution", DistributionConfig={
            "Enabled": True, "Origins": [{"Id": "pages", "DomainName": "www.example.org", "CustomOriginConfig": {
                "OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"],
            }}],
            "DefaultCacheBehavior": {
                "TargetOriginId": "pages", "ViewerProtocolPolicy": "https-only", "AllowedMethods": ["GET", "HEAD"],
                "CachedMethods": ["GET", "HEAD"],
            },
        }),
        "Alarm": resource(
            "CloudWatch::Alarm", ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=3, MetricName="Errors",
            Namespace="AWS/Lambda", Period=60, Statistic="Sum", Threshold=1,
        ),
        "Machine": resource(
            "StepFunctions::StateMachine", RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
            Definition={"StartAt": "end", "States": {"end": {"Type": "Succeed"}}},
        ),
        "Password": resource("SecretsManager::Secret", GenerateSecretString={"PasswordLength": 30}),
        "Stream": resource("Kinesis::Stream", StreamModeDetails={"StreamMode": "ON_DEMAND"}, RetentionPeriodHours=48),
        "Key": resource("KMS::Key", KeyPolicy={"Version": "2012-10-17", "Statement": []}, EnableKeyRotation=True),
        "Alias": resource("KMS::Alias", AliasName="alias/shop", TargetKeyId={"Ref": "Key"}),
        "Network": resource("EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsSupport=True),
    },
    "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}},
}


def judged(template: Template) -> list[str]:
    return sorted(Judge().template(copy.deepcopy(template)))


@pytest.mark.parametrize("template", [SHOP, GOOD, WIRES, NETWORK], ids=["shop", "intake", "wires", "network"])
def test_a_good_template_passes(template: Template) -> None:
    assert Judge().template(template) == {}


def at(template: Template, path: str) -> tuple[Json, str]:
    """The container and the key of a path below the properties of a resource."""
    name, *steps = path.split(".")
    node = template["Resources"][name]["Properties"]
    for step in steps[:-1]:
        node = node[int(step)] if step.isdigit() else node[step]
    return node, steps[-1]


ABSENT = object()
# (what is changed, to what, the case that must be found)
FAULTS: list[tuple[str, Json, str]] = [
    # required members, nested ones too
    ("Work.Role", ABSENT, "Work.Role required"),
    ("Work.Role", {"Ref": "AWS::NoValue"}, "Work.Role required"),
    ("Work.TracingConfig", {"Mode": {"Fn::If": ["IsProd", "On", "Active"]}}, "Work.TracingConfig.Mode enum"),
    ("Items.KeySchema.0.KeyType", ABSENT, "Items.KeySchema.0.KeyType required"),
    ("Nightly.FlexibleTimeWindow", {}, "Nightly.FlexibleTimeWindow.Mode required"),
    ("Rule.Targets.0.Id", ABSENT, "Rule.Targets.0.Id required"),
    ("Site.DistributionConfig.Origins.0.DomainName", ABSENT, "Site.DistributionConfig.Origins.0.DomainName required"),
    ("Role.Policies.0.PolicyName", ABSENT, "Role.Policies.0.PolicyName required"),
    ("Method.Integration.Type", ABSENT, "Method.Integration.type required"),
    # unknown members
    ("Work.Colour", "red", "Work.Colour unknown-member"),
    ("Jobs.Colour", "red", "Jobs.Colour enum"),
    ("News.Colour", "red", "News.Colour unknown-member"),
    ("Files.LifecycleConfiguration.Rules.0.Colour", 1, "Files.LifecycleConfiguration.Rules.0.Colour unknown-member"),
    ("Group.SecurityGroupEgress.0.Colour", "x", "Group.SecurityGroupEgress.0.Colour unknown-member"),
    # enumerations
    ("Work.Runtime", "python1.5", "Work.Runtime enum"),
    ("Files.VersioningConfiguration.Status", "On", "Files.VersioningConfiguration.Status enum"),
    ("Files.NotificationConfiguration.LambdaConfigurations.0.Event", "s3:Made",
     "Files.NotificationConfiguration.LambdaConfigurations.0.Event.0 enum"),
    ("Pool.EngineFamily", "postgres", "Pool.EngineFamily enum"),
    ("Lines.RetentionInDays", 31, "Lines.RetentionInDays log-retention"),
    # lengths and ranges
    ("Work.MemorySize", 64, "Work.MemorySize min"),
    ("Work.Description", "x" * 257, "Work.Description max-length"),
    ("Work.Timeout", 901, "Work.Timeout function-timeout"),
    ("Mapping.BatchSize", 10001, "Mapping.BatchSize max"),
    ("Rewrite.Name", "x" * 65, "Rewrite.Name max-length"),
    ("Password.GenerateSecretString.PasswordLength", 5000, "Password.GenerateSecretString.PasswordLength max"),
    ("Stream.RetentionPeriodHours", 12, "Stream.RetentionPeriodHours stream-retention"),
    ("Jobs.VisibilityTimeout", 43201, "Jobs.VisibilityTimeout queue-visibility"),
    ("Key.PendingWindowInDays", 400, "Key.PendingWindowInDays max"),
    # patterns
    ("Pool.DBProxyName", "shop_pool", "Pool.DBProxyName pattern"),
    ("Pool.DBProxyName", "shop--pool", "Pool.DBProxyName pattern"),
    ("Rewrite.Name", {"Fn::Sub": "shop.rewrite-${AWS::Region}"}, "Rewrite.Name pattern"),
    ("Bus.Name", "shop[eu]", "Bus.Name pattern"),
    ("Rule.Targets.0.Id", "work[eu]", "Rule.Targets.0.Id pattern"),
    ("Alias.AliasName", "shop", "Alias.AliasName key-alias"),
    # types
    ("Work.MemorySize", "much", "Work.MemorySize type"),
    ("Work.Layers", "one", "Work.Layers type"),
    ("Work.Environment", ["x"], "Work.Environment type"),
    ("Site.DistributionConfig.Enabled", "yes", "Site.DistributionConfig.Enabled type"),
    ("Bus.Name", {"a": 1}, "Bus.Name type"),
    ("Nightly.StartDate", "tomorrow", "Nightly.StartDate type"),
    # what pages say in prose
    ("Files.BucketName", {"Fn::Sub": "${AWS::StackName}-files"}, "Files.BucketName bucket-name"),
    ("Files.BucketName", "x" * 64, "Files.BucketName bucket-name"),
    ("News.TopicName", ABSENT, "News.- fifo-topic-name"),
    ("News.TopicName", "news", "News.TopicName fifo-topic-name"),
    ("Ordered.QueueName", "ordered", "Ordered.QueueName fifo-queue-name"),
    ("Jobs.RedrivePolicy", {"deadLetterTargetArn": {"Fn::GetAtt": ["Ordered", "Arn"]}, "maxReceiveCount": 5},
     "Jobs.RedrivePolicy.deadLetterTargetArn dead-letter-standard"),
    ("Settings.Family", "mysql8", "Settings.Family parameter-family"),
    ("Nightly.ScheduleExpression", "cron(99 30 ? * FOO *)", "Nightly.ScheduleExpression schedule-expression"),
    ("Nightly.ScheduleExpressionTimezone", "Mars/Base", "Nightly.ScheduleExpressionTimezone schedule-time-zone"),
    ("Nightly.ScheduleExpression", "rate(1 minutes)", "Nightly.ScheduleExpression schedule-expression"),
    ("PathItem.PathPart", "sp{id}", "PathItem.PathPart path-part"),
    ("Route.RouteKey", "GET /files/{rest+}/x", "Route.RouteKey route-key"),
    ("Items.AttributeDefinitions.0.AttributeName", "key", "Items.- attribute-definitions"),
    ("Role.Policies.0.PolicyDocument.Statement.0.Resource", {"Fn::If": ["IsProd", "*", {"Ref": "AWS::NoValue"}]},
     "Role.Policies.0.PolicyDocument.Statement.0 statement-resource"),
    ("Role.Policies.0.PolicyDocument.Statement", [], "Role.Policies.0.PolicyDocument.Statement policy-statement"),
    ("Network.CidrBlock", "10.0.0.0/8", "Network.CidrBlock block"),
    ("Group.GroupDescription", "it's", "Group.GroupDescription group-description"),
    ("Alarm.Period", 45, "Alarm.- alarm-window"),
    ("Machine.Definition.StartAt", "begin", "Machine.Definition states-language"),
    ("Machine.Definition", {"StartAt": "x", "States": {"x": {"Type": "Task", "Resource": "${S1}", "End": True}}},
     "Machine.- definition-substitutions"),
    ("Heard.Endpoint", {"Fn::GetAtt": ["Work", "Arn"]}, "Heard.Endpoint subscription-endpoint"),
    ("Work.Environment.Variables.AWS_REGION", "x", "Work.Environment.Variables.AWS_REGION reserved-variable"),
    # references
    ("Work.Role", {"Fn::GetAtt": ["Role", "Colour"]}, "Work.- unknown-attribute"),
    ("Work.Role", {"Ref": "Nobody"}, "Work.- unresolvable"),
    ("Work.Role", {"Ref": "Jobs"}, "Work.Role pattern"),
]


@pytest.mark.parametrize("path, value, case", FAULTS, ids=[f"{path} {case.split(' ')[-1]} {i}" for i, (path, _, case) in enumerate(FAULTS)])
def test_the_seeded_fault_is_found(path: str, value: Json, case: str) -> None:
    template = copy.deepcopy(SHOP)
    container, key = at(template, path)
    place: Json = int(key) if key.isdigit() else key
    if value is ABSENT:
        del container[place]
    else:
        container[place] = value
    assert case in judged(template)


TWINS = [("Bus", "Name bus-twice"), ("Route", "RouteKey route-twice"), ("Pool", "DBProxyName proxy-twice")]


@pytest.mark.parametrize("name, case", TWINS)
def test_two_of_one_name_are_found(name: str, case: str) -> None:
    template = copy.deepcopy(SHOP)
    template["Resources"]["Twin"] = copy.deepcopy(template["Resources"][name])
    assert judged(template) == [f"Twin.{case}"]


def test_a_second_variable_below_a_path_is_found() -> None:
    template = copy.deepcopy(SHOP)
    template["Resources"]["Twin"] = copy.deepcopy(template["Resources"]["PathItem"])
    template["Resources"]["Twin"]["Properties"]["PathPart"] = "{order}"
    assert judged(template) == ["Twin.PathPart path-variables"]


def test_a_type_without_an_entry_is_found() -> None:
    template = {"Resources": {"Rope": resource("SQS::Rope")}}
    assert judged(template) == ["Rope.- unknown-type"]


def test_types_without_an_operation_pass() -> None:
    template = {"Resources": {"Own": {"Type": "Custom::Own", "Properties": {"ServiceToken": "x"}}}}
    assert judged(template) == []


def test_each_condition_is_true_and_false() -> None:
    template = copy.deepcopy(SHOP)
    template["Conditions"]["Never"] = {"Fn::Equals": ["a", "b"]}
    judge = Judge()
    judge.template(template, "shop")
    assert judge.counts.one_sided == {"shop Never"}


def test_many_parameters_stay_bounded() -> None:
    parameters = {f"P{i}": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b", "c"]} for i in range(12)}
    found = list(scenarios.assignments({"Parameters": parameters}))
    assert len(found) <= 1 + 12 * 2 + scenarios.MOST
    assert all({one[name] for one in found} == {"a", "b", "c"} for name in parameters)


def test_a_value_of_the_deployer_is_not_judged() -> None:
    template = copy.deepcopy(SHOP)
    template["Resources"]["Pool"]["Properties"]["DBProxyName"] = {"Ref": "Bucket"}
    assert judged(template) == []


def test_every_entry_names_an_operation_and_members_that_the_models_have() -> None:
    wrong = []
    for entry in table.entries().values():
        assert entry.none or entry.calls
        for call in entry.calls:
            service, name = call.target.split(".")
            shape = models.shape(service, name) if call.is_shape else models.request(call.target)
            members = set(shape["members"])
            targets = {*call.takes.values(), *call.elements.values(), *([call.into] if call.into else [])}
            targets |= {target for key, target in call.rename.items() if "." not in key}
            targets |= {name for name in call.supplied if "." not in name}
            wrong += [f"{entry.type}: {call.target} has no {t}" for t in targets if t.split(".")[0] not in members]
    assert wrong == []


def test_every_fact_is_about_a_type_of_the_table() -> None:
    assert set(facts.facts()) | set(facts.uniques()) <= set(table.entries())


def test_a_further_call_is_made_only_for_what_is_there() -> None:
    entry = table.entries()["AWS::Lambda::Function"]
    made = [call.target for call, _ in calls.requests(entry, {"ReservedConcurrentExecutions": 1})]
    assert made == ["lambda.CreateFunction", "lambda.PutFunctionConcurrency"]


def test_a_thousand_templates_take_seconds() -> None:
    judge = Judge()
    judge.template(SHOP)
    begun = time.monotonic()
    for number in range(1000):
        template = copy.deepcopy(SHOP)
        template["Resources"]["Bus"]["Properties"]["Name"] = f"bus-{number}"
        judge.template(template)
    assert time.monotonic() - begun < 60


def test_a_folder_is_a_feed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.json").write_text(json.dumps({"Resources": {"Rope": resource("SQS::Rope")}}))
    failures, names = replay.replay(Judge(), replay.given_templates([tmp_path]))
    assert list(failures) == ["deep/one Rope.- unknown-type"] and names == {"deep/one"}


def test_known_failures_of_a_folder_are_strict(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = replay.known("replay").__class__("replay", {"random_1 A.B pattern": "reason", "random_2 A.B pattern": "reason"})
    monkeypatch.setattr(replay, "known", lambda _: listed)
    assert replay.problems_of({"random_1 A.B pattern": "no match"}, {"random_1"}, everything=False) == []
    assert "passes now" in replay.problems_of({}, {"random_1"}, everything=False)[0]
    assert replay.problems_of({"random_3 A.B pattern": "no match"}, {"random_3"}, everything=False) == ["random_3 A.B pattern: no match"]
    assert replay.problems_of({}, set(), everything=True) == []
