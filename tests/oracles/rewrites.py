"""The only changes made to a template before moto deploys it: what moto gets wrong or does not model.

Each rewrite is one function named in REWRITES, with the moto behaviour that makes it necessary. None of
them touches what the deployment is then judged by. Linting always sees the template as it was emitted.
"""

from __future__ import annotations

import copy
import re
from typing import Callable

from common import Json, Template
from intrinsics import stand_in

SUB_REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")


def unmodelled_references(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 ends a deployment with ValidationError at a GetAtt on a type it skipped (a Ref: HTTP 500).

    Every reference to such a resource becomes the stand-in value that the comparison also computes.
    """
    resources = template["Resources"]
    skipped = {name: r["Type"] for name, r in resources.items() if r["Type"] not in modelled}

    def value(logical_id: str, attribute: str | None) -> str:
        return stand_in(logical_id, attribute, skipped[logical_id])

    def in_text(text: str) -> str:
        def replace(found: re.Match[str]) -> str:
            logical_id, _, attribute = found.group(1).partition(".")
            return value(logical_id, attribute or None) if logical_id in skipped else found.group(0)

        return SUB_REFERENCE.sub(replace, text)

    def rewritten(node: Json) -> Json:
        if isinstance(node, list):
            return [rewritten(item) for item in node]
        if not isinstance(node, dict):
            return node
        if node.keys() == {"Ref"} and node["Ref"] in skipped:
            return value(node["Ref"], None)
        if node.keys() == {"Fn::GetAtt"}:
            parts = node["Fn::GetAtt"]
            logical_id, attribute = parts.split(".", 1) if isinstance(parts, str) else parts
            return value(logical_id, attribute) if logical_id in skipped else node
        if node.keys() == {"Fn::Sub"}:
            argument = node["Fn::Sub"]
            if isinstance(argument, str):
                return {"Fn::Sub": in_text(argument)}
            return {"Fn::Sub": [in_text(argument[0]), rewritten(argument[1])]}
        return {key: rewritten(item) for key, item in node.items()}

    for section in ("Resources", "Outputs"):
        if section in template:
            template[section] = rewritten(template[section])


def event_bus_by_name(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 answers HTTP 500 (AttributeError) to `EventBusName: {Ref: Bus}`; a literal name works."""
    resources = template["Resources"]
    buses = {name: r for name, r in resources.items() if r["Type"] == "AWS::Events::EventBus"}
    for resource in resources.values():
        given = resource.get("Properties", {}).get("EventBusName")
        if isinstance(given, dict) and given.get("Ref") in buses:
            bus = buses[given["Ref"]]["Properties"]
            if isinstance(bus.get("Name"), str):
                resource["Properties"]["EventBusName"] = bus["Name"]
                depends_on(resource, given["Ref"])


def mock_integration_method(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 answers HTTP 500 (KeyError) to an integration without IntegrationHttpMethod or Uri.

    A MOCK integration, as for CORS, has neither.
    """
    for resource in template["Resources"].values():
        integration = resource.get("Properties", {}).get("Integration")
        if resource["Type"] == "AWS::ApiGateway::Method" and isinstance(integration, dict):
            integration.setdefault("IntegrationHttpMethod", "POST")
            integration.setdefault("Uri", "")


def alias_to_function(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 skips AWS::Lambda::Alias, and answers 404 to a permission or mapping that names one.

    What refers to an alias refers to its function instead; the comparison takes both for the same function.
    """
    resources = template["Resources"]
    aliases = {name: r["Properties"]["FunctionName"]["Ref"] for name, r in resources.items() if r["Type"] == "AWS::Lambda::Alias"}

    def rewritten(node: Json) -> Json:
        if isinstance(node, list):
            return [rewritten(item) for item in node]
        if not isinstance(node, dict):
            return node
        if node.keys() == {"Ref"} and node["Ref"] in aliases:
            return {"Fn::GetAtt": [aliases[node["Ref"]], "Arn"]}
        return {key: rewritten(item) for key, item in node.items()}

    for name, resource in resources.items():
        if name not in aliases:
            resources[name] = rewritten(resource)


def database_instances(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 knows no default version of Aurora's instances (KeyError), and takes a reference to a parameter
    group for its name (AttributeError): both end in HTTP 500.
    """
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::RDS::DBInstance":
            resource["Properties"].setdefault("EngineVersion", "16")
            resource["Properties"].pop("DBParameterGroupName", None)


def depends_on(resource: Json, logical_id: str) -> None:
    """Keeps the order that a replaced reference gave."""
    given = resource.get("DependsOn", [])
    present = [given] if isinstance(given, str) else given
    resource["DependsOn"] = sorted({*present, logical_id})


Rewrite = Callable[[Template, set[str]], None]
REWRITES: list[Rewrite] = [alias_to_function, unmodelled_references, event_bus_by_name, mock_integration_method, database_instances]


def for_moto(template: Template, modelled: set[str]) -> Template:
    """A copy of the template that moto can deploy. `modelled` are the types that moto supports."""
    changed = copy.deepcopy(template)
    for rewrite in REWRITES:
        rewrite(changed, modelled)
    return changed
