"""The only changes made to a template before moto deploys it: what moto gets wrong or does not model.

Each rewrite is one function that `for_moto` calls, with the moto behaviour that makes it necessary. None of
them touches what the deployment is then judged by. Linting always sees the template as it was emitted.
"""

from __future__ import annotations

import copy
import json
import re
from typing import Callable

from common import Json, Template
from intrinsics import stand_in

SUB_REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")


Replace = Callable[[str, str | None], Json]  # (logical id, attribute or None) -> a node, or None to keep the reference


def rewrite_references(node: Json, replace: Replace) -> Json:
    """The same tree with references replaced. A replacement is a text, or a GetAtt of two names."""
    if isinstance(node, list):
        return [rewrite_references(item, replace) for item in node]
    if not isinstance(node, dict):
        return node
    if node.keys() == {"Ref"}:
        return replace(node["Ref"], None) or node
    if node.keys() == {"Fn::GetAtt"}:
        parts = node["Fn::GetAtt"]
        logical_id, attribute = parts.split(".", 1) if isinstance(parts, str) else parts
        return replace(logical_id, attribute) or node
    if node.keys() == {"Fn::Sub"}:
        argument = node["Fn::Sub"]
        if isinstance(argument, str):
            return {"Fn::Sub": in_text(argument, replace)}
        return {"Fn::Sub": [in_text(argument[0], replace), rewrite_references(argument[1], replace)]}
    return {key: rewrite_references(item, replace) for key, item in node.items()}


def in_text(text: str, replace: Replace) -> str:
    def one(found: re.Match[str]) -> str:
        logical_id, _, attribute = found.group(1).partition(".")
        node = replace(logical_id, attribute or None)
        if isinstance(node, dict):
            return "${" + ".".join(node["Fn::GetAtt"]) + "}"
        return str(node) if node else found.group(0)

    return SUB_REFERENCE.sub(one, text)


def everywhere(template: Template, replace: Replace) -> None:
    for section in ("Resources", "Outputs"):
        if section in template:
            template[section] = rewrite_references(template[section], replace)


def alias_as_function(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 skips aliases, and refuses a permission on a function that does not exist.

    A reference to an alias becomes one to its function; that the right alias was meant is judged from
    the template (waking.alias_problems).
    """
    resources = template["Resources"]
    aliases = {name: r for name, r in resources.items() if r["Type"] == "AWS::Lambda::Alias"}

    def replace(logical_id: str, attribute: str | None) -> Json:
        if logical_id not in aliases or attribute not in (None, "AliasArn"):
            return None
        function = aliases[logical_id]["Properties"]["FunctionName"]
        owner = function.get("Ref") or function["Fn::GetAtt"][0]
        return {"Fn::GetAtt": [owner, "Arn"]}

    everywhere(template, replace)


def unmodelled_references(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 ends a deployment with ValidationError at a GetAtt on a type it skipped (a Ref: HTTP 500).

    Every reference to such a resource becomes the stand-in value that the comparison also computes.
    """
    resources = template["Resources"]
    skipped = {name: r["Type"] for name, r in resources.items() if r["Type"] not in modelled}

    def replace(logical_id: str, attribute: str | None) -> Json:
        return stand_in(logical_id, attribute, skipped[logical_id]) if logical_id in skipped else None

    everywhere(template, replace)


def event_bus_by_name(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 gives an event bus no physical id: a Ref to one ends in HTTP 500, its literal name works."""
    resources = template["Resources"]
    buses = {n: r["Properties"]["Name"] for n, r in resources.items() if r["Type"] == "AWS::Events::EventBus"}

    def replace(logical_id: str, attribute: str | None) -> Json:
        return buses[logical_id] if logical_id in buses and attribute in (None, "Name") else None

    for resource in resources.values():
        for bus in buses:
            if json.dumps({"Ref": bus}) in json.dumps(resource):
                depends_on(resource, bus)
    everywhere(template, replace)


def mock_integration_method(template: Template, modelled: set[str]) -> None:
    """moto 5.2.5 answers HTTP 500 (KeyError) to an integration without IntegrationHttpMethod or Uri.

    A MOCK integration, as for CORS, has neither.
    """
    for resource in template["Resources"].values():
        integration = resource.get("Properties", {}).get("Integration")
        if resource["Type"] == "AWS::ApiGateway::Method" and isinstance(integration, dict):
            integration.setdefault("IntegrationHttpMethod", "POST")
            integration.setdefault("Uri", "")


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


def imports_as_values(template: Template, exported: dict[str, str]) -> None:
    """moto 5.2.5 has no outputs and no exports of a stack that a change set made, as `aws cloudformation deploy` does.

    An import becomes the value of the exporting stack's output, resolved by state.py; an unknown name is left, and
    moto ends the deployment.
    """

    def rewritten(node: Json) -> Json:
        if isinstance(node, list):
            return [rewritten(item) for item in node]
        if not isinstance(node, dict):
            return node
        name = node.get("Fn::ImportValue")
        if isinstance(name, str) and name in exported:
            return exported[name]
        return {key: rewritten(item) for key, item in node.items()}

    template["Resources"] = rewritten(template["Resources"])


Rewrite = Callable[[Template, set[str]], None]
REWRITES: list[Rewrite] = [alias_as_function, unmodelled_references, event_bus_by_name, mock_integration_method, database_instances]


def for_moto(template: Template, modelled: set[str], exported: dict[str, str]) -> Template:
    """A copy that moto can deploy. `modelled` are the types it makes, `exported` what earlier stacks export."""
    changed = copy.deepcopy(template)
    imports_as_values(changed, exported)
    for rewrite in REWRITES:
        rewrite(changed, modelled)
    return changed
