"""Lambda: functions, versions, aliases and what is configured for one of them."""

from __future__ import annotations

import json
from simulate import rights
from simulate.making import Making
from simulate.model import Instance, short_hash

# Whether a property is part of what a version holds. Source: "Lambda function versions" (a version has the code, the
# settings and a runtime), and the note there that settings such as reserved concurrency belong to the function.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html, as of 2026-11-25. Where the page does not
# name a property, the answers of GetFunctionConfiguration with a qualifier decide. `test_every_property...` in the
# self-test holds this table to the schema.
VERSIONED = {
    "Architectures": True, "Code": True, "DeadLetterConfig": True, "Description": True, "Environment": True,
    "EphemeralStorage": True, "FileSystemConfigs": True, "Handler": True, "ImageConfig": True, "KmsKeyArn": True,
    "Layers": True, "LoggingConfig": True, "MemorySize": True, "PackageType": True, "Role": True, "Runtime": True,
    "SnapStart": True, "Timeout": True, "TracingConfig": True, "VpcConfig": True, "CapacityProviderConfig": True,
    "DurableConfig": True, "TenancyConfig": True,
    "CodeSigningConfigArn": False, "FunctionName": False, "FunctionScalingConfig": False,
    "PublishToLatestPublished": False, "RecursiveLoop": False, "ReservedConcurrentExecutions": False,
    "RuntimeManagementConfig": False, "SnapStartResponse": False, "Tags": False, "Arn": False,
}
POLL = {  # service of the source -> what the role needs on the source
    "sqs": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    "kinesis": ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator"],
    "dynamodb": ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
}
SEND = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction", "events": "events:PutEvents",
        "s3": "s3:PutObject"}
INTERFACES = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]


def digest(making: Making) -> str:
    """The digest of a function's code: of the package that lies under the key now, of the text, or of the image."""
    code = making.properties.get("Code", {})
    if "S3Key" not in code:
        return short_hash(json.dumps(code, sort_keys=True))
    key = str(code["S3Key"])
    if key not in making.account.packages:
        making.report("package-missing", f"there is no package {key}")
    return making.account.packages.get(key, "none")


def snapshot(making: Making) -> str:
    """What a version published now would hold."""
    held = {key: value for key, value in making.properties.items() if VERSIONED.get(key, True) and key != "Code"}
    return short_hash(digest(making), json.dumps(held, sort_keys=True))


def function(making: Making) -> None:
    instance = making.instance
    instance.state = dict(making.before.state) if making.before else {"published": [], "edge": False}
    instance.state["code"], instance.state["latest"] = digest(making), snapshot(making)


def check_function(making: Making) -> None:
    properties = making.properties
    role = str(properties.get("Role", ""))
    rights.must_trust(making, role, "lambda.amazonaws.com")
    if properties.get("VpcConfig", {}).get("SubnetIds"):
        rights.must_have(making, role, INTERFACES, "*", "a function in a VPC")
    if target := properties.get("DeadLetterConfig", {}).get("TargetArn"):
        sends(making, role, str(target), "a dead letter target")
    for system in properties.get("FileSystemConfigs", []):
        point = making.find("AWS::EFS::AccessPoint", lambda one: one.arn == system["Arn"])
        used = point.properties["FileSystemId"] if point else None
        targets = [t.logical_id for t in making.of_template("AWS::EFS::MountTarget") if t.properties["FileSystemId"] == used]
        making.must_follow(targets, "function-before-mount-target", "mounts the file system")


def sends(making: Making, role: str, target: str, purpose: str) -> None:
    service = target.split(":")[2] if target.count(":") > 2 else ""
    if service in SEND:
        resource = target + "/x" if service == "s3" else target
        rights.must_have(making, role, [SEND[service]], resource, f"{purpose} {target}")


def named(making: Making, given: str) -> Instance | None:
    """The function with a name or an ARN, or the ARN of one of its aliases or versions."""
    name = given.split(":function:")[-1].split(":")[0]
    return next((one for one in making.account.instances("AWS::Lambda::Function") if one.name == name), None)


def qualified(making: Making, given: str, qualifier: str) -> None:
    """The function, and the alias if one is named, must exist when the call is made."""
    found = named(making, given)
    if found is None:
        return
    making.require("AWS::Lambda::Function", lambda one: one.name == found.name, f"the function {found.logical_id}")
    if qualifier and not qualifier.isdigit() and qualifier != "$LATEST":
        wanted = lambda one: one.properties["Name"] == qualifier and named(making, str(one.properties["FunctionName"])) is found
        making.require("AWS::Lambda::Alias", wanted, f"the alias `{qualifier}` of {found.logical_id}", ours=True)


def version(making: Making) -> None:
    instance = making.instance
    if making.before is not None:
        instance.state = dict(making.before.state)
        instance.ref, instance.arn, instance.attributes = making.before.ref, making.before.arn, making.before.attributes
        return
    of = named(making, str(making.properties["FunctionName"]))
    if of is None:
        return
    published = of.state["published"]
    if published and published[-1] == of.state["latest"]:
        making.report("version-exists", f"publishes {of.logical_id}, and neither its code nor its configuration changed")
    of.state["published"] = [*published, of.state["latest"]]
    number = str(len(of.state["published"]))
    instance.state = {"function": of.name, "holds": of.state["latest"], "code": of.state["code"], "edge": False}
    instance.attributes = {"Version": number, "FunctionArn": f"{of.arn}:{number}"}
    instance.ref = instance.arn = f"{of.arn}:{number}"


def alias(making: Making) -> None:
    of = named(making, str(making.properties["FunctionName"]))
    if of is not None:
        making.instance.ref = making.instance.arn = f"{of.arn}:{making.properties['Name']}"
        making.instance.attributes["AliasArn"] = making.instance.arn


def invoke_config(making: Making) -> None:
    given = str(making.properties["FunctionName"])
    qualified(making, given, str(making.properties.get("Qualifier", "")))
    of = named(making, given)
    destinations = making.properties.get("DestinationConfig", {})
    for outcome in destinations.values():
        if of is not None and outcome.get("Destination"):
            sends(making, str(of.properties["Role"]), str(outcome["Destination"]), "a destination")


def url(making: Making) -> None:
    qualified(making, str(making.properties["TargetFunctionArn"]), str(making.properties.get("Qualifier", "")))


def permission(making: Making) -> None:
    given = str(making.properties["FunctionName"])
    qualified(making, given, given.split(":function:")[-1].partition(":")[2])


def mapping(making: Making) -> None:
    permission(making)
    of, source = named(making, str(making.properties["FunctionName"])), str(making.properties.get("EventSourceArn", ""))
    service = source.split(":")[2] if source.count(":") > 2 else ""
    if of is None:
        return
    role = str(of.properties["Role"])
    if service in POLL:
        rights.must_have(making, role, POLL[service], source, "a poller")
    failed = making.properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if failed:
        sends(making, role, str(failed), "a destination")
