"""API Gateway: paths, preflights, permissions of routes, rights to call."""

from __future__ import annotations

import re
from typing import Any, Iterator

from facts.registry import fact
from facts.samples import allow, arn, functions, of, ref, role, sub
from facts.view import View
from simulate.model import ACCOUNT, Instance
from simulate.rights import as_list, matches

DOCS = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
API = {"Api": of("ApiGateway::RestApi", Name="api")}


def path(part: str, parent: Any = None) -> dict[str, Any]:
    return of("ApiGateway::Resource", RestApiId=ref("Api"), ParentId=parent or {"Fn::GetAtt": ["Api", "RootResourceId"]}, PathPart=part)


def paths(view: View, api: str) -> dict[str, str]:
    """The path of each resource of a REST API, by the id of the resource."""
    found = {f"{api}.RootResourceId": ""}
    waiting = [one for one in view.of("ApiGateway::Resource") if one.properties["RestApiId"] == api]
    for _ in range(len(waiting)):
        for one in waiting:
            if one.properties["ParentId"] in found:
                found[one.ref] = f"{found[one.properties['ParentId']]}/{one.properties['PathPart']}"
    return found


@fact("Below one path a REST API has at most one variable.",
      "https://github.com/serverless/serverless/issues/3075 https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html",
      bad=API | {"A": path("{id}"), "B": path("{order}")}, good=API | {"A": path("{id}"), "B": path("order")})
def two_variables_in_one_place(view: View) -> Iterator[str]:
    seen: dict[tuple[str, str], str] = {}
    for one in view.of("ApiGateway::Resource"):
        if one.properties["PathPart"].startswith("{"):
            place = (one.properties["RestApiId"], one.properties["ParentId"])
            if place in seen:
                yield f"{one.logical_id}: {one.properties['PathPart']} beside {seen[place]}"
            seen[place] = one.properties["PathPart"]


@fact("A greedy variable is the last part of a path.",
      f"{DOCS}/api-gateway-set-up-simple-proxy.html",
      bad=API | {"A": path("{proxy+}"), "B": path("x", ref("A"))}, good=API | {"A": path("x"), "B": path("{proxy+}", ref("A"))})
def greedy_variable_not_last(view: View) -> Iterator[str]:
    greedy = {one.ref for one in view.of("ApiGateway::Resource") if one.properties["PathPart"].endswith("+}")}
    for one in view.of("ApiGateway::Resource"):
        if one.properties["ParentId"] in greedy:
            yield f"{one.logical_id}: is below a greedy variable"
    for route in view.of("ApiGatewayV2::Route"):
        if re.search(r"\+\}.", route.properties["RouteKey"]):
            yield f"{route.logical_id}: {route.properties['RouteKey']}"


@fact("A part of a REST path is letters, digits and . _ - : or one variable in braces.",
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html https://github.com/aws/aws-cdk/issues/22477 https://github.com/claudiajs/claudia/issues/11",
      bad=API | {"A": path("sp{id}")}, good=API | {"A": path("sp.1-a_b:c"), "B": path("{id}")})
def path_part_of_other_characters(view: View) -> Iterator[str]:
    for one in view.of("ApiGateway::Resource"):
        if not re.fullmatch(r"[A-Za-z0-9._:-]+|\{[A-Za-z0-9._:-]+\+?\}", one.properties["PathPart"]):
            yield f"{one.logical_id}: {one.properties['PathPart']}"


def options(allow_methods: str = "'GET,OPTIONS'", binary: list[str] | None = None, **integration: Any) -> dict[str, Any]:
    answers = [{"StatusCode": "204", "ResponseParameters": {"method.response.header.Access-Control-Allow-Methods": allow_methods}}]
    api = of("ApiGateway::RestApi", Name="api", **({"BinaryMediaTypes": binary} if binary else {}))
    held = {"Type": "MOCK", "IntegrationResponses": answers, **integration}
    return {"Api": api, "A": path("a"), "Options": of("ApiGateway::Method", RestApiId=ref("Api"), ResourceId=ref("A"), HttpMethod="OPTIONS", AuthorizationType="NONE", Integration=held)}


