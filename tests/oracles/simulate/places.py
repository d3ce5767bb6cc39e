"""API Gateway, S3, logs, messages, networks and databases: what their create calls look up or wait for."""

from __future__ import annotations

import json

from simulate import functions, rights
from simulate.making import Making
from simulate.model import Instance, short_hash

REST_PARTS = ("Resource", "Method", "GatewayResponse", "Model", "RequestValidator", "Authorizer", "RestApi")
SOCKET_PARTS = ("Route", "Integration", "RouteResponse", "IntegrationResponse", "Model", "Authorizer", "Api")
ONLY_IF_USED = {"Model", "RequestValidator", "Authorizer"}  # what no method or route names has no effect
# What of the API itself takes effect without a new deployment, or is not served at all.
NOT_DEPLOYED = {"Name", "Description", "Tags", "EndpointConfiguration", "DisableExecuteApiEndpoint", "Policy"}


def served(making: Making, api: str, only_seen: bool) -> str:
    """What a deployment of this API holds: a digest over all of its parts."""
    version, names, key = ("", REST_PARTS, "RestApiId")
    if making.instance.type.startswith("AWS::ApiGatewayV2"):
        version, names, key = ("V2", SOCKET_PARTS, "ApiId")
    parts: list[str] = []
    for name in names:
        for part in making.account.instances(f"AWS::ApiGateway{version}::{name}"):
            mine = part.ref == api if name in ("RestApi", "Api") else part.properties.get(key) == api
            used = name not in ONLY_IF_USED or any(f'"{part.ref}"' in other for other in parts)
            if mine and used and (not only_seen or making.sees(part)):
                held = {k: v for k, v in part.properties.items() if k not in NOT_DEPLOYED}
                parts.append(f"{part.logical_id} {json.dumps(held, sort_keys=True)}")
    return short_hash(*sorted(parts))


def deployment(making: Making) -> None:
    """Takes the snapshot when it is made; an update of a deployment takes none."""
    if making.before is not None:
        making.instance.state = dict(making.before.state)
        return
    api = str(making.properties.get("RestApiId") or making.properties.get("ApiId"))
    making.instance.state = {"api": api, "holds": served(making, api, only_seen=True)}


def stage(making: Making) -> None:
    logs = making.properties.get("AccessLogSetting", {}).get("DestinationArn")
    if logs and making.instance.type == "AWS::ApiGateway::Stage" and not making.account.api_log_role:
        if making.find("AWS::ApiGateway::Account", lambda one: bool(one.properties.get("CloudWatchRoleArn"))) is None:
            making.report("no-log-role", "logs, and the account's CloudWatch role is not set")


def bucket(making: Making) -> None:
    logging = making.properties.get("LoggingConfiguration", {})
    if target := logging.get("DestinationBucketName"):
        of_logs = next((b for b in making.account.instances("AWS::S3::Bucket") if b.name == target), None)
        if of_logs is not None and of_logs is not making.instance:
            making.require("AWS::S3::Bucket", lambda b: b.name == target, "the bucket of its access logs")
            if not log_delivery(making, of_logs):
                making.report("no-log-delivery", f"logs into {of_logs.logical_id}, which lets logging.s3.amazonaws.com write only later or never")
    notified = making.properties.get("NotificationConfiguration", {})
    for entry in notified.get("LambdaConfigurations", []):
        permitted(making, str(entry["Function"]), "s3.amazonaws.com", "notification-not-permitted")
    for key, kind, policies in (("Queue", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy"), ("Topic", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy")):
        for entry in notified.get(f"{key}Configurations", []):
            allowed_by_policy(making, str(entry[key]), kind, policies)


def log_delivery(making: Making, of_logs: Instance) -> bool:
    for policy in making.visible("AWS::S3::BucketPolicy"):
        if policy.properties["Bucket"] == of_logs.name:
            for statement in rights.as_list(policy.properties["PolicyDocument"]["Statement"]):
                principal = statement.get("Principal")
                if isinstance(principal, dict) and "logging.s3.amazonaws.com" in rights.as_list(principal.get("Service")):
                    return True
    return "AccessControl" in of_logs.properties


