"""What is there after a deployment: read back from moto's service APIs, never from the stack's own word.

What moto does not model by type is read from the template instead, its references resolved against the
deployment; `Wire.seen_in` says which of the two a fact came from.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from common import Json, OracleFailure, Template
from fake_aws import ACCOUNT, REGION, Server
from intrinsics import Resolver, stand_in


@dataclass(frozen=True)
class Statement:
    """One Allow statement of a role, with lists where IAM also takes single strings."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: str = ""


@dataclass(frozen=True)
class Invoker:
    """One statement of a function's resource policy: who may invoke it, and from where."""

    principal: str
    source: str


@dataclass
class FunctionState:
    logical_id: str
    arn: str
    settings: Json
    statements: list[Statement] = field(default_factory=list)
    invokers: list[Invoker] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Wire:
    """`source` wakes `target`: both are logical ids, or an ARN where no resource of the stack fits.

    `carrier` is the resource that makes the wire; `facts` is what the service says of it.
    """

    source: str
    target: str
    by: str
    seen_in: str
    carrier: str = ""
    facts: Json = field(default_factory=dict)


@dataclass
class StackState:
    name: str
    template: Template
    types: dict[str, str] = field(default_factory=dict)
    physical: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    arns: dict[str, str] = field(default_factory=dict)
    functions: dict[str, FunctionState] = field(default_factory=dict)
    roles: dict[str, list[Statement]] = field(default_factory=dict)
    resolved: dict[str, Json] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)

    def of_type(self, *types: str) -> list[str]:
        return [name for name, kind in self.types.items() if kind in types]

    def owner_of(self, arn: str) -> str:
        """The logical id whose ARN this is, or begins; else the ARN itself."""
        if arn.startswith("stand-in-"):
            return arn.removeprefix("stand-in-")
        # An ARN that the template itself makes of a Ref, of what moto does not make.
        if "/stand-in-" in arn and arn.rsplit("/stand-in-", 1)[1] in self.types:
            return arn.rsplit("/stand-in-", 1)[1]
        owners = [n for n, own in self.arns.items() if arn == own or arn.startswith((own + "/", own + ":"))]
        return max(owners, key=lambda name: len(self.arns[name]), default=arn)


def listed(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in (value if isinstance(value, list) else [value]))


def statements(document: Json) -> list[Statement]:
    """The Allow statements of a policy. moto hands back what it got: text, or the repr of a dict."""
    if isinstance(document, str):
        document = json.loads(document) if document.lstrip().startswith('{"') else ast.literal_eval(document)
    entries = document["Statement"]
    allowed = [s for s in (entries if isinstance(entries, list) else [entries]) if s["Effect"] == "Allow"]
    return [Statement(listed(s["Action"]), listed(s["Resource"]), json.dumps(s.get("Condition", ""))) for s in allowed]


