"""Sample values: the account, the region, and what Ref and GetAtt would give."""

from __future__ import annotations

from typing import Any

from .table import Entry

ACCOUNT = "123456789012"
REGION = "ap-northeast-1"  # no commercial region has a longer name
STACK = "Shop-Production-2"  # letters of both cases and a digit: what CloudFormation allows in a stack's name
RANDOM = "1A2B3C4D5E6F"


class Guess(str):
    """A value that only the one who deploys knows. No pattern, length or enumeration judges it."""


class UnknownAttribute(Exception):
    """GetAtt asks for what the type does not return."""


def physical_name(entry: Entry, logical_id: str, properties: dict[str, Any]) -> str:
    """The name that the template gives, or one as CloudFormation makes it up."""
    given = properties.get(entry.name) if entry.name else None
    if isinstance(given, str):
        return given
    suffix = "".join(text for key, text in entry.suffix.items() if key in properties)
    room = entry.longest - len(RANDOM) - len(suffix) - 2
    head = STACK[: max(room - len(logical_id), 1)]
    name = f"{head}-{logical_id[: room - len(head)]}-{RANDOM}{suffix}"
    return name.lower() if entry.lower else name


def filled(text: str, name: str) -> str:
    return text.format(name=name, account=ACCOUNT, region=REGION, partition="aws", random=RANDOM)


def reference(entry: Entry, name: str) -> str:
    return filled(entry.ref, name)


def attribute(entry: Entry, name: str, wanted: str) -> str:
    for key, text in entry.get.items():
        if key == wanted or key.endswith("*") and wanted.startswith(key[:-1]):
            return filled(text, name)
    raise UnknownAttribute(f"{entry.type} returns no attribute {wanted}")
