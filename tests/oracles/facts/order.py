"""Where a FIFO queue or topic is taken, and where only a standard one is."""

from __future__ import annotations

from typing import Iterator

from facts.machines import states
from facts.registry import fact
from facts.samples import arn, functions, of, queue, ref
from facts.view import View, is_true

EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide"


@fact("A FIFO queue or topic cannot be a destination of asynchronous invocations.",
      "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
      bad=functions() | {"Lost": queue(True), "Calls": of("Lambda::EventInvokeConfig", FunctionName=ref("Work"), Qualifier="$LATEST", DestinationConfig={"OnFailure": {"Destination": arn("Lost")}})},
      good=functions() | {"Lost": queue(), "Calls": of("Lambda::EventInvokeConfig", FunctionName=ref("Work"), Qualifier="$LATEST", DestinationConfig={"OnFailure": {"Destination": arn("Lost")}})})
def fifo_destination(view: View) -> Iterator[str]:
    for one in view.of("Lambda::EventInvokeConfig"):
        for outcome, held in one.properties.get("DestinationConfig", {}).items():
            if view.ordered(held.get("Destination")):
                yield f"{one.logical_id}: {outcome} is FIFO"


@fact("The dead letter target of a function is a standard queue or topic.",
      "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-add-dlq.html",
      bad=functions(DeadLetterConfig={"TargetArn": arn("Lost")}) | {"Lost": queue(True)},
      good=functions(DeadLetterConfig={"TargetArn": arn("Lost")}) | {"Lost": queue()})
def fifo_dead_letter_of_function(view: View) -> Iterator[str]:
    for one in view.of("Lambda::Function"):
        if view.ordered(one.properties.get("DeadLetterConfig", {}).get("TargetArn")):
            yield f"{one.logical_id}: its dead letter target is FIFO"


@fact("Discarded records of a stream go to a standard queue or topic.",
      "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
      bad=functions() | {"Lost": queue(True), "Map": of("Lambda::EventSourceMapping", FunctionName=ref("Work"), EventSourceArn="arn:aws:kinesis:a:1:stream/s", DestinationConfig={"OnFailure": {"Destination": arn("Lost")}})},
      good=functions() | {"Lost": queue(), "Map": of("Lambda::EventSourceMapping", FunctionName=ref("Work"), EventSourceArn="arn:aws:kinesis:a:1:stream/s", DestinationConfig={"OnFailure": {"Destination": arn("Lost")}})})
