//! What the reader of templates makes of single parts: policies, loops, places of ARNs, addresses of actions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use purlin::base::FileId;
use purlin::document::{Form, read};
use purlin::project::{Project, rules};
use purlin::template::{Alone, EdgeKind, End, Summary, summary};

fn of(text: &str) -> Summary {
    let (node, found) = read(text, FileId(0), Form::Yaml);
    assert!(found.is_empty(), "{found:?}");
    summary(&node.unwrap(), "it".into(), &Alone)
}

fn name(summary: &Summary, end: &End) -> String {
    match end {
        End::Own(at) => summary.resources[*at].id.to_string(),
        End::Named(text, _) => text.to_string(),
    }
}

/// The edges as lines: `From event -> To event`, with `?` where it is open whether anything passes.
fn edges(summary: &Summary) -> Vec<String> {
    let event = |e: &Option<purlin::base::Name>| e.as_ref().map(|e| format!(" {e}")).unwrap_or_default();
    let line = |e: &purlin::template::Edge| {
        let open = if e.undecided.is_some() { " ?" } else { "" };
        format!("{}{} -> {}{}{open}", name(summary, &e.from), event(&e.event), name(summary, &e.to), event(&e.arrives))
    };
    summary.edges.iter().filter(|e| e.kind != EdgeKind::ActsAs).map(line).collect()
}

fn found(text: &str) -> Vec<String> {
    let summary = of(text);
    let mut all: Vec<String> = summary.findings.iter().map(|d| d.rule.to_string()).collect();
    all.extend(rules::findings(&Project::join(vec![summary], &[])).iter().map(|d| d.rule.to_string()));
    all
}

/// What is found about loops.
fn loops(text: &str) -> Vec<String> {
    found(text).into_iter().filter(|rule| purlin::flow::is_of_loop(rule)).collect()
}

#[test]
fn a_trust_policy_triggers_nothing() {
    let summary = of("
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: [events.amazonaws.com, scheduler.amazonaws.com]}, Action: 'sts:AssumeRole'}]
");
    assert!(summary.opaque.is_empty() && summary.permissions.is_empty(), "{:?}", summary.opaque);
    let principals: Vec<String> = summary.trusts.iter().flat_map(|t| &t.principals).map(ToString::to_string).collect();
    assert_eq!(principals, ["events.amazonaws.com", "scheduler.amazonaws.com"]);
}

#[test]
fn a_permission_that_runs_nothing_shows_no_trigger() {
    let summary = of("
Resources:
  R0: {Type: AWS::IAM::Role}
  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R0.Arn}}
  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: 'lambda:GetFunction', Principal: s3.amazonaws.com}}
");
    assert!(!summary.opaque.iter().any(|o| o.why.contains("s3.amazonaws.com")), "{:?}", summary.opaque);
}

#[test]
fn both_forms_of_a_bus_policy_are_permissions() {
    let summary = of("
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Statement:
    Type: AWS::Events::EventBusPolicy
    Properties:
      EventBusName: !Ref Bus
      StatementId: a
      Statement: {Effect: Allow, Principal: {AWS: '111111111111'}, Action: 'events:PutEvents', Resource: !GetAtt Bus.Arn}
  Parts:
    Type: AWS::Events::EventBusPolicy
    Properties: {StatementId: b, Action: 'events:PutEvents', Principal: '222222222222'}
");
    let permissions: Vec<String> =
        summary.permissions.iter().map(|p| format!("{} {} {}", name(&summary, &p.on), p.principals[0], p.actions[0])).collect();
    let default = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default";
    assert_eq!(permissions, ["Bus 111111111111 events:PutEvents".to_string(), format!("{default} 222222222222 events:PutEvents")]);
}

#[test]
fn the_log_group_of_a_function_is_found_by_its_name() {
    for (group, function) in [("/aws/lambda/worker", "FunctionName: worker, "), ("!Sub '/aws/lambda/${F}'", "")] {
        let text = format!(
            "
Resources:
  R0:
    Type: AWS::IAM::Role
    Properties: {{Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt D.Arn}}]}}}}]}}
  F: {{Type: AWS::Lambda::Function, Properties: {{{function}Role: !GetAtt R0.Arn}}}}
  G: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: {group}}}}}
  S: {{Type: AWS::Logs::SubscriptionFilter, Properties: {{LogGroupName: {group}, FilterPattern: '', DestinationArn: !GetAtt F.Arn}}}}
  P: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: logs.amazonaws.com}}}}
  E: {{Type: AWS::Lambda::EventInvokeConfig, Properties: {{FunctionName: !Ref F, Qualifier: $LATEST, DestinationConfig: {{OnFailure: {{Destination: !GetAtt D.Arn}}}}}}}}
  D: {{Type: AWS::SQS::Queue}}
