"""Rights: what may read, write and call what. What a distribution serves, and what runs at its edge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reading.graph import Edge, View
from reading.rights import capabilities, listed, of_role

# The kinds of resources that an action of a service acts on, and whether it acts on what is below their ARN.
SERVICES = {"s3": "bucket", "sqs": "queue", "sns": "topic", "dynamodb": "table", "kinesis": "stream", "events": "bus",
            "lambda": "function", "states": "machine", "secrets": "secret", "database": "", "api": "api",
            "cloudfront": "distribution", "logs": "log_group"}
SCOPED = {"s3", "api", "database"}  # the part below the ARN narrows the right: keys, routes, users
OBJECTS = {"s3 read", "s3 write", "s3 delete"}


def holders(view: View) -> dict[str, list[str]]:
    """Who acts with each role: functions, machines and proxies; else the services that its trust policy names."""
    found: dict[str, list[str]] = {role: [] for role, _ in view.each("AWS::IAM::Role")}
    arns = {view.values.arn(role): role for role in found}
    for kind, key in (("AWS::Lambda::Function", "Role"), ("AWS::StepFunctions::StateMachine", "RoleArn"),
                      ("AWS::RDS::DBProxy", "RoleArn")):
        for logical_id, given in view.each(kind):
            if given.get(key) in arns:
                found[arns[given[key]]].append(logical_id)
    for role, given in view.each("AWS::IAM::Role"):
        if not found[role]:
            for statement in listed(given["AssumeRolePolicyDocument"]["Statement"]):
                found[role] += [f"<{service}>" for service in listed(statement["Principal"].get("Service"))]
    return found


def rights(view: View) -> Iterator[Edge]:
    for role, who in holders(view).items():
        for statement in of_role(view.values, role):
            for holder in who:
                kind = "may" if statement.effect == "Allow" else "may not"
                for capability, target, scope in granted(view, statement):
                    yield Edge(kind, holder, target, " ".join(filter(None, (capability, scope, statement.only_if()))))


def granted(view: View, statement: Any) -> Iterator[tuple[str, str, str]]:
    """What a statement gives, on what. An action on what its service does not have gives nothing."""
    for action in statement.actions:
        for capability in capabilities(action):
            service = capability.split(" ")[0]
            for pattern in statement.resources:
                for target, rest in view.reached(pattern):
                    kind = SERVICES.get(service, "")
                    if kind and target in view.values.resources and view.kind(target) != kind:
                        continue
                    if capability in OBJECTS and not rest or capability == "s3 list" and rest not in ("", "*"):
                        continue
                    if capability == "dynamodb read stream" and not rest.startswith(("/stream", "*")):
                        continue
                    scope = rest.removeprefix("/") if service in SCOPED and rest != "*" else ""
                    yield capability, target, scope


def edge_locations(view: View) -> Iterator[Edge]:
    """What a distribution serves from, and what runs at its edge."""
    for site, given in view.each("AWS::CloudFront::Distribution"):
        config = given["DistributionConfig"]
        for origin in config.get("Origins", []):
            yield Edge("origin", site, origin_of(view, origin["DomainName"]))
        behaviours = [("*", config["DefaultCacheBehavior"])]
        behaviours += [(one["PathPattern"], one) for one in config.get("CacheBehaviors", [])]
        for path, behaviour in behaviours:
            for one in behaviour.get("LambdaFunctionAssociations", []):
                yield Edge("edge", site, view.named(one["LambdaFunctionARN"]), f"{one['EventType']} {path}")
            for one in behaviour.get("FunctionAssociations", []):
                yield Edge("edge", site, view.named(one["FunctionARN"]), f"{one['EventType']} {path}")


def origin_of(view: View, domain: str) -> str:
    """A bucket or an API, by the host name that the template makes of it."""
    for logical_id in view.nodes:
        name = view.values.name(logical_id)
        if view.kind(logical_id) in ("bucket", "api") and domain.startswith((f"{name}.", f"<{logical_id}.")):
            return logical_id
    return f"<{domain}>"
