"""The graph that the source means, as `purlin graph --format json` tells it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

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


def parse(data: Json) -> Graph:
    nodes = {n["name"]: Node(n["name"], n["kind"], n.get("logical_id") or "") for n in data["nodes"]}
    edges = []
    for edge in data["edges"]:
        for end in (edge["from"], edge["to"]):
            if end not in nodes:
                raise OracleFailure(f"the graph's edge {edge} names {end}, which is not among its nodes")
        edges.append(Edge(nodes[edge["from"]], nodes[edge["to"]], edge["type"], edge.get("label") or ""))
    return Graph(nodes, edges)


def graph_of(folder: Path) -> Graph:
    return parse(json.loads(purlin("graph", folder, "--format", "json")))