def fifo_destination_of_mapping(view: View) -> Iterator[str]:
    for one in view.of("Lambda::EventSourceMapping"):
        if view.ordered(one.properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")):
            yield f"{one.logical_id}: its destination is FIFO"


@fact("The dead letter queue of an EventBridge target or bus is a standard queue.",
      f"{EVENTS}/eb-rule-dlq.html",
      bad={"Lost": queue(True), "Bus": of("Events::EventBus", Name="b", DeadLetterConfig={"Arn": arn("Lost")})},
      good={"Lost": queue(), "Bus": of("Events::EventBus", Name="b", DeadLetterConfig={"Arn": arn("Lost")})})
def fifo_dead_letter_of_events(view: View) -> Iterator[str]:
    for one in view.of("Events::EventBus", "Events::Rule"):
        held = [one.properties, *one.properties.get("Targets", [])]
        if any(view.ordered(place.get("DeadLetterConfig", {}).get("Arn")) for place in held):
            yield f"{one.logical_id}: its dead letter queue is FIFO"


@fact("The dead letter queue of a schedule is a standard queue.",
      "https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html",
      bad={"Lost": queue(True), "Timer": of("Scheduler::Schedule", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": "a", "RoleArn": "b", "DeadLetterConfig": {"Arn": arn("Lost")}})},
      good={"Lost": queue(), "Timer": of("Scheduler::Schedule", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": "a", "RoleArn": "b", "DeadLetterConfig": {"Arn": arn("Lost")}})})
def fifo_dead_letter_of_schedule(view: View) -> Iterator[str]:
    for one in view.of("Scheduler::Schedule"):
        if view.ordered(one.properties["Target"].get("DeadLetterConfig", {}).get("Arn")):
            yield f"{one.logical_id}: its dead letter queue is FIFO"


@fact("The dead letter queue of a FIFO queue is FIFO, that of a standard queue is standard.",
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
      bad={"Lost": queue(), "Jobs": queue(True, RedrivePolicy={"deadLetterTargetArn": arn("Lost"), "maxReceiveCount": 5})},
      good={"Lost": queue(True), "Jobs": queue(True, RedrivePolicy={"deadLetterTargetArn": arn("Lost"), "maxReceiveCount": 5})})
def dead_letters_of_other_order(view: View) -> Iterator[str]:
    for one in view.of("SQS::Queue"):
        target = one.properties.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        if target and view.ordered(target) != is_true(one.properties.get("FifoQueue")):
            yield f"{one.logical_id}: its dead letter queue is of the other kind"


@fact("A FIFO topic delivers to queues only, and a standard topic not to FIFO queues.",
      "https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-delivery.html",
      bad=functions() | {"Topic": of("SNS::Topic", TopicName="t.fifo", FifoTopic=True), "Sub": of("SNS::Subscription", TopicArn=ref("Topic"), Protocol="lambda", Endpoint=arn("Work"))},
      good={"Jobs": queue(True), "Topic": of("SNS::Topic", TopicName="t.fifo", FifoTopic=True), "Sub": of("SNS::Subscription", TopicArn=ref("Topic"), Protocol="sqs", Endpoint=arn("Jobs"))})
def fifo_topic_to_another_kind(view: View) -> Iterator[str]:
    for one in view.of("SNS::Subscription"):
        ordered = view.ordered(one.properties["TopicArn"])
        if ordered and one.properties["Protocol"] != "sqs":
            yield f"{one.logical_id}: a FIFO topic does not deliver by {one.properties['Protocol']}"
        if not ordered and one.properties["Protocol"] == "sqs" and view.ordered(one.properties["Endpoint"]):
            yield f"{one.logical_id}: a standard topic does not deliver to a FIFO queue"


@fact("The dead letter queue of a subscription is FIFO exactly if its topic is.",
      "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
      bad={"Lost": queue(True), "Topic": of("SNS::Topic"), "Sub": of("SNS::Subscription", TopicArn=ref("Topic"), Protocol="https", Endpoint="https://a", RedrivePolicy={"deadLetterTargetArn": arn("Lost")})},
      good={"Lost": queue(), "Topic": of("SNS::Topic"), "Sub": of("SNS::Subscription", TopicArn=ref("Topic"), Protocol="https", Endpoint="https://a", RedrivePolicy={"deadLetterTargetArn": arn("Lost")})})
def dead_letters_of_subscription(view: View) -> Iterator[str]:
    for one in view.of("SNS::Subscription"):
        target = one.properties.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        if target and view.ordered(target) != view.ordered(one.properties["TopicArn"]):
            yield f"{one.logical_id}: its dead letter queue is of the other kind than the topic"


@fact("The name of a FIFO topic ends with .fifo, and CloudFormation makes none that does.",
      "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html https://github.com/aws/aws-cdk/issues/12386",
      bad={"Topic": of("SNS::Topic", FifoTopic=True)}, good={"Topic": of("SNS::Topic", FifoTopic=True, TopicName="t.fifo")})
def fifo_topic_without_name(view: View) -> Iterator[str]:
    for one in view.of("SNS::Topic"):
        if is_true(one.properties.get("FifoTopic")) and not one.name.endswith(".fifo"):
            yield f"{one.logical_id}: has no name that ends with .fifo"


@fact("S3 notifies no FIFO queue and no FIFO topic.",
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html",
      bad={"Jobs": queue(True), "Files": of("S3::Bucket", NotificationConfiguration={"QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": arn("Jobs")}]})},
      good={"Jobs": queue(), "Files": of("S3::Bucket", NotificationConfiguration={"QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": arn("Jobs")}]})})
def fifo_notification(view: View) -> Iterator[str]:
    for one in view.of("S3::Bucket"):
        notified = one.properties.get("NotificationConfiguration", {})
        for kind in ("Queue", "Topic"):
            if any(view.ordered(entry[kind]) for entry in notified.get(f"{kind}Configurations", [])):
                yield f"{one.logical_id}: notifies a FIFO {kind.lower()}"


@fact("A mapping of a FIFO queue takes batches of at most 10 and no batching window.",
      "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
      bad=functions() | {"Jobs": queue(True), "Map": of("Lambda::EventSourceMapping", FunctionName=ref("Work"), EventSourceArn=arn("Jobs"), BatchSize=10, MaximumBatchingWindowInSeconds=5)},
      good=functions() | {"Jobs": queue(), "Map": of("Lambda::EventSourceMapping", FunctionName=ref("Work"), EventSourceArn=arn("Jobs"), BatchSize=10, MaximumBatchingWindowInSeconds=5)})
def batches_of_fifo_queue(view: View) -> Iterator[str]:
    for one in view.of("Lambda::EventSourceMapping"):
        if view.ordered(one.properties.get("EventSourceArn")):
            if int(one.properties.get("BatchSize", 1)) > 10 or int(one.properties.get("MaximumBatchingWindowInSeconds", 0)) > 0:
                yield f"{one.logical_id}: more than 10 messages or a window"


@fact("A state that sends to a FIFO queue, or publishes to a FIFO topic, gives a MessageGroupId.",
      "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
      bad={"Jobs": queue(True), "Machine": of("StepFunctions::StateMachine", RoleArn="r", Definition={"StartAt": "A", "States": {"A": {"Type": "Task", "End": True, "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": ref("Jobs")}}}})},
      good={"Jobs": queue(True), "Machine": of("StepFunctions::StateMachine", RoleArn="r", Definition={"StartAt": "A", "States": {"A": {"Type": "Task", "End": True, "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": ref("Jobs"), "MessageGroupId": "g"}}}})})
def state_without_group(view: View) -> Iterator[str]:
    for machine, name, state in states(view):
        given = state.get("Parameters") or state.get("Arguments") or {}
        target = given.get("QueueUrl") or given.get("TopicArn")
        if isinstance(target, str) and view.ordered(target) and not any(k.startswith("MessageGroupId") for k in given):
            yield f"{machine.logical_id}: the state {name} sends to what is FIFO without a group"
