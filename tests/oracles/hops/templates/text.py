"""Templates as text: JSON, or YAML with long and short forms of the intrinsic functions."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import yaml

SHORT = {"Ref", "Condition", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::If", "Fn::Equals", "Fn::Not", "Fn::And", "Fn::ImportValue", "Fn::Select", "Fn::Split"}


def as_json(template: dict[str, Any]) -> str:
    return json.dumps(template, indent=2) + "\n"


def as_yaml(template: dict[str, Any], rng: Random) -> str:
    """YAML in which each intrinsic function is in its short form, in its long form, or as it happens."""
    share = rng.choice([0.0, 0.5, 1.0])

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    def mapping(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.Node:
        if len(data) == 1 and (key := next(iter(data))) in SHORT and rng.random() < share:
            return short(dumper, f"!{key.removeprefix('Fn::')}", key, data[key])
        return dumper.represent_mapping("tag:yaml.org,2002:map", data.items())

    Dumper.add_representer(dict, mapping)
    return yaml.dump(template, Dumper=Dumper, sort_keys=False, width=rng.choice([40, 120, 100_000]))


def short(dumper: yaml.SafeDumper, tag: str, key: str, value: Any) -> yaml.Node:
    if key == "Fn::GetAtt" and isinstance(value, list):
        value = ".".join(value)
    if isinstance(value, str):
        return dumper.represent_scalar(tag, value)
    if isinstance(value, list):
        return dumper.represent_sequence(tag, value)
    # A short form of one in its long form: `!ImportValue {Fn::Sub: ...}`.
    return dumper.represent_mapping(tag, value)
