"""Whether a packet can go where an edge says: the security groups on both ends, as moto has them.

Ingress is read from moto's EC2. Egress is read from the template: moto leaves a group's default way out
open beside the rules given, which on AWS replace it, and it skips `AWS::EC2::SecurityGroupEgress`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable, Iterator

from common import Json
from fake_aws import Server
from graph import Edge, Graph
from state import StackState

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Opening:
    """One rule of a group: traffic with `peer` (a group or an address range) on these ports."""

    peer: str
    first: int
    last: int


@dataclass
class Groups:
    ingress: dict[str, list[Opening]]
    egress: dict[str, list[Opening]]

    def path(self, source: str, target: str) -> bool:
        """Whether the source's group lets out what the target's group lets in, on a common port."""
        inward = [o for o in self.ingress.get(target, []) if o.peer in (source, ANYWHERE)]
        outward = [o for o in self.egress.get(source, []) if o.peer in (target, ANYWHERE)]
        return any(i.first <= o.last and o.first <= i.last for i in inward for o in outward)


def openings(permissions: Json) -> Iterator[Opening]:
    for permission in permissions:
        everything = permission["IpProtocol"] == "-1"
        first, last = (0, 65535) if everything else (permission["FromPort"], permission["ToPort"])
        peers = [pair["GroupId"] for pair in permission.get("UserIdGroupPairs", [])]
        peers += [r["CidrIp"] for r in permission.get("IpRanges", [])]
        for peer in peers:
            yield Opening(peer, int(first), int(last))


def read_groups(server: Server, state: StackState) -> Groups:
    groups = Groups({}, {})
    ids = [state.physical[name] for name in state.of_type("AWS::EC2::SecurityGroup")]
    if not ids:
        return groups
    for group in server.client("ec2").describe_security_groups(GroupIds=ids)["SecurityGroups"]:
        groups.ingress[group["GroupId"]] = list(openings(group["IpPermissions"]))
    for name in state.of_type("AWS::EC2::SecurityGroup"):
        rules = state.resolved[name].get("SecurityGroupEgress", [{"IpProtocol": "-1", "CidrIp": ANYWHERE}])
        groups.egress[state.physical[name]] = [outward(rule) for rule in rules]
    for name in state.of_type("AWS::EC2::SecurityGroupEgress"):
        rule = state.resolved[name]
        groups.egress.setdefault(rule["GroupId"], []).append(outward(rule))
    return groups


def outward(rule: Json) -> Opening:
    """An egress rule as a template writes it."""
    peer = str(rule.get("DestinationSecurityGroupId") or rule.get("CidrIp"))
    return Opening(peer, int(rule.get("FromPort", 0)), int(rule.get("ToPort", 65535)))


def groups_in(value: Any) -> Iterator[str]:
    """The security groups that a resource's own properties name."""
    if isinstance(value, dict):
        for item in value.values():
            yield from groups_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from groups_in(item)
    elif isinstance(value, str) and value.startswith("sg-"):
        yield value


def network_problems(graph: Graph, state: StackState, groups: Groups) -> list[str]:
    """Each capability on something inside a network has a way there, and each proxy one to its database."""
    problems = []
    for edge in graph.capabilities():
        problems += way_problems(str(edge), ends(edge), state, groups)
    for name in state.of_type("AWS::RDS::DBProxyTargetGroup"):
        target = state.resolved[name]
        proxy = by_reference(str(target["DBProxyName"]), "AWS::RDS::DBProxy", state)
        for database in target.get("DBInstanceIdentifiers", []):
            instance = by_reference(str(database), "AWS::RDS::DBInstance", state)
            problems += way_problems(f"{name}", (proxy, instance), state, groups)
    return problems


def ends(edge: Edge) -> tuple[str, str]:
    return edge.source.logical_id, edge.target.logical_id


def by_reference(value: str, kind: str, state: StackState) -> str:
    return next((n for n in state.of_type(kind) if value in (state.physical.get(n), f"stand-in-{n}")), value)


def way_problems(what: str, pair: tuple[str, str], state: StackState, groups: Groups) -> list[str]:
    source, target = (unique(groups_in(state.resolved.get(name, {}))) for name in pair)
    if not target:
        return []
    if not source:
        return [f"{what}: {pair[1]} stands in a network, {pair[0]} does not"]
    if not any(groups.path(s, t) for s in source for t in target):
        return [f"{what}: the security groups leave no way from {pair[0]} to {pair[1]}"]
    return []


def unique(items: Iterable[str]) -> list[str]:
    return sorted(set(items))
