"""State machines and APIs as templates: what they do is written in more than one resource."""

from __future__ import annotations

import json
from typing import Any

from .rights import cause, logs_role, statement
from .stacks import Stacks, ref, sub
from .writers import Edge, event, permit

TASKS = {"task-invokes-function": "invoke", "express-task-invokes-function": "invoke", "task-sends-message": "send",
         "task-publishes-message": "publish", "task-starts-machine": "start"}
SERVICES = {"invoke": ("arn:aws:states:::lambda:invoke", "FunctionName", "arn", "lambda:InvokeFunction"),
            "send": ("arn:aws:states:::sqs:sendMessage", "QueueUrl", "url", "sqs:SendMessage"),
            "publish": ("arn:aws:states:::sns:publish", "TopicArn", "arn", "sns:Publish"),
            "start": ("arn:aws:states:::states:startExecution", "StateMachineArn", "arn", "states:StartExecution")}


def task(edge: Edge) -> None:
    """One more step of the machine."""
    steps = edge.land.steps.setdefault(edge.source.name, [])  # type: ignore[attr-defined]
    steps.append((TASKS[edge.hop.id], edge.target))
    edge.record()


def machine(land: Stacks, name: str, tasks: list[tuple[str, Any]]) -> None:
    """Writes the definition of a machine, as text or as an object, and the rights of its role."""
    thing = land.world.things[name]
    stack = land.stacks[thing.stack]
    properties = stack.resources[thing.logical]["Properties"]
    values = {f"Target{number}": land.value(thing.stack, target, SERVICES[what][2]) for number, (what, target) in enumerate(tasks)}
    form = land.rng.choice(["substitutions", "text", "direct"])
    states: dict[str, Any] = {}
    for number, (what, target) in enumerate(tasks):
        service, parameter, _, _ = SERVICES[what]
        value = f"${{Target{number}}}"
        direct = what == "invoke" and land.rng.random() < 0.5
        state = {"Type": "Task", "Resource": value} if direct else {"Type": "Task", "Resource": service, "Parameters": {parameter: value, **({"MessageBody": "it"} if what == "send" else {"Message": "it"} if what == "publish" else {})}}
        states[f"S{number}"] = {**state, "Next": f"S{number + 1}"}
    states[f"S{len(tasks)}"] = {"Type": "Succeed"}
    definition = {"StartAt": "S0", "States": states}
    if form == "text" and stack.resources[thing.logical]["Type"] == "AWS::Serverless::StateMachine":
        form = "direct"  # SAM takes objects and files only
    if form == "text" and values:
        properties["DefinitionString"] = sub(json.dumps(definition), **values)
    elif form == "text":
        properties["DefinitionString"] = json.dumps(definition)
    elif form == "direct":
        properties["Definition"] = filled(definition, values)
    else:
        properties |= {"Definition": definition, **({"DefinitionSubstitutions": values} if values else {})}
    statements = [statement(SERVICES[what][3], land.value(thing.stack, target, "arn")) for what, target in tasks] or [statement("xray:PutTraceSegments", "*")]
    if stack.resources[thing.logical]["Type"] == "AWS::Serverless::StateMachine":
        properties["Policies"] = [{"Version": "2012-10-17", "Statement": statements}]
        return
    role = stack.add(f"{thing.logical}Role", "AWS::IAM::Role",
                     {"AssumeRolePolicyDocument": logs_role("states.amazonaws.com"), "Policies": [{"PolicyName": "does", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}]})
    properties["RoleArn"] = {"Fn::GetAtt": [role, "Arn"]}


def filled(part: Any, values: dict[str, Any]) -> Any:
    """The definition with intrinsic functions at their places."""
    if isinstance(part, dict):
        return {key: filled(value, values) for key, value in part.items()}
    return values.get(part[2:-1], part) if isinstance(part, str) and part.startswith("${") else part


def machine_log(edge: Edge) -> None:
    arn = edge.value(edge.source.stack, edge.target, "arn")
    if not (isinstance(arn, dict) and "Fn::GetAtt" in arn):
        arn = {"Fn::Join": ["", [arn, ":*"]]} if edge.target.physical else arn
    level = {"Level": "ALL", "IncludeExecutionData": False, "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": arn}}]}
    edge.properties(edge.source)["Logging" if of_sam(edge) else "LoggingConfiguration"] = edge.either(level)
    edge.record()


