"""What a deployment gives a template: values of its parameters, and packages of code in the bucket of packages."""

from __future__ import annotations

import re
from typing import Any

from simulate.model import Account

Template = dict[str, Any]
IDS = {
    "AWS::EC2::VPC::Id": "vpc-0123456789abcdef0",
    "AWS::EC2::Subnet::Id": "subnet-0123456789abcdef0",
    "AWS::EC2::SecurityGroup::Id": "sg-0123456789abcdef0",
    "AWS::EC2::Image::Id": "ami-0123456789abcdef0",
    "AWS::Route53::HostedZone::Id": "Z0123456789ABCDEFGHIJ",
}
PREFIX = "ArtifactPrefix"
BUCKET = "ArtifactBucket"


def first(name: str, declared: dict[str, Any]) -> str:
    """A value for a parameter: its default, or one that its type and its bounds allow."""
    if "Default" in declared:
        return str(declared["Default"])
    if "AllowedValues" in declared:
        return str(declared["AllowedValues"][0])
    kind = str(declared["Type"])
    if kind in ("Number", "List<Number>"):
        return str(declared.get("MinValue", 1))
    if found := re.search(r"AWS::EC2::[\w:]+Id|AWS::Route53::[\w:]+Id", kind):
        return IDS.get(found.group(), "id-0123456789abcdef0")
    if name == BUCKET:
        return "packages"
    return f"{name.lower()}-1".ljust(int(declared.get("MinLength", 0)), "x")


def values(template: Template, prefix: str = "v1/") -> dict[str, str]:
    given = {name: first(name, declared) for name, declared in template.get("Parameters", {}).items()}
    return given | ({PREFIX: prefix} if PREFIX in given else {})


def other(name: str, declared: dict[str, Any], now: str) -> str | None:
    """Another value for a parameter, or nothing if it allows only one."""
    if "AllowedValues" in declared:
        return next((str(value) for value in declared["AllowedValues"] if str(value) != now), None)
    if declared["Type"] == "Number":
        number = float(now) + 1
        number = float(now) - 1 if number > float(declared.get("MaxValue", number)) else number
        return str(int(number)) if number >= float(declared.get("MinValue", number)) else None
    if declared["Type"].startswith("AWS::"):
        return None
    return now + "2" if len(now) < int(declared.get("MaxLength", len(now) + 1)) else now[:-1] + "2"


def upload(account: Account, template: Template, prefix: str, edition: str) -> None:
    """Puts all packages of a template into the bucket, with bytes that depend on the edition alone."""
    for resource in template["Resources"].values():
        for key in package_keys(resource.get("Properties", {}).get("Code")):
            account.packages[prefix + key] = f"{key} {edition}"


def package_keys(code: Any) -> list[str]:
    """The keys of packages below the prefix, as a function's `Code` names them."""
    key = code.get("S3Key") if isinstance(code, dict) else None
    text = key.get("Fn::Sub", "") if isinstance(key, dict) else key
    if isinstance(text, list):
        text = text[0]
    return [text.removeprefix("${" + PREFIX + "}")] if isinstance(text, str) and text else []
