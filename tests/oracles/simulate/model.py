"""The state of a simulated account: resources, names that are taken, exports, packages of code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any, Iterator, NamedTuple

ACCOUNT = "123456789012"
REGION = "us-east-1"


class Problem(NamedTuple):
    """What AWS would refuse, or do otherwise than the template means: `fact` names the entry of `catalogue.py`."""

    fact: str
    resource: str
    text: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.text}"


def short_hash(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


@dataclass
class Instance:
    """One resource that was made. Properties are resolved and never changed in place."""

    logical_id: str
    type: str
    stack: str
    properties: dict[str, Any]
    policies: tuple[str, str]  # DeletionPolicy, UpdateReplacePolicy
    needs: frozenset[str]
    born: int  # the operation that made it
    name: str = ""
    ref: str = ""
    arn: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    claims: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def deletion_policy(self) -> str:
        return self.policies[0]

    @property
    def replace_policy(self) -> str:
        return self.policies[1]

    def attribute(self, name: str) -> str:
        if name in self.attributes:
            return self.attributes[name]
        if name == "Arn" or name.endswith("Arn") and name.removesuffix("Arn") in self.type:
            return self.arn
        return f"{self.ref or self.name}.{name}"

    def __str__(self) -> str:
        return f"{self.logical_id} ({self.type})"


@dataclass
class Stack:
    name: str
    id: str
    region: str
    current: dict[str, Instance] = field(default_factory=dict)
    imports: frozenset[str] = frozenset()  # the exports that it imported in the last operation

    def copy(self) -> Stack:
        current = {key: replace(i, state=dict(i.state), claims=list(i.claims)) for key, i in self.current.items()}
        return replace(self, current=current)


@dataclass
class Account:
    """An AWS account. Names are claimed by (scope, ..., name): a scope without a region is the whole account's."""

    packages: dict[str, str] = field(default_factory=dict)  # key in the bucket of packages -> digest of its bytes
    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    stacks: dict[str, Stack] = field(default_factory=dict)
    retained: list[Instance] = field(default_factory=list)
    exports: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    api_log_role: bool = True  # a precondition of REST access logs, see the facts
    operation: int = 0
    made: int = 0

    def copy(self) -> Account:
        stacks = {name: stack.copy() for name, stack in self.stacks.items()}
        return replace(self, packages=dict(self.packages), names=dict(self.names), stacks=stacks,
                       retained=list(self.retained), exports=dict(self.exports))

    def instances(self, resource_type: str) -> Iterator[Instance]:
        for stack in self.stacks.values():
            for instance in stack.current.values():
                if instance.type == resource_type:
                    yield instance
        yield from (instance for instance in self.retained if instance.type == resource_type)

    def stack_id(self, name: str, region: str) -> str:
        """A new id. CloudFormation's is a UUID; two of them may share the last part but not the first."""
        self.made += 1
        digest = short_hash(name, region, self.made)
        return f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{name}/{digest[:8]}-aaaa-11ef-bbbb-0affd5ccccdd"

    def importers(self, name: str, region: str) -> list[str]:
        return [stack.name for stack in self.stacks.values() if name in stack.imports and stack.region == region]

    def release(self, instance: Instance) -> None:
        for claim in instance.claims:
            self.names.pop(claim, None)
