"""Names written out instead of referred to: CloudFormation then knows no order between the two resources.

moto makes resources in the template's order and would never notice; AWS makes them side by side, and
the one that needs the other fails. Where a name is only compared when something runs (a policy, a
permission, an environment variable) no order is needed.
"""

from __future__ import annotations

import json
import re
from typing import Any, Iterator

from state import StackState

NAMES = {
    "AWS::Events::EventBus": "Name",
    "AWS::Kinesis::Stream": "Name",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::RDS::DBProxy": "DBProxyName",
}
LATER = {"PolicyDocument", "AssumeRolePolicyDocument", "Environment", "SourceArn", "Description"}


def hidden_dependencies(state: StackState) -> list[str]:
    """Resources that name another one by its text, with no reference in either direction that orders them."""
    named = {name: str(state.resolved[name].get(NAMES[kind], "")) for name, kind in state.types.items() if kind in NAMES}
    reach = reachable(state)
    problems = []
    for name, properties in state.resolved.items():
        found = set(words(properties))
        for other, text in named.items():
            ordered = other in reach[name] or name in reach[other]
            if text and other != name and text in found and not ordered:
                problems.append(f"{name} names {other} as the text {text!r}, so nothing makes {other} first")
    return problems


def words(value: Any) -> Iterator[str]:
    """All texts of a resolved property tree that are used when the resource is made, and what they end in."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in LATER:
                yield from words(item)
    elif isinstance(value, list):
        for item in value:
            yield from words(item)
    elif isinstance(value, str):
        yield value
        yield re.split(r"[:/]", value)[-1]


def reachable(state: StackState) -> dict[str, set[str]]:
    """For each resource, those that CloudFormation makes before it."""
    direct = {name: references(state.template["Resources"][name], state) for name in state.types}
    reach: dict[str, set[str]] = {}
    for start in direct:
        seen: set[str] = set()
        waiting = list(direct[start])
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += direct.get(name, ())
        reach[start] = seen
    return reach


def references(resource: Any, state: StackState) -> set[str]:
    """The resources that this one refers to, by Ref, GetAtt, Sub or DependsOn."""
    text = json.dumps({key: value for key, value in resource.items() if key != "Type"})
    quoted = set(re.findall(r'"Ref": "(\w+)"|"Fn::GetAtt": \["(\w+)"|\$\{(\w+)[.}]', text))
    depends = resource.get("DependsOn", [])
    found = {name for groups in quoted for name in groups if name} | set([depends] if isinstance(depends, str) else depends)
    return found & state.types.keys()
