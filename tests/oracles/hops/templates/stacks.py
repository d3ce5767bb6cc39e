"""Stacks as plain data, and how one refers to a thing of another: by export, nested stack, name, parameter store or link."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from .world import Thing, World

Value = Any
WAYS = ("one", "exports", "nested", "names", "ssm", "links")
PLACE = "${AWS::Region}:${AWS::AccountId}"

TYPES = {"bucket": "AWS::S3::Bucket", "queue": "AWS::SQS::Queue", "topic": "AWS::SNS::Topic", "bus": "AWS::Events::EventBus",
         "table": "AWS::DynamoDB::Table", "stream": "AWS::Kinesis::Stream", "machine": "AWS::StepFunctions::StateMachine",
         "express": "AWS::StepFunctions::StateMachine", "function": "AWS::Lambda::Function", "log-group": "AWS::Logs::LogGroup",
         "http-api": "AWS::ApiGatewayV2::Api", "rest-api": "AWS::ApiGateway::RestApi"}
NAMES = {"bucket": "BucketName", "queue": "QueueName", "topic": "TopicName", "bus": "Name", "table": "TableName", "stream": "Name",
         "machine": "StateMachineName", "express": "StateMachineName", "function": "FunctionName", "log-group": "LogGroupName"}
# What no text can name: the service chooses the id or the time in it.
UNNAMED = {"http-api", "rest-api"}
ATTRIBUTES = {("queue", "name"): "QueueName", ("topic", "name"): "TopicName", ("bus", "name"): "Name", ("table", "stream"): "StreamArn"}
REFS = {"arn": {"topic", "machine", "express"}, "name": {"bucket", "table", "stream", "function", "log-group", "bus"}, "url": {"queue"},
        "id": {"http-api", "rest-api"}}


def ref(name: str) -> Value:
    return {"Ref": name}


def att(name: str, attribute: str) -> Value:
    return {"Fn::GetAtt": [name, attribute]}


def sub(text: str, **values: Value) -> Value:
    return {"Fn::Sub": [text, values]} if values else {"Fn::Sub": text}


def arn_text(thing: str, name: str, place: str = PLACE, partition: str = "${AWS::Partition}") -> str:
    """The ARN of a thing by its physical name."""
    middle = {"bucket": "s3::", "queue": f"sqs:{place}", "topic": f"sns:{place}", "bus": f"events:{place}", "default-bus": f"events:{place}",
              "table": f"dynamodb:{place}", "stream": f"kinesis:{place}", "machine": f"states:{place}", "express": f"states:{place}",
              "function": f"lambda:{place}", "log-group": f"logs:{place}"}[thing]
    kind = {"bus": "event-bus/", "default-bus": "event-bus/", "table": "table/", "stream": "stream/", "machine": "stateMachine:",
            "express": "stateMachine:", "function": "function:", "log-group": "log-group:"}.get(thing, "")
    return f"arn:{partition}:{middle}:{kind}{name}"


@dataclass
class Stack:
    name: str
    sam: bool = False
    form: str = "yaml"
    parameters: dict[str, Value] = field(default_factory=dict)
    conditions: dict[str, Value] = field(default_factory=dict)
    resources: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Value] = field(default_factory=dict)

    def add(self, logical: str, kind: str, properties: dict[str, Value], condition: str | None = None, **more: Value) -> str:
        """Adds a resource under this logical id, with a number if it is taken."""
        name, number = logical, 2
        while name in self.resources:
            name, number = f"{logical}{number}", number + 1
        self.resources[name] = {"Type": kind, **({"Condition": condition} if condition else {}), **more, "Properties": properties}
        return name

    def template(self) -> dict[str, Any]:
        made: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09"}
        if self.sam:
            made["Transform"] = "AWS::Serverless-2016-10-31"
            made["Globals"] = {"Function": {"Runtime": "python3.13", "Timeout": 20}}
        parts = {"Parameters": self.parameters, "Conditions": self.conditions, "Resources": self.resources, "Outputs": self.outputs}
        return made | {name: part for name, part in parts.items() if part}


@dataclass
class Stacks:
    """All stacks of a project, and how they are joined."""

    rng: Random
    world: World
    way: str
    stacks: list[Stack]
    given: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)  # parameter of a stack: output of another
    foreign: dict[str, str] = field(default_factory=dict)  # things of a Purlin stack: the names of their exports begin so

    def own(self, thing: Thing, attribute: str) -> Value:
        """A thing's attribute within its own stack."""
        if attribute == "arn" and thing.physical and self.rng.random() < 0.2:
            return sub(arn_text(thing.thing, thing.physical))
        if thing.thing in REFS.get(attribute, ()):
            return ref(thing.logical)
        return att(thing.logical, ATTRIBUTES.get((thing.thing, attribute), "Arn"))

    def value(self, stack: int, thing: Thing, attribute: str) -> Value:
        """A thing's attribute as this stack gets at it."""
        if thing.thing == "default-bus":
            return "default" if attribute == "name" else sub(arn_text("default-bus", "default"))
        if thing.name in self.foreign:
            return {"Fn::ImportValue": f"{self.foreign[thing.name]}-{'stream-arn' if attribute == 'stream' else attribute}"}
        if stack == thing.stack:
            return self.own(thing, attribute)
        nameable = thing.physical and attribute in ("arn", "name")
        if nameable and (self.way == "names" or (self.way in ("exports", "nested") and thing.stack > stack)):
            return thing.physical if attribute == "name" else sub(arn_text(thing.thing, thing.physical or ""))
        return self.joined(stack, thing, attribute)

    def joined(self, stack: int, thing: Thing, attribute: str) -> Value:
        """The value over the border of two stacks."""
        owner = self.stacks[thing.stack]
        label = f"{thing.logical}{attribute.title()}"
        if self.way == "ssm":
            path = f"/{owner.name}/{label}"
            stored = {"Type": "String", "Name": path, "Value": self.own(thing, attribute)}
            if f"Stored{label}" not in owner.resources:
                owner.add(f"Stored{label}", "AWS::SSM::Parameter", stored)
            if self.rng.random() < 0.5:
                return f"{{{{resolve:ssm:{path}}}}}"
            name = f"From{owner.name.title()}{label}"
            self.stacks[stack].parameters[name] = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": path}
            return ref(name)
        output = owner.outputs.setdefault(label, {"Value": self.own(thing, attribute)})
        if self.way in ("nested", "links"):
            name = f"From{owner.name.title()}{label}"
            self.stacks[stack].parameters[name] = {"Type": "String"}
            self.given[stack, name] = (thing.stack, label)
            return ref(name)
        export = output.setdefault("Export", {"Name": f"{owner.name}:{label}"})["Name"]
        return {"Fn::ImportValue": export}

    def root(self) -> dict[str, Any]:
        """The stack that nests the others and passes outputs of the ones to parameters of the others."""
        root = Stack("root")
        for at, stack in enumerate(self.stacks):
            if not stack.resources:
                continue
            passed = {name: att(f"Nested{owner}", f"Outputs.{label}") for (to, name), (owner, label) in self.given.items() if to == at}
            if "Stage" in stack.parameters:
                root.parameters["Stage"] = stack.parameters["Stage"]
                passed["Stage"] = ref("Stage")
            root.add(f"Nested{at}", "AWS::CloudFormation::Stack", {"TemplateURL": f"./{stack.name}.{stack.form}", "Parameters": passed})
        return root.template()

    def links(self) -> str:
        """What `purlin.toml` says of parameters that the deployment fills."""
        lines = [f'"{self.stacks[to].name}.{name}" = "{self.stacks[owner].name}.{label}"' for (to, name), (owner, label) in self.given.items()]
        return "[links]\n" + "\n".join(lines) + "\n"