def preflights(view: View) -> Iterator[Instance]:
    for one in view.of("ApiGateway::Method"):
        if one.properties["HttpMethod"] == "OPTIONS" and one.properties.get("Integration", {}).get("Type") == "MOCK":
            yield one


@fact("Where every body is binary, a mock preflight needs ContentHandling CONVERT_TO_TEXT, or it answers 500.",
      f"{DOCS}/how-to-cors.html https://github.com/aws/chalice/issues/1310",
      bad=options(binary=["*/*"]), good=options(binary=["*/*"], ContentHandling="CONVERT_TO_TEXT"))
def preflight_of_binary_api(view: View) -> Iterator[str]:
    for one in preflights(view):
        api = view.resource_of(one.properties["RestApiId"])
        types = api.properties.get("BinaryMediaTypes", []) if api else []
        if {"*/*", "*~1*", "application/json"} & set(types) and one.properties["Integration"].get("ContentHandling") != "CONVERT_TO_TEXT":
            yield f"{one.logical_id}: no CONVERT_TO_TEXT"


@fact("Access-Control-Allow-Methods names methods; ANY is none.",
      "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Methods https://github.com/serverless/serverless/issues/3303",
      bad=options("'ANY,OPTIONS'"), good=options("'GET,PUT,OPTIONS'"))
def preflight_that_allows_any(view: View) -> Iterator[str]:
    for one in preflights(view):
        for answer in one.properties["Integration"].get("IntegrationResponses", []):
            text = str(answer.get("ResponseParameters", {}).get("method.response.header.Access-Control-Allow-Methods", ""))
            if "ANY" in re.split(r"[',\s]+", text):
                yield f"{one.logical_id}: {text}"


def with_route(source: str) -> dict[str, Any]:
    target = sub("arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations")
    method = of("ApiGateway::Method", RestApiId=ref("Api"), ResourceId=ref("B"), HttpMethod="GET", AuthorizationType="NONE", Integration={"Type": "AWS_PROXY", "Uri": target})
    permission = of("Lambda::Permission", FunctionName=ref("Work"), Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com", SourceArn=sub(source))
    return functions() | API | {"A": path("a"), "B": path("{id}", ref("A")), "Get": method, "May": permission}


EXECUTE = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}"


@fact("API Gateway invokes a function as arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH, so a permission for exactly this route must match that.",
      "https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html",
      bad=with_route(EXECUTE + "/*/GET/b/*"), good=with_route(EXECUTE + "/*/GET/a/*"))
def route_without_permission(view: View) -> Iterator[str]:
    for one, function, asked in invoked(view):
        own = [p for p in view.of("Lambda::Permission") if view.function(p.properties["FunctionName"]) is function and function is not None]
        fitting = [p for p in own if p.properties["Principal"] == "apigateway.amazonaws.com" and matches(str(p.properties.get("SourceArn", "*")), asked)]
        if function is not None and not fitting:
            yield f"{one.logical_id}: nothing permits {asked} to invoke {function.logical_id}"


def invoked(view: View) -> Iterator[tuple[Instance, Instance | None, str]]:
    """Each route with its function, and the ARN by which the API invokes it. A variable of the path takes some value."""
    region = view.stack.region
    for one in view.of("ApiGateway::Method"):
        held, api = one.properties.get("Integration", {}), one.properties["RestApiId"]
        if held.get("Type") in ("AWS_PROXY", "AWS") and ":lambda:path/" in str(held.get("Uri")) and not held.get("Credentials"):
            verb = one.properties["HttpMethod"].replace("ANY", "PATCH")
            where = re.sub(r"\{[^}]*\}", "some-value", paths(view, api).get(one.properties["ResourceId"], "/?"))
            yield one, view.function(held["Uri"]), f"arn:aws:execute-api:{region}:{ACCOUNT}:{api}/live/{verb}{where or '/'}"
    for route in view.of("ApiGatewayV2::Route"):
        integration = view.resource_of(str(route.properties.get("Target", "")).removeprefix("integrations/"))
        if integration is None or integration.properties.get("CredentialsArn"):
            continue
        target = view.function(integration.properties.get("IntegrationUri"))
        verb, _, where = route.properties["RouteKey"].partition(" ")
        where = re.sub(r"\{[^}]*\}", "some-value", where)
        asked = f"{verb.replace('ANY', 'PATCH')}{where}" if where else verb
        yield route, target, f"arn:aws:execute-api:{region}:{ACCOUNT}:{route.properties['ApiId']}/live/{asked}"


