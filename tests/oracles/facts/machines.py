"""State machines: what the states language and its integrations ask for."""

from __future__ import annotations

import json
from typing import Any, Iterator

from facts.registry import fact
from facts.samples import of
from facts.view import View
from simulate.model import Instance


def states(view: View) -> Iterator[tuple[Instance, str, dict[str, Any]]]:
    """All states of all machines, those of branches and maps included."""
    for machine in view.of("StepFunctions::StateMachine"):
        definition = machine.properties.get("Definition") or json.loads(machine.properties.get("DefinitionString", "{}"))
        yield from ((machine, name, state) for name, state in inner(definition))


def inner(definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in definition.get("States", {}).items():
        yield name, state
        for part in [*state.get("Branches", []), state.get("ItemProcessor", {}), state.get("Iterator", {})]:
            yield from inner(part)


def machine(kind: str = "STANDARD", **state: Any) -> dict[str, Any]:
    definition = {"StartAt": "A", "States": {"A": state}}
    return {"Machine": of("StepFunctions::StateMachine", RoleArn="r", StateMachineType=kind, Definition=definition)}


@fact("A wait takes at most 99,999,999 seconds.",
      "https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html",
      bad=machine(Type="Wait", Seconds=259200000, End=True), good=machine(Type="Wait", Seconds=99999999, End=True))
def wait_too_long(view: View) -> Iterator[str]:
    for one, name, state in states(view):
        if isinstance(state.get("Seconds"), int) and state["Seconds"] > 99_999_999:
            yield f"{one.logical_id}: {name} waits {state['Seconds']} seconds"


@fact("A task that waits for a token passes it on as $$.Task.Token, or no answer is possible.",
      "https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html",
      bad=machine(Type="Task", Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters={"QueueUrl": "q", "MessageBody.$": "$"}, End=True),
      good=machine(Type="Task", Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters={"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}}, End=True))
def token_not_passed(view: View) -> Iterator[str]:
    for one, name, state in states(view):
        if str(state.get("Resource", "")).endswith(".waitForTaskToken"):
            text = json.dumps([state.get("Parameters"), state.get("Arguments")])
            if "$$.Task.Token" not in text and "$states.context.Task.Token" not in text:
                yield f"{one.logical_id}: {name} waits for a token that it does not pass"


@fact("An express machine neither waits for tokens nor runs jobs to their end.",
      "https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html",
      bad=machine("EXPRESS", Type="Task", Resource="arn:aws:states:::lambda:invoke.waitForTaskToken", Parameters={"x.$": "$$.Task.Token"}, End=True),
      good=machine("STANDARD", Type="Task", Resource="arn:aws:states:::lambda:invoke.waitForTaskToken", Parameters={"x.$": "$$.Task.Token"}, End=True))
def express_that_waits(view: View) -> Iterator[str]:
    for one, name, state in states(view):
        resource = str(state.get("Resource", ""))
        if one.properties.get("StateMachineType") == "EXPRESS" and (resource.endswith(".waitForTaskToken") or ".sync" in resource):
            yield f"{one.logical_id}: {name} uses {resource.split(':::')[-1]}"
