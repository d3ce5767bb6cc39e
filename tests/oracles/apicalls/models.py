"""AWS's service models, as botocore carries them. Each is read once."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.loaders
import regex

Shape = dict[str, Any]


class UnknownOperation(Exception):
    """The table names an operation or a shape that the model does not have."""


@cache
def _loader() -> botocore.loaders.Loader:
    return botocore.loaders.Loader()


@cache
def model(service: str) -> dict[str, Any]:
    found = dict(_loader().load_service_model(service, "service-2"))
    for name, shape in found["shapes"].items():
        shape["name"] = name
        if shape["type"] == "structure":
            shape["folded"] = {member.lower(): member for member in shape["members"]}
    return found


@cache
def shape(service: str, name: str) -> Shape:
    try:
        return model(service)["shapes"][name]
    except KeyError as error:
        raise UnknownOperation(f"{service} has no shape {name}") from error


@cache
def request(operation: str) -> Shape:
    """The input shape of "service.Operation"."""
    service, name = operation.split(".")
    operations = model(service)["operations"]
    if name not in operations:
        raise UnknownOperation(f"{service} has no operation {name}")
    return shape(service, operations[name]["input"]["shape"])


def member_shape(service: str, owner: Shape, member: str) -> Shape:
    return shape(service, owner["members"][member]["shape"])


@cache
def pattern(text: str) -> regex.Pattern[str]:
    """A pattern of a model. The services hold the whole value to it."""
    return regex.compile(text)
