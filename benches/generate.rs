//! Realistic projects of any size: many stacks of some forty functions, each with its routes, queues, tables, topics and
//! buckets; and stacks that press on one spot. Texts only.

use std::fmt::Write as _;

/// How many functions a stack of a generated project has: with what they need they stay below 500 resources.
const PER_STACK: usize = 40;

/// The files of a project with this many functions, by path.
pub fn project(functions: usize) -> Vec<(String, String)> {
    let stacks = functions.div_ceil(PER_STACK);
    (0..stacks).map(|at| (format!("team_{at}.purlin"), stack(at, PER_STACK.min(functions - at * PER_STACK)))).collect()
}

fn stack(at: usize, functions: usize) -> String {
    let mut text = format!(
        "stack team_{at} {{\n  description = \"What team {at} runs\"\n}}\n\nsetting stage: \"dev\" | \"prod\" = \"dev\"\n\n\
         http_api shop {{ }}\n\ntopic news {{ }}\n\nqueue lost {{\n  retention = 14d\n}}\n\n"
    );
    for i in 0..functions {
        match i % 4 {
            0 => taker(&mut text, i),
            1 => worker(&mut text, i - 1),
            2 => reactor(&mut text, i),
            _ => janitor(&mut text, i),
        }
    }
    text
}

fn taker(text: &mut String, i: usize) {
    let _ = write!(
        text,
        r#"/// What waits for the worker.
queue jobs_{i} {{
  visibility  = 3m
  dead_letter = lost
}}

/// Takes what comes in and puts it into the queue.
function take_{i} {{
  runtime = "python3.13"
  handler = "take.handler"
  code    = "build/take.zip"
  memory  = 256MB
  timeout = 5s
  env {{
    QUEUE_URL = jobs_{i}.url
    STAGE     = stage
  }}

  on  shop.route("POST /things/{i}")
  can send jobs_{i}
}}

"#
    );
}

fn worker(text: &mut String, i: usize) {
    let _ = write!(
        text,
        r#"table items_{i} {{
  key    = "id"
  stream = "new"
}}

/// Works it off.
function work_{i} {{
  runtime = "python3.13"
  handler = "work.handler"
  code    = "build/work.zip"
  timeout = 30s
  env {{
    TABLE = items_{i}.name
  }}

  on  jobs_{i}.messages(batch: 10, partial_failures: true)
  can write items_{i}
  can publish news
}}

"#
    );
}

fn reactor(text: &mut String, i: usize) {
    let before = i - 2;
    let _ = write!(
        text,
        r#"/// Tells others what changed.
function react_{i} {{
  runtime = "nodejs22.x"
  handler = "react.handler"
  code    = "build/react.zip"
  timeout = 20s

  on  items_{before}.changes(batch: 50, retries: 3, on_failure: lost)
  can publish news
}}

"#
    );
}

fn janitor(text: &mut String, i: usize) {
    let _ = write!(
        text,
        r#"bucket files_{i} {{ }}

schedule nightly_{i} {{
  expression = "rate(1 day)"
}}

/// Sweeps up.
function sweep_{i} {{
  runtime    = "python3.13"
  handler    = "sweep.handler"
  code       = "build/sweep.zip"
  timeout    = 5m
  on_failure = lost

  on  nightly_{i}.fires()
  can read files_{i}
  can write files_{i}("swept/*")
}}

"#
    );
}

/// A file of about twenty resources.
pub fn twenty() -> String {
    stack(0, 4)
}

/// Functions that wake each other in a ring, over queues: one component of the event graph.
pub fn ring(size: usize) -> String {
    let mut text = String::from("stack ring\n\n");
    for i in 0..size {
        let next = (i + 1) % size;
        let _ = write!(text, "queue q_{i} {{\n  visibility = 3m\n}}\n\n");
        let _ = write!(text, "function f_{i} {{\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n  code    = \"a.zip\"\n\n");
        let _ = write!(text, "  on  q_{i}.messages(batch: 10, partial_failures: true)\n  can send q_{next}\n}}\n\n");
    }
    text
}

/// Rules on one bus, each with a pattern of its own, to one function.
pub fn rules(size: usize) -> String {
    let mut text = String::from("stack rules\n\nbus events { }\n\nfunction f {\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n");
    text.push_str("  code    = \"a.zip\"\n\n");
    for i in 0..size {
        let _ = writeln!(text, "  on events.matched(source: [\"source-{i}\"])");
    }
    text + "}\n"
}

/// Parameters, each of which decides about a declaration.
pub fn conditions(size: usize) -> String {
    let mut text = String::from("stack conditions\n\n");
    for i in 0..size {
        let _ = write!(text, "param p_{i}: \"on\" | \"off\" = \"on\"\n\nif p_{i} == \"on\" {{\n  queue q_{i} {{ }}\n}}\n\n");
    }
    text
}

/// Queues that all listen to one topic.
pub fn fan(size: usize) -> String {
    let mut text = String::from("stack fan\n\ntopic news { }\n\n");
    for i in 0..size {
        let _ = write!(text, "queue q_{i} {{\n  on news.published()\n}}\n\n");
    }
    text
}

/// Templates of CloudFormation of about this many resources each, by path: functions in chains over queues and topics.
pub fn templates(count: usize, resources: usize) -> Vec<(String, String)> {
    (0..count).map(|at| (format!("stack_{at}.yaml"), template(at, count, resources / 5))).collect()
}

/// A template with this many functions, each with its role, queue, mapping and topic. What the last one publishes goes to
/// the next stack, whose topic is imported; in every tenth stack it goes back to the first, which is a loop.
pub fn template(at: usize, count: usize, functions: usize) -> String {
    let mut text = String::from("Resources:\n");
    for i in 0..functions {
        let back = at.is_multiple_of(10) || at + 1 == count;
        let target = match i + 1 {
            next if next < functions => format!("!Ref Topic{next}"),
            _ if back => "!Ref Topic0".to_string(),
            _ => format!("!ImportValue topic-{}", at + 1),
        };
        let _ = write!(
            text,
            r#"  Topic{i}:
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{{Protocol: sqs, Endpoint: !GetAtt Queue{i}.Arn}}]
  Queue{i}:
    Type: AWS::SQS::Queue
    Properties: {{VisibilityTimeout: 180}}
  Map{i}:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Queue{i}.Arn
      FunctionName: !Ref Work{i}
      FilterCriteria: {{Filters: [{{Pattern: '{{"body": {{"Message": [{{"prefix": "a{i}"}}]}}}}'}}]}}
  Work{i}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: work.handler
      Timeout: 30
      Role: !GetAtt Role{i}.Arn
      Code: {{S3Bucket: artifacts, S3Key: work.zip}}
  Role{i}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]}}
      ManagedPolicyArns: [!Sub 'arn:${{AWS::Partition}}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole']
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement: [{{Effect: Allow, Action: 'sns:Publish', Resource: {target}}}]
"#
        );
    }
    let _ = write!(text, "Outputs:\n  Topic: {{Value: !Ref Topic0, Export: {{Name: topic-{at}}}}}\n");
    text
}
