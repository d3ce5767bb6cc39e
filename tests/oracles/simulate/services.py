"""Which code plays which resource type: what happens when one is made (`BUILD`), and what the call looks up (`CHECK`)."""

from __future__ import annotations

from typing import Callable

from simulate import functions, places
from simulate.making import Making

Play = Callable[[Making], None]

BUILD: dict[str, Play] = {
    "AWS::Lambda::Function": functions.function,
    "AWS::Lambda::Version": functions.version,
    "AWS::Lambda::Alias": functions.alias,
    "AWS::ApiGateway::Deployment": places.deployment,
    "AWS::ApiGatewayV2::Deployment": places.deployment,
    "AWS::CloudFront::Distribution": places.distribution,
}
CHECK: dict[str, Play] = {
    "AWS::Lambda::Function": functions.check_function,
    "AWS::Lambda::EventInvokeConfig": functions.invoke_config,
    "AWS::Lambda::Url": functions.url,
    "AWS::Lambda::Permission": functions.permission,
    "AWS::Lambda::EventSourceMapping": functions.mapping,
    "AWS::ApiGateway::Stage": places.stage,
    "AWS::S3::Bucket": places.bucket,
    "AWS::Logs::SubscriptionFilter": places.subscription_filter,
    "AWS::SQS::Queue": places.redrive,
    "AWS::SQS::QueuePolicy": places.policy_of_one,
    "AWS::SNS::TopicPolicy": places.policy_of_one,
    "AWS::RDS::DBProxyTargetGroup": places.target_group,
    "AWS::EC2::EIP": places.after_gateway,
    "AWS::EC2::NatGateway": places.after_gateway,
    "AWS::EC2::Route": places.after_gateway,
    "AWS::StepFunctions::StateMachine": places.machine,
    "AWS::Scheduler::Schedule": places.schedule,
    "AWS::Events::Rule": places.rule,
}
# What holds data: to lose it by an update that does not mean to is the worst that can happen.
HOLDS_DATA = {
    "AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::SQS::Queue", "AWS::Kinesis::Stream",
    "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::EFS::FileSystem", "AWS::SecretsManager::Secret",
    "AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::Cognito::UserPool", "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::ServerlessCache", "AWS::Events::Archive", "AWS::SSM::Parameter", "AWS::ECR::Repository",
}
