"""What triggers what: one reader per form in which a template says it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reading.graph import Edge, View
from reading.rights import listed


# What a poller of a stream does with a batch that fails; -1 is without end, as is none.
#   source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
TRIES = {"retries": "MaximumRetryAttempts", "age": "MaximumRecordAgeInSeconds", "bisect": "BisectBatchOnFunctionError",
         "batch": "BatchSize", "at_once": "ParallelizationFactor"}
ENDLESS = -1


def canonical(value: Any) -> str:
    """A filter or pattern as a text: the order of keys and of alternatives means nothing."""
    def ordered(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: ordered(item[key]) for key in sorted(item)}
        if isinstance(item, list):
            return sorted((ordered(each) for each in item), key=lambda each: json.dumps(each, sort_keys=True))
        return item

    return json.dumps(ordered(json.loads(value) if isinstance(value, str) else value), separators=(",", ":"))


def parts(**named: Any) -> str:
    return " ".join(f"{name}={value}" for name, value in named.items() if value not in (None, "", [], {}))


def mappings(view: View) -> Iterator[Edge]:
    for _, given in view.each("AWS::Lambda::EventSourceMapping"):
        function = view.function(given["FunctionName"])
        source = view.named(given.get("EventSourceArn"))
        filters = [canonical(f["Pattern"]) for f in given.get("FilterCriteria", {}).get("Filters", [])]
        partial = "yes" if "ReportBatchItemFailures" in given.get("FunctionResponseTypes", []) else ""
        tries = {key: given.get(of) for key, of in TRIES.items() if given.get(of) != ENDLESS}
        yield Edge("poll", source, function, parts(filter=" or ".join(sorted(filters)), partial=partial, **tries))
        failed = given.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if failed:
            yield Edge("failed records", function, view.named(failed), parts(of=""))


def notifications(view: View) -> Iterator[Edge]:
    lists = (("LambdaConfigurations", "Function"), ("QueueConfigurations", "Queue"), ("TopicConfigurations", "Topic"))
    for bucket, given in view.each("AWS::S3::Bucket", "Custom::S3BucketNotifications"):
        config = given.get("NotificationConfiguration", {})
        source = bucket if view.kind(bucket) == "bucket" else view.named(given.get("BucketName"), "bucket")
        for key, target in lists:
            for one in config.get(key, []) or config.get(key.replace("Lambda", "LambdaFunction"), []):
                events = listed(one.get("Event", one.get("Events")))
                where = one.get(target, one.get(f"{target}Arn", one.get("LambdaFunctionArn")))
                rules = one.get("Filter", {}).get("S3Key", one.get("Filter", {}).get("Key", {}))
                rules = rules.get("Rules", rules.get("FilterRules", []))
                key_of = {str(rule["Name"]).lower(): rule["Value"] for rule in rules}
                detail = parts(prefix=key_of.get("prefix"), suffix=key_of.get("suffix"))
                for event in events:
                    yield Edge("notify", source, view.named(where), f"{event} {detail}".strip())
        if "EventBridgeConfiguration" in config:
            yield Edge("notify", source, "<default bus>")


def subscriptions(view: View) -> Iterator[Edge]:
    inline = [(topic, {**one, "TopicArn": view.values.ref(topic)})
              for topic, given in view.each("AWS::SNS::Topic") for one in given.get("Subscription", [])]
    for _, given in [*view.each("AWS::SNS::Subscription"), *inline]:
        target = view.named(given["Endpoint"]) if given["Protocol"] in ("sqs", "lambda", "firehose") \
            else f"<{given['Protocol']} {given['Endpoint']}>"
        filtered = canonical(given["FilterPolicy"]) if given.get("FilterPolicy") else ""
        scope = given.get("FilterPolicyScope", "MessageAttributes") if filtered else ""
        raw = "yes" if str(given.get("RawMessageDelivery", "")).lower() == "true" else ""
        source = view.named(given["TopicArn"])
        yield Edge("subscribe", source, target, parts(filter=filtered, on=scope, raw=raw))
        if given.get("RedrivePolicy"):
            policy = given["RedrivePolicy"]
            policy = json.loads(policy) if isinstance(policy, str) else policy
            yield Edge("undelivered", source, view.named(policy["deadLetterTargetArn"]))


def bus_of(view: View, name: Any) -> str:
    if name in (None, "default") or str(name).endswith("event-bus/default"):
        return "<default bus>"
    return view.named(name, "bus")


def rules(view: View) -> Iterator[Edge]:
    for _, given in view.each("AWS::Events::Rule"):
        for target in given.get("Targets", []):
            to = view.named(target["Arn"])
            sources = []
            if given.get("EventPattern"):
                sources.append((bus_of(view, given.get("EventBusName")), canonical(given["EventPattern"])))
            if given.get("ScheduleExpression"):
                sources.append((f"<{given['ScheduleExpression']}>", ""))
            for source, pattern in sources:
                yield Edge("match" if pattern else "turn", source, to, " ".join(filter(None, (pattern, tries(target)))))
                dead = target.get("DeadLetterConfig", {}).get("Arn")
                if dead:
                    yield Edge("undelivered", source, view.named(dead))
    for archive, given in view.each("AWS::Events::Archive"):
        yield Edge("archive", bus_of(view, given["SourceArn"]), "<archive>", parts(days=given.get("RetentionDays")))


def tries(target: dict[str, Any]) -> str:
    """How often a rule or a schedule calls a target that fails; 185 times within a day if it does not say.
    source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html"""
    policy = target.get("RetryPolicy", {})
    retries, age = policy.get("MaximumRetryAttempts", 185), policy.get("MaximumEventAgeInSeconds", 86400)
    return parts(retries=retries if int(retries) != 185 else None, age=age if int(age) != 86400 else None)


def schedules(view: View) -> Iterator[Edge]:
    for _, given in view.each("AWS::Scheduler::Schedule"):
        zone = given.get("ScheduleExpressionTimezone")
        source = f"<{given['ScheduleExpression']}{' ' + zone if zone else ''}>"
        yield Edge("turn", source, view.named(given["Target"]["Arn"]), tries(given["Target"]))
        dead = given["Target"].get("DeadLetterConfig", {}).get("Arn")
        if dead:
            yield Edge("undelivered", source, view.named(dead))


def addresses(view: View) -> Iterator[Edge]:
    for _, given in view.each("AWS::Lambda::Url"):
        yield Edge("request", "<internet>", view.function(given["TargetFunctionArn"]), f"auth={given['AuthType']}")


def log_filters(view: View) -> Iterator[Edge]:
    for _, given in view.each("AWS::Logs::SubscriptionFilter"):
        source = view.log_group(given["LogGroupName"])
        yield Edge("lines", source, view.named(given["DestinationArn"]), given.get("FilterPattern", ""))


def destinations(view: View) -> Iterator[Edge]:
    for _, given in view.each("AWS::Lambda::EventInvokeConfig"):
        for outcome in ("OnSuccess", "OnFailure"):
            to = given.get("DestinationConfig", {}).get(outcome, {}).get("Destination")
            if to:
                yield Edge(outcome.removeprefix("On").lower(), view.function(given["FunctionName"]), view.named(to))
    for function, given in view.each("AWS::Lambda::Function"):
        dead = given.get("DeadLetterConfig", {}).get("TargetArn")
        if dead:
            yield Edge("failure", function, view.named(dead))


def redrives(view: View) -> Iterator[Edge]:
    for queue, given in view.each("AWS::SQS::Queue"):
        policy = given.get("RedrivePolicy")
        policy = json.loads(policy) if isinstance(policy, str) else policy
        if policy:
            yield Edge("redrive", queue, view.named(policy["deadLetterTargetArn"]), f"after={policy['maxReceiveCount']}")


def alarms(view: View) -> Iterator[Edge]:
    for alarm, given in view.each("AWS::CloudWatch::Alarm"):
        for key in ("AlarmActions", "OKActions", "InsufficientDataActions"):
            for action in given.get(key, []):
                yield Edge("alarm", alarm, view.named(action), key)
        for dimension in given.get("Dimensions", []):
            yield Edge("metric", view.named(dimension["Value"]), alarm, f"{given.get('Namespace')} {given.get('MetricName')}")


def logs(view: View) -> Iterator[Edge]:
    for function, given in view.each("AWS::Lambda::Function"):
        group = given.get("LoggingConfig", {}).get("LogGroup")
        found = view.log_group(group or f"/aws/lambda/{view.values.name(function)}")
        if group or found in view.values.resources:
            yield Edge("log", function, found)
    for machine, given in view.each("AWS::StepFunctions::StateMachine"):
        for one in given.get("LoggingConfiguration", {}).get("Destinations", []):
            yield Edge("log", machine, view.named(one["CloudWatchLogsLogGroup"]["LogGroupArn"]))
    for _, given in view.each("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"):
        where = given.get("AccessLogSetting", given.get("AccessLogSettings", {})).get("DestinationArn")
        if where:
            yield Edge("log", view.named(given.get("RestApiId", given.get("ApiId")), "api"), view.named(where))
    for _, given in view.each("AWS::EC2::FlowLog"):
        yield Edge("log", view.named(given["ResourceId"], "network"), view.log_group(str(given.get("LogGroupName"))))
