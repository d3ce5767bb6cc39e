"""The graph that the source means, as `purlin graph --format json` tells it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common import Json, OracleFailure, purlin


@dataclass(frozen=True)
class Node:
    name: str
    kind: str
    logical_id: str


@dataclass(frozen=True)
class Edge:
    """A trigger runs from what wakes to what is woken; a capability from the holder to the target."""

    source: Node
    target: Node
    type: str
    label: str
    arguments: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.type} {self.source.name} -> {self.target.name} ({self.label})"


@dataclass(frozen=True)
class Graph:
    nodes: dict[str, Node]
    edges: list[Edge]

    def triggers(self) -> list[Edge]:
        return [edge for edge in self.edges if edge.type == "trigger"]

    def capabilities(self) -> list[Edge]:
        return [edge for edge in self.edges if edge.type == "capability"]

    def from_holder(self, name: str) -> list[Edge]:
        return [edge for edge in self.capabilities() if edge.source.name == name]


UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def argument(text: str) -> Any:
    """An argument as the source writes it: a text, a number, a list, or a duration in seconds."""
    duration = re.fullmatch(r"(\d+)(ms|s|m|h|d)", text)
    if duration:
        return int(int(duration[1]) * UNITS[duration[2]])
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def parse(data: Json) -> Graph:
    nodes = {n["name"]: Node(n["name"], n["kind"], n.get("logical_id") or "") for n in data["nodes"]}
    edges = []
    for edge in data["edges"]:
        for end in (edge["from"], edge["to"]):
            if end not in nodes:
                raise OracleFailure(f"the graph's edge {edge} names {end}, which is not among its nodes")
        arguments = {name: argument(text) for name, text in edge.get("arguments", {}).items()}
        edges.append(Edge(nodes[edge["from"]], nodes[edge["to"]], edge["type"], edge.get("label") or "", arguments))
    return Graph(nodes, edges)


def graphs_of(folder: Path) -> dict[str, Graph]:
    """The graph of each stack by its name: the command prints one document after the other."""
    text, decoder, found = purlin("graph", folder, "--format", "json").strip(), json.JSONDecoder(), {}
    while text:
        document, end = decoder.raw_decode(text)
        found[document["stack"]] = parse(document)
        text = text[end:].lstrip()
    return found