"
        );
        assert_eq!(edges(&of(&text)), ["F -> G lines", "G lines -> F", "F -> D messages"]);
        assert_eq!(found(&text), ["event-loop"]);
    }
}

#[test]
fn an_arn_of_another_place_is_another_resource() {
    let summary = of("
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [a]}
      Targets: [{Id: a, Arn: !Sub 'arn:${AWS::Partition}:events:us-east-1:${AWS::AccountId}:event-bus/default'}]
  Own:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [a]}
      Targets: [{Id: a, Arn: !Sub 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default'}]
");
    let own = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default";
    let other = "arn:${AWS::Partition}:events:us-east-1:${AWS::AccountId}:event-bus/default";
    assert_eq!(edges(&summary), [format!("{own} matched -> {other} matched ?"), format!("{own} matched -> {own} matched")]);
}

#[test]
fn a_loop_of_a_template_is_written_out() {
    let text = |collection: &str| {
        format!(
            "
Transform: AWS::LanguageExtensions
Parameters: {{Names: {{Type: CommaDelimitedList, Default: 'x,y'}}, Open: {{Type: CommaDelimitedList}}}}
Resources:
  R0:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: !Sub 'arn:aws:sqs:${{AWS::Region}}:${{AWS::AccountId}}:*'}}]}}
  F: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt R0.Arn, LoggingConfig: {{LogGroup: g}}}}}}
  D: {{Type: AWS::SQS::Queue, Properties: {{MessageRetentionPeriod: 1209600}}}}
  Fn::ForEach::Queues:
    - Name
    - {collection}
    - Queue${{Name}}:
        Type: AWS::SQS::Queue
        Properties: {{QueueName: !Ref Name, RedrivePolicy: {{deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 5}}}}
      Mapping&{{Name}}:
        Type: AWS::Lambda::EventSourceMapping
        Properties: {{FunctionName: !Ref F, EventSourceArn: !GetAtt ['Queue${{Name}}', Arn], BatchSize: 1}}
"
        )
    };
    let two = |a: &str, b: &str| {
        let redriven = [a, b].map(|queue| format!("{queue} messages -> D messages"));
        let [first, second] = [a, b].map(|queue| format!("{queue} messages -> F"));
        [vec!["F -> g lines".to_string()], vec![redriven[0].clone(), first], vec![redriven[1].clone(), second]].concat()
    };
    assert_eq!(edges(&of(&text("[a, b]"))), two("Queuea", "Queueb"));
    assert_eq!(edges(&of(&text("!Ref Names"))), two("Queuex", "Queuey"));
    assert_eq!(found(&text("[a, b]")), Vec::<String>::new());
    assert_eq!(found(&text("!Ref Names")), ["part-not-read"]);
    assert_eq!(found(&text("!Ref Open")), ["part-not-read"]);
}

#[test]
fn loops_within_loops_end() {
    let items = (0..60).map(|n| format!("n{n}")).collect::<Vec<_>>().join(", ");
    let mut text = "Resources:\n".to_string();
    for depth in 0..5 {
        let space = "  ".repeat(depth * 3 + 1);
        text += &format!("{space}Fn::ForEach::L{depth}:\n{space}  - V{depth}\n{space}  - [{items}]\n{space}  -\n");
    }
    text += &format!("{}Q${{V0}}${{V1}}${{V2}}${{V3}}${{V4}}: {{Type: AWS::SQS::Queue}}\n", "  ".repeat(16));
    assert!(of(&text).findings.iter().any(|d| &*d.rule == "part-not-read"));
}

