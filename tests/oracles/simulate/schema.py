"""What the CloudFormation resource schemas say of a type: which properties can only be given at creation.

The schemas are the ones inside cfn-lint (AWS publishes them), so nothing here depends on the compiler's own copy.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Iterator

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from cfnlint.schema import ResourceNotFoundError

REGION = "us-east-1"


@cache
def schema(resource_type: str) -> dict[str, Any]:
    """The type's schema; empty for a type that is not AWS's (a custom resource)."""
    try:
        return PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
    except ResourceNotFoundError:
        return {}


@cache
def create_only(resource_type: str) -> tuple[tuple[str, ...], ...]:
    """The paths of the properties whose change replaces the resource."""
    pointers = schema(resource_type).get("createOnlyProperties", [])
    return tuple(tuple(pointer.removeprefix("/properties/").split("/")) for pointer in pointers)


def properties_of(resource_type: str) -> set[str]:
    return set(schema(resource_type).get("properties", {}))


def values_at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """All values at a path; `*` means each item of a list."""
    if not path:
        yield value
    elif path[0] == "*" and isinstance(value, list):
        for item in value:
            yield from values_at(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from values_at(value[path[0]], path[1:])


def replaced_by(resource_type: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The create-only properties that differ, so that CloudFormation makes a new resource."""
    changed = [p for p in create_only(resource_type) if list(values_at(before, p)) != list(values_at(after, p))]
    return ["/".join(path) for path in changed]
