//! `purlin check` on what teams have: templates, folders of them, assemblies of the CDK, and mixtures with sources.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use assert_cmd::Command;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// The findings as `rule file:line`, of these paths within a folder, and the exit code.
fn check(folder: &Path, arguments: &[&str]) -> (Vec<String>, i32) {
    let mut command = Command::cargo_bin("purlin").unwrap();
    let output = command.current_dir(folder).arg("check").args(arguments).args(["--format", "json"]).output().unwrap();
    let code = output.status.code().unwrap();
    assert!(code < 2, "{}", String::from_utf8_lossy(&output.stderr));
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    let line = |f: &Json| format!("{} {}:{}", f["rule"].as_str().unwrap(), f["place"]["file"].as_str().unwrap(), f["place"]["line"]);
    let found = json["findings"].as_array().unwrap().iter().filter(|f| f["allowed"].is_null());
    (found.map(line).collect(), code)
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

const WORKER: &str = r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 360}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Timeout: 30
      CodeUri: src/
      Policies:
        - SQSSendMessagePolicy:
            QueueName: !GetAtt Jobs.QueueName
      Events:
        Jobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
"#;

fn of_loops(found: &[String]) -> Vec<&str> {
    found.iter().map(String::as_str).filter(|f| f.starts_with("event-loop") || f.starts_with("loop-")).collect()
}

#[test]
fn a_loop_of_a_template_is_an_error_at_its_line() {
    let project = folder(&[("template.yaml", WORKER)]);
    for arguments in [&["template.yaml"][..], &["."], &["template.yaml", "."]] {
        let (found, code) = check(project.path(), arguments);
        assert_eq!((of_loops(&found), code), (vec!["event-loop template.yaml:15"], 1), "{arguments:?}");
    }
}

#[test]
fn a_permit_with_a_reason_suppresses_and_one_of_no_use_is_reported() {
    let ends = "Worker:\n    Metadata: {Purlin: {allow: {event-loop: {reason: it counts down, ends: at zero}}}}\n";
    // With nothing else to find.
    let redrive = "VisibilityTimeout: 360, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}";
    let rest = "            BatchSize: 1\n  Dead: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}\n";
    let whole = format!("{}{rest}", WORKER.replace("VisibilityTimeout: 360", redrive));
    let worker = folder(&[("a.yaml", &whole.replace("Worker:\n", ends))]);
    assert_eq!(check(worker.path(), &["a.yaml"]), (vec![], 0));
    let of_worker = WORKER.replace("Worker:\n", "Worker:\n    Metadata: {Purlin: {allow: {event-loop: it counts down}}}\n");
    let (found, _) = check(folder(&[("a.yaml", &of_worker)]).path(), &["a.yaml"]);
    assert!(found.contains(&"loop-without-end a.yaml:8".to_string()), "{found:?}");
    let unused = WORKER.replace("SQSSendMessagePolicy", "SQSPollerPolicy");
    let unused = unused.replace("Worker:\n", "Worker:\n    Metadata: {Purlin: {allow: {event-loop: it counts down}}}\n");
    let (found, _) = check(folder(&[("a.yaml", &unused)]).path(), &["a.yaml"]);
    assert!(found.contains(&"unused-allow a.yaml:8".to_string()), "{found:?}");
    let (found, code) = check(
        folder(&[("a.yaml", &WORKER.replace("Worker:\n", "Worker:\n    Metadata: {Purlin: {allow: [event-loop]}}\n"))]).path(),
        &["a.yaml"],
    );
    assert!(found.contains(&"allow-without-reason a.yaml:8".to_string()) && code == 1, "{found:?}");
    // A misspelt rule is said beside the finding that was meant.
    let misspelt = whole.replace("Worker:\n", "Worker:\n    Metadata: {Purlin: {allow: {evnt-loop: it counts down}}}\n");
    let (found, _) = check(folder(&[("a.yaml", &misspelt)]).path(), &["a.yaml"]);
    assert_eq!(found, ["unused-allow a.yaml:8", "event-loop a.yaml:16"]);
}