#[test]
fn a_resource_without_a_type_is_found() {
    assert_eq!(found("Resources: {A: {Properties: {}}}"), ["resource-without-type"]);
}

#[test]
fn a_boundary_takes_rights_away() {
    let text = |boundary: &str| {
        format!(
            "
Resources:
  Q: {{Type: AWS::SQS::Queue, Properties: {{RedrivePolicy: {{deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 5}}}}}}
  D: {{Type: AWS::SQS::Queue, Properties: {{MessageRetentionPeriod: 1209600}}}}
  Bounds:
    Type: AWS::IAM::ManagedPolicy
    Properties: {{PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*'}}]}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: []}}
      {boundary}
      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: !GetAtt Q.Arn}}]}}}}]
  F: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt Role.Arn, LoggingConfig: {{LogGroup: g}}}}}}
  M: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: !Ref F, EventSourceArn: !GetAtt Q.Arn, BatchSize: 1}}}}
"
        )
    };
    assert_eq!(found(&text("Path: /")), ["event-loop"]);
    assert_eq!(found(&text("PermissionsBoundary: !Ref Bounds")), Vec::<String>::new());
    // A policy that AWS manages bounds as well; one that is not known may allow anything.
    assert_eq!(found(&text("PermissionsBoundary: arn:aws:iam::aws:policy/AmazonS3FullAccess")), Vec::<String>::new());
    assert_eq!(found(&text("PermissionsBoundary: arn:aws:iam::111111111111:policy/x")), ["event-loop"]);
}

#[test]
fn an_integration_with_a_service_does_what_the_action_causes() {
    let summary = of("
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Orders: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}}
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  T: {Type: AWS::DynamoDB::Table}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: POST
      Integration: {Type: AWS, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Q.QueueName}', Credentials: r}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: GET
      Integration:
        Type: AWS
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:dynamodb:action/GetItem'
        RequestTemplates: {application/json: !Sub '{\"TableName\": \"${T}\"}'}
  Put:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: PUT
      Integration:
        Type: AWS
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:dynamodb:action/DeleteItem'
        RequestTemplates: {application/json: !Sub '{\"TableName\": \"${T}\"}'}
");
    assert_eq!(edges(&summary), ["Api requested -> Q messages", "Api requested -> T changes"]);
}

#[test]
fn a_schedule_with_an_action_does_what_it_causes() {
    let summary = of("
Resources:
  Q: {Type: AWS::SQS::Queue}
  Named:
    Type: AWS::Scheduler::Schedule
    Properties:
      Target: {Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', RoleArn: r, Input: !Sub '{\"QueueUrl\": \"${Q}\", \"MessageBody\": \"x\"}'}
  Bus:
    Type: AWS::Scheduler::Schedule
    Properties:
      Target: {Arn: 'arn:aws:scheduler:::aws-sdk:eventbridge:putEvents', RoleArn: r, Input: '{\"Entries\": []}'}
");
    let bus = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default";
    assert_eq!(edges(&summary), ["Named -> Q messages".to_string(), format!("Bus -> {bus} matched")]);
}

#[test]
fn routes_of_an_http_api_reach_functions_and_services() {
    let summary = of("
Resources:
  R0: {Type: AWS::IAM::Role}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R0.Arn, LoggingConfig: {LogGroup: g}}}
  Q: {Type: AWS::SQS::Queue}
  I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn}}
  J:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationSubtype: SQS-SendMessage
      CredentialsArn: r
      RequestParameters: {QueueUrl: !Ref Q, MessageBody: $request.body}
  R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: POST /a, Target: !Sub 'integrations/${I}'}}
  S: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: POST /b, Target: !Sub 'integrations/${J}'}}
