"""IAM and resource policies: their grammar and how much fits into them."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, Iterator

from facts.registry import fact
from facts.samples import allow, arn, document, functions, of, queue, ref, role
from facts.view import View, size
from simulate.model import ACCOUNT, Instance
from simulate.rights import as_list

IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
LONG = "arn:aws:s3:::" + "x" * 200


@fact("A statement of an identity's policy has an Action and a Resource, and no Principal.",
      f"{IAM}/reference_policies_elements_resource.html",
      bad={"Role": role("lambda.amazonaws.com", {"Effect": "Allow", "Action": "s3:GetObject", "Resource": []})},
      good={"Role": role("lambda.amazonaws.com", allow("s3:GetObject"))})
def statement_without_resource(view: View) -> Iterator[str]:
    for name, held in view.identity_documents():
        for statement in as_list(held.get("Statement")):
            acts = statement.get("Action") or statement.get("NotAction")
            on = statement.get("Resource") or statement.get("NotResource")
            if not acts or not on or "Principal" in statement:
                yield f"{name}: {json.dumps(statement)[:160]}"


@fact("A policy document has at least one statement.",
      f"{IAM}/reference_policies_elements_statement.html",
      bad={"Role": role("lambda.amazonaws.com")}, good={"Role": role("lambda.amazonaws.com", allow("s3:GetObject"))})
def policy_without_statement(view: View) -> Iterator[str]:
    for name, held in view.identity_documents():
        if not as_list(held.get("Statement")):
            yield f"{name}: no statement"


@fact("The inline policies of a role have at most 10,240 characters together.",
      f"{IAM}/reference_iam-quotas.html",
      bad={"Role": role("lambda.amazonaws.com", *[allow("s3:GetObject", LONG) for _ in range(40)])},
      good={"Role": role("lambda.amazonaws.com", *[allow("s3:GetObject", LONG) for _ in range(30)])})
def inline_policies_too_long(view: View) -> Iterator[str]:
    for one in view.of("IAM::Role"):
        total = sum(size(policy["PolicyDocument"]) for policy in one.properties.get("Policies", []))
        total += sum(size(p.properties["PolicyDocument"]) for p in view.of("IAM::Policy", "IAM::RolePolicy")
                     if one.name in as_list(p.properties.get("Roles")) + as_list(p.properties.get("RoleName")))
        if total > 10_240:
            yield f"{one.logical_id}: {total} characters"


@fact("A managed policy has at most 6,144 characters, and a role at most ten of them by default.",
      f"{IAM}/reference_iam-quotas.html",
      bad={"Policy": of("IAM::ManagedPolicy", PolicyDocument=document(*[allow("s3:GetObject", LONG) for _ in range(30)]))},
      good={"Policy": of("IAM::ManagedPolicy", PolicyDocument=document(*[allow("s3:GetObject", LONG) for _ in range(20)]))})
def managed_policies_too_long(view: View) -> Iterator[str]:
    for one in view.of("IAM::ManagedPolicy"):
        if size(one.properties["PolicyDocument"]) > 6_144:
            yield f"{one.logical_id}: {size(one.properties['PolicyDocument'])} characters"
    for one in view.of("IAM::Role"):
        own = [p for p in view.of("IAM::ManagedPolicy") if one.name in as_list(p.properties.get("Roles"))]
        if len(own) + len(one.properties.get("ManagedPolicyArns", [])) > 10:
            yield f"{one.logical_id}: more than ten managed policies"


@fact("The trust policy of a role has at most 2,048 characters by default.",
      f"{IAM}/reference_iam-quotas.html",
      bad={"Role": role([f"service-number-{i}.amazonaws.com" for i in range(60)], allow("s3:GetObject"))},
      good={"Role": role([f"service-number-{i}.amazonaws.com" for i in range(50)], allow("s3:GetObject"))})
def trust_policy_too_long(view: View) -> Iterator[str]:
    for one in view.of("IAM::Role"):
        if size(one.properties["AssumeRolePolicyDocument"]) > 2_048:
            yield f"{one.logical_id}: {size(one.properties['AssumeRolePolicyDocument'])} characters"


def routes(count: int) -> dict[str, Any]:
    source = "arn:aws:execute-api:ap-southeast-2:123456789012:abcdefghij/*/GET/catalogue/warehouses/*/shelves-{}/*"
    return functions() | {f"May{i}": of("Lambda::Permission", FunctionName=ref("Work"), Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com", SourceArn=source.format(i)) for i in range(count)}


@fact("The permissions of one function, or of one alias, are one policy of at most 20,480 bytes.",
      "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html", bad=routes(60), good=routes(30))
def function_policy_too_long(view: View) -> Iterator[str]:
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in view.of("Lambda::Permission"):
        of_function = view.function(one.properties["FunctionName"])
        qualifier = str(one.properties["FunctionName"]).split(":function:")[-1].partition(":")[2]
        held[f"{of_function.logical_id if of_function else one.properties['FunctionName']}:{qualifier}"].append(as_statement(one, of_function))
    for name, statements in held.items():
        total = size({"Version": "2012-10-17", "Id": "default", "Statement": statements})
        if total > 20_480:
            yield f"{name.rstrip(':')}: {len(statements)} permissions, {total} bytes"


def as_statement(one: Instance, of_function: Instance | None) -> dict[str, Any]:
    """The statement that AddPermission makes."""
    conditions: dict[str, Any] = {}
    if "SourceAccount" in one.properties:
        conditions["StringEquals"] = {"AWS:SourceAccount": one.properties["SourceAccount"]}
    if "SourceArn" in one.properties:
        conditions["ArnLike"] = {"AWS:SourceArn": one.properties["SourceArn"]}
    arn_ = of_function.arn if of_function else one.properties["FunctionName"]
    return {"Sid": one.name, "Effect": "Allow", "Principal": {"Service": one.properties["Principal"]},
            "Action": one.properties["Action"], "Resource": arn_, "Condition": conditions}


def of_queue(count: int) -> dict[str, Any]:
    statements = [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn("Jobs"), "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:ap-southeast-2:{ACCOUNT}:topic-{i}"}}} for i in range(count)]
    return {"Jobs": queue(), "May": of("SQS::QueuePolicy", Queues=[ref("Jobs")], PolicyDocument=document(*statements))}


LIMITS = {"SQS::QueuePolicy": 8_192, "SNS::TopicPolicy": 30_720, "S3::BucketPolicy": 20_480}


@fact("A queue's policy has at most 8,192 bytes and 20 statements, a topic's 30 KB, a bucket's 20 KB, a key's 32 KB.",
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
      bad=of_queue(21), good=of_queue(20))
def resource_policy_too_long(view: View) -> Iterator[str]:
    for kind, limit in LIMITS.items():
        for one in view.of(kind):
            total = size(one.properties["PolicyDocument"])
            if total > limit:
                yield f"{one.logical_id}: {total} bytes"
            if kind == "SQS::QueuePolicy" and len(as_list(one.properties["PolicyDocument"]["Statement"])) > 20:
                yield f"{one.logical_id}: more than 20 statements"
    for one in view.of("KMS::Key"):
        if size(one.properties.get("KeyPolicy", {})) > 32_768:
            yield f"{one.logical_id}: {size(one.properties['KeyPolicy'])} bytes"


def publisher(operator: str) -> dict[str, Any]:
    return {"Role": role("lambda.amazonaws.com", allow("events:PutEvents", "*", Condition={operator: {"events:source": ["shop"]}}))}


@fact("events:source has a value per entry of PutEvents, so a condition on it needs ForAllValues to hold for all of them.",
      f"https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html {IAM}/reference_policies_condition-single-vs-multi-valued-context-keys.html",
      bad=publisher("StringEquals"), good=publisher("ForAllValues:StringEquals"))
def source_of_one_entry(view: View) -> Iterator[str]:
    for name, held in view.identity_documents():
        for statement in as_list(held.get("Statement")):
            for operator, keys in statement.get("Condition", {}).items():
                if "events:source" in keys and not operator.startswith("ForAllValues:"):
                    yield f"{name}: {operator}"


@fact("dynamodb:LeadingKeys has a value per item, so a condition on it needs ForAllValues.",
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
      bad={"Role": role("lambda.amazonaws.com", allow("dynamodb:GetItem", "*", Condition={"StringEquals": {"dynamodb:LeadingKeys": ["a"]}}))},
      good={"Role": role("lambda.amazonaws.com", allow("dynamodb:GetItem", "*", Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}))})
def leading_key_of_one_item(view: View) -> Iterator[str]:
    for name, held in view.identity_documents():
        for statement in as_list(held.get("Statement")):
            for operator, keys in statement.get("Condition", {}).items():
                if "dynamodb:LeadingKeys" in keys and not operator.startswith("ForAllValues:"):
                    yield f"{name}: {operator}"


@fact("The ARN of a bucket names no account, so a permission for S3 needs SourceAccount as well.",
      "https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-permission.html",
      bad=functions() | {"May": of("Lambda::Permission", FunctionName=ref("Work"), Action="lambda:InvokeFunction", Principal="s3.amazonaws.com", SourceArn="arn:aws:s3:::b")},
      good=functions() | {"May": of("Lambda::Permission", FunctionName=ref("Work"), Action="lambda:InvokeFunction", Principal="s3.amazonaws.com", SourceArn="arn:aws:s3:::b", SourceAccount=ref("AWS::AccountId"))})
def permission_for_any_bucket(view: View) -> Iterator[str]:
    for one in view.of("Lambda::Permission"):
        if one.properties["Principal"] == "s3.amazonaws.com" and "SourceAccount" not in one.properties:
            yield f"{one.logical_id}: no SourceAccount"
