"""CloudFront and what runs at its edge."""

from __future__ import annotations

import json
import re
from typing import Any, Iterator

from facts.registry import fact
from facts.samples import arn, function, of, ref, role
from facts.view import View
from simulate.model import Instance
from simulate.rights import as_list

DOCS = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
BOTH = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]


def site(target: Any, event: str = "origin-request", services: Any = None, **properties: Any) -> dict[str, Any]:
    behaviour = {"TargetOriginId": "o", "LambdaFunctionAssociations": [{"EventType": event, "LambdaFunctionARN": target}]}
    return {
        "Role": role(BOTH if services is None else services), "Work": function(**properties),
        "Version": of("Lambda::Version", FunctionName=ref("Work")),
        "Live": of("Lambda::Alias", FunctionName=ref("Work"), FunctionVersion={"Fn::GetAtt": ["Version", "Version"]}, Name="live"),
        "Site": of("CloudFront::Distribution", DistributionConfig={"Enabled": True, "DefaultCacheBehavior": behaviour}),
    }


def associations(view: View) -> Iterator[tuple[Instance, Any, dict[str, Any]]]:
    """Each distribution, the association, and the behaviour that has it."""
    for one in view.of("CloudFront::Distribution"):
        config = one.properties["DistributionConfig"]
        for behaviour in [config.get("DefaultCacheBehavior", {}), *config.get("CacheBehaviors", [])]:
            for association in behaviour.get("LambdaFunctionAssociations", []):
                yield one, association, behaviour


@fact("A distribution takes a numbered version of a function, no alias and not $LATEST.",
      f"{DOCS}/lambda-at-edge-function-restrictions.html", bad=site(ref("Live")), good=site(ref("Version")))
def edge_without_version(view: View) -> Iterator[str]:
    for one, association, _ in associations(view):
        if not re.search(r":\d+$", str(association["LambdaFunctionARN"])):
            yield f"{one.logical_id}: {association['LambdaFunctionARN']}"


@fact("A function at the edge has no variables, network, dead letter target, layers, tracing, arm64, image or large /tmp.",
      f"{DOCS}/lambda-at-edge-function-restrictions.html",
      bad=site(ref("Version"), Environment={"Variables": {"A": "b"}}), good=site(ref("Version"), MemorySize=256))
def edge_with_what_it_cannot_have(view: View) -> Iterator[str]:
    for one, association, _ in associations(view):
        held = getattr(view.function(association["LambdaFunctionARN"]), "properties", {})
        never = [k for k in ("VpcConfig", "DeadLetterConfig", "Layers", "FileSystemConfigs", "ReservedConcurrentExecutions", "KmsKeyArn") if held.get(k)]
        never += ["Environment"] if held.get("Environment", {}).get("Variables") else []
        never += ["Architectures"] if "arm64" in held.get("Architectures", []) else []
        never += ["PackageType"] if held.get("PackageType") == "Image" else []
        never += ["TracingConfig"] if held.get("TracingConfig", {}).get("Mode") == "Active" else []
        never += ["EphemeralStorage"] if int(held.get("EphemeralStorage", {}).get("Size", 512)) > 512 else []
        for key in never:
            yield f"{one.logical_id}: its function has {key}"


@fact("At a viewer event a function has at most 128 MB and 5 seconds, at an origin event 30 seconds.",
      f"{DOCS}/cloudfront-limits.html",
      bad=site(ref("Version"), "viewer-request", Timeout=10), good=site(ref("Version"), "origin-request", Timeout=10))
def edge_too_large(view: View) -> Iterator[str]:
    for one, association, _ in associations(view):
        held = getattr(view.function(association["LambdaFunctionARN"]), "properties", {})
        viewer = association["EventType"].startswith("viewer")
        if int(held.get("Timeout", 3)) > (5 if viewer else 30) or viewer and int(held.get("MemorySize", 128)) > 128:
            yield f"{one.logical_id}: too long or too large for {association['EventType']}"


@fact("The role of a function at the edge trusts lambda.amazonaws.com and edgelambda.amazonaws.com.",
      f"{DOCS}/lambda-edge-permissions.html",
      bad=site(ref("Version"), services="lambda.amazonaws.com"), good=site(ref("Version")))
def edge_role(view: View) -> Iterator[str]:
    for _, association, _ in associations(view):
        function_ = view.function(association["LambdaFunctionARN"])
        held = view.role(function_.properties["Role"]) if function_ else None
        if held is not None and not all(f'"{name}"' in json.dumps(held.properties["AssumeRolePolicyDocument"]) for name in BOTH):
            yield f"{held.logical_id}: does not trust both services"


@fact("One behaviour does not have both kinds of functions at its viewer events.",
      f"{DOCS}/edge-functions-choosing.html",
      bad={"Site": of("CloudFront::Distribution", DistributionConfig={"Enabled": True, "DefaultCacheBehavior": {"FunctionAssociations": [{"EventType": "viewer-request", "FunctionARN": "f"}], "LambdaFunctionAssociations": [{"EventType": "viewer-response", "LambdaFunctionARN": "a:1"}]}})},
      good={"Site": of("CloudFront::Distribution", DistributionConfig={"Enabled": True, "DefaultCacheBehavior": {"FunctionAssociations": [{"EventType": "viewer-request", "FunctionARN": "f"}], "LambdaFunctionAssociations": [{"EventType": "origin-request", "LambdaFunctionARN": "a:1"}]}})})
def two_kinds_at_viewer_events(view: View) -> Iterator[str]:
    for one, association, behaviour in associations(view):
        if association["EventType"].startswith("viewer") and behaviour.get("FunctionAssociations"):
            yield f"{one.logical_id}: {association['EventType']} beside a CloudFront function"


@fact("A bucket that is the origin of an origin access control lets cloudfront.amazonaws.com read it.",
      f"{DOCS}/private-content-restricting-access-to-s3.html",
      bad={"Files": of("S3::Bucket"), "Site": of("CloudFront::Distribution", DistributionConfig={"Enabled": True, "Origins": [{"Id": "f", "DomainName": {"Fn::Sub": "${Files}.s3.${AWS::Region}.amazonaws.com"}, "OriginAccessControlId": "E1"}]})},
      good={"Files": of("S3::Bucket"), "May": of("S3::BucketPolicy", Bucket=ref("Files"), PolicyDocument={"Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", "Resource": {"Fn::Join": ["", [arn("Files"), "/*"]]}}]}), "Site": of("CloudFront::Distribution", DistributionConfig={"Enabled": True, "Origins": [{"Id": "f", "DomainName": {"Fn::Sub": "${Files}.s3.${AWS::Region}.amazonaws.com"}, "OriginAccessControlId": "E1"}]})})
def origin_that_may_not_be_read(view: View) -> Iterator[str]:
    for one in view.of("CloudFront::Distribution"):
        for origin in one.properties["DistributionConfig"].get("Origins", []):
            bucket = view.resource_of(str(origin.get("DomainName", "")).split(".s3.")[0])
            if not origin.get("OriginAccessControlId") or bucket is None or bucket.type != "AWS::S3::Bucket":
                continue
            policies = [p for p in view.of("S3::BucketPolicy") if p.properties["Bucket"] == bucket.name]
            readers = [s for p in policies for s in as_list(p.properties["PolicyDocument"]["Statement"]) if "cloudfront.amazonaws.com" in json.dumps(s.get("Principal"))]
            if not readers:
                yield f"{one.logical_id}: {bucket.logical_id} does not let CloudFront read"