");
    assert_eq!(edges(&summary), ["F -> g lines", "J -> Q messages", "Api requested -> F", "Api requested -> J"]);
}

#[test]
fn a_right_on_another_name_is_one_on_what_it_names() {
    let text = "
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: 's3:PutObject', Resource: !Sub '${Point.Arn}/object/*'}
              - {Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt D.Arn}
  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, LoggingConfig: {LogGroup: g}, DeadLetterConfig: {TargetArn: !GetAtt D.Arn}}}
  D: {Type: AWS::SQS::Queue}
  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com, SourceArn: !GetAtt B.Arn}}
  Point: {Type: AWS::S3::AccessPoint, Properties: {Bucket: !Ref B}}
  B:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]}}
";
    assert_eq!(
        edges(&of(text)),
        ["F -> D messages", "F -> g lines", "Point created -> B created", "Point removed -> B removed", "B created -> F"]
    );
    assert_eq!(found(text), ["event-loop"]);
}

#[test]
fn what_only_watches_makes_no_loop() {
    let text = "
Resources:
  Lost: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref News, Protocol: sqs, Endpoint: !GetAtt Lost.Arn}}
  Waiting: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: QueueName, Value: !GetAtt Lost.QueueName}], AlarmActions: [!Ref News]}}
  P:
    Type: AWS::SQS::QueuePolicy
    Properties: {Queues: [!Ref Lost], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: !GetAtt Lost.Arn}]}}
";
    assert!(edges(&of(text)).contains(&"Lost messages -> Waiting alarmed ?".to_string()));
    assert_eq!(found(text), Vec::<String>::new());
}

#[test]
fn a_function_that_a_type_names_which_is_not_known_may_run() {
    let text = |ty: &str| format!("Resources: {{F: {{Type: AWS::Lambda::Function}}, A: {{Type: {ty}, Properties: {{X: !GetAtt F.Arn}}}}}}");
    assert!(of(&text("AWS::Some::Thing")).opaque.iter().any(|o| o.why.starts_with("`A` names it")));
    assert!(of(&text("AWS::CloudWatch::Dashboard")).opaque.is_empty());
}

#[test]
fn a_route_of_a_socket_takes_neither_start_nor_end_of_a_connection() {
    let text = |key: &str, method: &str| {
        format!(
            "
Resources:
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: WEBSOCKET}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'execute-api:ManageConnections', Resource: !Sub 'arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/live/{method}/@connections/*'}}]}}
  F: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt Role.Arn, LoggingConfig: {{LogGroup: g}}}}}}
  I:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !Sub 'arn:aws:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{F.Arn}}/invocations'}}
  R: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref Api, RouteKey: {key}, AuthorizationType: AWS_IAM, Target: !Sub 'integrations/${{I}}'}}}}
  P: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: apigateway.amazonaws.com, SourceArn: !Sub 'arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/*'}}}}
"
        )
    };
    for key in ["say", "$default", "$connect"] {
        assert_eq!(found(&text(key, "*")), Vec::<String>::new(), "{key}");
    }
    // To post ends no connection.
    assert_eq!(found(&text("$disconnect", "POST")), Vec::<String>::new());
    for method in ["DELETE", "*"] {
        assert_eq!(found(&text("$disconnect", method)), ["event-loop"], "{method}");
    }
}

#[test]
fn a_machine_whose_definition_is_elsewhere_may_do_what_its_role_may() {
    let text = "
Resources:
  Q: {Type: AWS::SQS::Queue}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Q.Arn}
  PipeRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: !GetAtt Q.Arn}
              - {Effect: Allow, Action: 'states:StartExecution', Resource: !Ref M}
  M: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt Role.Arn, DefinitionS3Location: {Bucket: b, Key: k}}}
  P: {Type: AWS::Pipes::Pipe, Properties: {Source: !GetAtt Q.Arn, Target: !Ref M, RoleArn: !GetAtt PipeRole.Arn}}
