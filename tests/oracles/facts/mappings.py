"""Event source mappings, subscriptions, filters, concurrency."""

from __future__ import annotations

import json
from collections import Counter
from math import prod
from typing import Any, Iterator

from facts.registry import fact
from facts.samples import arn, functions, of, queue, ref
from facts.view import View

DG = "https://docs.aws.amazon.com/lambda/latest/dg"


def polled(visibility: int = 60, **mapping: Any) -> dict[str, Any]:
    held = of("Lambda::EventSourceMapping", FunctionName=ref("Work"), EventSourceArn=arn("Jobs"), **mapping)
    return functions(Timeout=30) | {"Jobs": queue(VisibilityTimeout=visibility), "Map": held}


@fact("The visibility timeout of a queue is at least the timeout of the function that polls it.",
      f"{DG}/services-sqs-configure.html", bad=polled(20), good=polled(30))
def visibility_below_timeout(view: View) -> Iterator[str]:
    for one in view.of("Lambda::EventSourceMapping"):
        source, function = view.resource_of(one.properties.get("EventSourceArn")), view.function(one.properties["FunctionName"])
        if source and function and source.type == "AWS::SQS::Queue":
            if int(source.properties.get("VisibilityTimeout", 30)) < int(function.properties.get("Timeout", 3)):
                yield f"{source.logical_id}: shorter than the timeout of {function.logical_id}"


@fact("A batch of more than ten messages of a queue needs a batching window of at least one second.",
      f"{DG}/services-sqs-configure.html", bad=polled(BatchSize=11), good=polled(BatchSize=11, MaximumBatchingWindowInSeconds=1))
def large_batch_without_window(view: View) -> Iterator[str]:
    for one in view.of("Lambda::EventSourceMapping"):
        if ":sqs:" in str(one.properties.get("EventSourceArn")) and int(one.properties.get("BatchSize", 10)) > 10:
            if int(one.properties.get("MaximumBatchingWindowInSeconds", 0)) < 1:
                yield f"{one.logical_id}: {one.properties['BatchSize']} messages"


@fact("A mapping of a queue has no starting position and no destination for failures.",
      f"{DG}/services-sqs-parameters.html", bad=polled(StartingPosition="LATEST"), good=polled(BatchSize=5))
def mapping_with_what_queues_lack(view: View) -> Iterator[str]:
    for one in view.of("Lambda::EventSourceMapping"):
        never = {"StartingPosition", "DestinationConfig", "ParallelizationFactor", "BisectBatchOnFunctionError", "MaximumRetryAttempts", "TumblingWindowInSeconds"}
        held = never & {key for key, value in one.properties.items() if value}
        if ":sqs:" in str(one.properties.get("EventSourceArn")) and held:
            yield f"{one.logical_id}: {', '.join(sorted(held))}"


def filtered(*patterns: str) -> dict[str, Any]:
    return polled(FilterCriteria={"Filters": [{"Pattern": p} for p in patterns]})


@fact("A mapping has five filters by default and ten at most; a pattern is a JSON object of at most 4,096 characters.",
      f"{DG}/invocation-eventfiltering.html", bad=filtered("[]"), good=filtered('{"body": {"a": ["b"]}}'))
def filters_that_are_none(view: View) -> Iterator[str]:
    for one in view.of("Lambda::EventSourceMapping"):
        filters = one.properties.get("FilterCriteria", {}).get("Filters", [])
        if len(filters) > 10:
            yield f"{one.logical_id}: {len(filters)} filters"
        for entry in filters:
            pattern = entry["Pattern"]
            if len(pattern) > 4096 or not isinstance(json.loads(pattern), dict) or not leaves(json.loads(pattern)):
                yield f"{one.logical_id}: {pattern[:80]}"


OPERATORS = {"prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists", "cidr", "wildcard"}


def leaves(pattern: Any) -> bool:
    """Whether every leaf is a list of values or of objects with one known operator, and every key has an object or list."""
    if isinstance(pattern, list):
        return bool(pattern) and all(not isinstance(v, (dict, list)) or isinstance(v, dict) and len(v) == 1 and set(v) <= OPERATORS for v in pattern)
    if isinstance(pattern, dict):
        return bool(pattern) and all(all(leaves(p) for p in v) if k == "$or" and isinstance(v, list) else leaves(v) for k, v in pattern.items())
    return False


@fact("An event pattern is an object whose leaves are non-empty lists, with at most 2,048 characters.",
      "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
      bad={"R": of("Events::Rule", EventPattern={"source": "shop"})}, good={"R": of("Events::Rule", EventPattern={"source": ["shop"], "detail": {"n": [{"numeric": [">", 1]}]}})})
def event_pattern_that_is_none(view: View) -> Iterator[str]:
    for one in view.of("Events::Rule"):
        pattern = one.properties.get("EventPattern")
        pattern = json.loads(pattern) if isinstance(pattern, str) else pattern
        if pattern is not None and (not leaves(pattern) or len(json.dumps(pattern, separators=(",", ":"))) > 2048):
            yield f"{one.logical_id}: {json.dumps(pattern)[:120]}"


