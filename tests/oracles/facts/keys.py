"""Customer keys: who must be allowed to use one, and where."""

from __future__ import annotations

from typing import Any, Iterator

from facts.registry import fact
from facts.samples import allow, arn, document, functions, key, of, queue, ref, role, serves
from facts.view import View, allows, services
from simulate.model import Instance
from simulate.rights import as_list, matches

SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
SEALED = {"Key": key()}
KEY_OF = {  # type -> path of the key
    "SQS::Queue": ("KmsMasterKeyId",),
    "SNS::Topic": ("KmsMasterKeyId",),
    "Kinesis::Stream": ("StreamEncryption", "KeyId"),
    "SecretsManager::Secret": ("KmsKeyId",),
    "S3::Bucket": ("BucketEncryption", "ServerSideEncryptionConfiguration", "0", "ServerSideEncryptionByDefault", "KMSMasterKeyID"),
}
# What a caller of this action must be allowed on the target's key.
NEEDS = {
    "sqs:SendMessage": ("SQS::Queue", ("kms:GenerateDataKey", "kms:Decrypt")),
    "sqs:ReceiveMessage": ("SQS::Queue", ("kms:Decrypt",)),
    "sns:Publish": ("SNS::Topic", ("kms:GenerateDataKey", "kms:Decrypt")),
    "kinesis:PutRecord": ("Kinesis::Stream", ("kms:GenerateDataKey",)),
    "kinesis:GetRecords": ("Kinesis::Stream", ("kms:Decrypt",)),
    "s3:GetObject": ("S3::Bucket", ("kms:Decrypt",)),
    "s3:PutObject": ("S3::Bucket", ("kms:GenerateDataKey",)),
    "secretsmanager:GetSecretValue": ("SecretsManager::Secret", ("kms:Decrypt",)),
}


def own_key(view: View, one: Instance, path: tuple[str, ...]) -> Instance | None:
    """The key of this template that a resource is encrypted with."""
    value: Any = one.properties
    for part in path:
        value = value[int(part)] if isinstance(value, list) and value else value.get(part, {}) if isinstance(value, dict) else {}
    found = view.resource_of(value) if isinstance(value, str) else None
    return found if found is not None and found.type == "AWS::KMS::Key" else None


def key_lets(held: Instance, service: str, action: str) -> bool:
    for statement in as_list(held.properties.get("KeyPolicy", {}).get("Statement")):
        if service in services(statement.get("Principal")) and any(matches(str(a), action, True) for a in as_list(statement.get("Action"))):
            return True
    return False


def touches(view: View, role_: Instance, action: str, arn_: str) -> bool:
    """Whether a role has the right on the target or on something within it, as the objects of a bucket."""
    for statement in view.statements(role_):
        within = any(str(r).startswith(f"{arn_}/") for r in as_list(statement.get("Resource")))
        if allows(statement, action, arn_) or within and allows({**statement, "Resource": "*"}, action, arn_):
            return True
    return False


@fact("Who sends to or reads from what is encrypted with a customer key needs rights on the key: GenerateDataKey and Decrypt to send to a queue or topic, GenerateDataKey to write to a stream or bucket, Decrypt to read.",
      f"{SQS} https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
      bad=SEALED | {"Jobs": queue(KmsMasterKeyId=ref("Key")), "Role": role("lambda.amazonaws.com", allow("sqs:SendMessage", arn("Jobs")))},
      good=SEALED | {"Jobs": queue(KmsMasterKeyId=ref("Key")), "Role": role("lambda.amazonaws.com", allow("sqs:SendMessage", arn("Jobs")), allow(["kms:GenerateDataKey*", "kms:Decrypt"], arn("Key")))})
def no_right_on_the_key(view: View) -> Iterator[str]:
    for role_ in view.of("IAM::Role"):
        for action, (kind, rights) in NEEDS.items():
            for target in view.of(kind):
                held = own_key(view, target, KEY_OF[kind])
                if held is None or view.unknown_policies(role_) or not touches(view, role_, action, target.arn):
                    continue
                missing = [right for right in rights if not view.may(role_.arn, right, held.arn)]
                if missing:
                    yield f"{role_.logical_id}: {action} on {target.logical_id} without {', '.join(missing)}"


def fed(*statements: Any) -> dict[str, Any]:
    feeder = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}
    return {"Key": key(*statements), "Jobs": queue(KmsMasterKeyId=ref("Key")), "May": of("SQS::QueuePolicy", Queues=[ref("Jobs")], PolicyDocument=document(feeder))}


@fact("A service that sends to a queue encrypted with a customer key must be allowed GenerateDataKey and Decrypt in the key's policy.",
      SQS, bad=fed(serves("sns.amazonaws.com", "kms:Decrypt")), good=fed(serves("sns.amazonaws.com", "kms:GenerateDataKey", "kms:Decrypt")))
