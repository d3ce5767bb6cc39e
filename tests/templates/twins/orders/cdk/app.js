const { App, CfnOutput, CfnParameter, Duration, Stack, aws_apigatewayv2: apigateway, aws_ec2: ec2, aws_lambda: lambda, aws_rds: rds, aws_sqs: sqs } = require("aws-cdk-lib");
const { HttpLambdaIntegration } = require("aws-cdk-lib/aws-apigatewayv2-integrations");
const { SqsEventSource } = require("aws-cdk-lib/aws-lambda-event-sources");

class Orders extends Stack {
  constructor(scope, id) {
    super(scope, id);

    const stage = new CfnParameter(this, "Stage", { allowedValues: ["dev", "prod"], default: "dev" });

    const network = new ec2.Vpc(this, "Network", {
      ipAddresses: ec2.IpAddresses.cidr("10.20.0.0/16"),
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: "private", subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
    });
    network.addInterfaceEndpoint("Sqs", { service: ec2.InterfaceVpcEndpointAwsService.SQS });
    network.addInterfaceEndpoint("SecretsManager", { service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER });

    const ledger = new rds.DatabaseInstance(this, "Ledger", {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.of("16.11", "16") }),
      instanceType: new ec2.InstanceType("t4g.medium"),
      allocatedStorage: 50,
      storageType: rds.StorageType.GP3,
      credentials: rds.Credentials.fromGeneratedSecret("app"),
      iamAuthentication: true,
      storageEncrypted: true,
      vpc: network,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });
    const pool = ledger.addProxy("Pool", {
      secrets: [ledger.secret],
      iamAuth: true,
      vpc: network,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });

    const parked = new sqs.Queue(this, "Parked", { retentionPeriod: Duration.days(14) });
    const intake = new sqs.Queue(this, "Intake", {
      visibilityTimeout: Duration.seconds(60),
      deadLetterQueue: { queue: parked, maxReceiveCount: 5 },
    });

    const takeOrder = new lambda.Function(this, "TakeOrder", {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "index.handler",
      code: lambda.Code.fromInline("def handler(event, context): return {'statusCode': 202}"),
      memorySize: 256,
      timeout: Duration.seconds(5),
      environment: { QUEUE_URL: intake.queueUrl, STAGE: stage.valueAsString },
    });
    intake.grantSendMessages(takeOrder);

    const shop = new apigateway.HttpApi(this, "Shop", {
      corsPreflight: { allowOrigins: ["https://shop.example.com"] },
    });
    shop.addRoutes({
      path: "/orders",
      methods: [apigateway.HttpMethod.POST],
      integration: new HttpLambdaIntegration("TakeOrderIntegration", takeOrder),
    });

    const storeOrder = new lambda.Function(this, "StoreOrder", {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "index.handler",
      code: lambda.Code.fromInline("def handler(event, context): return {'batchItemFailures': []}"),
      timeout: Duration.seconds(10),
      reservedConcurrentExecutions: 20,
      vpc: network,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      environment: { DB_HOST: pool.endpoint },
    });
    storeOrder.addEventSource(new SqsEventSource(intake, { batchSize: 10, reportBatchItemFailures: true }));
    pool.grantConnect(storeOrder, "app");
    pool.connections.allowFrom(storeOrder, ec2.Port.tcp(5432));

    new CfnOutput(this, "Url", { value: shop.apiEndpoint });
  }
}

new Orders(new App(), "Orders");
