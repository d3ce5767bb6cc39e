"""How each hop of the table that is no right is written in CloudFormation and in SAM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from ..model import Hop
from .rights import cause, give, logs_role, role_of, sam_role, statement
from .stacks import Stacks, ref, sub
from .world import ARGUABLE, OPEN, Cause, Thing

NO_VALUE = ref("AWS::NoValue")


@dataclass
class Edge:
    """A hop between two things, and on what it depends."""

    land: Stacks
    source: Thing
    target: Thing
    hop: Hop
    when: tuple[str, str] | None = None
    condition: str | None = None
    takes: tuple[str, ...] | None = None  # the classes of the source's events that the trigger takes

    def properties(self, thing: Thing) -> dict[str, Any]:
        return self.land.stacks[thing.stack].resources[thing.logical]["Properties"]

    def value(self, stack: int, thing: Thing, attribute: str) -> Any:
        return self.land.value(stack, thing, attribute)

    def either(self, value: Any) -> Any:
        """The value where the condition holds, and none where not."""
        return {"Fn::If": [self.condition, value, NO_VALUE]} if self.condition else value

    def record(self, level: int = 2, **more: Any) -> None:
        cause(self.land, self.source, self.target, self.hop, level, when=self.when, takes=self.takes, **more)

    def add(self, stack: int, logical: str, kind: str, properties: dict[str, Any]) -> str:
        return self.land.stacks[stack].add(logical, kind, properties, self.condition)


Writer = Callable[[Edge], None]


def permit(edge: Edge, principal: str, source_arn: Any) -> None:
    """Lets a service call the target: a permission on a function, a statement of the policy of a queue or a topic."""
    target, stack = edge.target, edge.target.stack
    if target.thing == "function":
        edge.add(stack, f"{target.logical}Permission", "AWS::Lambda::Permission",
                 {"FunctionName": edge.value(stack, target, edge.land.rng.choice(["name", "arn"])), "Action": "lambda:InvokeFunction", "Principal": principal, "SourceArn": source_arn})
        return
    action, kind, named = {"queue": ("sqs:SendMessage", "AWS::SQS::QueuePolicy", "Queues"), "topic": ("sns:Publish", "AWS::SNS::TopicPolicy", "Topics")}[target.thing]
    allowed = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": action, "Resource": edge.value(stack, target, "arn"),
               "Condition": {"ArnEquals": {"aws:SourceArn": source_arn}}}
    what = ref(target.logical)
    edge.add(stack, f"{target.logical}Policy", kind, {named: [what], "PolicyDocument": {"Version": "2012-10-17", "Statement": [allowed]}})


def event(edge: Edge, kind: str, properties: dict[str, Any]) -> bool:
    """Writes the trigger as an event of a SAM function, if it can be. A route of an API of SAM cannot be written otherwise."""
    if edge.condition or edge.target.thing != "function" or not sam_role(edge.land, edge.target):
        return False
    if "Api" not in kind and edge.land.rng.random() < 0.25:
        return False
    events = edge.properties(edge.target).setdefault("Events", {})
    events[f"Event{len(events)}"] = {"Type": kind, "Properties": properties}
    return True


POLLS = {"queue": ("SQS", "Queue", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]),
         "table": ("DynamoDB", "Stream", ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"]),
         "stream": ("Kinesis", "Stream", ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListShards"])}


def mapping(edge: Edge) -> None:
    polled(edge, edge.target)
    edge.record()


def polled(edge: Edge, function: Thing, failures: Thing | None = None) -> None:
    """An event source mapping of a function, with the rights of a poller."""
    kind, parameter, actions = POLLS[edge.source.thing]
    arn = edge.value(function.stack, edge.source, "stream" if edge.source.thing == "table" else "arn")
    more: dict[str, Any] = {} if edge.source.thing == "queue" else {"StartingPosition": "LATEST"}
    if failures:
        more["DestinationConfig"] = {"OnFailure": {"Destination": edge.value(function.stack, failures, "arn")}}
    if edge.takes and edge.source.thing == "table":
        more["FilterCriteria"] = {"Filters": [{"Pattern": '{"dynamodb": {"Keys": {"id": {"S": ["%s"]}}}}' % edge.takes[0]}]}
    if edge.takes and edge.source.thing == "queue":
        more["FilterCriteria"] = {"Filters": [{"Pattern": '{"body": {"kind": ["%s"]}}' % edge.takes[0]}]}
    of = Edge(edge.land, edge.source, function, edge.hop, edge.when, edge.condition)
    if event(of, kind, {parameter: arn, **more, **({"BatchSize": 1} if edge.source.thing == "queue" else {})}):
        return
    edge.add(function.stack, f"{function.logical}Mapping", "AWS::Lambda::EventSourceMapping",
             {"EventSourceArn": arn, "FunctionName": edge.value(function.stack, function, edge.land.rng.choice(["name", "arn"])), "BatchSize": 1, **more})
    give(edge.land, function, [statement(actions, arn)], placement="inline")


def notification(of: str, what: str) -> Writer:
    list_of, key, kind = {"function": ("LambdaConfigurations", "Function", "lambda"), "queue": ("QueueConfigurations", "Queue", ""), "topic": ("TopicConfigurations", "Topic", "")}[what]

    def write(edge: Edge) -> None:
        rules = {"S3Key": {"Rules": [{"Name": "prefix", "Value": f"{edge.takes[0]}/"}]}} if edge.takes else None
        made = {"Event": f"s3:Object{of}:*", **({"Filter": rules} if rules else {})}
        same = edge.source.stack == edge.target.stack
        if what == "function" and same and event(edge, "S3", {"Bucket": ref(edge.source.logical), "Events": made["Event"], **({"Filter": rules} if rules else {})}):
            return edge.record()
        target = edge.value(edge.source.stack, edge.target, "arn")
        configuration = edge.properties(edge.source).setdefault("NotificationConfiguration", {})
        configuration.setdefault(list_of, []).append(edge.either({**made, key: target}))
        permit(edge, "s3.amazonaws.com", edge.value(edge.target.stack, edge.source, "arn") if not same else sub(f"arn:${{AWS::Partition}}:s3:::{edge.source.physical}") if edge.source.physical else "arn:aws:s3:::some")
        return edge.record()

    return write


def to_default_bus(edge: Edge) -> None:
    """EventBridge gets every event of the bucket."""
    configuration = edge.properties(edge.source).setdefault("NotificationConfiguration", {})
    configuration["EventBridgeConfiguration"] = {"EventBridgeEnabled": True}
    bucket, bus = edge.source.name, edge.target.name
    for happens, name in (("created", "s3-created"), ("removed", "s3-deleted")):
        edge.land.world.causes.append(Cause((bucket, happens), (bus, name), f"{happens}-to-default-bus", gives=(bucket,)))


def access_log(edge: Edge) -> None:
    edge.properties(edge.source)["LoggingConfiguration"] = {"DestinationBucketName": edge.value(edge.source.stack, edge.target, "name"), "LogFilePrefix": "in/"}
    for happens, name in (("created", "write"), ("removed", "deletion")):
        edge.land.world.causes.append(Cause((edge.source.name, happens), (edge.target.name, "created"), f"access-log-of-a-{name}", OPEN))


def subscription(protocol: str, raw: bool = False) -> Writer:
    def write(edge: Edge) -> None:
        subscribe(edge, edge.target, protocol, {"RawMessageDelivery": True} if raw else {})
        edge.record()

    return write


def subscribe(edge: Edge, target: Thing, protocol: str, more: dict[str, Any]) -> None:
    of = Edge(edge.land, edge.source, target, edge.hop, edge.when, edge.condition)
    topic = edge.value(target.stack, edge.source, "arn")
    if protocol == "lambda" and event(of, "SNS", {"Topic": topic, **more}):
        return
    if not more and not edge.condition and edge.source.name not in edge.land.foreign and edge.land.rng.random() < 0.3:
        within = edge.properties(edge.source).setdefault("Subscription", [])
        within.append({"Protocol": protocol, "Endpoint": edge.value(edge.source.stack, target, "arn")})
    else:
        edge.add(target.stack, f"{target.logical}Subscription", "AWS::SNS::Subscription",
                 {"TopicArn": topic, "Protocol": protocol, "Endpoint": edge.value(target.stack, target, "arn"), **more})
    permit(of, "sns.amazonaws.com", topic)


def rule(pattern: dict[str, Any]) -> Writer:
    def write(edge: Edge) -> None:
        matched(edge, edge.target, {"source": list(edge.takes or ("app", "lambda"))} if edge.source.thing == "bus" else pattern_of(edge, pattern), {})
        if edge.source.thing == "bus" and not edge.takes:
            edge.takes = ("app", "lambda")
        edge.record()

    return write


def pattern_of(edge: Edge, pattern: dict[str, Any]) -> dict[str, Any]:
    """A pattern for events of S3 names the bucket that it takes, if it takes one only."""
    if edge.takes and pattern["source"] == ["aws.s3"]:
        bucket = edge.land.world.things[edge.takes[0]]
        return {**pattern, "detail": {"bucket": {"name": [edge.value(edge.target.stack, bucket, "name")]}}}
    return pattern


def matched(edge: Edge, target: Thing, pattern: dict[str, Any], more: dict[str, Any]) -> None:
    of = Edge(edge.land, edge.source, target, edge.hop, edge.when, edge.condition)
    bus = edge.value(target.stack, edge.source, "name")
    bus = {} if bus == "default" and edge.land.rng.random() < 0.5 else {"EventBusName": bus}
    if not more and event(of, "EventBridgeRule", {"Pattern": pattern, **bus}):
        return
    arn = edge.value(target.stack, target, "arn")
    made = edge.add(target.stack, f"{target.logical}Rule", "AWS::Events::Rule", {**bus, "EventPattern": pattern, "Targets": [{"Id": "it", "Arn": arn, **more}]})
    permit(of, "events.amazonaws.com", {"Fn::GetAtt": [made, "Arn"]})


def asynchronous(outcome: str) -> Writer:
    """A destination of asynchronous invocation. The function needs the right to deliver it, which its code has then too."""

    def write(edge: Edge) -> None:
        function, stack = edge.source, edge.source.stack
        arn = edge.value(stack, edge.target, "arn")
        if outcome == "dead":
            dead = {"TargetArn": arn} if not sam_role(edge.land, function) else {"Type": {"queue": "SQS", "topic": "SNS"}[edge.target.thing], "TargetArn": arn}
            edge.properties(function)["DeadLetterQueue" if sam_role(edge.land, function) else "DeadLetterConfig"] = dead
        else:
            destination(edge, outcome, arn)
        action = {"queue": "sqs:SendMessage", "topic": "sns:Publish", "bus": "events:PutEvents", "function": "lambda:InvokeFunction"}[edge.target.thing]
        give(edge.land, function, [statement(action, arn)], placement="inline")
        happens = {"queue": "message", "topic": "message", "bus": "event", "function": "async"}[edge.target.thing]
        edge.land.world.causes.append(Cause((function.name, "run"), (edge.target.name, happens), edge.hop.id, ARGUABLE))
        edge.record(gives=("lambda",) if edge.target.thing == "bus" else None)

    return write


def destination(edge: Edge, outcome: str, arn: Any) -> None:
    function = edge.source
    if sam_role(edge.land, function) and edge.target.name not in edge.land.foreign and not edge.condition:
        kind = {"queue": "SQS", "topic": "SNS", "bus": "EventBridge", "function": "Lambda"}[edge.target.thing]
        configuration = edge.properties(function).setdefault("EventInvokeConfig", {"MaximumRetryAttempts": 1}).setdefault("DestinationConfig", {})
        configuration[outcome] = {"Type": kind, "Destination": arn}
        return
    resources = edge.land.stacks[function.stack].resources
    name = f"{function.logical}Invoked"
    if name not in resources:
        edge.land.stacks[function.stack].add(name, "AWS::Lambda::EventInvokeConfig",
                                             {"FunctionName": ref(function.logical), "Qualifier": "$LATEST", "DestinationConfig": {}})
    resources[name]["Properties"]["DestinationConfig"][outcome] = edge.either({"Destination": arn})


def listener(edge: Edge) -> Thing:
    """Another function, which fails."""
    return edge.land.listener(edge.target.stack)  # type: ignore[attr-defined]


def redrive(edge: Edge) -> None:
    polled(Edge(edge.land, edge.source, edge.target, edge.hop), listener(edge))
    edge.properties(edge.source)["RedrivePolicy"] = edge.either({"deadLetterTargetArn": edge.value(edge.source.stack, edge.target, "arn"), "maxReceiveCount": 3})
    edge.record()


def mapping_failure(edge: Edge) -> None:
    failing = listener(edge)
    polled(Edge(edge.land, edge.source, edge.target, edge.hop, edge.when, edge.condition), failing, edge.target)
    event_of = {"queue": "message", "topic": "message"}[edge.target.thing]
    action = {"queue": "sqs:SendMessage", "topic": "sns:Publish"}[edge.target.thing]
    give(edge.land, failing, [statement(action, edge.value(failing.stack, edge.target, "arn"))], placement="inline")
    edge.land.world.causes += [Cause((edge.source.name, edge.hop.cause[1]), (failing.name, "run"), edge.hop.id, ARGUABLE, when=edge.when),
                               Cause((failing.name, "run"), (edge.target.name, event_of), edge.hop.id, ARGUABLE, when=edge.when)]
    edge.record()


def subscription_dead_letters(edge: Edge) -> None:
    subscribe(edge, listener(edge), "lambda", {"RedrivePolicy": {"deadLetterTargetArn": edge.value(edge.target.stack, edge.target, "arn")}})
    edge.record()


def rule_dead_letters(edge: Edge) -> None:
    edge.takes = ("app", "lambda")
    matched(edge, listener(edge), {"source": ["app", "lambda"]}, {"DeadLetterConfig": {"Arn": edge.value(edge.target.stack, edge.target, "arn")}})
    edge.record()


def bus_dead_letters(edge: Edge) -> None:
    edge.properties(edge.source)["DeadLetterConfig"] = edge.either({"Arn": edge.value(edge.source.stack, edge.target, "arn")})
    edge.record()


def log_subscription(edge: Edge) -> None:
    stack = edge.target.stack
    group = edge.value(stack, edge.source, "name")
    if not event(edge, "CloudWatchLogs", {"LogGroupName": group, "FilterPattern": ""}):
        permit(edge, "logs.amazonaws.com", edge.value(stack, edge.source, "arn"))
        edge.add(stack, f"{edge.target.logical}Lines", "AWS::Logs::SubscriptionFilter",
                 {"LogGroupName": group, "FilterPattern": "", "DestinationArn": edge.value(stack, edge.target, "arn")})
    edge.record()


def function_log(edge: Edge) -> None:
    edge.properties(edge.source)["LoggingConfig"] = edge.either({"LogGroup": edge.value(edge.source.stack, edge.target, "name")})
    edge.record()


def flow_log(edge: Edge) -> None:
    stack = edge.source.stack
    add = edge.land.stacks[stack].add
    network = add(f"{edge.source.logical}Network", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})
    subnet = add(f"{edge.source.logical}Subnet", "AWS::EC2::Subnet", {"VpcId": ref(network), "CidrBlock": "10.0.0.0/24"})
    group = add(f"{edge.source.logical}Group", "AWS::EC2::SecurityGroup", {"GroupDescription": "it", "VpcId": ref(network)})
    role = add(f"{edge.source.logical}FlowRole", "AWS::IAM::Role", {"AssumeRolePolicyDocument": logs_role("vpc-flow-logs.amazonaws.com")})
    edge.properties(edge.source)["VpcConfig"] = {"SubnetIds": [ref(subnet)], "SecurityGroupIds": [{"Fn::GetAtt": [group, "GroupId"]}]}
    edge.add(stack, f"{edge.source.logical}FlowLog", "AWS::EC2::FlowLog",
             {"ResourceId": ref(network), "ResourceType": "VPC", "TrafficType": "ALL", "LogGroupName": edge.value(stack, edge.target, "name"), "DeliverLogsPermissionArn": {"Fn::GetAtt": [role, "Arn"]}})
    edge.record()


def alarm(edge: Edge) -> None:
    stack = edge.source.stack
    edge.add(stack, f"{edge.source.logical}Alarm", "AWS::CloudWatch::Alarm",
             {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": [{"Name": "FunctionName", "Value": ref(edge.source.logical)}], "Statistic": "Sum", "Period": 60,
              "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 0, "AlarmActions": [edge.value(stack, edge.target, "arn")]})
    edge.record()


def nothing(edge: Edge) -> None:
    edge.record()


AWS_S3 = {"source": ["aws.s3"]}
STATUS = {"source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"]}

WRITERS: dict[str, Writer] = {
    "function-log": function_log,
    "flow-log": flow_log,
    "invocations-alarm": alarm,
    **{f"success-to-{thing}": asynchronous("OnSuccess") for thing in ("queue", "topic", "bus", "function")},
    **{f"failure-to-{thing}": asynchronous("OnFailure") for thing in ("queue", "topic", "bus", "function")},
    **{f"dead-letter-to-{thing}": asynchronous("dead") for thing in ("queue", "topic")},
    **{f"created-to-{thing}": notification("Created", thing) for thing in ("function", "queue", "topic")},
    **{f"removed-to-{thing}": notification("Removed", thing) for thing in ("function", "queue")},
    "tagged-to-function": notification("Tagging", "function"),
    "created-to-default-bus": to_default_bus,
    "removed-to-default-bus": to_default_bus,
    "access-log-of-a-write": access_log,
    "access-log-of-a-deletion": access_log,
    "queue-mapping": mapping,
    "redrive": redrive,
    "topic-to-function": subscription("lambda"),
    "topic-to-queue": subscription("sqs"),
    "topic-to-queue-raw": subscription("sqs", raw=True),
    "subscription-dead-letters": subscription_dead_letters,
    "rule-to-function": rule({}),
    "rule-to-queue": rule({}),
    "rule-dead-letters": rule_dead_letters,
    "bus-dead-letters": bus_dead_letters,
    **{f"s3-created-rule-to-{thing}": rule({**AWS_S3, "detail-type": ["Object Created"]}) for thing in ("function", "queue")},
    "s3-deleted-rule-to-function": rule({**AWS_S3, "detail-type": ["Object Deleted"]}),
    **{f"states-rule-to-{thing}": rule(STATUS) for thing in ("function", "queue")},
    "table-mapping": mapping,
    **{f"table-mapping-failure-to-{thing}": mapping_failure for thing in ("queue", "topic")},
    "stream-mapping": mapping,
    **{f"stream-mapping-failure-to-{thing}": mapping_failure for thing in ("queue", "topic")},
    "log-subscription": log_subscription,
    "machine-status": nothing,
}
__all__ = ["Edge", "WRITERS", "role_of"]
