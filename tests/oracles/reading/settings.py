"""What a resource is set to, as far as it decides when messages are handled, tried again or lost.

Each setting has the value that the service takes where a template names none.
  source: the property on the page of its type in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reading.graph import Edge, View

SETTINGS: dict[str, dict[str, Any]] = {
    "AWS::Lambda::Function": {"Timeout": 3, "ReservedConcurrentExecutions": None},
    "AWS::SQS::Queue": {
        "VisibilityTimeout": 30, "MessageRetentionPeriod": 345600, "DelaySeconds": 0, "FifoQueue": "false",
        "ContentBasedDeduplication": "false",
    },
    "AWS::SNS::Topic": {"FifoTopic": "false", "ContentBasedDeduplication": "false"},
    "AWS::Kinesis::Stream": {"RetentionPeriodHours": 24, "ShardCount": None},
    "AWS::StepFunctions::StateMachine": {"StateMachineType": "STANDARD"},
    "AWS::Logs::LogGroup": {"RetentionInDays": None},
}

ASYNCHRONOUS = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 21600}
THROTTLES = ("ThrottlingRateLimit", "ThrottlingBurstLimit")


def settings(view: View) -> Iterator[Edge]:
    for kind, usual in SETTINGS.items():
        for logical_id, given in view.each(kind):
            for name, default in usual.items():
                value = text(given.get(name, default))
                if value != text(default):
                    yield Edge("set", logical_id, f"<{name}>", value)
    for _, given in view.each("AWS::Lambda::EventInvokeConfig"):
        for name, default in ASYNCHRONOUS.items():
            if text(given.get(name, default)) != text(default):
                yield Edge("set", view.function(given["FunctionName"]), f"<{name}>", text(given[name]))
    for _, given in view.each("AWS::Lambda::Alias"):
        ready = given.get("ProvisionedConcurrencyConfig", {}).get("ProvisionedConcurrentExecutions")
        if ready:
            yield Edge("set", view.function(given["FunctionName"]), "<ProvisionedConcurrentExecutions>", text(ready))
    yield from throttles(view)


def throttles(view: View) -> Iterator[Edge]:
    """How many requests the stages of an API let through: all routes together, as the stage says."""
    for _, given in view.each("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"):
        every = [one for one in given.get("MethodSettings", []) if one.get("HttpMethod") == "*"]
        for limits in [given.get("DefaultRouteSettings", {}), *every]:
            for name in THROTTLES:
                if name in limits:
                    api = view.named(given.get("RestApiId", given.get("ApiId")), "api")
                    yield Edge("set", api, f"<{name}>", f"{float(limits[name]):g}")


def text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
