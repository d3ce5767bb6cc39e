"""CloudFormation's intrinsic functions, resolved with the values that a deployment would give."""

from __future__ import annotations

import base64
import json
import re
from typing import Any, Callable

from common import Json, OracleFailure, Template
from fake_aws import ACCOUNT, REGION

PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/stand-in/0a1b2c3d-0000-0000-0000-000000000000",
}

Lookup = Callable[[str, str | None], str]  # (logical id, attribute or None for Ref) -> value


def stand_in(logical_id: str, attribute: str | None, resource_type: str = "AWS::Purlin::Unknown") -> str:
    """A value of the right shape for what nobody here can deploy; the same question gives the same answer."""
    if attribute and "arn" in attribute.lower():
        service = resource_type.split("::")[1].lower()
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:stand-in:{logical_id}"
    if attribute:
        return f"{logical_id}.{attribute}".lower()
    return f"stand-in-{logical_id}"


class Resolver:
    """Resolves the values of one template. `lookup` answers Ref and GetAtt on resources."""

    def __init__(self, template: Template, parameters: dict[str, str], stack: str, lookup: Lookup) -> None:
        self.template = template
        self.values = PSEUDO | {"AWS::StackName": stack} | defaults(template) | parameters
        self.lookup = lookup
        self.imported: dict[str, str] = {}

    def condition(self, name: str) -> bool:
        return bool(self.resolve({"Condition": name}))

    def resolve(self, value: Json) -> Json:
        if isinstance(value, list):
            items = [self.resolve(item) for item in value]
            return [item for item in items if item is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument), = value.items()
            handler = getattr(self, "fn_" + name.removeprefix("Fn::").lower(), None)
            if handler and (name.startswith("Fn::") or name in ("Ref", "Condition") and isinstance(argument, str)):
                return handler(argument)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not None}

    def fn_ref(self, name: str) -> Json:
        if name == "AWS::NoValue":
            return None
        if name in self.values:
            return self.values[name]
        return self.lookup(name, None)

    def fn_condition(self, name: str) -> bool:
        return bool(self.resolve(self.template["Conditions"][name]))

    def fn_getatt(self, argument: Json) -> str:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self.lookup(logical_id, attribute)

    def fn_sub(self, argument: Json) -> str:
        text, extra = argument if isinstance(argument, list) else (argument, {})

        def replace(found: re.Match[str]) -> str:
            name = found.group(1)
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in extra:
                return str(self.resolve(extra[name]))
            return str(self.fn_getatt(name) if "." in name else self.fn_ref(name))

        return re.sub(r"\$\{([^}]+)\}", replace, text)

    def fn_join(self, argument: Json) -> str:
        separator, items = argument
        return str(separator).join(str(item) for item in self.resolve(items))

    def fn_split(self, argument: Json) -> list[str]:
        separator, text = argument
        return str(self.resolve(text)).split(separator)

    def fn_select(self, argument: Json) -> Json:
        index, items = argument
        return self.resolve(items)[int(self.resolve(index))]

    def fn_if(self, argument: Json) -> Json:
        name, yes, no = argument
        return self.resolve(yes if self.condition(name) else no)

    def fn_equals(self, argument: Json) -> bool:
        left, right = (self.resolve(item) for item in argument)
        return str(left) == str(right)

    def fn_not(self, argument: Json) -> bool:
        return not self.resolve(argument[0])

    def fn_and(self, argument: Json) -> bool:
        return all(self.resolve(item) for item in argument)

    def fn_or(self, argument: Json) -> bool:
        return any(self.resolve(item) for item in argument)

    def fn_getazs(self, argument: Json) -> list[str]:
        region = self.resolve(argument) or REGION
        return [f"{region}{letter}" for letter in "abcd"]

    def fn_findinmap(self, argument: Json) -> Json:
        name, first, second = (self.resolve(item) for item in argument)
        return self.template["Mappings"][name][first][second]

    def fn_base64(self, argument: Json) -> str:
        return base64.b64encode(str(self.resolve(argument)).encode()).decode()

    def fn_tojsonstring(self, argument: Json) -> str:
        return json.dumps(self.resolve(argument), separators=(",", ":"))

    def fn_importvalue(self, argument: Json) -> str:
        name = str(self.resolve(argument))
        return self.imported.get(name, f"imported-{name}")

    def fn_cidr(self, argument: Json) -> Any:
        raise OracleFailure(f"Fn::Cidr is not something the oracles can resolve: {argument}")


def defaults(template: Template) -> dict[str, str]:
    """The parameters' defaults; one without a default has to be given by whoever deploys."""
    parameters = template.get("Parameters", {})
    return {name: str(p["Default"]) for name, p in parameters.items() if "Default" in p}


def stand_in_lookup(template: Template) -> Lookup:
    """Answers every Ref and GetAtt with a stand-in; an unknown logical id is the template's defect."""

    def lookup(logical_id: str, attribute: str | None) -> str:
        resource = template["Resources"].get(logical_id)
        if resource is None:
            raise OracleFailure(f"the template refers to {logical_id}, which it does not define")
        return stand_in(logical_id, attribute, resource["Type"])

    return lookup
