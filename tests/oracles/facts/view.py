"""A template as a fact's check sees it: every resource with resolved properties, names and ARNs.

The simulated account of `simulate/` resolves it, in the Region with one of the longest names.
"""

from __future__ import annotations

import json
from typing import Any, Iterator

from simulate import engine, inputs
from simulate.model import Account, Instance
from simulate.rights import as_list, matches

REGION = "ap-southeast-2"
Json = Any


class View:
    def __init__(self, template: dict[str, Any], parameters: dict[str, str], others: dict[str, dict[str, Any]] | None = None) -> None:
        self.template = template
        account = Account()
        for name, other in (others or {}).items():
            engine.deploy(account, name, other, inputs.values(other), REGION)
        engine.deploy(account, "orders-prod", template, parameters, REGION)
        self.stack = account.stacks["orders-prod"]
        self.exports = [name for _, name in account.exports]
        self.resources: dict[str, Instance] = {
            f"{stack.name}/{name}": one for stack in account.stacks.values() for name, one in stack.current.items()}

    def of(self, *types: str) -> Iterator[Instance]:
        """The resources of these types; `Lambda::Function` is short for `AWS::Lambda::Function`."""
        full = {f"AWS::{name}" for name in types}
        return (one for one in self.resources.values() if one.type in full)

    def resource_of(self, value: Json) -> Instance | None:
        """The resource that an ARN, a Ref value or a name means."""
        return next((one for one in self.resources.values() if value and value in (one.arn, one.ref, one.name)), None)

    def function(self, value: Json) -> Instance | None:
        """The function with that name, its ARN or the ARN of one of its aliases or versions, also within the URI of an integration."""
        text = str(value).split("/functions/")[-1].removesuffix("/invocations")
        name = text.split(":function:")[-1].split(":")[0]
        return next((one for one in self.of("Lambda::Function") if one.name == name), None)

    def ordered(self, value: Json) -> bool:
        """Whether an ARN means a FIFO queue or topic."""
        one = self.resource_of(value)
        if one is not None:
            return is_true(one.properties.get("FifoQueue")) or is_true(one.properties.get("FifoTopic"))
        return str(value).endswith(".fifo")

    def role(self, arn: Json) -> Instance | None:
        return next((one for one in self.of("IAM::Role") if one.arn == arn), None)

    def statements(self, role: Instance) -> list[dict[str, Json]]:
        """All statements of a role, inline or in policies of this template."""
        documents = [policy["PolicyDocument"] for policy in role.properties.get("Policies", [])]
        for policy in self.of("IAM::Policy", "IAM::ManagedPolicy", "IAM::RolePolicy"):
            attached = policy.arn in role.properties.get("ManagedPolicyArns", [])
            named = as_list(policy.properties.get("Roles")) + as_list(policy.properties.get("RoleName"))
            if attached or role.name in named:
                documents.append(policy.properties.get("PolicyDocument", {}))
        return [s for document in documents for s in as_list(document.get("Statement"))]

    def unknown_policies(self, role: Instance) -> bool:
        own = {policy.arn for policy in self.of("IAM::ManagedPolicy")}
        return any(arn not in own for arn in role.properties.get("ManagedPolicyArns", []))

    def may(self, role_arn: Json, action: str, resource: str) -> bool:
        """Whether a role of this template has a right; a role or a policy from elsewhere is taken to have it."""
        role = self.role(role_arn)
        if role is None or self.unknown_policies(role):
            return True
        return any(allows(s, action, resource) for s in self.statements(role))

    def identity_documents(self) -> Iterator[tuple[str, Json]]:
        """The policy documents that belong to identities, with the logical id of their resource."""
        for role in self.of("IAM::Role"):
            for policy in role.properties.get("Policies", []):
                yield role.logical_id, policy["PolicyDocument"]
        for policy in self.of("IAM::Policy", "IAM::ManagedPolicy", "IAM::RolePolicy"):
            yield policy.logical_id, policy.properties.get("PolicyDocument", {})


def views(template: dict[str, Any], others: dict[str, dict[str, Any]] | None = None) -> Iterator[View]:
    """The template with its usual parameters, and with each parameter in turn at another of its values. The others are
    the stacks of the same project, by the names under which they are deployed."""
    usual = inputs.values(template)
    yield View(template, usual, others)
    for name, declared in template.get("Parameters", {}).items():
        for value in declared.get("AllowedValues", []):
            if str(value) != usual[name]:
                yield View(template, usual | {name: str(value)}, others)


def allows(statement: Json, action: str, resource: str) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    acts = any(matches(str(a), action, fold=True) for a in as_list(statement.get("Action")))
    return acts and any(matches(str(r), resource) for r in as_list(statement.get("Resource")))


def is_true(value: Json) -> bool:
    return value is True or value == "true"


def size(document: Json) -> int:
    """Characters without white space, as IAM counts them."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def services(principal: Json) -> list[str]:
    return [str(s) for s in as_list(principal.get("Service"))] if isinstance(principal, dict) else []
