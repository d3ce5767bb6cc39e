const { App, Duration, Stack, aws_dynamodb: dynamodb, aws_events: events, aws_events_targets: targets, aws_iam: iam, aws_lambda: lambda, aws_s3: s3, aws_sqs: sqs } = require("aws-cdk-lib");
const { SqsDestination } = require("aws-cdk-lib/aws-lambda-destinations");
const { DynamoEventSource, SqsDlq } = require("aws-cdk-lib/aws-lambda-event-sources");

class StreamAudit extends Stack {
  constructor(scope, id) {
    super(scope, id);

    const accounts = new dynamodb.Table(this, "Accounts", {
      partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    });
    const changes = new events.EventBus(this, "Changes");
    changes.archive("Kept", { retention: Duration.days(90), eventPattern: { account: [this.account] } });
    const lost = new sqs.Queue(this, "Lost", { retentionPeriod: Duration.days(14) });
    const auditTrail = new s3.Bucket(this, "AuditTrail", { versioned: true });

    const relay = new lambda.Function(this, "Relay", {
      ...python("relay"),
      timeout: Duration.seconds(30),
      environment: { BUS: changes.eventBusName },
    });
    relay.addEventSource(new DynamoEventSource(accounts, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 50,
      retryAttempts: 5,
      bisectBatchOnError: true,
      onFailure: new SqsDlq(lost),
    }));
    relay.addToRolePolicy(new iam.PolicyStatement({
      actions: ["events:PutEvents"],
      resources: [changes.eventBusArn],
      conditions: {
        "ForAllValues:StringEquals": { "events:source": "accounts", "events:detail-type": ["Insert", "Modify", "Remove"] },
        Null: { "events:source": "false", "events:detail-type": "false" },
      },
    }));

    const audit = new lambda.Function(this, "Audit", {
      ...python("audit"),
      onFailure: new SqsDestination(lost),
      environment: { BUCKET: auditTrail.bucketName },
    });
    auditTrail.grantPut(audit);
    new events.Rule(this, "AllChanges", {
      eventBus: changes,
      eventPattern: { source: ["accounts"] },
      targets: [new targets.LambdaFunction(audit, { deadLetterQueue: lost })],
    });

    const greet = new lambda.Function(this, "Greet", { ...python("greet"), onFailure: new SqsDestination(lost) });
    new events.Rule(this, "NewAccounts", {
      eventBus: changes,
      eventPattern: { source: ["accounts"], detailType: ["Insert"] },
      targets: [new targets.LambdaFunction(greet, { deadLetterQueue: lost })],
    });
  }
}

function python(name) {
  return {
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: "index.handler",
    code: lambda.Code.fromInline(`def handler(event, context): print("${name}", event)`),
    timeout: Duration.seconds(10),
  };
}

new StreamAudit(new App(), "StreamAudit");
