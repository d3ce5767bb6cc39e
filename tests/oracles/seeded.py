"""What the self-tests share: good templates with their graphs, and faults to seed into them."""

from __future__ import annotations

import copy
from typing import Any, Callable

import common
import graph
from common import HERE, Template

Fault = Callable[[Template], Any]


def fixture(name: str) -> tuple[Template, graph.Graph]:
    folder = HERE / "fixtures"
    return common.read_json(folder / f"{name}.json"), graph.parse(common.read_json(folder / f"{name}.graph.json"))


GOOD, GRAPH = fixture("intake")
WIRES, WIRES_GRAPH = fixture("wires")
NETWORK, NETWORK_GRAPH = fixture("network")


def properties(template: Template, name: str) -> dict[str, Any]:
    return template["Resources"][name]["Properties"]


def rights_of(template: Template, role: str) -> list[Any]:
    return properties(template, role)["Policies"][0]["PolicyDocument"]["Statement"]


def with_fault(fault: Fault, base: Template = GOOD) -> Template:
    template = copy.deepcopy(base)
    fault(template)
    return template


def right_elsewhere(t: Template) -> None:
    rights_of(t, "TakeRole")[1]["Resource"] = {"Fn::GetAtt": ["Parked", "Arn"]}
