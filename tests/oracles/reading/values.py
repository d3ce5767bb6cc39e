"""The values of a template as texts: functions computed, references replaced by names and ARNs of a partition."""

from __future__ import annotations

import json
import re
from typing import Any

from common import Json, OracleFailure, Template
from reading.partitions import ACCOUNT, Partition
from reading.resources import KINDS, PORTS, Kind


class Values:
    """Computes the values of one template, with the defaults of its parameters."""

    def __init__(self, template: Template, partition: Partition) -> None:
        self.template = template
        self.partition = partition
        self.resources: dict[str, Json] = template["Resources"]
        defaults = {n: p["Default"] for n, p in template.get("Parameters", {}).items() if "Default" in p}
        without = {n: f"<parameter {n}>" for n, p in template.get("Parameters", {}).items() if "Default" not in p}
        self.known: dict[str, Any] = {**partition.pseudo(), **defaults, **without}
        self.naming: set[str] = set()

    def of(self, value: Json) -> Any:
        if isinstance(value, list):
            return [found for item in value if (found := self.of(item)) is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument), = value.items()
            if name == "Ref":
                return self.ref(argument)
            if name == "Condition" and isinstance(argument, str):
                return self.of(self.template["Conditions"][argument])
            if name.startswith("Fn::"):
                handler = getattr(self, "fn_" + name.removeprefix("Fn::").lower(), None)
                if handler is None:
                    raise OracleFailure(f"the judge does not read {name}")
                return handler(argument)
        return {key: found for key, item in value.items() if (found := self.of(item)) is not None}

    def text(self, value: Json) -> str:
        found = self.of(value)
        return found if isinstance(found, str) else json.dumps(found, sort_keys=True)

    def properties(self, logical_id: str) -> dict[str, Any]:
        return self.of(self.resources[logical_id].get("Properties", {}))

    # --- names ---------------------------------------------------------------------------------------------------

    def kind(self, logical_id: str) -> Kind:
        return KINDS.get(self.resources[logical_id]["Type"], Kind("part"))

    def name(self, logical_id: str) -> str:
        """The physical name that the template gives, else one that stands for what CloudFormation will make up."""
        kind = self.kind(logical_id)
        given = self.resources[logical_id].get("Properties", {}).get(kind.name) if kind.name else None
        if given is None or logical_id in self.naming:
            return f"<{logical_id}>"
        self.naming.add(logical_id)
        try:
            return str(self.of(given))
        finally:
            self.naming.discard(logical_id)

    def filled(self, form: str, logical_id: str) -> str:
        p = self.partition
        return form.format(n=self.name(logical_id), p=p.name, r=p.region, a=ACCOUNT, s=p.suffix)

    def arn(self, logical_id: str) -> str:
        return self.filled(self.kind(logical_id).arn, logical_id)

    def ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return None
        if name in self.known:
            return self.known[name]
        if name not in self.resources:
            raise OracleFailure(f"{name} is neither a parameter nor a resource")
        properties = self.resources[name].get("Properties", {})
        match self.kind(name).short:
            case "version":
                return f"{self.function_arn(properties['FunctionName'])}:<{name}>"
            case "alias":
                return f"{self.function_arn(properties['FunctionName'])}:{self.of(properties['Name'])}"
            case "url":
                return self.function_arn(properties["TargetFunctionArn"])
            case "secret_attachment":
                return self.of(properties["SecretId"])
        return self.filled(self.kind(name).ref, name)

    def function_arn(self, value: Json) -> str:
        """A function's ARN from any of the names that AWS takes for it."""
        text = str(self.of(value))
        if text.startswith("arn:"):
            return text
        p = self.partition
        return f"arn:{p.name}:lambda:{p.region}:{ACCOUNT}:function:{text}"

    def attribute(self, logical_id: str, attribute: str) -> str:
        if logical_id not in self.resources:
            raise OracleFailure(f"{logical_id}.{attribute}: there is no such resource")
        kind = self.kind(logical_id)
        if attribute in kind.attributes:
            return self.filled(kind.attributes[attribute], logical_id)
        if attribute == "Arn" and kind.arn:
            return self.arn(logical_id)
        if attribute == "Endpoint.Port" and kind.short in ("database", "cluster"):
            return self.port(logical_id)
        return f"<{logical_id}.{attribute}>"

    def port(self, logical_id: str) -> str:
        """The port of a database: its own, else that of its engine."""
        properties = self.resources[logical_id].get("Properties", {})
        engine = str(self.of(properties.get("Engine", "")))
        usual = next((port for name, port in PORTS.items() if engine.startswith(name)), f"<{logical_id}.port>")
        return str(self.of(properties["Port"]) if "Port" in properties else usual)

    # --- functions -----------------------------------------------------------------------------------------------

    def fn_getatt(self, argument: Json) -> str:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self.attribute(logical_id, str(self.of(attribute)))

    def fn_sub(self, argument: Json) -> str:
        form, extra = argument if isinstance(argument, list) else (argument, {})

        def replaced(found: re.Match[str]) -> str:
            name = found.group(1).strip()
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in extra:
                return self.text(extra[name])
            return self.fn_getatt(name) if "." in name and name not in self.known else str(self.ref(name))

        return re.sub(r"\$\{([^}]+)\}", replaced, form)

    def fn_join(self, argument: Json) -> str:
        return str(argument[0]).join(str(item) for item in self.of(argument[1]))

    def fn_split(self, argument: Json) -> list[str]:
        return self.text(argument[1]).split(argument[0])

    def fn_select(self, argument: Json) -> Any:
        items, index = self.of(argument[1]), int(self.of(argument[0]))
        return items[index] if isinstance(items, list) and index < len(items) else f"<{index} of {items}>"

    def fn_if(self, argument: Json) -> Any:
        return self.of(argument[1] if self.of({"Condition": argument[0]}) else argument[2])

    def fn_equals(self, argument: Json) -> bool:
        return str(self.of(argument[0])) == str(self.of(argument[1]))

    def fn_not(self, argument: Json) -> bool:
        return not self.of(argument[0])

    def fn_and(self, argument: Json) -> bool:
        return all(self.of(item) for item in argument)

    def fn_or(self, argument: Json) -> bool:
        return any(self.of(item) for item in argument)

    def fn_getazs(self, argument: Json) -> list[str]:
        return [f"{self.of(argument) or self.partition.region}{letter}" for letter in "abc"]

    def fn_findinmap(self, argument: Json) -> Any:
        name, first, second = (self.of(item) for item in argument[:3])
        return self.of(self.template["Mappings"][name][first][second])

    def fn_cidr(self, argument: Json) -> list[str]:
        return [f"<{index} of {self.text(argument[0])}>" for index in range(int(self.of(argument[1])))]

    def fn_base64(self, argument: Json) -> str:
        return self.text(argument)

    def fn_tojsonstring(self, argument: Json) -> str:
        return json.dumps(self.of(argument), separators=(",", ":"))

    def fn_importvalue(self, argument: Json) -> str:
        return f"<import {self.text(argument)}>"