/// A stack that nests another: the inner function listens to a topic and publishes to it.
#[test]
fn nested_stacks_are_read_with_what_is_passed_to_them() {
    let outer = "Resources:\n  News:\n    Type: AWS::SNS::Topic\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: inner/inner.yaml\n      Parameters: {Topic: !Ref News}\n";
    let inner = "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Topic: {Type: String}\nResources:\n  Echo:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Runtime: python3.13\n      InlineCode: x\n      Policies:\n        - Statement: [{Effect: Allow, Action: 'sns:Publish', Resource: !Ref Topic}]\n      Events:\n        News: {Type: SNS, Properties: {Topic: !Ref Topic}}\n";
    let project = folder(&[("template.yaml", outer), ("inner/inner.yaml", inner)]);
    let (found, _) = check(project.path(), &["."]);
    assert_eq!(of_loops(&found), ["event-loop inner/inner.yaml:12"]);
    let (found, _) = check(folder(&[("template.yaml", outer)]).path(), &["."]);
    assert_eq!(found, ["nested-stack-not-read template.yaml:4"]);
}

const FIRST: &str =
    "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\nOutputs:\n  Arn:\n    Value: !GetAtt Jobs.Arn\n    Export: {Name: jobs-arn}\n";
const SECOND: &str = "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Queue: {Type: String}\nResources:\n  Work:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Runtime: python3.13\n      InlineCode: x\n      Policies:\n        - Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: QUEUE}]\n      Events:\n        Jobs: {Type: SQS, Properties: {Queue: QUEUE, BatchSize: 1}}\n";

#[test]
fn exports_and_links_join_stacks() {
    let imports = SECOND.replace("QUEUE", "!ImportValue jobs-arn");
    let project = folder(&[("first.yaml", FIRST), ("second.yaml", &imports)]);
    assert_eq!(of_loops(&check(project.path(), &["."]).0), ["event-loop second.yaml:12"]);
    let given = SECOND.replace("QUEUE", "!Ref Queue");
    let toml = "[links]\n\"second.Queue\" = \"first.Arn\"\n";
    let project = folder(&[("first.yaml", FIRST), ("second.yaml", &given), ("purlin.toml", toml)]);
    assert_eq!(of_loops(&check(project.path(), &["."]).0), ["event-loop second.yaml:12"]);
    let wrong = toml.replace("first.Arn", "first.Arm");
    let project = folder(&[("first.yaml", FIRST), ("second.yaml", &given), ("purlin.toml", &wrong)]);
    let (found, code) = check(project.path(), &["."]);
    assert!(found.contains(&"unknown-link purlin.toml:2".to_string()) && code == 1, "{found:?}");
    // One file of them is a part, and the link leads to another part.
    let project = folder(&[("first.yaml", FIRST), ("second.yaml", &given), ("purlin.toml", toml)]);
    assert_eq!(check(project.path(), &["second.yaml"]).0, ["event-loop second.yaml:12"]);
}

