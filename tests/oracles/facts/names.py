"""Names that services refuse although the schemas let them pass."""

from __future__ import annotations

import re
from typing import Iterator

from facts.registry import fact
from facts.samples import of
from facts.view import View

CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"


@fact("A bucket's name has 3 to 63 lowercase letters, digits, hyphens and dots, begins and ends with a letter or digit, and has no two dots.",
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
      bad={"Files": of("S3::Bucket", BucketName="orders-store[eu]")}, good={"Files": of("S3::Bucket", BucketName="orders-store-eu")})
def bucket_name(view: View) -> Iterator[str]:
    for one in view.of("S3::Bucket"):
        name = str(one.properties.get("BucketName", "abc"))
        if not re.fullmatch(r"[a-z0-9](\.?[a-z0-9-])*", name) or not 3 <= len(name) <= 63 or name.endswith("-"):
            yield f"{one.logical_id}: {name}"


@fact("A dot in the name of a bucket breaks TLS on its address: the certificate covers one label.",
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
      bad={"Files": of("S3::Bucket", BucketName="a.files")}, good={"Files": of("S3::Bucket", BucketName="a-files")})
def bucket_name_with_dot(view: View) -> Iterator[str]:
    for one in view.of("S3::Bucket"):
        if "." in str(one.properties.get("BucketName", "")):
            yield f"{one.logical_id}: {one.properties['BucketName']}"


@fact("The name of a CloudFront function has at most 64 letters, digits, hyphens and underscores.",
      "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html",
      bad={"F": of("CloudFront::Function", Name="shop.rewrite")}, good={"F": of("CloudFront::Function", Name="shop-rewrite_1")})
def cloudfront_function_name(view: View) -> Iterator[str]:
    for one in view.of("CloudFront::Function"):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(one.properties["Name"])):
            yield f"{one.logical_id}: {one.properties['Name']}"


@fact("The name of an origin access control has at most 64 characters.",
      "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html",
      bad={"A": of("CloudFront::OriginAccessControl", OriginAccessControlConfig={"Name": "x" * 65})}, good={"A": of("CloudFront::OriginAccessControl", OriginAccessControlConfig={"Name": "x" * 64})})
def access_control_name(view: View) -> Iterator[str]:
    for one in view.of("CloudFront::OriginAccessControl"):
        if len(str(one.properties["OriginAccessControlConfig"]["Name"])) > 64:
            yield f"{one.logical_id}: {len(str(one.properties['OriginAccessControlConfig']['Name']))} characters"


@fact("The name of an event bus has letters, digits and / . - _ and does not begin with aws.",
      "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html",
      bad={"B": of("Events::EventBus", Name="orders[eu]")}, good={"B": of("Events::EventBus", Name="orders.eu")})
def bus_name(view: View) -> Iterator[str]:
    for one in view.of("Events::EventBus"):
        name = str(one.properties["Name"])
        if not re.fullmatch(r"[/.\-_A-Za-z0-9]{1,256}", name) or name.startswith("aws."):
            yield f"{one.logical_id}: {name}"


@fact("The id of a rule's target has at most 64 letters, digits and . - _.",
      "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html",
      bad={"R": of("Events::Rule", EventPattern={"source": ["a"]}, Targets=[{"Id": "work[eu]", "Arn": "a"}])}, good={"R": of("Events::Rule", EventPattern={"source": ["a"]}, Targets=[{"Id": "work-eu", "Arn": "a"}])})
def target_id(view: View) -> Iterator[str]:
    for one in view.of("Events::Rule"):
        for target in one.properties.get("Targets", []):
            if not re.fullmatch(r"[.\-_A-Za-z0-9]{1,64}", str(target["Id"])):
                yield f"{one.logical_id}: {target['Id']}"


@fact("A rule has at most five targets.",
      "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
      bad={"R": of("Events::Rule", EventPattern={"source": ["a"]}, Targets=[{"Id": str(i), "Arn": "a"} for i in range(6)])}, good={"R": of("Events::Rule", EventPattern={"source": ["a"]}, Targets=[{"Id": str(i), "Arn": "a"} for i in range(5)])})
def many_targets(view: View) -> Iterator[str]:
    for one in view.of("Events::Rule"):
        if len(one.properties.get("Targets", [])) > 5:
            yield f"{one.logical_id}: {len(one.properties['Targets'])} targets"


@fact("The name of an export has letters, digits, colons and hyphens.",
      f"{CFN}/outputs-section-structure.html",
      bad={"Outputs": {"A": {"Value": "v", "Export": {"Name": "order_system-a"}}}}, good={"Outputs": {"A": {"Value": "v", "Export": {"Name": "order-system:a"}}}})
def export_name(view: View) -> Iterator[str]:
    for name in view.exports:
        if not re.fullmatch(r"[A-Za-z0-9:-]+", name):
            yield f"Outputs: {name}"


@fact("The name of a log group has at most 512 letters, digits and . _ - / #.",
      "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
      bad={"L": of("Logs::LogGroup", LogGroupName="/orders[eu]")}, good={"L": of("Logs::LogGroup", LogGroupName="/orders/eu#1")})
def log_group_name(view: View) -> Iterator[str]:
    for one in view.of("Logs::LogGroup"):
        if not re.fullmatch(r"[.\-_/#A-Za-z0-9]{1,512}", one.name):
            yield f"{one.logical_id}: {one.name}"


@fact("The name of a queue has at most 80 letters, digits, hyphens and underscores, .fifo included.",
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
      bad={"Q": of("SQS::Queue", QueueName="jobs[eu].fifo", FifoQueue=True)}, good={"Q": of("SQS::Queue", QueueName="jobs-eu.fifo", FifoQueue=True)})
def queue_name(view: View) -> Iterator[str]:
    for one in view.of("SQS::Queue"):
        name = str(one.properties.get("QueueName", "x"))
        if not re.fullmatch(r"[A-Za-z0-9_-]+(\.fifo)?", name) or len(name) > 80:
            yield f"{one.logical_id}: {name}"


@fact("The name of a topic has at most 256 letters, digits, hyphens and underscores, .fifo included.",
      "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",
      bad={"T": of("SNS::Topic", TopicName="news[eu]")}, good={"T": of("SNS::Topic", TopicName="news-eu.fifo", FifoTopic=True)})
def topic_name(view: View) -> Iterator[str]:
    for one in view.of("SNS::Topic"):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,251}(\.fifo)?", str(one.properties.get("TopicName", "x"))):
            yield f"{one.logical_id}: {one.properties['TopicName']}"
