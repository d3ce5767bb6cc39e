"""Small resources from which the facts' test templates are put together."""

from __future__ import annotations

from typing import Any

Json = Any


def of(resource_type: str, **properties: Json) -> dict[str, Json]:
    return {"Type": f"AWS::{resource_type}", "Properties": properties}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def arn(name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, "Arn"]}


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


def allow(action: Json, resource: Json = "*", **more: Json) -> dict[str, Json]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: Json) -> dict[str, Json]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(service: Json, *statements: Json) -> dict[str, Json]:
    trust = document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})
    policies = [{"PolicyName": "rights", "PolicyDocument": document(*statements)}]
    return of("IAM::Role", AssumeRolePolicyDocument=trust, Policies=policies)


def function(role_name: str = "Role", **properties: Json) -> dict[str, Json]:
    code = {"ZipFile": "def handler(event, context): pass"}
    return of("Lambda::Function", Runtime="python3.13", Handler="index.handler", Code=code, Role=arn(role_name), **properties)


def functions(*statements: Json, **properties: Json) -> dict[str, Json]:
    """A function `Work` and its role `Role`."""
    return {"Role": role("lambda.amazonaws.com", *statements), "Work": function(**properties)}


def queue(fifo: bool = False, **properties: Json) -> dict[str, Json]:
    return of("SQS::Queue", **({"FifoQueue": True} if fifo else {}), **properties)


def key(*statements: Json) -> dict[str, Json]:
    return of("KMS::Key", KeyPolicy=document(*statements))


def serves(service: str, *actions: str) -> dict[str, Json]:
    """A statement of a key policy for a service."""
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions), "Resource": "*"}