def service_without_the_key(view: View) -> Iterator[str]:
    for policy in view.of("SQS::QueuePolicy"):
        for target in (view.resource_of(q) for q in policy.properties["Queues"]):
            held = own_key(view, target, KEY_OF["SQS::Queue"]) if target else None
            for statement in as_list(policy.properties["PolicyDocument"]["Statement"]):
                for service in services(statement.get("Principal")) if statement["Effect"] == "Allow" else []:
                    missing = [a for a in ("kms:GenerateDataKey", "kms:Decrypt") if held and not key_lets(held, service, a)]
                    if missing:
                        yield f"{held.logical_id}: {service} sends to {target.logical_id} without {', '.join(missing)}"


@fact("EventBridge needs DescribeKey, GenerateDataKey and Decrypt on the key of a bus.",
      "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html",
      bad={"Key": key(serves("events.amazonaws.com", "kms:GenerateDataKey", "kms:Decrypt")), "Bus": of("Events::EventBus", Name="b", KmsKeyIdentifier=arn("Key"))},
      good={"Key": key(serves("events.amazonaws.com", "kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt")), "Bus": of("Events::EventBus", Name="b", KmsKeyIdentifier=arn("Key"))})
def bus_without_the_key(view: View) -> Iterator[str]:
    for one in view.of("Events::EventBus"):
        held = own_key(view, one, ("KmsKeyIdentifier",))
        missing = [a for a in ("kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt") if held and not key_lets(held, "events.amazonaws.com", a)]
        if missing:
            yield f"{one.logical_id}: events.amazonaws.com has no {', '.join(missing)}"


def logged(*statements: Any) -> dict[str, Any]:
    return {"Key": key(*statements), "Lines": of("Logs::LogGroup", KmsKeyId=arn("Key"))}


@fact("CloudWatch Logs needs Encrypt, Decrypt, ReEncrypt, GenerateDataKey and Describe on the key of a log group, as logs.REGION.amazonaws.com.",
      "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
      bad=logged(serves("logs.amazonaws.com", "kms:Encrypt*")),
      good=logged({"Effect": "Allow", "Principal": {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}}, "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"], "Resource": "*"}))
def log_group_without_the_key(view: View) -> Iterator[str]:
    for one in view.of("Logs::LogGroup"):
        held, service = own_key(view, one, ("KmsKeyId",)), f"logs.{view.stack.region}.amazonaws.com"
        needed = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey")
        missing = [a for a in needed if held and not key_lets(held, service, a)]
        if missing:
            yield f"{one.logical_id}: {service} has no {', '.join(missing)}"


def rotating(*actions: str) -> dict[str, Any]:
    work = functions(allow(list(actions)))
    return work | {"Secret": of("SecretsManager::Secret"), "May": of("Lambda::Permission", FunctionName=ref("Work"), Action="lambda:InvokeFunction", Principal="secretsmanager.amazonaws.com"),
                   "Turn": of("SecretsManager::RotationSchedule", SecretId=ref("Secret"), RotationLambdaARN=arn("Work"))}


FOUR = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"]


@fact("A rotation function reads, puts and stages the secret, and calls GetRandomPassword, which has no resource but *.",
      "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
      bad=rotating(*FOUR), good=rotating(*FOUR, "secretsmanager:GetRandomPassword"))
def rotation_without_rights(view: View) -> Iterator[str]:
    for one in view.of("SecretsManager::RotationSchedule"):
        function, secret = view.function(one.properties.get("RotationLambdaARN")), str(one.properties["SecretId"])
        if function is None:
            continue
        arn_ = function.properties["Role"]
        missing = [a for a in FOUR if not view.may(arn_, a, secret)]
        missing += [] if view.may(arn_, "secretsmanager:GetRandomPassword", "*") else ["secretsmanager:GetRandomPassword"]
        if missing:
            yield f"{function.logical_id}: no {', '.join(missing)}"


@fact("S3 delivers no access logs into a bucket whose default encryption is a customer key.",
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
      bad={"Logs": of("S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}}]}), "Files": of("S3::Bucket", LoggingConfiguration={"DestinationBucketName": ref("Logs")})},
      good={"Logs": of("S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}), "Files": of("S3::Bucket", LoggingConfiguration={"DestinationBucketName": ref("Logs")})})
def sealed_log_bucket(view: View) -> Iterator[str]:
    for one in view.of("S3::Bucket"):
        target = view.resource_of(one.properties.get("LoggingConfiguration", {}).get("DestinationBucketName"))
        if target is not None and "aws:kms" in str(target.properties.get("BucketEncryption")):
            yield f"{one.logical_id}: logs into {target.logical_id}, which has a key"