";
    assert!(of(text).opaque.is_empty());
    assert_eq!(found(text), ["event-loop"]);
}

#[test]
fn the_url_of_a_function_is_the_function() {
    let summary = of("
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {LoggingConfig: {LogGroup: g}}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt F.Arn, AuthType: AWS_IAM}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins: [{Id: f, DomainName: !Select [2, !Split ['/', !GetAtt Url.FunctionUrl]], CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
");
    assert_eq!(edges(&summary), ["F -> g lines", "Url -> F", "Site requested -> F"]);
}

/// A right on one resource that is denied again, with a right on all: what is left goes to the others only.
#[test]
fn what_is_denied_of_a_right_on_everything_is_no_cause() {
    let template = |action: &str, deny: &str, more: &str| {
        format!(
            "
Resources:
  R0:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: a
          PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: '{action}', Resource: '*'}}
              - {{Effect: Deny, Action: '{action}', Resource: {deny}}}
  F: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt R0.Arn}}}}
{more}"
        )
    };
    let queue = "  Q: {Type: AWS::SQS::Queue}\n  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt Q.Arn}}\n";
    assert_eq!(loops(&template("sqs:SendMessage", "'arn:aws:sqs:*:*:other'", queue)), ["loop-not-proved"]);
    assert_eq!(loops(&template("sqs:SendMessage", "!GetAtt Q.Arn", queue)), [""; 0]);
    let machine = "  Q: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt R1.Arn, Definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt F.Arn, End: true}}}}}\n  R1: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: a, PolicyDocument: {Statement: [{Effect: Allow, Action: 'lambda:InvokeFunction', Resource: !GetAtt F.Arn}]}}]}}\n";
    assert_eq!(loops(&template("states:StartExecution", "!Ref Q", machine)), [""; 0]);
    // The versions and aliases of a function have ARNs that go on.
    let call = |deny: &str| loops(&template("lambda:InvokeFunction", deny, ""));
    assert_eq!(call("[!GetAtt F.Arn, !Sub '${F.Arn}:*']"), [""; 0]);
    assert_eq!(call("!Sub '${F.Arn}*'"), [""; 0]);
    assert_eq!(call("!GetAtt F.Arn"), ["loop-not-proved"]);
    assert_eq!(call("!Sub '${F.Arn}:*'"), ["loop-not-proved"]);
}

/// The ARN of a resource that has a name is made of that name, whatever its attributes are called.
#[test]
fn an_arn_that_is_written_out_is_that_of_the_resource_with_its_name() {
    for (ty, row) in &purlin::template::table().types {
        let (Some(property), Some(arn)) = (&row.name, row.arn.as_deref().filter(|arn| arn.contains("{name}"))) else { continue };
        let summary = of(&format!("Resources:\n  R: {{Type: '{ty}', Properties: {{{property}: my-name}}}}\n"));
        let own = summary.resources.iter().find(|r| &*r.id == "R").unwrap().arn.clone().unwrap().to_string();
        assert!(own.ends_with(arn.rsplit('}').next().unwrap()) && own.contains("my-name"), "{ty}: {own}");
        assert!(!own.contains(".Name}"), "{ty}: {own}");
    }
}

#[test]
fn the_arn_that_a_log_group_returns_goes_on() {
    for resource in
        ["!GetAtt G.Arn", "!Sub '${G.Arn}'", "!Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:lines:*'"]
    {
        let text = format!(
            "
Resources:
  R0: {{Type: AWS::IAM::Role, Properties: {{Policies: [{{PolicyName: a, PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'logs:PutLogEvents', Resource: {resource}}}]}}}}]}}}}
  F: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt R0.Arn}}}}
  G: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: lines}}}}
  S: {{Type: AWS::Logs::SubscriptionFilter, Properties: {{LogGroupName: !Ref G, FilterPattern: '', DestinationArn: !GetAtt F.Arn}}}}
"
        );
        assert_eq!(loops(&text), ["event-loop"], "{resource}");
    }
}
