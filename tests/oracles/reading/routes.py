"""The routes of APIs: what a request triggers, and who may send it. Resources of their own and OpenAPI bodies alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reading.graph import Edge, View

METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method"}


def routes(view: View) -> Iterator[Edge]:
    for _, given in view.each("AWS::ApiGatewayV2::Route"):
        target = str(given.get("Target", "")).removeprefix("integrations/<").removesuffix(">")
        integration = view.values.properties(target)
        yield route(view, given["ApiId"], given["RouteKey"], integration.get("IntegrationUri"),
                    auth_of_route(given), given.get("ApiKeyRequired"))
    for method_id, given in view.each("AWS::ApiGateway::Method"):
        integration = given.get("Integration", {})
        if integration.get("Type") == "MOCK":
            continue  # an answer of API Gateway itself, as to the preflight request of a browser
        resource = given["ResourceId"]
        key = f"{given['HttpMethod']} {path_of(view, resource)}"
        auth = given.get("AuthorizationType", "NONE")
        yield route(view, given["RestApiId"], key, integration.get("Uri"), auth, given.get("ApiKeyRequired"))
    for api, given in view.each("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"):
        yield from of_body(view, view.values.ref(api), given.get("Body"))


def route(view: View, api: Any, key: str, uri: Any, auth: str, key_required: Any) -> Edge:
    named = "" if str(key_required).lower() != "true" else " key"
    return Edge("request", view.named(api, "api"), view.function_in(uri), f"{key} auth={auth}{named}")


def auth_of_route(given: dict[str, Any]) -> str:
    scopes = given.get("AuthorizationScopes", [])
    return given.get("AuthorizationType", "NONE") + (f" {','.join(sorted(scopes))}" if scopes else "")


def path_of(view: View, resource: str) -> str:
    if resource.endswith(".root"):
        return "/"
    given = view.values.properties(resource.strip("<>"))
    parent = path_of(view, given["ParentId"]).rstrip("/")
    return f"{parent}/{given['PathPart']}"


def of_body(view: View, api: str, body: Any) -> Iterator[Edge]:
    """The routes of an OpenAPI document, of either version."""
    for path, item in ((body or {}).get("paths") or {}).items():
        for method, operation in item.items():
            integration = (operation or {}).get("x-amazon-apigateway-integration", {}) if method in METHODS else {}
            if not integration or integration.get("type") == "mock":
                continue
            name = "ANY" if method.startswith("x-") else method.upper()
            auth, key = auth_in(body, operation)
            asked = "$default" if path == "/$default" else f"{name} {path}"
            yield route(view, api, asked, integration.get("uri"), auth, key)


def auth_in(body: Any, operation: Any) -> tuple[str, bool]:
    """Who may call an operation: the authorization of its security schemes, and whether a key is needed."""
    schemes = body.get("components", {}).get("securitySchemes", {}) | body.get("securityDefinitions", {})
    auth, key = "NONE", False
    for requirement in operation.get("security", body.get("security", [])):
        for name, scopes in requirement.items():
            scheme = schemes.get(name, {})
            if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4" or name == "AWS_IAM":
                auth = "AWS_IAM"
            elif scheme.get("x-amazon-apigateway-authorizer", {}).get("type") == "jwt":
                auth = "JWT" + (f" {','.join(sorted(scopes))}" if scopes else "")
            elif scheme.get("type") == "apiKey" and scheme.get("name") == "x-api-key":
                key = True
            elif name != "NONE":
                auth = f"CUSTOM {name}"
    return auth, key
