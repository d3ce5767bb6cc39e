"""The ways in which a template gives a function a right, and what each lets it cause.

A right over more than one thing reaches each of them. Managed policies are those of AWS, with the statements that its
reference prints.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from ..model import Hop, hops
from .stacks import Stacks, arn_text, att, ref, sub
from .world import ARGUABLE, CERTAIN, OPEN, Cause, Thing

ACTIONS = [hop for hop in hops() if hop.cause == ("function", "run") and hop.action]
FORMS = ("exact", "exact", "listed", "case", "every", "prefix", "any-action", "managed", "parameter", "denied")
PLACEMENTS = ("inline", "policy", "role-policy", "managed-policy")
# By service: the managed policy that allows all its actions on all its resources.
MANAGED = {"sqs": "AmazonSQSFullAccess", "sns": "AmazonSNSFullAccess", "s3": "AmazonS3FullAccess", "dynamodb": "AmazonDynamoDBFullAccess",
           "kinesis": "AmazonKinesisFullAccess", "states": "AWSStepFunctionsFullAccess", "lambda": "AWSLambda_FullAccess",
           "events": "AmazonEventBridgeFullAccess", "logs": "CloudWatchLogsFullAccess"}
# Policy templates of SAM: the parameter, and the actions of the hop table that they have.
SAM = {"send-message": ("SQSSendMessagePolicy", "QueueName", ("sqs:SendMessage",)),
       "publish-message": ("SNSPublishMessagePolicy", "TopicName", ("sns:Publish",)),
       "put-object": ("S3WritePolicy", "BucketName", ("s3:PutObject",)),
       "put-item": ("DynamoDBWritePolicy", "TableName", ("dynamodb:PutItem",)),
       "put-record": ("KinesisCrudPolicy", "StreamName", ("kinesis:PutRecord",)),
       "put-events": ("EventBridgePutEventsPolicy", "EventBusName", ("events:PutEvents",)),
       "invoke-function": ("LambdaInvokePolicy", "FunctionName", ("lambda:InvokeFunction",))}
PLAIN = {"sqs": "sqs:GetQueueUrl", "sns": "sns:GetTopicAttributes", "s3": "s3:GetObject", "dynamodb": "dynamodb:GetItem", "kinesis": "kinesis:DescribeStream",
         "states": "states:DescribeStateMachine", "lambda": "lambda:GetFunction", "events": "events:DescribeEventBus", "logs": "logs:DescribeLogStreams"}


def resource(land: Stacks, stack: int, target: Thing, scope: str) -> Any:
    """The `Resource` of a statement on a thing: its ARN, and what the action needs behind it."""
    arn = land.value(stack, target, "arn")
    # The ARN that a log group returns ends with `:*`, and so does the one that its stack gives to others.
    if not scope or (target.thing == "log-group" and not (isinstance(arn, dict) and "Fn::Sub" in arn)):
        return arn
    if isinstance(arn, str) or land.rng.random() < 0.3:
        return {"Fn::Join": ["", [arn, scope]]}
    if "Ref" in arn:
        return sub(f"${{{arn['Ref']}}}{scope}")
    if "Fn::GetAtt" in arn:
        return sub("${" + ".".join(arn["Fn::GetAtt"]) + "}" + scope)
    return sub("${It}" + scope, It=arn)


def statement(actions: Any, resources: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": actions, "Resource": resources, **more}


def role_of(function: Thing) -> str:
    return f"{function.logical}Role"


def give(land: Stacks, function: Thing, statements: list[dict[str, Any]], condition: str | None = None, placement: str | None = None) -> None:
    """Puts statements into the role of a function: within the role, or in a policy beside it."""
    stack = land.stacks[function.stack]
    placement = placement or (land.rng.choice(PLACEMENTS[1:]) if condition else land.rng.choice(PLACEMENTS))
    document = {"Version": "2012-10-17", "Statement": statements}
    name = f"{function.logical}May"
    if placement == "inline":
        inline(land, function).append({"Statement": statements} if sam_role(land, function) else {"PolicyName": f"p{len(stack.resources)}x{land.rng.random()}", "PolicyDocument": document})
    elif placement == "role-policy":
        stack.add(name, "AWS::IAM::RolePolicy", {"RoleName": ref(role_of(function)), "PolicyName": "may", "PolicyDocument": document}, condition)
    elif placement == "managed-policy" and not condition and not sam_role(land, function) and land.rng.random() < 0.5:
        made = stack.add(name, "AWS::IAM::ManagedPolicy", {"PolicyDocument": document})
        stack.resources[role_of(function)]["Properties"].setdefault("ManagedPolicyArns", []).append(ref(made))
    else:
        kind = "AWS::IAM::ManagedPolicy" if placement == "managed-policy" else "AWS::IAM::Policy"
        named = {} if placement == "managed-policy" else {"PolicyName": f"{name}{len(stack.resources)}"}
        stack.add(name, kind, {**named, "Roles": [ref(role_of(function))], "PolicyDocument": document}, condition)


def sam_role(land: Stacks, function: Thing) -> bool:
    """Whether SAM makes the role."""
    return land.stacks[function.stack].resources[function.logical]["Type"] == "AWS::Serverless::Function"


def inline(land: Stacks, function: Thing) -> list[Any]:
    stack = land.stacks[function.stack]
    owner = function.logical if sam_role(land, function) else role_of(function)
    return stack.resources[owner]["Properties"].setdefault("Policies", [])


def attach(land: Stacks, function: Thing, policy: str) -> None:
    """Attaches a managed policy of AWS."""
    if sam_role(land, function):
        arn = sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}")
        inline(land, function).append(land.rng.choice([policy, arn, f"arn:aws:iam::aws:policy/{policy}"]))
        return
    role = land.stacks[function.stack].resources[role_of(function)]["Properties"]
    role.setdefault("ManagedPolicyArns", []).append(land.rng.choice([sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}"), f"arn:aws:iam::aws:policy/{policy}"]))


def reached(land: Stacks, function: Thing, action: str, level: int, but: Thing | None = None, pattern: str = "*") -> None:
    """Records what an action on each thing of its kind lets a function cause. What has no name may have one that fits."""
    for hop in ACTIONS:
        if not fnmatchcase((hop.action or "").lower(), action.lower()):
            continue
        for target in land.world.of(hop.effect[0]):
            if target is but:
                continue
            sure = level if pattern == "*" or fnmatchcase(target.physical or "", pattern) else ARGUABLE if not target.physical else None
            # Every role has the right to write some log, and what writes the own log of its function is no cause.
            sure = ARGUABLE if sure is not None and hop.id == "put-log-events" and pattern == "*" else sure
            if sure is not None:
                cause(land, function, target, hop, sure)


def cause(land: Stacks, source: Thing, target: Thing, hop: Hop, level: int = CERTAIN, **more: Any) -> None:
    land.world.causes.append(Cause((source.name, hop.cause[1]), (target.name, hop.effect[1]), hop.id, min(level, CERTAIN if hop.certain else OPEN), **more))


def grant(land: Stacks, function: Thing, target: Thing, hop: Hop, when: tuple[str, str] | None, condition: str | None, form: str | None = None) -> None:
    """Gives a function the right to act on a thing in some form."""
    action, service = hop.action or "", (hop.action or "").split(":")[0]
    form = form or land.rng.choice(FORMS)
    on = lambda: resource(land, function.stack, target, hop.scope)  # noqa: E731
    if condition and form in ("managed", "denied"):
        form = "exact"
    if form == "exact" and not condition and sam_role(land, function) and hop.id in SAM and land.rng.random() < 0.6:
        return by_template(land, function, target, hop)
    if form == "managed" and service in MANAGED:
        attach(land, function, MANAGED[service])
        return reached(land, function, f"{service}:*", OPEN)
    if form == "every":
        give(land, function, [statement(land.rng.choice([action, [action]]), "*")], condition)
        return widen(land, function, action, when)
    if form == "prefix" and target.physical and hop.effect[0] != "machine":
        star = "*" if hop.scope in ("", ":*") else "*" + hop.scope
        give(land, function, [statement([action], sub(arn_text(target.thing, "app-") + star))], condition)
        return widen(land, function, action, when, "app-*")
    if form == "any-action":
        wide = land.rng.choice([f"{service}:*", f"{service}:{action.split(':')[1][:3]}*"])
        give(land, function, [statement(wide, [on()])], condition)
        for other in ACTIONS:
            if other.effect[0] == hop.effect[0] and fnmatchcase((other.action or "").lower(), wide.lower()):
                cause(land, function, target, other, CERTAIN if other is hop else OPEN, when=when)
        return None
    if form == "parameter" and target.physical and not hop.scope:
        name = f"{target.logical}Of{function.logical}"
        parameters = land.stacks[function.stack].parameters
        if land.rng.random() < 0.5:
            parameters[name] = {"Type": "String", "Default": arn_text(target.thing, target.physical, "eu-west-1:123456789012", "aws")}
            where = ref(name)
        else:
            parameters[name] = {"Type": "String", "Default": target.physical}
            where = sub(arn_text(target.thing, f"${{{name}}}"))
        give(land, function, [statement(action, where)], condition)
        return cause(land, function, target, hop, OPEN, when=when)
    if form == "denied":
        # A function is invoked by its ARN, and its versions by one that goes on.
        more = [resource(land, function.stack, target, ":*")] if hop.id == "invoke-function" else []
        give(land, function, [statement([action], "*"), statement([action], [on(), *more], "Deny")], placement="inline")
        return reached(land, function, action, OPEN, but=target)
    actions = {"listed": [PLAIN[service], action], "case": service.upper() + ":" + action.split(":")[1].lower()}.get(form, action)
    give(land, function, [statement(actions, land.rng.choice([on(), [on()]]))], condition)
    return cause(land, function, target, hop, when=when)


def widen(land: Stacks, function: Thing, action: str, when: tuple[str, str] | None, pattern: str = "*") -> None:
    before = len(land.world.causes)
    reached(land, function, action, OPEN, pattern=pattern)
    if when:
        from dataclasses import replace

        land.world.causes[before:] = [replace(one, when=when) for one in land.world.causes[before:]]


def by_template(land: Stacks, function: Thing, target: Thing, hop: Hop) -> None:
    """A policy template of SAM. That of functions covers every name that begins like the one."""
    name, parameter, _ = SAM[hop.id]
    inline(land, function).append({name: {parameter: land.value(function.stack, target, "name")}})
    cause(land, function, target, hop, OPEN if hop.id == "invoke-function" else CERTAIN)


def logs_role(service: str) -> dict[str, Any]:
    """The trust policy of a role that a service takes."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}


__all__ = ["att", "give", "grant", "cause", "resource", "role_of", "sam_role", "statement", "logs_role"]