@fact("The ARN of a request has its real method and path: braces and ANY never match.",
      f"{DOCS}/api-gateway-control-access-using-iam-policies-to-invoke-api.html",
      bad={"Role": role("lambda.amazonaws.com", allow("execute-api:Invoke", "arn:aws:execute-api:r:1:a/live/GET/orders/{id}"))},
      good={"Role": role("lambda.amazonaws.com", allow("execute-api:Invoke", "arn:aws:execute-api:r:1:a/live/GET/orders/*"))})
def call_of_no_real_path(view: View) -> Iterator[str]:
    for name, held in view.identity_documents():
        for statement in as_list(held.get("Statement")):
            for resource in as_list(statement.get("Resource")):
                if ":execute-api:" in str(resource) and re.search(r"\{|/ANY(/|$)|/\$default$", str(resource)):
                    yield f"{name}: {resource}"


@fact("A function URL with auth NONE needs two permissions: lambda:InvokeFunctionUrl, and lambda:InvokeFunction through the URL.",
      "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
      bad=functions() | {"Url": of("Lambda::Url", TargetFunctionArn=arn("Work"), AuthType="NONE"), "May": of("Lambda::Permission", FunctionName=ref("Work"), Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE")},
      good=functions() | {"Url": of("Lambda::Url", TargetFunctionArn=arn("Work"), AuthType="NONE"), "May": of("Lambda::Permission", FunctionName=ref("Work"), Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE"), "Too": of("Lambda::Permission", FunctionName=ref("Work"), Action="lambda:InvokeFunction", Principal="*", InvokedViaFunctionUrl=True)})
def public_url_without_permissions(view: View) -> Iterator[str]:
    for one in view.of("Lambda::Url"):
        target = view.function(one.properties["TargetFunctionArn"])
        held = {p.properties["Action"] for p in view.of("Lambda::Permission") if view.function(p.properties["FunctionName"]) is target}
        missing = {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} - held
        if one.properties["AuthType"] == "NONE" and missing:
            yield f"{one.logical_id}: no {', '.join(sorted(missing))}"


@fact("Access logs and execution logs of a REST API need the account's CloudWatch role, once per Region.",
      f"{DOCS}/set-up-logging.html", precondition=True,
      bad=API | {"Stage": of("ApiGateway::Stage", RestApiId=ref("Api"), StageName="live", AccessLogSetting={"DestinationArn": "arn:aws:logs:a"})},
      good=API | {"Account": of("ApiGateway::Account", CloudWatchRoleArn="arn:aws:iam::1:role/r"), "Stage": {**of("ApiGateway::Stage", RestApiId=ref("Api"), StageName="live", AccessLogSetting={"DestinationArn": "arn:aws:logs:a"}), "DependsOn": "Account"}})
def rest_log_without_role(view: View) -> Iterator[str]:
    if not list(view.of("ApiGateway::Account")):
        for one in view.of("ApiGateway::Stage"):
            levels = [s.get("LoggingLevel", "OFF") for s in one.properties.get("MethodSettings", [])]
            if one.properties.get("AccessLogSetting") or any(level != "OFF" for level in levels):
                yield f"{one.logical_id}: logs"


@fact("The name of a model is letters and digits.",
      f"{DOCS}/models-mappings-models.html",
      bad=API | {"M": of("ApiGateway::Model", RestApiId=ref("Api"), Name="new_item", ContentType="application/json")},
      good=API | {"M": of("ApiGateway::Model", RestApiId=ref("Api"), Name="NewItem", ContentType="application/json")})
def model_name(view: View) -> Iterator[str]:
    for one in view.of("ApiGateway::Model"):
        if "Name" in one.properties and not re.fullmatch(r"[A-Za-z0-9]+", one.properties["Name"]):
            yield f"{one.logical_id}: {one.properties['Name']}"
