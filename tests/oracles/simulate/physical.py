"""Physical names, Ref values and ARNs. Names are unique within a scope of their service; the scope is the first
part of a claim, and the whole claim is what a second resource cannot have.

Sources: the reference page of each resource type ("Return values"), and the API reference of its create operation
for the scope.
"""

from __future__ import annotations

from simulate.model import ACCOUNT, Instance, Stack, short_hash

# type -> (property of the name, scope). Scope: world (all accounts), account, region, or a property whose value
# the name is unique within.
NAMES = {
    "AWS::S3::Bucket": ("BucketName", "world"),
    "AWS::IAM::Role": ("RoleName", "account"),
    "AWS::IAM::User": ("UserName", "account"),
    "AWS::IAM::Group": ("GroupName", "account"),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", "account"),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName", "account"),
    "AWS::CloudFront::Function": ("Name", "account"),
    "AWS::CloudFront::KeyValueStore": ("Name", "account"),
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig/Name", "account"),
    "AWS::CloudFront::CachePolicy": ("CachePolicyConfig/Name", "account"),
    "AWS::CloudFront::OriginRequestPolicy": ("OriginRequestPolicyConfig/Name", "account"),
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig/Name", "account"),
    "AWS::Cognito::UserPoolDomain": ("Domain", "region"),
    "AWS::DynamoDB::Table": ("TableName", "region"),
    "AWS::DynamoDB::GlobalTable": ("TableName", "region"),
    "AWS::Kinesis::Stream": ("Name", "region"),
    "AWS::KinesisFirehose::DeliveryStream": ("DeliveryStreamName", "region"),
    "AWS::SQS::Queue": ("QueueName", "region"),
    "AWS::SNS::Topic": ("TopicName", "region"),
    "AWS::Lambda::Function": ("FunctionName", "region"),
    "AWS::Logs::LogGroup": ("LogGroupName", "region"),
    "AWS::Events::EventBus": ("Name", "region"),
    "AWS::Events::Archive": ("ArchiveName", "region"),
    "AWS::Events::Connection": ("Name", "region"),
    "AWS::Events::ApiDestination": ("Name", "region"),
    "AWS::Events::Rule": ("Name", "EventBusName"),
    "AWS::Scheduler::Schedule": ("Name", "GroupName"),
    "AWS::Scheduler::ScheduleGroup": ("Name", "region"),
    "AWS::Pipes::Pipe": ("Name", "region"),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", "region"),
    "AWS::StepFunctions::Activity": ("Name", "region"),
    "AWS::SecretsManager::Secret": ("Name", "region"),
    "AWS::SSM::Parameter": ("Name", "region"),
    "AWS::KMS::Alias": ("AliasName", "region"),
    "AWS::CloudWatch::Alarm": ("AlarmName", "region"),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmName", "region"),
    "AWS::CloudWatch::Dashboard": ("DashboardName", "region"),
    "AWS::RDS::DBProxy": ("DBProxyName", "region"),
    "AWS::RDS::DBInstance": ("DBInstanceIdentifier", "region"),
    "AWS::RDS::DBCluster": ("DBClusterIdentifier", "region"),
    "AWS::RDS::DBSubnetGroup": ("DBSubnetGroupName", "region"),
    "AWS::RDS::DBParameterGroup": ("DBParameterGroupName", "region"),
    "AWS::RDS::DBClusterParameterGroup": ("DBClusterParameterGroupName", "region"),
    "AWS::ElastiCache::ServerlessCache": ("ServerlessCacheName", "region"),
    "AWS::ElastiCache::ReplicationGroup": ("ReplicationGroupId", "region"),
    "AWS::ElastiCache::SubnetGroup": ("CacheSubnetGroupName", "region"),
    "AWS::EC2::SecurityGroup": ("GroupName", "VpcId"),
    "AWS::ECR::Repository": ("RepositoryName", "region"),
    "AWS::WAFv2::WebACL": ("Name", "region"),
    "AWS::WAFv2::IPSet": ("Name", "region"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("Name", "region"),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ("Name", "region"),
    "AWS::Lambda::Alias": ("Name", "FunctionName"),
    "AWS::Logs::SubscriptionFilter": ("FilterName", "LogGroupName"),
    "AWS::ApiGateway::Stage": ("StageName", "RestApiId"),
    "AWS::ApiGateway::Model": ("Name", "RestApiId"),
    "AWS::ApiGateway::Authorizer": ("Name", "RestApiId"),
    "AWS::ApiGateway::Resource": ("PathPart", "ParentId"),
    "AWS::ApiGatewayV2::Stage": ("StageName", "ApiId"),
    "AWS::ApiGatewayV2::Route": ("RouteKey", "ApiId"),
    "AWS::ApiGateway::DomainName": ("DomainName", "world"),
    "AWS::ApiGatewayV2::DomainName": ("DomainName", "region"),
}
# Things of which a place holds one: a second one of another stack or logical id is refused or overwrites the first.
SINGLE = {
    "AWS::S3::BucketPolicy": ("Bucket",),
    "AWS::Lambda::EventInvokeConfig": ("FunctionName", "Qualifier"),
    "AWS::Lambda::Url": ("TargetFunctionArn", "Qualifier"),
    "AWS::Lambda::EventSourceMapping": ("EventSourceArn", "FunctionName"),
    "AWS::ApiGateway::Method": ("ResourceId", "HttpMethod"),
    "AWS::ApiGateway::GatewayResponse": ("RestApiId", "ResponseType"),
    "AWS::EC2::SubnetRouteTableAssociation": ("SubnetId",),
}
ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::Kinesis::Stream": "arn:aws:kinesis:{region}:{account}:stream/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::{account}:policy/{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::Events::EventBus": "arn:aws:events:{region}:{account}:event-bus/{name}",
    "AWS::Events::Rule": "arn:aws:events:{region}:{account}:rule/{name}",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:{region}:{account}:stateMachine:{name}",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:{region}:{account}:secret:{name}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::RDS::DBProxy": "arn:aws:rds:{region}:{account}:db-proxy:prx-{name}",
    "AWS::RDS::DBInstance": "arn:aws:rds:{region}:{account}:db:{name}",
    "AWS::RDS::DBCluster": "arn:aws:rds:{region}:{account}:cluster:{name}",
    "AWS::Lambda::LayerVersion": "arn:aws:lambda:{region}:{account}:layer:{name}:1",
}
# The name is one of a place and the service makes an id besides, which is what Ref gives.
REF_IS_ID = {
    "AWS::ApiGateway::Resource", "AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Route", "AWS::EC2::SecurityGroup",
    "AWS::CloudFront::OriginAccessControl", "AWS::CloudFront::CachePolicy", "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
}
REF_IS_ARN = {
    "AWS::SNS::Topic", "AWS::StepFunctions::StateMachine", "AWS::SecretsManager::Secret", "AWS::IAM::ManagedPolicy",
    "AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::Lambda::LayerVersion", "AWS::ElasticLoadBalancingV2::TargetGroup",
}


