"""What wakes what after a deployment: one small reader per way of waking.

`MOTO` readers ask moto's service APIs. `TEMPLATE` readers stand in for what moto skips (see
moto-skips.toml): they read the resolved template, so they judge the emission but no deployment.
"""

from __future__ import annotations

import json
import re
from typing import Callable, Iterator

from common import Json
from fake_aws import Server
from state import StackState, Wire, mentions

FUNCTION_ARN = re.compile(r"arn:[\w-]+:lambda:[\w-]+:\d+:function:[\w-]+")
WAKEABLE = ("AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::StepFunctions::StateMachine")


def from_mappings(server: Server, state: StackState) -> Iterator[Wire]:
    client = server.client("lambda")
    own = {state.physical[name]: name for name in state.of_type("AWS::Lambda::EventSourceMapping")}
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        if mapping["UUID"] in own and mapping["State"] == "Enabled":
            source, target = state.owner_of(mapping["EventSourceArn"]), state.owner_of(mapping["FunctionArn"])
            yield Wire(source, target, "event source mapping", "moto", own[mapping["UUID"]], mapping)


def from_rules(server: Server, state: StackState) -> Iterator[Wire]:
    client = server.client("events")
    for name in state.of_type("AWS::Events::Rule"):
        bus = str(state.resolved[name].get("EventBusName", "default")).rsplit("/", 1)[-1]
        rule = state.physical[name].rsplit("/", 1)[-1].rsplit("|", 1)[-1]
        buses = [n for n in state.of_type("AWS::Events::EventBus") if state.physical[n].rsplit("/", 1)[-1] == bus]
        described = client.describe_rule(Name=rule, EventBusName=bus)
        facts = {"EventPattern": json.loads(described.get("EventPattern") or "{}"), "Arn of rule": described["Arn"]}
        for target in client.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]:
            source = buses[0] if buses else name
            yield Wire(source, state.owner_of(target["Arn"]), "rule", "moto", name, facts | target)


def from_methods(server: Server, state: StackState) -> Iterator[Wire]:
    """REST API methods, read from the API itself rather than from the resources that made it."""
    client = server.client("apigateway")
    for name in state.of_type("AWS::ApiGateway::RestApi"):
        for resource in client.get_resources(restApiId=state.physical[name], limit=500)["items"]:
            for verb in resource.get("resourceMethods", {}):
                place = {"restApiId": state.physical[name], "resourceId": resource["id"], "httpMethod": verb}
                method, integration = client.get_method(**place), client.get_integration(**place)
                for arn in FUNCTION_ARN.findall(integration.get("uri", "")):
                    facts = {"AuthorizationType": method["authorizationType"], "ApiKeyRequired": method["apiKeyRequired"]}
                    yield Wire(name, state.owner_of(arn), f"{verb} {resource['path']}", "moto", name, facts)


def from_state_machines(server: Server, state: StackState) -> Iterator[Wire]:
    """Tasks, found in the definition as text: moto hands an object back as Python's repr of it."""
    client = server.client("stepfunctions")
    for name in state.of_type("AWS::StepFunctions::StateMachine"):
        machine = client.describe_state_machine(stateMachineArn=state.physical[name])
        substitutions = json.dumps(state.resolved[name].get("DefinitionSubstitutions", {}))
        for arn in sorted(set(FUNCTION_ARN.findall(machine["definition"] + substitutions))):
            yield Wire(name, state.owner_of(arn), "task", "moto", name)


def from_topics(server: Server, state: StackState) -> Iterator[Wire]:
    """Subscriptions that stand inside the topic; the separate resource is read from the template."""
    client = server.client("sns")
    for name in state.of_type("AWS::SNS::Topic"):
        for entry in client.list_subscriptions_by_topic(TopicArn=state.physical[name])["Subscriptions"]:
            yield Wire(name, state.owner_of(entry["Endpoint"]), "subscription", "moto", name)


def named_in(state: StackState, value: Json) -> list[str]:
    """What a value names of all that can be woken."""
    return [name for name in state.of_type(*WAKEABLE) if mentions(value, state.arns[name])]


def owner_by_reference(state: StackState, value: str, kind: str) -> str:
    """The resource of this type whose Ref or ARN this value is."""
    for name in state.of_type(kind):
        if value in (state.physical.get(name), f"stand-in-{name}", state.arns[name]):
            return name
    return value


def from_http_routes(state: StackState) -> Iterator[Wire]:
    """HTTP and WebSocket routes: a wire needs the integration and a route that leads to it."""
    integrations = {f"integrations/stand-in-{n}": state.resolved[n] for n in state.of_type("AWS::ApiGatewayV2::Integration")}
    for name in state.of_type("AWS::ApiGatewayV2::Route"):
        route = state.resolved[name]
        api = owner_by_reference(state, str(route["ApiId"]), "AWS::ApiGatewayV2::Api")
        integration = integrations.get(str(route.get("Target")), {})
        for target in named_in(state, integration.get("IntegrationUri")):
            facts = {"AuthorizationType": "NONE"} | integration | route
            yield Wire(api, target, str(route["RouteKey"]), "template", name, facts)


