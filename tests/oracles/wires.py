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


def from_mappings(server: Server, state: StackState) -> Iterator[Wire]:
    client = server.client("lambda")
    own = {state.physical[name] for name in state.of_type("AWS::Lambda::EventSourceMapping")}
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        if mapping["UUID"] in own and mapping["State"] == "Enabled":
            source, target = state.owner_of(mapping["EventSourceArn"]), state.owner_of(mapping["FunctionArn"])
            yield Wire(source, target, "event source mapping", "moto")


def from_rules(server: Server, state: StackState) -> Iterator[Wire]:
    client = server.client("events")
    for name in state.of_type("AWS::Events::Rule"):
        bus = str(state.resolved[name].get("EventBusName", "default")).rsplit("/", 1)[-1]
        rule = state.physical[name].rsplit("/", 1)[-1].rsplit("|", 1)[-1]
        source = next((n for n in state.of_type("AWS::Events::EventBus") if state.physical[n].rsplit("/", 1)[-1] == bus), name)
        for target in client.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]:
            yield Wire(source, state.owner_of(target["Arn"]), "rule", "moto")


def from_methods(server: Server, state: StackState) -> Iterator[Wire]:
    """REST API methods, read from the API itself rather than from the resources that made it."""
    client = server.client("apigateway")
    for name in state.of_type("AWS::ApiGateway::RestApi"):
        for resource in client.get_resources(restApiId=state.physical[name], limit=500)["items"]:
            for verb in resource.get("resourceMethods", {}):
                integration = client.get_integration(
                    restApiId=state.physical[name], resourceId=resource["id"], httpMethod=verb
                )
                for arn in FUNCTION_ARN.findall(integration.get("uri", "")):
                    yield Wire(name, state.owner_of(arn), f"{verb} {resource['path']}", "moto")


def from_state_machines(server: Server, state: StackState) -> Iterator[Wire]:
    """Tasks, found in the definition as text: moto hands an object back as Python's repr of it."""
    client = server.client("stepfunctions")
    for name in state.of_type("AWS::StepFunctions::StateMachine"):
        machine = client.describe_state_machine(stateMachineArn=state.physical[name])
        substitutions = json.dumps(state.resolved[name].get("DefinitionSubstitutions", {}))
        for arn in sorted(set(FUNCTION_ARN.findall(machine["definition"] + substitutions))):
            yield Wire(name, state.owner_of(arn), "task", "moto")


def from_topics(server: Server, state: StackState) -> Iterator[Wire]:
    """Subscriptions that stand inside the topic; the separate resource is read from the template."""
    client = server.client("sns")
    for name in state.of_type("AWS::SNS::Topic"):
        for entry in client.list_subscriptions_by_topic(TopicArn=state.physical[name])["Subscriptions"]:
            yield Wire(name, state.owner_of(entry["Endpoint"]), "subscription", "moto")


def functions_named_in(state: StackState, value: Json) -> list[str]:
    """The functions that a value names, and the state machines, which are woken in the same way."""
    machines = [name for name in state.of_type("AWS::StepFunctions::StateMachine") if mentions(value, state.arns[name])]
    return [name for name, function in state.functions.items() if mentions(value, function.arn)] + machines


def owner_by_reference(state: StackState, value: str, kind: str) -> str:
    """The resource of this type whose Ref or ARN this value is."""
    for name in state.of_type(kind):
        if value in (state.physical.get(name), f"stand-in-{name}", state.arns[name]):
            return name
    return value


def linked(kind: str, owner_kind: str, owner_property: str, by: str) -> Callable[[StackState], Iterator[Wire]]:
    """A reader for a resource that links the owner in one property with the functions it names."""

    def read(state: StackState) -> Iterator[Wire]:
        for name in state.of_type(kind):
            properties = state.resolved[name]
            owner = owner_by_reference(state, str(properties.get(owner_property, name)), owner_kind)
            for function in functions_named_in(state, properties):
                yield Wire(owner, function, by, "template")

    return read


def within(kind: str, owner_property: str, by: str) -> Callable[[StackState], Iterator[Wire]]:
    """A reader for a resource that names its functions inside one of its own properties."""

    def read(state: StackState) -> Iterator[Wire]:
        for name in state.of_type(kind):
            for function in functions_named_in(state, state.resolved[name].get(owner_property)):
                yield Wire(name, function, by, "template")

    return read


def from_http_routes(state: StackState) -> Iterator[Wire]:
    """HTTP and WebSocket routes: a wire needs the integration and a route that leads to it."""
    targets = {}
    for name in state.of_type("AWS::ApiGatewayV2::Integration"):
        targets[f"integrations/stand-in-{name}"] = functions_named_in(state, state.resolved[name])
    for name in state.of_type("AWS::ApiGatewayV2::Route"):
        route = state.resolved[name]
        api = owner_by_reference(state, str(route["ApiId"]), "AWS::ApiGatewayV2::Api")
        for function in targets.get(str(route.get("Target")), []):
            yield Wire(api, function, str(route["RouteKey"]), "template")


def from_queue_subscriptions(state: StackState) -> Iterator[Wire]:
    """Topics that feed queues."""
    for name in state.of_type("AWS::SNS::Subscription"):
        properties = state.resolved[name]
        queue = state.owner_of(str(properties.get("Endpoint")))
        if properties.get("Protocol") == "sqs":
            yield Wire(owner_by_reference(state, str(properties["TopicArn"]), "AWS::SNS::Topic"), queue, "subscription", "template")


MOTO: list[Callable[[Server, StackState], Iterator[Wire]]] = [
    from_mappings,
    from_rules,
    from_methods,
    from_state_machines,
    from_topics,
]

TEMPLATE: list[Callable[[StackState], Iterator[Wire]]] = [
    from_http_routes,
    from_queue_subscriptions,
    within("AWS::S3::Bucket", "NotificationConfiguration", "notification"),
    within("AWS::Cognito::UserPool", "LambdaConfig", "user pool trigger"),
    within("AWS::Scheduler::Schedule", "Target", "schedule"),
    within("AWS::IoT::TopicRule", "TopicRulePayload", "topic rule"),
    linked("AWS::SNS::Subscription", "AWS::SNS::Topic", "TopicArn", "subscription"),
    linked("AWS::Logs::SubscriptionFilter", "AWS::Logs::LogGroup", "LogGroupName", "subscription filter"),
    linked("AWS::Lambda::Url", "AWS::Lambda::Url", "none", "function URL"),
]


def all_wires(server: Server, state: StackState) -> list[Wire]:
    found = [wire for reader in MOTO for wire in reader(server, state)]
    found += [wire for reader in TEMPLATE for wire in reader(state)]
    return sorted(set(found))
