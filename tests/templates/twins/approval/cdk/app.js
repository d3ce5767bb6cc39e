const { App, CfnOutput, Duration, Stack, aws_apigatewayv2: apigateway, aws_dynamodb: dynamodb, aws_lambda: lambda, aws_logs: logs, aws_sqs: sqs, aws_stepfunctions: sfn, aws_stepfunctions_tasks: tasks } = require("aws-cdk-lib");
const { HttpIamAuthorizer } = require("aws-cdk-lib/aws-apigatewayv2-authorizers");
const { HttpLambdaIntegration } = require("aws-cdk-lib/aws-apigatewayv2-integrations");

class Approval extends Stack {
  constructor(scope, id) {
    super(scope, id);

    const expenses = new dynamodb.TableV2(this, "Expenses", {
      partitionKey: { name: "expense", type: dynamodb.AttributeType.STRING },
    });
    const lost = new sqs.Queue(this, "Lost", { retentionPeriod: Duration.days(14) });
    const toApprove = new sqs.Queue(this, "ToApprove", {
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: lost, maxReceiveCount: 5 },
    });

    const readExpense = this.python("ReadExpense", { TABLE: expenses.tableName });
    const recordExpense = this.python("RecordExpense", { TABLE: expenses.tableName });
    expenses.grantReadData(readExpense);
    expenses.grantWriteData(recordExpense);

    const approved = new sfn.Succeed(this, "Approved");
    const refused = new sfn.Fail(this, "Refused", { error: "Refused", cause: "Nobody approved in time" });
    const both = new sfn.Parallel(this, "Both")
      .branch(new tasks.LambdaInvoke(this, "Record", { lambdaFunction: recordExpense }).addRetry({ maxAttempts: 5, interval: Duration.seconds(2) }))
      .branch(new sfn.Wait(this, "CoolDown", { time: sfn.WaitTime.duration(Duration.seconds(10)) }))
      .next(approved);
    const ask = new tasks.SqsSendMessage(this, "Ask", {
      queue: toApprove,
      integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      messageBody: sfn.TaskInput.fromObject({ token: sfn.JsonPath.taskToken, expense: sfn.JsonPath.objectAt("$.expense") }),
      taskTimeout: sfn.Timeout.duration(Duration.days(3)),
    });
    ask.addCatch(refused, { errors: [sfn.Errors.TIMEOUT] });
    const read = new tasks.LambdaInvoke(this, "Read", {
      lambdaFunction: readExpense,
      resultSelector: { "value.$": "$.Payload" },
      resultPath: "$.expense",
    });
    const review = new sfn.StateMachine(this, "Review", {
      definitionBody: sfn.DefinitionBody.fromChainable(
        read.next(
          new sfn.Choice(this, "IsSmall")
            .when(sfn.Condition.numberLessThanEquals("$.expense.value.amount", 100), both)
            .otherwise(ask.next(both)),
        ),
      ),
      timeout: Duration.days(7),
      logs: {
        destination: new logs.LogGroup(this, "Runs", { retention: logs.RetentionDays.THREE_MONTHS }),
        level: sfn.LogLevel.ERROR,
      },
    });

    const answer = this.python("Answer");
    review.grantTaskResponse(answer);
    const submit = this.python("Submit", { MACHINE: review.stateMachineArn });
    review.grantStartExecution(submit);

    const desk = new apigateway.HttpApi(this, "Desk", { defaultAuthorizer: new HttpIamAuthorizer() });
    desk.addRoutes({ path: "/answers", methods: ["POST"], integration: new HttpLambdaIntegration("AnswerIntegration", answer) });
    desk.addRoutes({ path: "/expenses", methods: ["POST"], integration: new HttpLambdaIntegration("SubmitIntegration", submit) });
    new CfnOutput(this, "Url", { value: desk.apiEndpoint });
  }

  python(id, environment = {}) {
    return new lambda.Function(this, id, {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "index.handler",
      code: lambda.Code.fromInline("def handler(event, context): return event"),
      timeout: Duration.seconds(10),
      environment,
    });
  }
}

new Approval(new App(), "Approval");
