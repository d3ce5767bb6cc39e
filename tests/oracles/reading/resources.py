"""What the resources of a template are called: the value of Ref, the ARN and the attributes of each type.

Written from the pages of CloudFormation's resource types ("Return values") and from the service authorization
reference ("Resource types defined by ..."). `{n}` is the physical name, `{p}`, `{r}` and `{a}` partition, region, account.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """A type of resource: the property that names it, its ARN, what Ref gives, further attributes; and the ARN under
    which rights name its users."""

    short: str
    name: str = ""
    arn: str = ""
    ref: str = "{n}"
    attributes: dict[str, str] = field(default_factory=dict)
    users: str = ""


KINDS = {
    "AWS::Lambda::Function": Kind("function", "FunctionName", "arn:{p}:lambda:{r}:{a}:function:{n}"),
    "AWS::S3::Bucket": Kind("bucket", "BucketName", "arn:{p}:s3:::{n}"),
    "AWS::SQS::Queue": Kind(
        "queue", "QueueName", "arn:{p}:sqs:{r}:{a}:{n}", "https://sqs.{r}.{s}/{a}/{n}",
        {"QueueName": "{n}", "QueueUrl": "https://sqs.{r}.{s}/{a}/{n}"},
    ),
    "AWS::SNS::Topic": Kind(
        "topic", "TopicName", "arn:{p}:sns:{r}:{a}:{n}", "arn:{p}:sns:{r}:{a}:{n}",
        {"TopicName": "{n}", "TopicArn": "arn:{p}:sns:{r}:{a}:{n}"},
    ),
    "AWS::DynamoDB::Table": Kind(
        "table", "TableName", "arn:{p}:dynamodb:{r}:{a}:table/{n}",
        attributes={"StreamArn": "arn:{p}:dynamodb:{r}:{a}:table/{n}/stream/now"},
    ),
    "AWS::DynamoDB::GlobalTable": Kind(
        "table", "TableName", "arn:{p}:dynamodb:{r}:{a}:table/{n}",
        attributes={"StreamArn": "arn:{p}:dynamodb:{r}:{a}:table/{n}/stream/now"},
    ),
    "AWS::Kinesis::Stream": Kind("stream", "Name", "arn:{p}:kinesis:{r}:{a}:stream/{n}"),
    "AWS::Events::EventBus": Kind(
        "bus", "Name", "arn:{p}:events:{r}:{a}:event-bus/{n}", attributes={"Name": "{n}"},
    ),
    "AWS::StepFunctions::StateMachine": Kind(
        "machine", "StateMachineName", "arn:{p}:states:{r}:{a}:stateMachine:{n}",
        "arn:{p}:states:{r}:{a}:stateMachine:{n}", {"Name": "{n}"},
    ),
    "AWS::Logs::LogGroup": Kind(
        "log_group", "LogGroupName", "", attributes={"Arn": "arn:{p}:logs:{r}:{a}:log-group:{n}:*"},
    ),
    "AWS::SecretsManager::Secret": Kind(
        "secret", "Name", "arn:{p}:secretsmanager:{r}:{a}:secret:{n}", "arn:{p}:secretsmanager:{r}:{a}:secret:{n}",
        {"Id": "arn:{p}:secretsmanager:{r}:{a}:secret:{n}"},
    ),
    "AWS::SecretsManager::SecretTargetAttachment": Kind("secret_attachment"),
    "AWS::ApiGatewayV2::Api": Kind(
        "api", "", "arn:{p}:execute-api:{r}:{a}:{n}",
        attributes={"ApiId": "{n}", "ApiEndpoint": "https://{n}.execute-api.{r}.{s}"},
    ),
    "AWS::ApiGateway::RestApi": Kind(
        "api", "", "arn:{p}:execute-api:{r}:{a}:{n}", attributes={"RootResourceId": "{n}.root", "RestApiId": "{n}"},
    ),
    "AWS::RDS::DBProxy": Kind(
        "proxy", "", "arn:{p}:rds:{r}:{a}:db-proxy:{n}",
        attributes={"DBProxyArn": "arn:{p}:rds:{r}:{a}:db-proxy:{n}", "Endpoint": "{n}.proxy.{r}.rds.{s}"},
        users="arn:{p}:rds-db:{r}:{a}:dbuser:{n}",
    ),
    "AWS::RDS::DBInstance": Kind(
        "database", "", "arn:{p}:rds:{r}:{a}:db:{n}",
        attributes={"DBInstanceArn": "arn:{p}:rds:{r}:{a}:db:{n}", "DbiResourceId": "{n}.id"},
        users="arn:{p}:rds-db:{r}:{a}:dbuser:{n}.id",
    ),
    "AWS::RDS::DBCluster": Kind(
        "cluster", "", "arn:{p}:rds:{r}:{a}:cluster:{n}",
        attributes={"DBClusterArn": "arn:{p}:rds:{r}:{a}:cluster:{n}", "DBClusterResourceId": "{n}.id"},
        users="arn:{p}:rds-db:{r}:{a}:dbuser:{n}.id",
    ),
    "AWS::CloudFront::Distribution": Kind(
        "distribution", "", "arn:{p}:cloudfront::{a}:distribution/{n}", attributes={"Id": "{n}"},
    ),
    "AWS::CloudFront::Function": Kind(
        "edge_function", "", "arn:{p}:cloudfront::{a}:function/{n}",
        attributes={"FunctionARN": "arn:{p}:cloudfront::{a}:function/{n}"},
    ),
    "AWS::CloudWatch::Alarm": Kind("alarm", "AlarmName", "arn:{p}:cloudwatch:{r}:{a}:alarm:{n}"),
    "AWS::EC2::VPC": Kind("network", "", "", attributes={"VpcId": "{n}"}),
    "AWS::Events::Rule": Kind("rule", "Name", "arn:{p}:events:{r}:{a}:rule/{n}"),
    "AWS::Scheduler::Schedule": Kind("schedule", "Name", "arn:{p}:scheduler:{r}:{a}:schedule/default/{n}"),
    "AWS::IAM::Role": Kind("role", "RoleName", "arn:{p}:iam::{a}:role/{n}"),
    "AWS::EC2::SecurityGroup": Kind("group", "", "", attributes={"GroupId": "{n}"}),
    "AWS::Lambda::Version": Kind("version"),
    "AWS::Lambda::Alias": Kind("alias"),
    "AWS::Lambda::Url": Kind("url", attributes={"FunctionUrl": "https://{n}.lambda-url.{r}.on.aws/"}),
}

# What edges lead from and to. The other types with a name are parts of these.
NODES = {
    "function", "bucket", "queue", "topic", "table", "stream", "bus", "machine", "log_group", "secret", "api", "proxy",
    "database", "cluster", "distribution", "edge_function", "alarm", "network",
}

# The port of a database that names none, by the beginning of its engine.
#   source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html, `Port`
PORTS = {
    "aurora-postgresql": 5432, "postgres": 5432, "aurora-mysql": 3306, "mysql": 3306, "mariadb": 3306, "oracle": 1521,
    "custom-oracle": 1521, "sqlserver": 1433, "custom-sqlserver": 1433, "db2": 50000,
}
