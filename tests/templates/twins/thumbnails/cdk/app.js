const { App, Duration, Stack, aws_dynamodb: dynamodb, aws_lambda: lambda, aws_s3: s3, aws_sns: sns, aws_sqs: sqs } = require("aws-cdk-lib");
const { SqsDestination } = require("aws-cdk-lib/aws-lambda-destinations");
const { DynamoEventSource, SqsDlq } = require("aws-cdk-lib/aws-lambda-event-sources");
const { LambdaDestination } = require("aws-cdk-lib/aws-s3-notifications");
const { EmailSubscription } = require("aws-cdk-lib/aws-sns-subscriptions");

class Thumbnails extends Stack {
  constructor(scope, id) {
    super(scope, id);

    const pictures = new s3.Bucket(this, "Pictures", {
      versioned: true,
      enforceSSL: true,
      lifecycleRules: [
        { prefix: "raw/", transitions: [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) }] },
      ],
    });
    const catalogue = new dynamodb.Table(this, "Catalogue", {
      partitionKey: { name: "picture", type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      stream: dynamodb.StreamViewType.NEW_IMAGE,
    });
    const failed = new sqs.Queue(this, "Failed", { retentionPeriod: Duration.days(14) });
    const news = new sns.Topic(this, "News");
    news.addSubscription(new EmailSubscription("gallery@example.com"));

    const shrink = new lambda.Function(this, "Shrink", {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "shrink.handler",
      code: lambda.Code.fromAsset(`${__dirname}/lambda`),
      memorySize: 1024,
      timeout: Duration.seconds(30),
      onFailure: new SqsDestination(failed),
      environment: { BUCKET: pictures.bucketName, TABLE: catalogue.tableName },
    });
    pictures.grantRead(shrink, "raw/*");
    pictures.grantPut(shrink, "thumbs/*");
    catalogue.grantWriteData(shrink);
    pictures.addEventNotification(s3.EventType.OBJECT_CREATED, new LambdaDestination(shrink), { prefix: "raw/", suffix: ".jpg" });

    const announce = new lambda.Function(this, "Announce", {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "announce.handler",
      code: lambda.Code.fromAsset(`${__dirname}/lambda`),
      timeout: Duration.seconds(10),
      environment: { TOPIC: news.topicArn },
    });
    announce.addEventSource(new DynamoEventSource(catalogue, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      retryAttempts: 3,
      onFailure: new SqsDlq(failed),
    }));
    news.grantPublish(announce);
  }
}

new Thumbnails(new App(), "Thumbnails");
