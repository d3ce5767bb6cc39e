"""A template's values with one assignment of its parameters: no function is left."""

from __future__ import annotations

import base64
import json
import re
from typing import Any, Callable

from . import sample, table
from .sample import Guess
from .scenarios import Values

Json = Any
HOLE = re.compile(r"\$\{([^}]+)\}")
ABSENT = object()  # what AWS::NoValue leaves


class Unresolvable(Exception):
    """A function that has no value: it names what is not there, or has another form than it may have."""


class Resolver:
    """Resolves one template. Use one for each assignment of the parameters."""

    def __init__(self, template: dict[str, Any], values: Values) -> None:
        self.template = template
        self.resources: dict[str, Any] = template.get("Resources", {})
        self.values = values
        self.conditions: dict[str, bool] = {}
        self.names: dict[str, str] = {}

    def there(self, resource: dict[str, Any]) -> bool:
        return "Condition" not in resource or self.condition(resource["Condition"])

    def condition(self, name: str) -> bool:
        if name not in self.conditions:
            if name not in self.template.get("Conditions", {}):
                raise Unresolvable(f"no condition {name}")
            self.conditions[name] = bool(self.value(self.template["Conditions"][name]))
        return self.conditions[name]

    def value(self, node: Json) -> Json:
        if isinstance(node, dict):
            if len(node) == 1:
                (name, argument), = node.items()
                handler = FUNCTIONS.get(name)
                if handler and not (name == "Condition" and not isinstance(argument, str)):
                    return handler(self, argument)
            found = {key: self.value(item) for key, item in node.items()}
            return {key: item for key, item in found.items() if item is not ABSENT}
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not ABSENT]
        return node

    def ref(self, name: str) -> Json:
        if name == "AWS::NoValue":
            return ABSENT
        if name in self.values:
            return self.values[name]
        entry, physical = self.named(name)
        return sample.reference(entry, physical) if entry else Guess("value")

    def named(self, logical_id: str) -> tuple[table.Entry | None, str]:
        resource = self.resources.get(logical_id)
        if resource is None:
            raise Unresolvable(f"nothing is called {logical_id}")
        entry = table.entry(resource["Type"])
        if entry is None:
            return None, "value"
        if logical_id not in self.names:
            written = resource.get("Properties", {})
            wanted = [key for key in (entry.name, *entry.suffix) if key in written]
            properties = self.value({key: written[key] for key in wanted})
            self.names[logical_id] = sample.physical_name(entry, logical_id, properties)
        return entry, self.names[logical_id]

    def get_att(self, argument: Json) -> Json:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        entry, physical = self.named(logical_id)
        return sample.attribute(entry, physical, attribute) if entry else Guess("value")

    def sub(self, argument: Json) -> str:
        text, extra = argument if isinstance(argument, list) else (argument, {})
        guessed = False

        def fill(found: re.Match[str]) -> str:
            nonlocal guessed
            name = found.group(1)
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            part = self.value(extra[name]) if name in extra else self.get_att(name) if "." in name else self.ref(name)
            guessed = guessed or isinstance(part, Guess)
            return text_of(part)

        whole = HOLE.sub(fill, text)
        return Guess(whole) if guessed else whole

    def join(self, argument: Json) -> str:
        separator, items = argument
        parts = self.value(items)
        if not isinstance(parts, list):
            raise Unresolvable("Fn::Join of something that is no list")
        whole = str(separator).join(map(text_of, parts))
        return Guess(whole) if any(isinstance(part, Guess) for part in parts) else whole

    def split(self, argument: Json) -> list[str]:
        separator, text = argument
        whole = self.value(text)
        parts = text_of(whole).split(separator)
        return [Guess(part) for part in parts] if isinstance(whole, Guess) else parts

    def select(self, argument: Json) -> Json:
        index, items = int(self.value(argument[0])), self.value(argument[1])
        if isinstance(items, list) and items and index >= len(items) and isinstance(items[0], Guess):
            return items[0]
        if not isinstance(items, list) or not 0 <= index < len(items):
            raise Unresolvable(f"Fn::Select takes number {index} of {items}")
        return items[index]

    def choose(self, argument: Json) -> Json:
        name, yes, no = argument
        return self.value(yes if self.condition(name) else no)

    def find_in_map(self, argument: Json) -> Json:
        name, first, second = (self.value(item) for item in argument[:3])
        try:
            return self.template["Mappings"][name][first][second]
        except KeyError as error:
            raise Unresolvable(f"no {name} {first} {second} in Mappings") from error


def text_of(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is ABSENT or isinstance(value, (dict, list)):
        raise Unresolvable(f"a text is needed, and this is none: {'AWS::NoValue' if value is ABSENT else value}")
    return str(value)


def compact(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


FUNCTIONS: dict[str, Callable[[Resolver, Json], Json]] = {
    "Ref": Resolver.ref,
    "Condition": Resolver.condition,
    "Fn::GetAtt": Resolver.get_att,
    "Fn::Sub": Resolver.sub,
    "Fn::Join": Resolver.join,
    "Fn::Split": Resolver.split,
    "Fn::Select": Resolver.select,
    "Fn::If": Resolver.choose,
    "Fn::FindInMap": Resolver.find_in_map,
    "Fn::Equals": lambda self, sides: text_of(self.value(sides[0])) == text_of(self.value(sides[1])),
    "Fn::Not": lambda self, argument: not self.value(argument[0]),
    "Fn::And": lambda self, parts: all(self.value(part) for part in parts),
    "Fn::Or": lambda self, parts: any(self.value(part) for part in parts),
    "Fn::GetAZs": lambda self, region: [f"{text_of(self.value(region)) or sample.REGION}{zone}" for zone in "abcdef"],
    "Fn::Base64": lambda self, text: base64.b64encode(text_of(self.value(text)).encode()).decode(),
    "Fn::ToJsonString": lambda self, value: compact(self.value(value)),
    "Fn::ImportValue": lambda self, name: Guess(f"imported-{text_of(self.value(name))}"),
    "Fn::Cidr": lambda self, argument: [f"10.0.{i}.0/24" for i in range(int(self.value(argument[1])))],
    "Fn::Length": lambda self, items: len(self.value(items)),
}