def given_name(resource_type: str, properties: dict) -> str:
    """The name that the template writes out, or nothing if CloudFormation makes one."""
    path = NAMES.get(resource_type, ("", ""))[0]
    value: object = properties
    for part in filter(None, path.split("/")):
        value = value.get(part) if isinstance(value, dict) else None
    return value if path and isinstance(value, str) else ""


def name_it(instance: Instance, stack: Stack, generation: int) -> None:
    """Gives a new resource its physical name, its Ref and its ARN."""
    written = given_name(instance.type, instance.properties)
    made = f"{stack.name}-{instance.logical_id}-{short_hash(stack.id, instance.logical_id, generation)}"
    instance.name = written or (made.lower() if instance.type == "AWS::S3::Bucket" else made)
    service, kind = instance.type.split("::")[1].lower(), instance.type.split("::")[-1].lower()
    form = ARNS.get(instance.type, f"arn:aws:{service}:{{region}}:{{account}}:{kind}/{{name}}")
    instance.arn = form.format(name=instance.name, region=stack.region, account=ACCOUNT)
    instance.ref = instance.arn if instance.type in REF_IS_ARN else made if instance.type in REF_IS_ID else instance.name
    if instance.type == "AWS::SQS::Queue":
        instance.ref = f"https://sqs.{stack.region}.amazonaws.com/{ACCOUNT}/{instance.name}"
        instance.attributes["QueueName"] = instance.name
    if instance.type == "AWS::SNS::Topic":
        instance.attributes["TopicName"] = instance.name


def claims(instance: Instance, stack: Stack) -> list[tuple[str, ...]]:
    """The names that this resource takes, each of which only one resource can have."""
    taken = []
    if written := given_name(instance.type, instance.properties):
        scope = NAMES[instance.type][1]
        within = {"world": (), "account": (), "region": (stack.region,)}.get(scope)
        if within is None:
            within = (stack.region, str(instance.properties.get(scope, "default")))
        taken.append((instance.type, *within, written))
    if place := SINGLE.get(instance.type):
        held = [str(instance.properties.get(part, "")) for part in place]
        taken.append((instance.type, stack.region, *held))
    return taken
