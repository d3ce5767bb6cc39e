"""The requests that a resource's properties become."""

from __future__ import annotations

from typing import Any, Iterator

from .table import Call, Entry
from .walk import Nest, Path, put

Json = Any
SOURCES = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "SourceSecurityGroupName": ("UserIdGroupPairs", "GroupName"),
    "SourceSecurityGroupOwnerId": ("UserIdGroupPairs", "UserId"),
}


def requests(entry: Entry, properties: dict[str, Json]) -> Iterator[tuple[Call, Nest]]:
    """Each call with each of its requests; a further call only if one of its properties is there."""
    if not entry.calls:
        return
    main, *further = entry.calls
    claimed = {name for call in further for name in call.claims()}
    for request in of_elements(main, {key: value for key, value in properties.items() if key not in claimed}):
        yield main, permission(request) if main.permission else request
    for call in further:
        if call.claims() & set(properties):
            yield from ((call, request) for request in of_further(call, properties))


def located(properties: dict[str, Json], path: Path = ()) -> Nest:
    return put_at(path, Nest({key: ((*path, key), value) for key, value in properties.items()}))


def put_at(path: Path, request: Nest) -> Nest:
    request.origin = path
    return request


def of_elements(call: Call, properties: dict[str, Json]) -> Iterator[Nest]:
    """One request, or one for each element of the list that the call is made for."""
    rest = located({key: value for key, value in properties.items() if key not in call.elements})
    made = False
    for name, member in call.elements.items():
        value = properties.get(name)
        for index, element in enumerate(value if isinstance(value, list) else []):
            made = True
            yield Nest(rest | {member: ((name, str(index)), element)})
    if not made:
        yield rest


def of_further(call: Call, properties: dict[str, Json]) -> Iterator[Nest]:
    taken = Nest()
    for name, member in call.takes.items():
        if name in properties:
            put(taken, member, ((name,), properties[name]), {})
    if call.elements:
        yield from of_elements(call, {name: properties[name] for name in call.elements if name in properties})
        return
    if not call.spread:
        yield taken
        return
    value: Json = properties
    for step in call.spread:
        value = value.get(step) if isinstance(value, dict) else None
    yield from (put_at(one.origin, Nest(taken | one)) for one in spread(call, value))


def spread(call: Call, value: Json) -> Iterator[Nest]:
    if call.pairs and isinstance(value, dict):
        key_member, value_member = call.pairs
        for key, item in value.items():
            path = (*call.spread, key)
            yield Nest({key_member: (path, key), value_member: (path, item)})
    elif isinstance(value, dict):
        yield located(value, call.spread)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            one = located(item, (*call.spread, str(index)))
            yield permission(one) if call.permission else one
    elif value is not None:
        yield Nest()


def permission(rule: Nest) -> Nest:
    """A rule of a security group, as the API takes it: one permission with one source or destination."""
    request, inner = Nest(), Nest()
    for key, (path, value) in rule.items():
        if key in SOURCES:
            outer, member = SOURCES[key]
            source = inner.setdefault(outer, (path, [Nest()]))[1][0]
            source[member] = (path, value)
            if "Description" in rule:
                source["Description"] = rule["Description"]
        elif key in ("GroupId", "GroupName"):
            request[key] = (path, value)
        elif key != "Description":
            inner[key] = (path, value)
    request["IpPermissions"] = (rule.origin, [inner])
    return put_at(rule.origin, request)