def of_sam(edge: Edge) -> bool:
    """Whether SAM makes the API of the trigger."""
    return str(edge.land.stacks[edge.source.stack].resources[edge.source.logical]["Type"]).startswith("AWS::Serverless")


def http_route(edge: Edge) -> None:
    """A route of an HTTP API that asks for the rights of IAM."""
    stack = edge.source.stack
    if of_sam(edge) and event(edge, "HttpApi", {"ApiId": ref(edge.source.logical), "Path": "/a", "Method": "GET", "Auth": {"Authorizer": "AWS_IAM"}}):
        return edge.record()
    arn = edge.value(stack, edge.target, "arn")
    integration = edge.add(stack, f"{edge.source.logical}Integration", "AWS::ApiGatewayV2::Integration",
                           {"ApiId": ref(edge.source.logical), "IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "2.0", "IntegrationUri": arn})
    edge.add(stack, f"{edge.source.logical}Route", "AWS::ApiGatewayV2::Route",
             {"ApiId": ref(edge.source.logical), "RouteKey": "GET /a", "AuthorizationType": "AWS_IAM", "Target": sub(f"integrations/${{{integration}}}")})
    permit(edge, "apigateway.amazonaws.com", sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*", Api=edge.value(edge.target.stack, edge.source, "id")))
    return edge.record()


def rest_route(edge: Edge, path: str = "a", auth: str = "AWS_IAM") -> None:
    """A method of a REST API that asks for the rights of IAM."""
    stack, api = edge.source.stack, edge.source.logical
    if of_sam(edge) and event(edge, "Api", {"RestApiId": ref(api), "Path": f"/{path}", "Method": "get", "Auth": {"Authorizer": auth}}):
        return edge.record()
    below = edge.land.stacks[stack].add(f"{api}Resource", "AWS::ApiGateway::Resource", {"RestApiId": ref(api), "ParentId": {"Fn::GetAtt": [api, "RootResourceId"]}, "PathPart": path})
    uri = sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations", Function=edge.value(stack, edge.target, "arn"))
    edge.add(stack, f"{api}Method", "AWS::ApiGateway::Method",
             {"RestApiId": ref(api), "ResourceId": ref(below), "HttpMethod": "GET", "AuthorizationType": auth, "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri}})
    permit(edge, "apigateway.amazonaws.com", sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*", Api=edge.value(edge.target.stack, edge.source, "id")))
    return edge.record()


def stage_of(land: Stacks, thing: Any) -> dict[str, Any]:
    """The properties of an API's stage, which SAM makes with the API."""
    stack = land.stacks[thing.stack]
    api = stack.resources[thing.logical]
    if api["Type"].startswith("AWS::Serverless"):
        return api["Properties"]
    name = f"{thing.logical}Stage"
    if name not in stack.resources:
        if thing.thing == "http-api":
            stack.add(name, "AWS::ApiGatewayV2::Stage", {"ApiId": ref(thing.logical), "StageName": "$default", "AutoDeploy": True})
        else:
            made = stack.add(f"{thing.logical}Deployment", "AWS::ApiGateway::Deployment", {"RestApiId": ref(thing.logical)})
            stack.add(name, "AWS::ApiGateway::Stage", {"RestApiId": ref(thing.logical), "StageName": "v1", "DeploymentId": ref(made)})
    return stack.resources[name]["Properties"]


def access_log(edge: Edge) -> None:
    arn = edge.value(edge.source.stack, edge.target, "arn")
    key = "AccessLogSettings" if edge.source.thing == "http-api" else "AccessLogSetting"
    stage_of(edge.land, edge.source)[key] = edge.either({"DestinationArn": arn, "Format": "$context.requestId"})
    edge.record()


def call(edge: Edge) -> None:
    """A signed request to an API."""
    arn = sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/a", Api=edge.value(edge.source.stack, edge.target, "id"))
    from .rights import give

    give(edge.land, edge.source, [statement("execute-api:Invoke", arn)], edge.condition)
    cause(edge.land, edge.source, edge.target, edge.hop, when=edge.when)