def permitted(making: Making, target: str, service: str, fact: str) -> None:
    """A permission for the service on this function must certainly exist."""
    of = functions.named(making, target)
    if of is None:
        return
    def fits(one: Instance) -> bool:
        principal = str(one.properties.get("Principal", ""))
        return functions.named(making, str(one.properties["FunctionName"])) is of and (principal == service or principal.startswith(service.split(".")[0] + "."))
    if making.find("AWS::Lambda::Permission", fits) is None:
        making.report(fact, f"nothing permits {service} to invoke {of.logical_id} before this is made")


def allowed_by_policy(making: Making, target: str, kind: str, policies: str) -> None:
    of = next((one for one in making.account.instances(kind) if one.arn == target), None)
    held = "Queues" if kind == "AWS::SQS::Queue" else "Topics"
    if of is not None and making.find(policies, lambda p: of.ref in p.properties.get(held, [])) is None:
        making.report("notification-not-permitted", f"no policy lets S3 use {of.logical_id} before this is made")


def subscription_filter(making: Making) -> None:
    permitted(making, str(making.properties["DestinationArn"]), "logs.amazonaws.com", "subscription-not-permitted")


def policy_of_one(making: Making) -> None:
    """Queue and topic policies: the second one for the same queue or topic replaces the first."""
    key = "Queues" if making.instance.type == "AWS::SQS::QueuePolicy" else "Topics"
    mine = set(map(str, making.properties.get(key, [])))
    for other in making.account.instances(making.instance.type):
        if other is not making.instance and mine & set(map(str, other.properties.get(key, []))):
            making.report("two-policies-of-one", f"{other.logical_id} is a policy of the same {key[:-1].lower()}")


def target_group(making: Making) -> None:
    clusters = set(map(str, making.properties.get("DBClusterIdentifiers", [])))
    instances = [one.logical_id for one in making.of_template("AWS::RDS::DBInstance") if str(one.properties.get("DBClusterIdentifier")) in clusters]
    making.must_follow(instances, "proxy-before-instances", "registers the cluster")


def after_gateway(making: Making) -> None:
    """Whatever uses an internet gateway needs its attachment."""
    if making.instance.type == "AWS::EC2::Route" and "GatewayId" not in making.properties:
        return
    if making.instance.type == "AWS::EC2::NatGateway" and making.properties.get("ConnectivityType") == "private":
        return
    attachments = [one.logical_id for one in making.of_template("AWS::EC2::VPCGatewayAttachment")]
    making.must_follow(attachments, "gateway-not-attached", "uses the internet gateway")


def machine(making: Making) -> None:
    role = str(making.properties["RoleArn"])
    rights.must_trust(making, role, "states.amazonaws.com")
    if making.properties.get("LoggingConfiguration", {}).get("Destinations"):
        if not rights.may(making, role, "logs:CreateLogDelivery", "*"):
            making.report("machine-may-not-log", "the role has no logs:CreateLogDelivery when this is made")


def schedule(making: Making) -> None:
    rights.must_trust(making, str(making.properties["Target"]["RoleArn"]), "scheduler.amazonaws.com")


def rule(making: Making) -> None:
    bus = str(making.properties.get("EventBusName", "default")).split("/")[-1]
    making.require("AWS::Events::EventBus", lambda one: one.name == bus, "its bus")


def redrive(making: Making) -> None:
    policy = making.properties.get("RedrivePolicy")
    policy = json.loads(policy) if isinstance(policy, str) else policy or {}
    if target := policy.get("deadLetterTargetArn"):
        making.require("AWS::SQS::Queue", lambda one: one.arn == target, "its dead letter queue")


def distribution(making: Making) -> None:
    """Replicates the versions that it names: they cannot be deleted soon after."""
    text = json.dumps(making.properties)
    for version in making.account.instances("AWS::Lambda::Version"):
        if version.arn and f'"{version.arn}"' in text:
            version.state["edge"] = True
            of = functions.named(making, version.arn)
            if of is not None:
                of.state["edge"] = True


