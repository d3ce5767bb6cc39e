"""What holds data: deletion policies, tables, notifications, log groups."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any, Iterator

from facts.registry import fact
from facts.samples import of
from facts.view import View

CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"
WITH_SNAPSHOTS = {
    "AWS::EC2::Volume", "AWS::DocDB::DBCluster", "AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::Redshift::Cluster",
}


@fact("CloudFormation takes snapshots of volumes, clusters and database instances alone.",
      f"{CFN}/aws-attribute-deletionpolicy.html",
      bad={"T": {**of("DynamoDB::Table", AttributeDefinitions=[]), "DeletionPolicy": "Snapshot"}}, good={"T": {**of("RDS::DBInstance"), "DeletionPolicy": "Snapshot"}})
def snapshot_of_what_has_none(view: View) -> Iterator[str]:
    for name, resource in view.template["Resources"].items():
        if "Snapshot" in (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")) and resource["Type"] not in WITH_SNAPSHOTS:
            yield f"{name}: {resource['Type']}"


@fact("UpdateReplacePolicy is Delete, Retain or Snapshot; RetainExceptOnCreate is for DeletionPolicy alone.",
      f"{CFN}/aws-attribute-updatereplacepolicy.html",
      bad={"Q": {**of("SQS::Queue"), "UpdateReplacePolicy": "RetainExceptOnCreate"}}, good={"Q": {**of("SQS::Queue"), "DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}})
def policy_of_another_attribute(view: View) -> Iterator[str]:
    for name, resource in view.template["Resources"].items():
        if resource.get("UpdateReplacePolicy", "Delete") not in ("Delete", "Retain", "Snapshot"):
            yield f"{name}: {resource['UpdateReplacePolicy']}"


def table(projection: dict[str, Any], **more: Any) -> dict[str, Any]:
    index = {"IndexName": "by", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "Projection": projection}
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    return {"T": of("DynamoDB::Table", KeySchema=keys, AttributeDefinitions=[], GlobalSecondaryIndexes=[index], **more)}


@fact("A projection of kind INCLUDE names attributes, and only that kind does.",
      "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html",
      bad=table({"ProjectionType": "INCLUDE", "NonKeyAttributes": []}), good=table({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["b"]}))
def projection_of_nothing(view: View) -> Iterator[str]:
    for one in view.of("DynamoDB::Table"):
        for index in [*one.properties.get("GlobalSecondaryIndexes", []), *one.properties.get("LocalSecondaryIndexes", [])]:
            held = index["Projection"]
            if (held.get("ProjectionType") == "INCLUDE") != bool(held.get("NonKeyAttributes")):
                yield f"{one.logical_id}: {index['IndexName']}"


@fact("The attribute of TTL is a number of seconds, so it cannot be a key of another type.",
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html",
      bad={"T": of("DynamoDB::Table", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], TimeToLiveSpecification={"AttributeName": "id", "Enabled": True})},
      good={"T": of("DynamoDB::Table", AttributeDefinitions=[{"AttributeName": "at", "AttributeType": "N"}], TimeToLiveSpecification={"AttributeName": "at", "Enabled": True})})
def time_to_live_that_is_no_number(view: View) -> Iterator[str]:
    for one in view.of("DynamoDB::Table"):
        types = {a["AttributeName"]: a["AttributeType"] for a in one.properties.get("AttributeDefinitions", [])}
        if types.get(one.properties.get("TimeToLiveSpecification", {}).get("AttributeName"), "N") != "N":
            yield f"{one.logical_id}: {one.properties['TimeToLiveSpecification']['AttributeName']}"


def notified(*entries: tuple[str, str]) -> dict[str, Any]:
    held = [{"Event": event, "Function": "f", "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": prefix}]}}} for event, prefix in entries]
    return {"Files": of("S3::Bucket", NotificationConfiguration={"LambdaConfigurations": held})}


@fact("Two notifications of one bucket for the same event have prefixes, or suffixes, that cannot meet.",
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html",
      bad=notified(("s3:ObjectCreated:*", "in/"), ("s3:ObjectCreated:Put", "in/a")), good=notified(("s3:ObjectCreated:*", "in/"), ("s3:ObjectCreated:Put", "out/")))
def overlapping_notifications(view: View) -> Iterator[str]:
    for one in view.of("S3::Bucket"):
        notified_ = one.properties.get("NotificationConfiguration", {})
        entries = [e for kind in ("Lambda", "Queue", "Topic") for e in notified_.get(f"{kind}Configurations", [])]
        for a, b in combinations(entries, 2):
            if meet(a["Event"].rstrip("*"), b["Event"].rstrip("*"), False) and meet(rule(a, "prefix"), rule(b, "prefix"), False) and meet(rule(a, "suffix"), rule(b, "suffix"), True):
                yield f"{one.logical_id}: {a['Event']} {rule(a, 'prefix')} and {b['Event']} {rule(b, 'prefix')}"


def rule(entry: dict[str, Any], name: str) -> str:
    rules = entry.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    return next((str(r["Value"]) for r in rules if r["Name"].lower() == name), "")


def meet(a: str, b: str, at_end: bool) -> bool:
    return a.endswith(b) or b.endswith(a) if at_end else a.startswith(b) or b.startswith(a)


@fact("A log group has at most two subscription filters.",
      "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
      bad={f"F{i}": of("Logs::SubscriptionFilter", LogGroupName="g", DestinationArn="d", FilterPattern="") for i in range(3)},
      good={f"F{i}": of("Logs::SubscriptionFilter", LogGroupName="g", DestinationArn="d", FilterPattern="") for i in range(2)})
def many_subscription_filters(view: View) -> Iterator[str]:
    counts = Counter(str(one.properties["LogGroupName"]) for one in view.of("Logs::SubscriptionFilter"))
    yield from (f"{name}: {count} filters" for name, count in counts.items() if count > 2)
