"""Permissions: who may call a function, or use a queue, a topic or a bucket, by the policy of the resource itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reading.edges import bus_of
from reading.graph import Edge, View
from reading.rights import capabilities, listed, statements

POLICIES = (("AWS::SQS::QueuePolicy", "Queues"), ("AWS::SNS::TopicPolicy", "Topics"), ("AWS::S3::BucketPolicy", "Bucket"))


def permissions(view: View) -> Iterator[Edge]:
    for _, given in view.each("AWS::Lambda::Permission"):
        source = caller(view, given["Principal"], given.get("SourceArn"))
        yield Edge("permit", source, view.function(given["FunctionName"]), "lambda invoke")
    for kind, key in POLICIES:
        for _, given in view.each(kind):
            for name in listed(given[key]):
                yield from of_policy(view, view.named(name), given["PolicyDocument"])


def of_policy(view: View, target: str, document: Any) -> Iterator[Edge]:
    for statement, raw in zip(statements(document), listed(document["Statement"])):
        principal = raw.get("Principal", "*")
        who = listed(principal if isinstance(principal, str) else next(iter(principal.values())))
        kind = "permit" if statement.effect == "Allow" else "forbid"
        found = {capability for action in statement.actions for capability in capabilities(action)}
        for capability in found:
            for source in {caller(view, one, arn) for one in who for arn in statement.values("aws:SourceArn") or [None]}:
                yield Edge(kind, source, target, " ".join(filter(None, (capability, statement.only_if("aws:SourceArn")))))


def caller(view: View, principal: str, arn: str | None) -> str:
    """The resource in whose name a service calls; else the service."""
    below = view.below(str(arn)) if arn else None
    if below:
        return below[0]
    for rule, given in view.each("AWS::Events::Rule"):
        if arn == view.values.arn(rule):
            return f"<{given['ScheduleExpression']}>" if "ScheduleExpression" in given else bus_of(view, given.get("EventBusName"))
    return f"<{principal}>"