def subscribed(policy: Any, **more: Any) -> dict[str, Any]:
    return {"T": of("SNS::Topic"), "S": of("SNS::Subscription", TopicArn=ref("T"), Protocol="https", Endpoint="https://a", FilterPolicy=policy, **more)}


def combinations(policy: Any) -> int:
    counts = [len(v) if isinstance(v, list) else combinations(v) for v in policy.values()] if isinstance(policy, dict) else [1]
    return prod(counts)


@fact("A filter policy has at most five keys and 150 combinations of values.",
      "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html",
      bad=subscribed({key: ["a"] for key in "abcdef"}), good=subscribed({key: ["a", "b"] for key in "abcde"}))
def filter_policy_too_large(view: View) -> Iterator[str]:
    for one in view.of("SNS::Subscription"):
        policy = one.properties.get("FilterPolicy") or {}
        policy = json.loads(policy) if isinstance(policy, str) else policy
        if len(policy) > 5 or combinations(policy) > 150:
            yield f"{one.logical_id}: {len(policy)} keys, {combinations(policy)} combinations"


@fact("A filter policy over attributes is flat.",
      "https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html",
      bad=subscribed({"a": {"b": ["c"]}}), good=subscribed({"a": {"b": ["c"]}}, FilterPolicyScope="MessageBody"))
def nested_filter_over_attributes(view: View) -> Iterator[str]:
    for one in view.of("SNS::Subscription"):
        policy = one.properties.get("FilterPolicy") or {}
        policy = json.loads(policy) if isinstance(policy, str) else policy
        nested = [key for key, value in policy.items() if isinstance(value, dict) and key != "$or"]
        if nested and one.properties.get("FilterPolicyScope", "MessageAttributes") == "MessageAttributes":
            yield f"{one.logical_id}: {', '.join(nested)}"


def alias(reserved: int, provisioned: int) -> dict[str, Any]:
    return functions(ReservedConcurrentExecutions=reserved) | {
        "Version": of("Lambda::Version", FunctionName=ref("Work")),
        "Live": of("Lambda::Alias", FunctionName=ref("Work"), FunctionVersion={"Fn::GetAtt": ["Version", "Version"]}, Name="live", ProvisionedConcurrencyConfig={"ProvisionedConcurrentExecutions": provisioned})}


@fact("The provisioned concurrency of a function is at most its reserved concurrency.",
      f"{DG}/provisioned-concurrency.html", bad=alias(2, 3), good=alias(3, 3))
def provisioned_beyond_reserved(view: View) -> Iterator[str]:
    totals: Counter[str] = Counter()
    for one in view.of("Lambda::Alias", "Lambda::Version"):
        config = one.properties.get("ProvisionedConcurrencyConfig", {})
        totals[str(one.properties["FunctionName"])] += int(config.get("ProvisionedConcurrentExecutions", 0))
    for name, total in totals.items():
        function = view.function(name)
        reserved = function.properties.get("ReservedConcurrentExecutions") if function else None
        if reserved is not None and total > int(reserved):
            yield f"{function.logical_id}: {total} provisioned, {reserved} reserved"


@fact("SnapStart goes with neither provisioned concurrency, nor a file system, nor an image, nor more than 512 MB of /tmp.",
      f"{DG}/snapstart.html", bad=functions(SnapStart={"ApplyOn": "PublishedVersions"}, EphemeralStorage={"Size": 1024}), good=functions(SnapStart={"ApplyOn": "PublishedVersions"}, EphemeralStorage={"Size": 512}))
def snapshot_of_unfit_function(view: View) -> Iterator[str]:
    for one in view.of("Lambda::Function"):
        held = one.properties
        if held.get("SnapStart", {}).get("ApplyOn") != "PublishedVersions":
            continue
        warm = any("ProvisionedConcurrencyConfig" in a.properties for a in view.of("Lambda::Alias") if view.function(a.properties["FunctionName"]) is one)
        if warm or held.get("FileSystemConfigs") or held.get("PackageType") == "Image" or int(held.get("EphemeralStorage", {}).get("Size", 512)) > 512:
            yield f"{one.logical_id}: unfit for SnapStart"


@fact("A function that SnapStart is on for gains nothing unless what calls it names a version or an alias.",
      f"{DG}/snapstart.html",
      bad=functions(SnapStart={"ApplyOn": "PublishedVersions"}), good=functions(SnapStart={"ApplyOn": "PublishedVersions"}) | {"V": of("Lambda::Version", FunctionName=ref("Work"))})
def snapshot_without_version(view: View) -> Iterator[str]:
    published = [view.function(v.properties["FunctionName"]) for v in view.of("Lambda::Version")]
    for one in view.of("Lambda::Function"):
        if one.properties.get("SnapStart", {}).get("ApplyOn") == "PublishedVersions" and one not in published:
            yield f"{one.logical_id}: no version is published"
