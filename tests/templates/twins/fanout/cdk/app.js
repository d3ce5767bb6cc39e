const { App, CfnOutput, Duration, Stack, aws_lambda: lambda, aws_sns: sns, aws_sqs: sqs } = require("aws-cdk-lib");
const { SqsEventSource } = require("aws-cdk-lib/aws-lambda-event-sources");
const { SqsSubscription } = require("aws-cdk-lib/aws-sns-subscriptions");
const { Construct } = require("constructs");

const WORK = `
def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            print(record["body"])
        except Exception:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
`;

const PLACE = `
import json, os
import boto3

def handler(event, context):
    boto3.client("sns").publish(
        TopicArn=os.environ["TOPIC"],
        Message=json.dumps(event),
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "placed"}},
    )
`;

class Worker extends Construct {
  constructor(scope, id, { source, kinds, pace = 5 }) {
    super(scope, id);

    const parked = new sqs.Queue(this, "Parked", { retentionPeriod: Duration.days(14) });
    this.todo = new sqs.Queue(this, "Todo", {
      visibilityTimeout: Duration.minutes(3),
      deadLetterQueue: { queue: parked, maxReceiveCount: 5 },
    });
    source.addSubscription(new SqsSubscription(this.todo, {
      rawMessageDelivery: true,
      filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: kinds }) },
    }));
    const work = new lambda.Function(this, "Work", {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "index.handler",
      code: lambda.Code.fromInline(WORK),
      timeout: Duration.seconds(30),
      reservedConcurrentExecutions: pace,
    });
    work.addEventSource(new SqsEventSource(this.todo, { batchSize: 10, reportBatchItemFailures: true }));
  }
}

class Fanout extends Stack {
  constructor(scope, id) {
    super(scope, id);

    const orders = new sns.Topic(this, "Orders");
    const billing = new Worker(this, "Billing", { source: orders, kinds: ["placed", "cancelled"] });
    new Worker(this, "Shipping", { source: orders, kinds: ["placed"], pace: 10 });
    new Worker(this, "Analytics", { source: orders, kinds: ["placed", "cancelled", "viewed"] });

    const place = new lambda.Function(this, "Place", {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "index.handler",
      code: lambda.Code.fromInline(PLACE),
      timeout: Duration.seconds(5),
      environment: { TOPIC: orders.topicArn },
    });
    orders.grantPublish(place);

    new CfnOutput(this, "BillingQueue", { value: billing.todo.queueUrl });
  }
}

new Fanout(new App(), "Fanout");