def from_notifications(state: StackState) -> Iterator[Wire]:
    """What a bucket tells to whom: one wire for each of its configurations."""
    for name in state.of_type("AWS::S3::Bucket"):
        configurations = state.resolved[name].get("NotificationConfiguration", {})
        for entries in configurations.values():
            for entry in entries if isinstance(entries, list) else []:
                rules = entry.get("Filter", {}).get("S3Key", {}).get("Rules", [])
                facts = {"Event": entry["Event"]} | {rule["Name"].lower(): rule["Value"] for rule in rules}
                for target in named_in(state, entry):
                    yield Wire(name, target, "notification", "template", name, facts)


def from_distributions(state: StackState) -> Iterator[Wire]:
    """Functions at the edge: a numbered version in a behaviour of the distribution."""
    versions = {str(n): state.resolved[n]["FunctionName"] for n in state.of_type("AWS::Lambda::Version")}
    functions = {str(value): name for name in state.of_type("AWS::Lambda::Function") for value in (state.physical.get(name), state.arns[name])}
    for name in state.of_type("AWS::CloudFront::Distribution"):
        config = state.resolved[name]["DistributionConfig"]
        for behaviour in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", [])]:
            for entry in behaviour.get("LambdaFunctionAssociations", []):
                facts = {"PathPattern": behaviour.get("PathPattern", "*")} | entry
                for version, function in versions.items():
                    named = (state.physical.get(version), f"stand-in-{version}", state.arns.get(version))
                    if entry["LambdaFunctionARN"] in named:
                        yield Wire(name, functions[str(function)], entry["EventType"], "template", name, facts)


def from_schedules(state: StackState) -> Iterator[Wire]:
    for name in state.of_type("AWS::Scheduler::Schedule"):
        target = state.resolved[name]["Target"]
        for woken in named_in(state, target["Arn"]):
            yield Wire(name, woken, "schedule", "template", name, target)


def linked(kind: str, owner_kind: str, owner: str, target: str, by: str) -> Callable[[StackState], Iterator[Wire]]:
    """A reader for a resource that links what one of its properties names with what another one does."""

    def read(state: StackState) -> Iterator[Wire]:
        for name in state.of_type(kind):
            properties = state.resolved[name]
            source = owner_by_reference(state, str(properties.get(owner, name)), owner_kind)
            for woken in named_in(state, properties.get(target)):
                yield Wire(source, woken, by, "template", name, properties)

    return read


def subscribed_queues_and_functions(state: StackState) -> Iterator[Wire]:
    """Subscriptions. To a queue or a function only: an address outside wakes nothing here."""
    reader = linked("AWS::SNS::Subscription", "AWS::SNS::Topic", "TopicArn", "Endpoint", "subscription")
    for wire in reader(state):
        protocol = {"AWS::SQS::Queue": "sqs", "AWS::Lambda::Function": "lambda"}.get(state.types[wire.target])
        if wire.facts.get("Protocol") == protocol:
            yield wire


MOTO: list[Callable[[Server, StackState], Iterator[Wire]]] = [
    from_mappings,
    from_rules,
    from_methods,
    from_state_machines,
    from_topics,
]

TEMPLATE: list[Callable[[StackState], Iterator[Wire]]] = [
    from_http_routes,
    from_notifications,
    from_distributions,
    from_schedules,
    subscribed_queues_and_functions,
    linked("AWS::Cognito::UserPool", "AWS::Cognito::UserPool", "none", "LambdaConfig", "user pool trigger"),
    linked("AWS::IoT::TopicRule", "AWS::IoT::TopicRule", "none", "TopicRulePayload", "topic rule"),
    linked("AWS::Logs::SubscriptionFilter", "AWS::Logs::LogGroup", "LogGroupName", "DestinationArn", "subscription filter"),
    linked("AWS::Lambda::Url", "AWS::Lambda::Url", "none", "TargetFunctionArn", "function URL"),
    linked("AWS::SecretsManager::RotationSchedule", "AWS::SecretsManager::Secret", "SecretId", "RotationLambdaARN", "rotation"),
]


def all_wires(server: Server, state: StackState) -> list[Wire]:
    found = [wire for reader in MOTO for wire in reader(server, state)]
    found += [wire for reader in TEMPLATE for wire in reader(state)]
    return sorted(found, key=lambda wire: (wire.source, wire.target, wire.by, wire.carrier))
