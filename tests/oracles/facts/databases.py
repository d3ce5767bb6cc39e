"""RDS, its proxies, and file systems."""

from __future__ import annotations

import re
from typing import Any, Iterator

from facts.registry import fact
from facts.samples import allow, functions, of, ref, role
from facts.view import View

RDS = "https://docs.aws.amazon.com/AmazonRDS/latest"
AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide"


def proxy(name: str, *statements: Any) -> dict[str, Any]:
    auth = [{"AuthScheme": "SECRETS", "SecretArn": "arn:aws:secretsmanager:r:1:secret:s"}]
    return {"Role": role("rds.amazonaws.com", *statements), "Pool": of("RDS::DBProxy", DBProxyName=name, EngineFamily="MYSQL", RoleArn={"Fn::GetAtt": ["Role", "Arn"]}, VpcSubnetIds=["a", "b"], Auth=auth)}


READS = allow("secretsmanager:GetSecretValue")


@fact("The name of a proxy begins with a letter, has letters, digits and single hyphens, and does not end with one.",
      f"{RDS}/APIReference/API_CreateDBProxy.html", bad=proxy("orders_pool", READS), good=proxy("orders-pool", READS))
def proxy_name(view: View) -> Iterator[str]:
    for one in view.of("RDS::DBProxy"):
        name = str(one.properties["DBProxyName"])
        if not re.fullmatch(r"[A-Za-z](-?[A-Za-z0-9])*", name) or len(name) > 63:
            yield f"{one.logical_id}: {name}"


@fact("The role of a proxy reads the secrets that it signs in with.",
      f"{RDS}/UserGuide/rds-proxy-secrets-arns.html https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-setup.html",
      bad=proxy("pool", allow("secretsmanager:DescribeSecret")), good=proxy("pool", READS))
def proxy_that_cannot_sign_in(view: View) -> Iterator[str]:
    for one in view.of("RDS::DBProxy"):
        for auth in one.properties.get("Auth", []):
            if "SecretArn" in auth and not view.may(one.properties["RoleArn"], "secretsmanager:GetSecretValue", str(auth["SecretArn"])):
                yield f"{one.logical_id}: its role cannot read {auth['SecretArn']}"


def family(engine: str, version: str) -> str:
    """The parameter group family of an engine's version, as DescribeDBEngineVersions names it."""
    major, _, rest = version.partition(".")
    minor = rest.split(".")[0]
    if engine == "postgres":
        return f"postgres{major}"
    if engine == "aurora-postgresql":
        return f"aurora-postgresql{major}"
    if engine == "aurora-mysql":
        return f"aurora-mysql{major}.{minor}"
    return f"{engine}{major}.{minor}"


def with_group(name: str, engine: str, version: str) -> dict[str, Any]:
    return {"Group": of("RDS::DBParameterGroup", Description="d", Family=name), "Db": of("RDS::DBInstance", Engine=engine, EngineVersion=version, DBParameterGroupName=ref("Group"))}


@fact("The family of a parameter group is the engine with its major version: postgres16, but mysql8.4, mariadb11.4 and aurora-mysql8.0.",
      f"{RDS}/UserGuide/USER_WorkingWithParamGroups.Creating.html https://github.com/aws/aws-cdk/issues/32933",
      bad=with_group("mysql8", "mysql", "8.4.7"), good=with_group("mysql8.4", "mysql", "8.4.7"))
def parameter_family(view: View) -> Iterator[str]:
    pairs = (("RDS::DBInstance", "DBParameterGroupName"), ("RDS::DBCluster", "DBClusterParameterGroupName"))
    for kind, key in pairs:
        for one in view.of(kind):
            group, version = view.resource_of(one.properties.get(key)), one.properties.get("EngineVersion")
            if group is not None and version and group.properties["Family"] != family(one.properties["Engine"], str(version)):
                yield f"{group.logical_id}: {group.properties['Family']} for {one.properties['Engine']} {version}"


@fact("A subnet group of RDS has subnets of two Availability Zones or more.",
      f"{RDS}/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
      bad={"Group": of("RDS::DBSubnetGroup", DBSubnetGroupDescription="d", SubnetIds=["a"])}, good={"Group": of("RDS::DBSubnetGroup", DBSubnetGroupDescription="d", SubnetIds=["a", "b"])})
def subnet_group_of_one(view: View) -> Iterator[str]:
    for one in view.of("RDS::DBSubnetGroup"):
        subnets = [view.resource_of(s) for s in one.properties["SubnetIds"]]
        zones = {str(s.properties.get("AvailabilityZone", s.logical_id)) if s else number for number, s in enumerate(subnets)}
        if len(zones) < 2:
            yield f"{one.logical_id}: one Availability Zone"


def mounted(port: int) -> dict[str, Any]:
    group = of("EC2::SecurityGroup", GroupDescription="g", VpcId="v", SecurityGroupEgress=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "0.0.0.0/0"}])
    network = {"SubnetIds": ["s"], "SecurityGroupIds": [{"Fn::GetAtt": ["Group", "GroupId"]}]}
    return functions(VpcConfig=network, FileSystemConfigs=[{"Arn": "arn:aws:elasticfilesystem:r:1:access-point/p", "LocalMountPath": "/mnt/d"}]) | {"Group": group}


@fact("A function reaches its file system by TCP on port 2049, which its security group must let out.",
      "https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html", bad=mounted(443), good=mounted(2049))
def file_system_out_of_reach(view: View) -> Iterator[str]:
    for one in view.of("Lambda::Function"):
        if not one.properties.get("FileSystemConfigs"):
            continue
        for group in one.properties.get("VpcConfig", {}).get("SecurityGroupIds", []):
            held = next((g for g in view.of("EC2::SecurityGroup") if group in (g.ref, f"{g.ref}.GroupId")), None)
            if held is None:
                continue
            rules = [*held.properties.get("SecurityGroupEgress", []), *(r.properties for r in view.of("EC2::SecurityGroupEgress") if r.properties["GroupId"] == group)]
            if rules and not any(str(r["IpProtocol"]) == "-1" or int(r.get("FromPort", 0)) <= 2049 <= int(r.get("ToPort", 65535)) for r in rules):
                yield f"{one.logical_id}: {held.logical_id} lets nothing out on 2049"
