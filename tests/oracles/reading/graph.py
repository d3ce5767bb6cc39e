"""The event graph of a template: edges between resources, each with what it is and what narrows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from common import Template
from reading.partitions import Partition
from reading.resources import NODES
from reading.rights import matches
from reading.values import Values


ALL = "<all>"  # the target of a right over every resource


@dataclass(frozen=True, order=True)
class Edge:
    """`source` and `target` are logical ids, or texts in brackets for what is not a resource of the template."""

    kind: str
    source: str
    target: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.source} -> {self.target}" + (f" [{self.detail}]" if self.detail else "")

    def renamed(self, name: Callable[[str], str]) -> Edge:
        return Edge(self.kind, name(self.source), name(self.target), self.detail)


class View:
    """A template of one partition, and its resources by what they are and how they are called."""

    def __init__(self, template: Template, partition: Partition) -> None:
        self.values = Values(template, partition)
        self.nodes = [i for i in self.values.resources if self.values.kind(i).short in NODES and self.made(i)]
        self.arns = {self.values.arn(i): i for i in self.nodes if self.values.kind(i).arn}
        self.arns |= {self.values.filled(k.users, i): i for i in self.nodes if (k := self.values.kind(i)).users}

    def made(self, logical_id: str) -> bool:
        condition = self.values.resources[logical_id].get("Condition")
        return condition is None or bool(self.values.of({"Condition": condition}))

    def each(self, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The resources of these types, with their computed properties."""
        for logical_id, resource in self.values.resources.items():
            if resource["Type"] in types and self.made(logical_id):
                yield logical_id, self.values.properties(logical_id)

    def kind(self, logical_id: str) -> str:
        return self.values.kind(logical_id).short if logical_id in self.values.resources else ""

    def named(self, text: Any, *kinds: str) -> str:
        """The resource that a name, an address, an ARN or something below an ARN means; else the text in brackets."""
        found = self.below(str(text))
        if found:
            return found[0]
        for logical_id in self.nodes:
            if kinds and self.kind(logical_id) not in kinds:
                continue
            if str(text) in (self.values.name(logical_id), str(self.values.ref(logical_id))):
                return logical_id
        return f"<{text}>"

    def below(self, text: str) -> tuple[str, str] | None:
        """The resource whose ARN this is, or begins; and what follows it."""
        for arn, logical_id in self.arns.items():
            if text == arn or text.startswith((arn + ":", arn + "/")):
                return logical_id, text[len(arn):]
        group = re.fullmatch(r"arn:[\w-]+:logs:[\w-]+:\d+:log-group:(.+?)(:\*)?", text)
        if group:
            name = self.log_group(group[1])
            return (name, "") if name in self.values.resources else None
        return None

    def stream_of(self, group: str) -> str:
        """The ARN of a stream in a log group: rights to write name it."""
        return self.values.attribute(group, "Arn").removesuffix("*") + "log-stream:x"

    def log_group(self, name: str) -> str:
        return next((i for i in self.nodes if self.kind(i) == "log_group" and self.values.name(i) == name), f"<{name}>")

    def reached(self, pattern: str) -> Iterator[tuple[str, str]]:
        """The resources that a pattern over ARNs allows, and the part below them; one for a pattern over all."""
        if pattern == "*":
            yield ALL, "*"
            return
        exact = self.below(pattern)
        if exact:
            yield exact
            return
        hit = [(i, "") for arn, i in self.arns.items() if matches(pattern, arn)]
        hit += [(i, "") for i in self.nodes if self.kind(i) == "log_group" and matches(pattern, self.stream_of(i))]
        hit += [(i, pattern) for arn, i in self.arns.items() if "*" in pattern and matches(pattern, arn + "/x")]
        yield from hit or [(f"<{pattern}>", "")]

    def function(self, name: Any) -> str:
        """The function that any of the names means which Lambda takes: name, ARN, either with a qualifier."""
        return self.named(self.values.function_arn(name))

    def function_in(self, uri: Any) -> str:
        """The resource that the address of an integration names."""
        found = re.search(r"/functions/(arn:.+?)/invocations", str(uri))
        return self.named(found[1] if found else uri)
