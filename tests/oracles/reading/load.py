"""A template of CloudFormation or SAM as plain data: YAML with the short forms of functions, or JSON.

Neighbour files are put where they are named: definitions of state machines, OpenAPI documents, `AWS::Include`.
CloudFormation does the same: macros inside a template run before the one that encloses them, and `sam package`
uploads what a path names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from common import Json, OracleFailure, Template

PLAIN = {"Ref", "Condition"}


class Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: a version `2012-10-17` is a text, a key occurs once."""


def function(loader: Loader, suffix: str, node: yaml.Node) -> Json:
    name = suffix if suffix in PLAIN else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


def mapping(loader: Loader, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [key.value for key, _ in node.value]
    twice = {str(key) for key in keys if keys.count(key) > 1}
    if twice:
        raise OracleFailure(f"line {node.start_mark.line + 1}: {', '.join(sorted(twice))} is there twice")
    loader.flatten_mapping(node)  # what `<<` merges comes first: a key of the mapping itself replaces it
    return {str(loader.construct_object(key, deep=True)): loader.construct_object(value, deep=True) for key, value in node.value}


Loader.add_multi_constructor("!", function)
Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

# The properties that name a definition in a file, and the property that takes it in place.
DEFINITIONS = {
    "AWS::Serverless::StateMachine": ("DefinitionUri", "Definition"),
    "AWS::Serverless::Api": ("DefinitionUri", "DefinitionBody"),
    "AWS::Serverless::HttpApi": ("DefinitionUri", "DefinitionBody"),
}


def parse(path: Path) -> Json:
    text = path.read_text(encoding="utf-8")
    try:
        return yaml.load(text, Loader)  # noqa: S506 - a SafeLoader; JSON is YAML
    except yaml.YAMLError as error:
        raise OracleFailure(f"{path}: {error}") from error


def load(path: Path) -> Template:
    template = included(parse(path), path.parent)
    for logical_id, resource in template["Resources"].items():
        uri, inline = DEFINITIONS.get(resource["Type"], ("", ""))
        properties = resource.get("Properties", {})
        if isinstance(properties.get(uri), str):
            properties[inline] = included(parse(neighbour(path.parent, properties.pop(uri), logical_id)), path.parent)
    return template


def included(value: Json, folder: Path) -> Json:
    """The value with each `AWS::Include` of a neighbour file replaced by what the file holds."""
    if isinstance(value, list):
        return [included(item, folder) for item in value]
    if not isinstance(value, dict):
        return value
    transform = value.get("Fn::Transform")
    if isinstance(transform, dict) and transform.get("Name") == "AWS::Include":
        beside = {key: included(item, folder) for key, item in value.items() if key != "Fn::Transform"}
        file = neighbour(folder, transform["Parameters"]["Location"], "AWS::Include")
        return beside | included(parse(file), folder)
    return {key: included(item, folder) for key, item in value.items()}


def neighbour(folder: Path, location: str, asked_by: str) -> Path:
    path = folder / location
    if not path.is_file():
        raise OracleFailure(f"{asked_by} names {location}, which is not beside {folder}")
    return path