#[test]
fn sources_and_templates_are_one_project() {
    let sources = "stack first\n\nqueue jobs {\n  visibility = 6m\n}\n\nexport jobs = jobs\n";
    let imports = SECOND.replace("QUEUE", "!ImportValue first-jobs-arn");
    let project = folder(&[("main.purlin", sources), ("second.yaml", &imports)]);
    let output = Command::cargo_bin("purlin").unwrap().current_dir(project.path()).args(["build", "-o", "out"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // What was built lies beside its sources, and is not another stack.
    assert_eq!(of_loops(&check(project.path(), &["."]).0), ["event-loop second.yaml:12"]);
}

#[test]
fn what_is_no_template_is_said_where_it_was_named() {
    let project =
        folder(&[("package.json", "{\"name\": \"a\"}"), ("a.yaml", "a: [1\n"), ("template.yaml", &WORKER.replace("SQSSend", "SQSPoll"))]);
    assert_eq!(check(project.path(), &["package.json"]), (vec!["not-a-template package.json:1".to_string()], 1));
    let (found, code) = check(project.path(), &["a.yaml"]);
    assert!(found.len() == 1 && found[0].starts_with("document-syntax a.yaml:") && code == 1, "{found:?}");
    // In a folder, other files are nothing that anyone asked about.
    assert_eq!(of_loops(&check(project.path(), &["."]).0), Vec::<&str>::new());
}

#[test]
fn every_format_and_the_baseline_know_templates() {
    let project = folder(&[("template.yaml", WORKER)]);
    let run = |arguments: &[&str]| {
        Command::cargo_bin("purlin")
            .unwrap()
            .current_dir(project.path())
            .arg("check")
            .arg("template.yaml")
            .args(arguments)
            .output()
            .unwrap()
    };
    for format in ["human", "json", "sarif", "junit", "github", "gitlab"] {
        let output = run(&["--format", format]);
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(text.contains("event-loop") && text.contains("template.yaml"), "{format}: {text}");
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
    assert_eq!(run(&["--write-baseline", "known.json"]).status.code(), Some(0));
    assert_eq!(run(&["--baseline", "known.json"]).status.code(), Some(0));
}

#[test]
fn severities_of_the_project_hold_for_templates() {
    let project = folder(&[("template.yaml", WORKER), ("purlin.toml", "[severities]\nevent-loop = \"off\"\n")]);
    assert_eq!(of_loops(&check(project.path(), &["."]).0), Vec::<&str>::new());
}

/// What other teams would write for the examples, in SAM, with the CDK and the Serverless Framework.
#[test]
fn the_applications_of_the_suite_have_no_loop() {
    let twins = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates/twins");
    let mut forms = 0;
    for twin in std::fs::read_dir(&twins).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for form in ["sam/template.yaml", "cdk/cdk.out", "serverless"] {
            let path: PathBuf = twin.join(form);
            if !path.exists() {
                continue;
            }
            forms += 1;
            let (found, _) = check(&twin, &[form]);
            let loops = of_loops(&found);
            // The framework gives all functions one role, so that each has the rights of all.
            assert!(loops.iter().all(|l| form == "serverless" && l.starts_with("loop-not-proved")), "{}: {loops:?}", path.display());
        }
    }
    assert!(forms >= 26, "{forms} templates");
}

#[test]
fn a_hostile_folder_is_read_or_refused() {
    let deep = format!("Resources: {}AWS::{}", "[".repeat(5000), "]".repeat(5000));
    let laughs: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_string())
        .chain((1..12).map(|i| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(", "))))
        .chain(["Resources: {A: {Type: AWS::SNS::Topic, Properties: *a11}}\n".to_string()])
        .collect();
    let project = folder(&[("deep.yaml", &deep), ("laughs.yaml", &laughs), ("bytes.json", "{\"Resources\": \"AWS::\u{0}\"")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", project.path().join("up")).unwrap();
    let (found, code) = check(project.path(), &["."]);
    assert_eq!((found.len(), code), (3, 1), "{found:?}");
}

#[test]
fn the_graph_of_a_template_is_drawn_without_its_roles() {
    let project = folder(&[("jobs.yaml", &WORKER.replace("SQSSendMessagePolicy", "SQSPollerPolicy"))]);
    let output = Command::cargo_bin("purlin")
        .unwrap()
        .current_dir(project.path())
        .args(["graph", "jobs.yaml", "--format", "json"])
        .output()
        .unwrap();
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    let nodes: Vec<&str> = json["nodes"].as_array().unwrap().iter().map(|n| n["name"].as_str().unwrap()).collect();
    assert_eq!(nodes, ["Jobs", "Worker"]);
    let edges = json["edges"].as_array().unwrap();
    let edges: Vec<String> = edges.iter().map(|e| format!("{} {} {} {}", e["from"], e["type"], e["to"], e["mode"])).collect();
    assert!(edges.contains(&r#""Jobs" "trigger" "Worker" "poll""#.to_string()), "{edges:?}");
}

#[test]
fn templates_keep_no_source_from_being_built() {
    let project = folder(&[("main.purlin", "stack first\n\nqueue jobs { }\n\nexport jobs = jobs\n"), ("other.yaml", WORKER)]);
    let run = |arguments: &[&str]| Command::cargo_bin("purlin").unwrap().current_dir(project.path()).args(arguments).output().unwrap();
    assert_eq!(run(&["build", "-o", "out"]).status.code(), Some(0));
    assert_eq!(run(&["check"]).status.code(), Some(1));
    let alone = folder(&[("other.yaml", WORKER)]);
    let output = Command::cargo_bin("purlin").unwrap().current_dir(alone.path()).arg("build").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "purlin: . holds no .purlin file\n");
}

#[test]
fn a_project_may_list_its_templates_among_its_sources() {
    let toml = "sources = [\"a.yaml\"]\n";
    let project = folder(&[("a.yaml", WORKER), ("b.yaml", WORKER), ("purlin.toml", toml)]);
    assert_eq!(of_loops(&check(project.path(), &["."]).0), ["event-loop a.yaml:15"]);
}

/// The Serverless Framework writes the template with which it creates the stack beside that with which it updates it.
#[test]
fn the_output_of_the_serverless_framework_is_one_stack() {
    let create = r#"{"Resources": {"News": {"Type": "AWS::SNS::Topic"}, "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {
        "NotificationConfiguration": {"TopicConfigurations": [{"Event": "s3:ObjectCreated:*", "Topic": {"Ref": "News"}}]}}}}}"#;
    let project = folder(&[
        (".serverless/cloudformation-template-create-stack.json", create),
        (".serverless/cloudformation-template-update-stack.json", create),
        (".serverless/serverless-state.json", &format!("{{\"service\": {{\"resources\": {create}}}}}")),
    ]);
    for path in [".", ".serverless", ".serverless/"] {
        let mut command = Command::cargo_bin("purlin").unwrap();
        let output = command.current_dir(project.path()).args(["graph", path, "--format", "json"]).output().unwrap();
        let json: Json = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(json["nodes"].as_array().map(Vec::len), Some(2), "{path}: {json}");
    }
}

