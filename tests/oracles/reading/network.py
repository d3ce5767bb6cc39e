"""What is reached through networks: databases through security groups, services through endpoints, the internet through NAT."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reading.graph import Edge, View
from reading.partitions import endpoint_service

ANYWHERE = ("0.0.0.0/0", "::/0")


def network(view: View) -> Iterator[Edge]:
    """Which functions the security groups let reach which databases and proxies."""
    inside = {"AWS::RDS::DBInstance": "VPCSecurityGroups", "AWS::RDS::DBCluster": "VpcSecurityGroupIds",
              "AWS::RDS::DBProxy": "VpcSecurityGroupIds", "AWS::Lambda::Function": "VpcConfig"}
    groups = {i: groups_of(given, key) for kind, key in inside.items() for i, given in view.each(kind)}
    allowed = set()
    for _, given in view.each("AWS::EC2::SecurityGroupIngress"):
        allowed.add((given.get("SourceSecurityGroupId"), given.get("GroupId"), given.get("FromPort")))
    for group, given in view.each("AWS::EC2::SecurityGroup"):
        for rule in given.get("SecurityGroupIngress", []):
            allowed.add((rule.get("SourceSecurityGroupId"), view.values.ref(group), rule.get("FromPort")))
    for source, ours in groups.items():
        for target, theirs in groups.items():
            if view.kind(target) == "function":
                continue
            for port in {port for a, b, port in allowed if a in ours and b in theirs}:
                yield Edge("reach", source, target, f"port={port}")
    for _, given in view.each("AWS::RDS::DBProxyTargetGroup"):
        for name in given.get("DBInstanceIdentifiers", []) + given.get("DBClusterIdentifiers", []):
            yield Edge("pool", view.named(given["DBProxyName"], "proxy"), view.named(name, "database", "cluster"))
    for _, given in view.each("AWS::EC2::VPCEndpoint"):
        service = endpoint_service(str(given["ServiceName"]), view.values.partition)
        yield Edge("endpoint", view.named(given["VpcId"], "network"), service)


def groups_of(given: dict[str, Any], key: str) -> list[str]:
    value = given.get(key, {})
    return value.get("SecurityGroupIds", []) if isinstance(value, dict) else value


def ways_out(view: View) -> Iterator[Edge]:
    """Which functions reach the internet. A function has no public address: an internet gateway does not serve it."""
    routes = [given for _, given in view.each("AWS::EC2::Route")]
    tables = {given.get("RouteTableId") for given in routes
              if "NatGatewayId" in given and given.get("DestinationCidrBlock") in ANYWHERE}
    subnets = {given["SubnetId"] for _, given in view.each("AWS::EC2::SubnetRouteTableAssociation")
               if given["RouteTableId"] in tables}
    for function, given in view.each("AWS::Lambda::Function"):
        inside = given.get("VpcConfig", {}).get("SubnetIds", [])
        if inside and set(inside) <= subnets:
            yield Edge("out", function, "<internet>")
