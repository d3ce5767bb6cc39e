"""The judge of SAM passes an equal expansion and names each seeded fault."""
import copy
import json

import pytest

import sam

TEMPLATE = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Fn": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Handler": "app.main", "Runtime": "python3.13", "CodeUri": "s3://code/app.zip", "Timeout": 20,
                "Policies": [{"SQSSendMessagePolicy": {"QueueName": {"Fn::GetAtt": ["Queue", "QueueName"]}}}],
                "Events": {
                    "Jobs": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Queue", "Arn"]}}},
                    "Get": {"Type": "Api", "Properties": {"Path": "/a", "Method": "get"}},
                },
            },
        },
    },
}


def differences(change):
    ours = sam.transformed(TEMPLATE, "eu-central-1")
    ours = copy.deepcopy(json.loads(json.dumps(ours)))
    change(ours["Resources"])
    return list(sam.compared("t", TEMPLATE, ours, "aws", "eu-central-1"))


def test_what_is_equal_passes():
    assert differences(lambda r: None) == []


@pytest.mark.parametrize("name, change", [
    ("FnJobs: missing", lambda r: r.pop("FnJobs")),
    ("Extra: not made by SAM", lambda r: r.update(Extra={"Type": "AWS::SQS::Queue"})),
    ("FnRole.managed", lambda r: r["FnRole"]["Properties"]["ManagedPolicyArns"].pop()),
    ("FnRole.rights", lambda r: r["FnRole"]["Properties"]["Policies"].clear()),
    ("Fn.Timeout", lambda r: r["Fn"]["Properties"].update(Timeout=21)),
    ("FnGetPermissionProd.SourceArn", lambda r: r["FnGetPermissionProd"]["Properties"].pop("SourceArn")),
    ("ServerlessRestApi.routes", lambda r: r["ServerlessRestApi"]["Properties"]["Body"]["paths"].pop("/a")),
    ("FnJobs.EventSourceArn", lambda r: r["FnJobs"]["Properties"].update(EventSourceArn="arn:aws:sqs:x:1:other")),
    ("Fn.condition", lambda r: r["Fn"].update(Condition="Never")),
])
def test_a_fault_is_named(name, change):
    assert any(name in d for d in differences(change))