/// A loop that a role's statement makes is declared in a program: what to do about it is said in its words, and does it.
#[test]
fn a_loop_of_a_program_is_allowed_in_its_own_words() {
    let program = |allow: &str| {
        format!(
            "stack a\n\nqueue jobs {{ visibility = 1m }}\n\nrole r {{\n  services = [\"lambda.amazonaws.com\"]\n  statements = [{{ actions = [\"sqs:SendMessage\"], resources = [jobs.arn] }}]\n}}\n\n{allow}function work {{\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  timeout = 9s\n  role = r\n  on jobs.messages(batch: 1)\n}}\n"
        )
    };
    let project = folder(&[("main.purlin", &program(""))]);
    let output =
        Command::cargo_bin("purlin").unwrap().current_dir(project.path()).args(["check", ".", "--format", "json"]).output().unwrap();
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    let found = json["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "event-loop").unwrap();
    assert!(found["help"].as_str().unwrap().contains("`@allow(event-loop, "), "{found}");
    let allowed = folder(&[("main.purlin", &program("@allow(event-loop, \"each message is smaller\", ends: \"at zero\")\n"))]);
    assert_eq!(of_loops(&check(allowed.path(), &["."]).0), Vec::<&str>::new());
}

/// Two nested stacks that depend on a parameter of the stack around them: the right is there in one value of it, and the
/// trigger in the other.
#[test]
fn conditions_of_nested_stacks_are_those_of_what_they_are_given() {
    let conditions = "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod]}\n  Topic: {Type: String, Default: x}\n  Work: {Type: String, Default: x}\nConditions:\n  Dev: !Equals [!Ref Stage, dev]\n  Prod: !Not [{Condition: Dev}]\n";
    let root = "Parameters:\n  Stage: {Type: String}\n  Other: {Type: String}\nResources:\n  News: {Type: AWS::SNS::Topic}\n  Acts:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: acts.yaml, Parameters: {Stage: !Ref Stage, Topic: !Ref News}}\n  Hears:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: hears.yaml, Parameters: {Stage: !Ref Stage, Topic: !Ref News, Work: !GetAtt Acts.Outputs.Work}}\n";
    let acts = format!(
        "{conditions}Resources:\n  Role: {{Type: AWS::IAM::Role}}\n  Work: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt Role.Arn}}}}\n  May:\n    Type: AWS::IAM::Policy\n    Condition: Dev\n    Properties: {{Roles: [!Ref Role], PolicyName: a, PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'sns:Publish', Resource: !Ref Topic}}]}}}}\nOutputs:\n  Work: {{Value: !GetAtt Work.Arn}}\n"
    );
    let hears = format!(
        "{conditions}Resources:\n  Hear:\n    Type: AWS::SNS::Subscription\n    Condition: Prod\n    Properties: {{TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !Ref Work}}\n"
    );
    let all = |root: &str, hears: &str| folder(&[("root.yaml", root), ("acts.yaml", &acts), ("hears.yaml", hears)]);
    assert_eq!(of_loops(&check(all(root, &hears).path(), &["."]).0), Vec::<&str>::new());
    for (root, hears) in [
        (root.to_string(), hears.replace("Condition: Prod", "Condition: Dev")),
        (root.replacen("Stage: !Ref Stage", "Stage: !Ref Other", 1), hears.clone()),
        (root.replacen("Stage: !Ref Stage", "Stage: dev", 1).replace("Stage: !Ref Stage", "Stage: prod"), hears.clone()),
    ] {
        assert_eq!(of_loops(&check(all(&root, &hears).path(), &["."]).0), ["event-loop acts.yaml:14"], "{root}");
    }
    let one = root.replace("Stage: !Ref Stage", "Stage: dev");
    assert_eq!(of_loops(&check(all(&one, &hears).path(), &["."]).0), Vec::<&str>::new());
}

const KEPT: &str = "Parameters:\n  Table: {Type: String}\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: a\n          PolicyDocument:\n            Statement:\n              - Effect: Allow\n                Action: dynamodb:PutItem\n                Resource: !ImportValue items\n                Condition: {'ForAllValues:StringEquals': {'dynamodb:LeadingKeys': [a]}}\n  Work: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}\n  Map:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      FunctionName: !Ref Work\n      EventSourceArn: !ImportValue changes\n      StartingPosition: LATEST\n      FilterCriteria: {Filters: [{Pattern: '{\"dynamodb\": {\"Keys\": {\"id\": {\"S\": [\"b\"]}}}}'}]}\n";
const ITEMS: &str = "Resources:\n  Items:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      KeySchema: [{AttributeName: id, KeyType: HASH}]\n      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]\n      StreamSpecification: {StreamViewType: NEW_IMAGE}\nOutputs:\n  Arn: {Value: !GetAtt Items.Arn, Export: {Name: items}}\n  Stream: {Value: !GetAtt Items.StreamArn, Export: {Name: changes}}\n";

#[test]
fn a_filter_on_a_source_of_another_stack_is_in_the_language_of_that_source() {
    let found = |kept: &str| check(folder(&[("items.yaml", ITEMS), ("kept.yaml", kept)]).path(), &["."]).0;
    assert_eq!(of_loops(&found(KEPT)), Vec::<&str>::new());
    assert_eq!(of_loops(&found(&KEPT.replace("[\\\"b\\\"]", "[\\\"a\\\"]").replace("[\"b\"]", "[\"a\"]"))), ["event-loop kept.yaml:11"]);
    // Of a source that no stack owns the language is not known.
    let alone = KEPT.replace("!ImportValue items", "!Ref Table").replace("!ImportValue changes", "!Ref Table");
    let (found, _) = check(folder(&[("kept.yaml", &alone)]).path(), &["."]);
    assert_eq!(of_loops(&found), ["loop-not-proved kept.yaml:11"]);
}

/// A name that is only known at deployment is one name wherever it is used, however deep the template builds it.
#[test]
fn what_another_stack_imports_has_the_name_that_its_own_gives_it() {
    let unique = "!Sub ['b-${U}', {U: !Select [0, !Split ['-', !Select [2, !Split ['/', !Ref 'AWS::StackId']]]]}]";
    for name in [unique, "events", "!Sub 'b-${AWS::StackId}'", "!Ref Unknown"] {
        let base = format!(
            "Parameters:\n  Unknown: {{Type: String}}\nResources:\n  Bus:\n    Type: AWS::Events::EventBus\n    Properties:\n      Name: {name}\n  Rule:\n    Type: AWS::Events::Rule\n    Properties: {{EventBusName: !Ref Bus, EventPattern: {{source: [a]}}, Targets: [{{Id: a, Arn: !GetAtt Work.Arn}}]}}\n  Work: {{Type: AWS::Lambda::Function, Properties: {{Role: !ImportValue role}}}}\nOutputs:\n  Bus: {{Value: !GetAtt Bus.Arn, Export: {{Name: bus}}}}\n"
        );
        let rights = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties: {Policies: [{PolicyName: a, PolicyDocument: {Statement: [{Effect: Allow, Action: 'events:PutEvents', Resource: !ImportValue bus}]}}]}\nOutputs:\n  Role: {Value: !GetAtt Role.Arn, Export: {Name: role}}\n";
        let (found, _) = check(folder(&[("base.yaml", &base), ("rights.yaml", rights)]).path(), &["."]);
        assert_eq!(of_loops(&found), ["event-loop rights.yaml:4"], "{name}");
    }
}
