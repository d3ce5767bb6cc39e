"""What the documents of other tools say, as libyaml and Python's json read them.

Reads paths, one a line; writes one line of JSON for each: the document with every scalar as a text, but for null and
booleans. Short intrinsic forms are written out as CloudFormation documents them.
"""

import json
import re
import sys

import yaml


class Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):
    """YAML 1.1 whose numbers, dates and times stay as they are written."""


KEPT = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in KEPT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def short(loader, suffix, node):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html"""
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


def keyed(loader, node):
    """A map whose keys are texts as they are written."""
    loader.flatten_mapping(node)
    return {key.value: loader.construct_object(value, deep=True) for key, value in node.value}


Loader.add_multi_constructor("!", short)
Loader.add_constructor("tag:yaml.org,2002:map", keyed)


def texts(value):
    if isinstance(value, dict):
        return {key: texts(part) for key, part in value.items()}
    if isinstance(value, list):
        return [texts(part) for part in value]
    return value if value is None or isinstance(value, bool) else str(value)


def read(path):
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    if re.match(r"\s*[{[]", text):
        return json.loads(text, parse_float=str, parse_int=str)
    return yaml.load(text, Loader)


def main():
    for line in sys.stdin:
        print(json.dumps(texts(read(line.rstrip("\n")))))


if __name__ == "__main__":
    main()
