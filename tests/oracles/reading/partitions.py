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