class Reader:
    """Reads one stack's state out of a moto server."""

    def __init__(
        self, server: Server, stack: str, template: Template, parameters: dict[str, str], imported: dict[str, str]
    ) -> None:
        self.server = server
        self.state = StackState(stack, template)
        self.resolver = Resolver(template, parameters, stack, self.lookup)
        self.resolver.imported = imported
        self.attributes: dict[tuple[str, str], str] = {}

    def read(self) -> StackState:
        self.read_resources()
        for name in self.state.types:
            self.state.arns[name] = self.lookup(name, "Arn")
        for name, resource in self.state.template["Resources"].items():
            if name in self.state.types:
                self.state.resolved[name] = self.resolver.resolve(resource.get("Properties", {}))
        for name in self.state.of_type("AWS::IAM::Role"):
            self.state.roles[name] = self.role_statements(self.state.physical[name])
        for name in self.state.of_type("AWS::Lambda::Function"):
            self.state.functions[name] = self.function(name)
        for output in self.state.template.get("Outputs", {}).values():
            if "Export" in output:
                name = str(self.resolver.resolve(output["Export"]["Name"]))
                self.state.exports[name] = str(self.resolver.resolve(output["Value"]))
        return self.state

    def read_resources(self) -> None:
        """Which resources exist. moto lists a resource that it skipped without a logical id."""
        client = self.server.client("cloudformation")
        entries = client.describe_stack_resources(StackName=self.state.name)["StackResources"]
        self.resolver.values["AWS::StackId"] = next((e["StackId"] for e in entries if e.get("StackId")), "")
        made = {e["LogicalResourceId"]: e for e in entries if e.get("LogicalResourceId")}
        for name, resource in self.state.template["Resources"].items():
            condition = resource.get("Condition")
            if condition and not self.resolver.condition(condition):
                continue
            self.state.types[name] = resource["Type"]
            if name in made:
                self.state.physical[name] = made[name].get("PhysicalResourceId") or self.given_name(resource)
            else:
                self.state.skipped[name] = resource["Type"]

    def given_name(self, resource: Json) -> str:
        """moto 5.2.5 tells no physical id of an event bus: it is the bus's name."""
        return str(self.resolver.resolve(resource.get("Properties", {}).get("Name", "")))

    def lookup(self, name: str, attribute: str | None) -> str:
        resource = self.state.template["Resources"].get(name)
        if resource is None:
            raise OracleFailure(f"stack {self.state.name}: {name} is referred to but not defined")
        if resource["Type"] == "AWS::Lambda::Alias" and attribute in (None, "AliasArn", "Arn"):
            return self.alias(resource["Properties"])
        if name in self.state.skipped or name not in self.state.physical:
            return stand_in(name, attribute, resource["Type"])
        if attribute is None:
            return self.state.physical[name]
        known = self.attributes.get((name, attribute))
        return known or self.attributes.setdefault((name, attribute), self.attribute(name, attribute))

    def alias(self, properties: Json) -> str:
        """The ARN of an alias, which moto does not make: its function's, and its name."""
        function = str(self.resolver.resolve(properties["FunctionName"]))
        return f"{arn_of('AWS::Lambda::Function', function)}:{properties['Name']}"

    def attribute(self, name: str, attribute: str) -> str:
        """GetAtt of a resource that exists. Only what references in templates need is here."""
        physical, kind = self.state.physical[name], self.state.types.get(name, "")
        if attribute == "StreamArn" and kind == "AWS::DynamoDB::Table":
            return self.server.client("dynamodb").describe_table(TableName=physical)["Table"]["LatestStreamArn"]
        if attribute == "QueueName":
            return physical.rsplit("/", 1)[-1]
        if attribute in ("GroupId", "VpcId"):
            return physical
        if "arn" in attribute.lower():
            return arn_of(kind, physical, attribute)
        return stand_in(name, attribute, kind)

    def role_statements(self, role: str) -> list[Statement]:
        iam = self.server.client("iam")
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=role, PolicyName=n)["PolicyDocument"] for n in names]
        return [statement for document in documents for statement in statements(document)]

    def function(self, name: str) -> FunctionState:
        client = self.server.client("lambda")
        settings = client.get_function_configuration(FunctionName=self.state.physical[name])
        function = FunctionState(name, settings["FunctionArn"], settings)
        function.statements = self.role_statements(settings["Role"].rsplit("/", 1)[-1])
        try:
            policy = json.loads(client.get_policy(FunctionName=self.state.physical[name])["Policy"])
        except ClientError:
            policy = {"Statement": []}
        function.invokers = [invoker(statement) for statement in policy["Statement"]]
        return function


def invoker(statement: Json) -> Invoker:
    principal = statement["Principal"]
    who = principal if isinstance(principal, str) else next(iter(principal.values()))
    source = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "")
    return Invoker(who, source)


ARN_SHAPES = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{id}",
    "AWS::Events::EventBus": "arn:aws:events:{region}:{account}:event-bus/{id}",
    "AWS::Events::Rule": "arn:aws:events:{region}:{account}:rule/{id}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{id}",
    "AWS::Kinesis::Stream": "arn:aws:kinesis:{region}:{account}:stream/{id}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{id}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{id}",
    "AWS::CloudFront::Distribution": "arn:aws:cloudfront::{account}:distribution/{id}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{id}",
    "AWS::S3::Bucket": "arn:aws:s3:::{id}",
    "AWS::SSM::Parameter": "arn:aws:ssm:{region}:{account}:parameter/{id}",
    "AWS::ApiGateway::RestApi": "arn:aws:execute-api:{region}:{account}:{id}",
}


def arn_of(kind: str, physical: str, attribute: str = "Arn") -> str:
    """The ARN that AWS documents for a resource of this type with this physical id."""
    if physical.startswith("arn:"):
        return physical
    if kind == "AWS::SQS::Queue":
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{physical.rsplit('/', 1)[-1]}"
    shape = ARN_SHAPES.get(kind)
    arn = shape.format(region=REGION, account=ACCOUNT, id=physical.lstrip("/") if "SSM" in kind else physical) if shape else ""
    if kind == "AWS::Logs::LogGroup" and attribute == "Arn":
        return arn
    return arn or stand_in(physical or "unnamed", attribute, kind)


def mentions(value: Any, text: str) -> bool:
    """Whether a resolved property tree holds this text anywhere."""
    if isinstance(value, dict):
        return any(mentions(item, text) for item in value.values())
    if isinstance(value, list):
        return any(mentions(item, text) for item in value)
    return isinstance(value, str) and text in value


def belongs(logical_id: str, declared: str, state: StackState) -> bool:
    """Whether a resource is the declared one, or one of those that its declaration emits beside it."""
    return logical_id == declared or bool(declared) and logical_id.startswith(declared) and logical_id in state.types
