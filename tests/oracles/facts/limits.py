"""Limits of CloudFormation templates and of what all resources of a kind share."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Iterator

from facts.registry import fact
from facts.samples import of
from facts.view import View

LIMITS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"


@fact("A template has at most 500 resources, 200 parameters, 200 outputs and 200 mappings, and 1 MB.",
      LIMITS, bad={f"Q{i}": of("SQS::Queue") for i in range(501)}, good={f"Q{i}": of("SQS::Queue") for i in range(500)})
def template_too_large(view: View) -> Iterator[str]:
    for part, limit in (("Resources", 500), ("Parameters", 200), ("Outputs", 200), ("Mappings", 200)):
        if len(view.template.get(part, {})) > limit:
            yield f"{part}: {len(view.template[part])}"
    if len(json.dumps(view.template)) > 1_048_576:
        yield "more than 1 MB"


@fact("A security group has at most 60 inbound and 60 outbound rules by default.",
      "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
      bad={f"R{i}": of("EC2::SecurityGroupIngress", GroupId="sg-1", IpProtocol="tcp", FromPort=i, ToPort=i, CidrIp="10.0.0.0/8") for i in range(61)},
      good={f"R{i}": of("EC2::SecurityGroupIngress", GroupId="sg-1", IpProtocol="tcp", FromPort=i, ToPort=i, CidrIp="10.0.0.0/8") for i in range(60)})
def many_rules_of_a_group(view: View) -> Iterator[str]:
    for kind in ("Ingress", "Egress"):
        counts = Counter(str(rule.properties["GroupId"]) for rule in view.of(f"EC2::SecurityGroup{kind}"))
        yield from (f"{group}: {count} rules" for group, count in counts.items() if count > 60)


@fact("The description of a security group and of its rules has at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*.",
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
      bad={"G": of("EC2::SecurityGroup", GroupDescription="the group's")}, good={"G": of("EC2::SecurityGroup", GroupDescription="the group (1)")})
def description_of_a_group(view: View) -> Iterator[str]:
    for one in view.of("EC2::SecurityGroup", "EC2::SecurityGroupIngress", "EC2::SecurityGroupEgress"):
        inner = [*one.properties.get("SecurityGroupEgress", []), *one.properties.get("SecurityGroupIngress", [])]
        texts = [one.properties.get("GroupDescription"), one.properties.get("Description"), *(rule.get("Description") for rule in inner)]
        for text in texts:
            if text is not None and not re.fullmatch(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}", str(text)):
                yield f"{one.logical_id}: {text}"


@fact("The comment of a distribution has at most 128 characters, the description of a role at most 1,000, that of a function at most 256.",
      "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
      bad={"D": of("CloudFront::Distribution", DistributionConfig={"Enabled": True, "Comment": "x" * 129})}, good={"D": of("CloudFront::Distribution", DistributionConfig={"Enabled": True, "Comment": "x" * 128})})
def description_too_long(view: View) -> Iterator[str]:
    for one in view.of("CloudFront::Distribution"):
        if len(str(one.properties["DistributionConfig"].get("Comment", ""))) > 128:
            yield f"{one.logical_id}: the comment"
    for kind, limit in (("IAM::Role", 1000), ("Lambda::Function", 256), ("Lambda::Version", 256), ("Lambda::Alias", 256)):
        for one in view.of(kind):
            if len(str(one.properties.get("Description", ""))) > limit:
                yield f"{one.logical_id}: the description"


@fact("The environment of a function has at most 4,096 bytes.",
      "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
      bad={"F": of("Lambda::Function", Environment={"Variables": {"A": "x" * 4096}})}, good={"F": of("Lambda::Function", Environment={"Variables": {"A": "x" * 4000}})})
def environment_too_large(view: View) -> Iterator[str]:
    for one in view.of("Lambda::Function"):
        variables = one.properties.get("Environment", {}).get("Variables", {})
        total = sum(len(str(key)) + len(str(value)) for key, value in variables.items())
        if total > 4096:
            yield f"{one.logical_id}: {total} bytes"
