"""Who delivers to a queue, a topic or a function must be allowed to, by the target's policy or by a role."""

from __future__ import annotations

from typing import Any, Iterator

from facts.machines import states
from facts.registry import fact
from facts.samples import allow, arn, document, functions, of, queue, ref, role
from facts.view import View, services
from simulate.model import Instance
from simulate.rights import as_list, matches

DG = "https://docs.aws.amazon.com/lambda/latest/dg"
OPERATORS = ("ArnEquals", "ArnLike", "StringEquals", "StringLike")


def sources(condition: Any) -> list[str]:
    """The values that a condition asks of aws:SourceArn; empty if it asks nothing."""
    found = [value for operator in OPERATORS for key, value in condition.get(operator, {}).items() if key.lower() == "aws:sourcearn"]
    return [str(v) for value in found for v in as_list(value)]


def lets_in(statement: Any, service: str, action: str, source: str) -> bool:
    if statement.get("Effect") != "Allow" or service not in services(statement.get("Principal")):
        return False
    asked = sources(statement.get("Condition", {}))
    acts = any(matches(str(a), action, True) for a in as_list(statement.get("Action")))
    return acts and (not asked or any(matches(pattern, source) for pattern in asked))


def allowed(view: View, target: Any, service: str, source: str) -> bool:
    """Whether a queue, a topic or a function of this template lets the service deliver from the source."""
    one = view.resource_of(target)
    if one is not None and one.type == "AWS::SQS::Queue":
        return by_policy(view, "SQS::QueuePolicy", "Queues", one, service, "sqs:SendMessage", source)
    if one is not None and one.type == "AWS::SNS::Topic":
        return by_policy(view, "SNS::TopicPolicy", "Topics", one, service, "sns:Publish", source)
    function = view.function(target) if ":lambda:" in str(target) else None
    if function is None:
        return True
    qualifier = str(target).split(":function:")[-1].partition(":")[2]
    for held in view.of("Lambda::Permission"):
        given = str(held.properties["FunctionName"])
        same = view.function(given) is function and given.split(":function:")[-1].partition(":")[2] == qualifier
        if same and held.properties["Principal"] == service and matches(str(held.properties.get("SourceArn", "*")), source):
            return True
    return False


def by_policy(view: View, kind: str, key: str, target: Instance, service: str, action: str, source: str) -> bool:
    policies = [p for p in view.of(kind) if target.ref in p.properties.get(key, [])]
    return any(lets_in(s, service, action, source) for p in policies for s in as_list(p.properties["PolicyDocument"]["Statement"]))


def into_queue(service: str, source: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage", "Resource": arn("Jobs"), "Condition": {"ArnEquals": {"aws:SourceArn": source}}}
    return {"Jobs": queue(), "May": of("SQS::QueuePolicy", Queues=[ref("Jobs")], PolicyDocument=document(statement))}


def subscription(source: Any) -> dict[str, Any]:
    return into_queue("sns.amazonaws.com", source) | {"Topic": of("SNS::Topic"), "Other": of("SNS::Topic"), "Sub": of("SNS::Subscription", TopicArn=ref("Topic"), Protocol="sqs", Endpoint=arn("Jobs"))}


@fact("A topic delivers only to queues and functions that allow sns.amazonaws.com from this topic, dead letter queues of subscriptions included.",
      "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
      bad=subscription(ref("Other")), good=subscription(ref("Topic")))
def topic_that_may_not_deliver(view: View) -> Iterator[str]:
    for one in view.of("SNS::Subscription"):
        topic = str(one.properties["TopicArn"])
        dead = one.properties.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        for target in filter(None, (one.properties["Endpoint"] if one.properties["Protocol"] in ("sqs", "lambda") else None, dead)):
            if not allowed(view, target, "sns.amazonaws.com", topic):
                yield f"{one.logical_id}: {target} does not allow {topic}"


def ruled(source: Any) -> dict[str, Any]:
    rule = of("Events::Rule", Name="r", EventPattern={"source": ["a"]}, Targets=[{"Id": "t", "Arn": arn("Jobs")}])
    return into_queue("events.amazonaws.com", source) | {"Rule": rule}


@fact("A rule delivers only to queues, topics and functions that allow events.amazonaws.com from this rule, dead letter queues included.",
      "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
      bad=ruled("arn:aws:events:ap-southeast-2:123456789012:rule/other"), good=ruled(arn("Rule")))
def rule_that_may_not_deliver(view: View) -> Iterator[str]:
    for one in view.of("Events::Rule"):
        for target in one.properties.get("Targets", []):
            for place in filter(None, (target["Arn"] if "RoleArn" not in target else None, target.get("DeadLetterConfig", {}).get("Arn"))):
                if not allowed(view, place, "events.amazonaws.com", one.arn):
                    yield f"{one.logical_id}: {place} does not allow it"


def bucket(source: Any) -> dict[str, Any]:
    files = of("S3::Bucket", BucketName="files", NotificationConfiguration={"QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": arn("Jobs")}]})
    return into_queue("s3.amazonaws.com", source) | {"Files": files}


