"""Who may do what: the statements of the roles of a template, and what their actions amount to."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from common import OracleFailure
from reading.values import Values

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Statement:
    """One statement. A NotAction or a NotResource is read as every action or resource."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # operator, key, values

    def values(self, key: str) -> tuple[str, ...]:
        """The values that a condition compares a key with."""
        return tuple(value for _, of, values in self.conditions if of.lower() == key.lower() for value in values)

    def only_if(self, *besides: str) -> str:
        """Its conditions as a text, but for those on the keys `besides`."""
        told = [f"{operator} {key}={','.join(values)}" for operator, key, values in self.conditions if key not in besides]
        return f"if {' and '.join(sorted(told))}" if told else ""


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def statements(document: Any) -> Iterator[Statement]:
    for statement in listed((document or {}).get("Statement")):
        actions = listed(statement.get("Action")) or ["*"]
        resources = listed(statement.get("Resource")) or ["*"]
        yield Statement(
            statement["Effect"], tuple(map(str, actions)), tuple(map(str, resources)),
            tuple(conditions(statement.get("Condition", {}))),
        )


def conditions(given: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The conditions of a statement. That a key must be there (`Null`) narrows nothing beside another condition on it."""
    compared = {key for operator, keys in given.items() if operator != "Null" for key in keys}
    for operator, keys in given.items():
        for key, values in keys.items():
            if operator != "Null" or key not in compared:
                yield operator, key, tuple(sorted(text_of(value) for value in listed(values)))


def text_of(value: Any) -> str:
    """A value of a condition, which IAM compares as a text: `false` and `"false"` are one."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def managed() -> dict[str, Any]:
    """The policies that AWS manages, by the path and name at the end of their ARN; moto ships their text."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    found = json.loads(aws_managed_policies_data)
    return {data["Path"].removeprefix("/") + name: data["Document"] for name, data in found.items()}


def managed_document(arn: str) -> Any:
    name = arn.split(":policy/", 1)[-1]
    if name not in managed():
        raise OracleFailure(f"nobody knows the managed policy {arn}")
    return managed()[name]


def of_role(values: Values, role: str) -> Iterator[Statement]:
    """Every statement that the template gives to a role."""
    properties = values.properties(role)
    for policy in properties.get("Policies", []):
        yield from statements(policy["PolicyDocument"])
    for arn in properties.get("ManagedPolicyArns", []):
        own = re.fullmatch(r"<(\w+)>", arn)
        if own is None:
            yield from statements(managed_document(arn))
        else:
            yield from statements(values.properties(own[1])["PolicyDocument"])
    for other in values.resources:
        if values.resources[other]["Type"] in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"):
            given = values.properties(other)
            if values.name(role) in [*listed(given.get("Roles")), given.get("RoleName")]:
                yield from statements(given["PolicyDocument"])


@cache
def tables() -> tuple[dict[str, list[str]], list[str]]:
    data = tomllib.loads((HERE / "actions.toml").read_text(encoding="utf-8"))
    return data["capabilities"], data["without_effect"]["actions"]


def matches(pattern: str, text: str) -> bool:
    """As IAM does: `*` is any run, `?` one character, the case of an action does not matter."""
    form = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(form, text, re.IGNORECASE | re.DOTALL) is not None


@cache
def capabilities(action: str) -> frozenset[str]:
    """What an action, or a pattern of actions, lets its holder do."""
    classes, harmless = tables()
    found = {name for name, actions in classes.items() if any(matches(action, known) for known in actions)}
    if found or any(matches(known, action) or matches(action, known) for known in harmless):
        return frozenset(found)
    return frozenset({action})
