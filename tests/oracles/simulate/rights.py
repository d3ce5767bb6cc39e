"""What a role may do, as far as the policies are certainly attached when a resource is made."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Iterator

from simulate.making import Making
from simulate.model import Instance


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@cache
def compiled(pattern: str, fold: bool) -> re.Pattern[str]:
    expression = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile(expression, re.IGNORECASE | re.DOTALL if fold else re.DOTALL)


def matches(pattern: str, text: str, fold: bool = False) -> bool:
    """IAM's wildcards: `*` any text, `?` one character."""
    return compiled(pattern, fold).fullmatch(text) is not None


def role_of(making: Making, arn: str) -> Instance | None:
    """The role with an ARN, also one that CloudFormation may not have made yet; nothing if it is not ours."""
    return next((role for role in making.account.instances("AWS::IAM::Role") if role.arn == arn), None)


def statements(making: Making, role: Instance) -> Iterator[dict[str, Any]] | None:
    """The statements of a role that certainly hold now; None if it has a managed policy whose text is not in the template."""
    found: list[dict[str, Any]] = []
    managed = {policy.arn: policy for policy in making.account.instances("AWS::IAM::ManagedPolicy")}
    for arn in as_list(role.properties.get("ManagedPolicyArns")):
        if arn not in managed:
            return None
        found += as_list(managed[arn].properties["PolicyDocument"]["Statement"])
    for policy in as_list(role.properties.get("Policies")):
        found += as_list(policy["PolicyDocument"]["Statement"])
    for kind in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy"):
        for policy in making.visible(kind):
            names = as_list(policy.properties.get("Roles")) + as_list(policy.properties.get("RoleName"))
            if role.name in names:
                found += as_list(policy.properties.get("PolicyDocument", {}).get("Statement"))
    return iter(found)


def may(making: Making, role_arn: str, action: str, resource: str) -> bool:
    """Whether the role certainly has the right now. Conditions are taken to hold: only existence is in question."""
    role = role_of(making, role_arn)
    held = statements(making, role) if role else None
    if held is None:
        return True
    for statement in held:
        actions, resources = as_list(statement.get("Action")), as_list(statement.get("Resource"))
        if statement.get("Effect") == "Allow" and any(matches(str(a), action, fold=True) for a in actions):
            if any(matches(str(r), resource) for r in resources):
                return True
    return False


def must_have(making: Making, role_arn: str, actions: list[str], resource: str, purpose: str) -> None:
    missing = [action for action in actions if not may(making, role_arn, action, resource)]
    if missing:
        making.report("role-without-right", f"{purpose}: the role has no {', '.join(missing)} on {resource} when this is made")


def must_trust(making: Making, role_arn: str, service: str) -> None:
    role = role_of(making, role_arn)
    if role is None:
        return
    principals = [s.get("Principal", {}) for s in as_list(role.properties["AssumeRolePolicyDocument"]["Statement"])]
    trusted = {str(name) for p in principals if isinstance(p, dict) for name in as_list(p.get("Service"))}
    if service not in trusted:
        making.report("role-not-assumable", f"{role.logical_id} does not trust {service}")