@fact("A bucket notifies only queues, topics and functions that allow s3.amazonaws.com from this bucket.",
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
      bad=bucket("arn:aws:s3:::other"), good=bucket("arn:aws:s3:::files"))
def bucket_that_may_not_notify(view: View) -> Iterator[str]:
    for one in view.of("S3::Bucket"):
        notified = one.properties.get("NotificationConfiguration", {})
        for kind, key in (("Lambda", "Function"), ("Queue", "Queue"), ("Topic", "Topic")):
            for entry in notified.get(f"{kind}Configurations", []):
                if not allowed(view, entry[key], "s3.amazonaws.com", one.arn):
                    yield f"{one.logical_id}: {entry[key]} does not allow it"


def alarmed(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": ref("Topic")}
    return {"Topic": of("SNS::Topic"), "May": of("SNS::TopicPolicy", Topics=[ref("Topic")], PolicyDocument=document(statement)), "Alarm": of("CloudWatch::Alarm", AlarmActions=[ref("Topic")], ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1)}


@fact("Where a topic has a policy of its own, it must let cloudwatch.amazonaws.com publish for alarms.",
      "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
      bad=alarmed("sqs.amazonaws.com"), good=alarmed("cloudwatch.amazonaws.com"))
def alarm_that_may_not_publish(view: View) -> Iterator[str]:
    with_policy = {topic for policy in view.of("SNS::TopicPolicy") for topic in policy.properties["Topics"]}
    for one in view.of("CloudWatch::Alarm"):
        for action in [*one.properties.get("AlarmActions", []), *one.properties.get("OKActions", [])]:
            if action in with_policy and not allowed(view, action, "cloudwatch.amazonaws.com", one.arn):
                yield f"{one.logical_id}: {action} does not allow it"


def scheduled(*statements: Any) -> dict[str, Any]:
    timer = of("Scheduler::Schedule", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": arn("Work"), "RoleArn": arn("Caller"), "DeadLetterConfig": {"Arn": arn("Lost")}})
    return functions() | {"Lost": queue(), "Caller": role("scheduler.amazonaws.com", *statements), "Timer": timer}


@fact("The role of a schedule may invoke its target and send to its dead letter queue.",
      "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html",
      bad=scheduled(allow("lambda:InvokeFunction", arn("Work"))), good=scheduled(allow("lambda:InvokeFunction", arn("Work")), allow("sqs:SendMessage", arn("Lost"))))
def schedule_that_may_not_call(view: View) -> Iterator[str]:
    rights = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish", "states": "states:StartExecution", "events": "events:PutEvents"}
    for one in view.of("Scheduler::Schedule"):
        target = one.properties["Target"]
        for place in filter(None, (target["Arn"], target.get("DeadLetterConfig", {}).get("Arn"))):
            right = rights.get(str(place).split(":")[2]) if str(place).startswith("arn:") else None
            if right and not view.may(target["RoleArn"], right, str(place)):
                yield f"{one.logical_id}: its role has no {right} on {place}"


def machine(*statements: Any) -> dict[str, Any]:
    state = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": arn("Work")}, "End": True}
    held = of("StepFunctions::StateMachine", RoleArn=arn("Caller"), Definition={"StartAt": "A", "States": {"A": state}})
    return functions() | {"Caller": role("states.amazonaws.com", *statements), "Machine": held}


ACTION = {"lambda:invoke": ("FunctionName", "lambda:InvokeFunction"), "sqs:sendMessage": ("QueueUrl", "sqs:SendMessage"), "sns:publish": ("TopicArn", "sns:Publish"),
          "dynamodb:getItem": ("TableName", "dynamodb:GetItem"), "dynamodb:putItem": ("TableName", "dynamodb:PutItem"), "dynamodb:updateItem": ("TableName", "dynamodb:UpdateItem"),
          "dynamodb:deleteItem": ("TableName", "dynamodb:DeleteItem"), "states:startExecution": ("StateMachineArn", "states:StartExecution")}


@fact("The role of a state machine has the right of each of its tasks on the task's target.",
      "https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html",
      bad=machine(allow("lambda:InvokeFunction", "arn:aws:lambda:ap-southeast-2:123456789012:function:other")), good=machine(allow("lambda:InvokeFunction", arn("Work"))))
def task_without_right(view: View) -> Iterator[str]:
    for held, name, state in states(view):
        service = str(state.get("Resource", "")).split(":::")[-1].removesuffix(".waitForTaskToken").split(".sync")[0]
        key, right = ACTION.get(service, ("", ""))
        given = (state.get("Parameters") or state.get("Arguments") or {}).get(key)
        target = view.resource_of(given) if isinstance(given, str) else None
        place = given if service == "lambda:invoke" and str(given).startswith("arn:") else target.arn if target else None
        if place and not view.may(held.properties["RoleArn"], right, place):
            yield f"{held.logical_id}: {name} without {right} on {place}"
