"""Everything the simulation can find, each with the behaviour of AWS that it rests on and its public source."""

from __future__ import annotations

from dataclasses import dataclass

CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"


@dataclass(frozen=True)
class Behaviour:
    sentence: str
    source: str  # a URL; several are separated by a space
    date: str = "2026-11-25"


BEHAVIOURS = {
    "already-exists": Behaviour(
        "A physical name is unique within its scope, as long as the resource that has it exists, retained or not.",
        f"{CFN}/aws-properties-name.html"),
    "custom-name-replaced": Behaviour(
        "CloudFormation makes the replacement first and then deletes the old resource, so a resource with a written name cannot be replaced under that name.",
        f"{CFN}/aws-properties-name.html"),
    "not-there-yet": Behaviour(
        "CloudFormation makes resources side by side unless a reference or DependsOn orders them; a create call that names a resource which does not exist yet fails.",
        f"{CFN}/aws-attribute-dependson.html"),
    "circular": Behaviour(
        "CloudFormation refuses a template in which resources wait for one another.",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"),
    "dangling-reference": Behaviour(
        "A reference to a resource that is not made under the given conditions fails.",
        f"{CFN}/intrinsic-function-reference-conditions.html"),
    "package-missing": Behaviour(
        "Creating or updating a function fails if its package is not in the bucket under the key that is given.",
        f"{CFN}/aws-properties-lambda-function-code.html"),
    "version-exists": Behaviour(
        "Lambda publishes no version if neither code nor configuration changed since the last one, and CloudFormation then fails with `A version for this Lambda function exists`.",
        "https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html https://github.com/serverless/serverless/issues/7822"),
    "version-is-old": Behaviour(
        "A version is a snapshot of code and configuration; an alias or a distribution runs the version it names, whatever was deployed to $LATEST since.",
        f"{LAMBDA}/configuration-versions.html"),
    "deployment-is-old": Behaviour(
        "A deployment of API Gateway is a snapshot; a stage serves the deployment it names, whatever was changed in the API since.",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html"),
    "proxy-before-instances": Behaviour(
        "Registering a cluster with a database proxy fails until the instances of the cluster are available.",
        "https://github.com/aws/aws-cdk/issues/11311"),
    "function-before-mount-target": Behaviour(
        "A function with a file system needs the mount targets to exist; the template must say so with DependsOn.",
        f"{CFN}/aws-properties-lambda-function-filesystemconfig.html"),
    "no-log-delivery": Behaviour(
        "S3 takes a target bucket for access logs only if the bucket exists and lets logging.s3.amazonaws.com write to it.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html"),
    "notification-not-permitted": Behaviour(
        "S3 validates a notification's destination when the bucket is made: it must exist and permit S3 to use it.",
        f"{CFN}/aws-properties-s3-bucket-notificationconfiguration.html"),
    "subscription-not-permitted": Behaviour(
        "CloudWatch Logs tests the destination of a subscription filter when it is made, so the permission must be there first.",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html"),
    "role-without-right": Behaviour(
        "Lambda validates that a function's role may poll its sources, send to its destinations and manage network interfaces when the mapping, the configuration or the function is made.",
        f"{LAMBDA}/services-sqs-configure.html {LAMBDA}/configuration-vpc.html {LAMBDA}/invocation-async-retain-records.html"),
    "role-not-assumable": Behaviour(
        "Services refuse a role whose trust policy does not name them.",
        f"{LAMBDA}/lambda-intro-execution-role.html https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html"),
    "machine-may-not-log": Behaviour(
        "Step Functions validates the role's rights of log delivery when a state machine with logging is made.",
        "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"),
    "gateway-not-attached": Behaviour(
        "An Elastic IP, a NAT gateway and a route through an internet gateway need the attachment of that gateway, which none of them refers to.",
        f"{CFN}/aws-attribute-dependson.html"),
    "two-policies-of-one": Behaviour(
        "A queue and a topic have one policy: a second policy resource for the same one overwrites the first.",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html"),
    "no-log-role": Behaviour(
        "The stage of a REST API can log only if the account's CloudWatch role of API Gateway is set in that Region.",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html"),
    "edge-version-kept": Behaviour(
        "A version that CloudFront replicated cannot be deleted until its replicas are, which takes hours; the template must retain version and function.",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-delete-replicas.html"),
    "bucket-not-empty": Behaviour(
        "A bucket can be deleted only when it is empty.",
        f"{CFN}/aws-resource-s3-bucket.html"),
    "import-missing": Behaviour(
        "A stack that imports what no stack of the account and Region exports cannot be created.",
        f"{CFN}/intrinsic-function-reference-importvalue.html"),
    "export-in-use": Behaviour(
        "An export that another stack imports can be neither removed nor changed.",
        f"{CFN}/using-cfn-stack-exports.html"),
    "left-behind": Behaviour(
        "With DeletionPolicy Retain a resource survives the roll-back of its own creation; RetainExceptOnCreate removes it then.",
        f"{CFN}/aws-attribute-deletionpolicy.html"),
    "not-repeatable": Behaviour(
        "A stack whose creation failed is deleted and created again, with what the failure left in the account.",
        f"{CFN}/stack-failure-options.html"),
    "changed-for-nothing": Behaviour(
        "An update with the same template and the same parameters changes nothing.",
        f"{CFN}/using-cfn-updating-stacks.html"),
    "data-replaced": Behaviour(
        "A resource that is replaced or removed loses what it holds.",
        f"{CFN}/using-cfn-updating-stacks-update-behaviors.html"),
}
