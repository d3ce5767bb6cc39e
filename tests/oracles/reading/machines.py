"""What state machines call, from their definitions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from reading.graph import Edge, View

# The field of a task's parameters that names what it acts on, by the service's integration.
TARGETS = {"lambda": "FunctionName", "sqs": "QueueUrl", "sns": "TopicArn", "states": "StateMachineArn",
           "dynamodb": "TableName", "events": "Entries"}


def calls(view: View) -> Iterator[Edge]:
    for machine, given in view.each("AWS::StepFunctions::StateMachine"):
        definition = given.get("Definition", given.get("DefinitionString"))
        text = definition if isinstance(definition, str) else json.dumps(definition)
        for name, value in given.get("DefinitionSubstitutions", {}).items():
            text = text.replace("${" + name + "}", str(value))
        for task in tasks(json.loads(text, strict=False)):
            edge = call(view, machine, task)
            if edge:
                yield edge


def tasks(definition: Any) -> Iterator[dict[str, Any]]:
    for state in definition.get("States", {}).values():
        if state["Type"] == "Task":
            yield state
        for inner in [*state.get("Branches", []), state.get("Iterator"), state.get("ItemProcessor")]:
            if inner:
                yield from tasks(inner)


def call(view: View, machine: str, task: dict[str, Any]) -> Edge | None:
    resource = str(task["Resource"])
    if ":lambda:" in resource and ":function:" in resource:
        return Edge("task", machine, view.named(resource), "lambda")
    found = re.fullmatch(r"arn:[\w-]+:states:::(?:aws-sdk:)?(\w+):(\w+)(\.[\w:]+)?", resource)
    if not found:
        return Edge("task", machine, f"<{resource}>")
    service, how = found[1], (found[3] or "").strip(".")
    parameters = task.get("Parameters", task.get("Arguments", {}))
    target = parameters.get(TARGETS.get(service, ""), f"<{resource}>")
    return Edge("task", machine, view.named(target), f"{service} {how}".strip())
