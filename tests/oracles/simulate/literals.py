"""Names written out instead of referred to: a text that equals the physical name of a resource orders nothing."""

from __future__ import annotations

from typing import Any, Iterator

from simulate.making import Making
from simulate.physical import NAMES, given_name

# What is only compared or used when something runs, so that the resource need not exist when the call is made.
LATER = {
    "PolicyDocument", "AssumeRolePolicyDocument", "Policies", "KeyPolicy", "Environment", "SourceArn", "Description", "Tags",
    "Definition", "DefinitionString", "DomainName", "Comment", "EventPattern", "FilterPolicy", "LoggingConfig", "Targets",
    "Target", "Parameters", "Dimensions", "RequestTemplates", "Name", "StageName", "Value", "SecretStringTemplate",
}
SCOPES = {"world", "account", "region"}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in LATER:
                yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def check(making: Making) -> None:
    """Every resource of the stack whose written name this one uses must certainly exist when it is made."""
    used = set(texts(making.properties))
    for other in making.stack.current.values():
        name = given_name(other.type, other.properties)
        if name and other is not making.instance and NAMES[other.type][1] in SCOPES and used & {name, other.arn}:
            if not making.sees(other) and making.instance.logical_id not in other.needs:
                making.report("not-there-yet", f"names {other} by the text {name}, and nothing makes it first")
