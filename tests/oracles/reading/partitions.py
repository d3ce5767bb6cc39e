"""The partitions of AWS in which a template is read, and the values that each gives to pseudo parameters."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Partition:
    name: str
    region: str
    suffix: str

    def pseudo(self) -> dict[str, str]:
        stack = f"arn:{self.name}:cloudformation:{self.region}:{ACCOUNT}:stack/app/0a1b2c3d-0000-0000-0000-000000000000"
        return {
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": self.name,
            "AWS::Region": self.region,
            "AWS::URLSuffix": self.suffix,
            "AWS::StackName": "app",
            "AWS::StackId": stack,
        }


# source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, read 2026-11-25
PARTITIONS = (
    Partition("aws", "us-east-1", "amazonaws.com"),
    Partition("aws-cn", "cn-north-1", "amazonaws.com.cn"),
    Partition("aws-us-gov", "us-gov-west-1", "amazonaws.com"),
)

# The services whose names for interface endpoints begin with `cn.com.amazonaws` in the Regions of China; the names of the
# others begin with `com.amazonaws` as anywhere. DescribeVpcEndpointServices gives them.
# source: its answers in https://github.com/aws/aws-cdk/pull/25333 and https://github.com/aws/aws-cdk/issues/25329, read 2026-11-25
CHINA = set(
    "account application-autoscaling appmesh-envoy-management athena autoscaling awsconnector backup batch cassandra "
    "cloudcontrolapi cloudformation codedeploy-commands-secure databrew dms ebs ec2 ecr.api ecr.dkr eks elasticache "
    "elasticbeanstalk elasticfilesystem elasticfilesystem-fips emr-containers execute-api fsx imagebuilder iot.data "
    "iotsitewise.api iotsitewise.data kinesis-streams lambda license-manager monitoring polly rds redshift redshift-data "
    "sagemaker.api sagemaker.featurestore-runtime sagemaker.runtime securityhub servicecatalog sms sqs states sts "
    "sync-states synthetics transcribe transcribestreaming transfer workspaces xray".split()
)


def endpoint_service(name: str, partition: Partition) -> str:
    """The service of an endpoint by the name that the partition has for it; else that there is none of this name."""
    service = name.split(f".{partition.region}.", 1)[-1]
    prefix = "cn.com.amazonaws" if partition.name == "aws-cn" and service in CHINA else "com.amazonaws"
    return f"<{service}>" if name == f"{prefix}.{partition.region}.{service}" else f"<no service {name}>"
