//! Templates in the editor: what `check` says of the project is said of each of its files, as the texts are now.

use crate::client::Client;
use serde_json::{Value, json};
use std::process::Command;

/// A function that answers each message of the topic `placed` with one to the topic `orders`.
const TOPICS: &str = r#"Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::SNS::Topic
  Placed:
    Type: AWS::SNS::Topic
  Take:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: take.handler
      CodeUri: src/
      DeadLetterQueue: {Type: SQS, TargetArn: 'arn:aws:sqs:eu-west-1:111122223333:lost'}
      Policies:
        - Statement:
            - {Effect: Allow, Action: sns:Publish, Resource: !Ref Orders}
      Events:
        Order: {Type: SNS, Properties: {Topic: !Ref Placed}}
Outputs:
  Orders: {Value: !Ref Orders, Export: {Name: orders}}
  Placed: {Value: !Ref Placed, Export: {Name: placed}}
"#;

/// A function of another stack that does the reverse.
const SHIP: &str = r#"Transform: AWS::Serverless-2016-10-31
Resources:
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: ship.handler
      CodeUri: src/
      DeadLetterQueue: {Type: SQS, TargetArn: 'arn:aws:sqs:eu-west-1:111122223333:lost'}
      Policies:
        - Statement:
            - Effect: Allow
              Action: sns:Publish
              Resource: !ImportValue placed
      Events:
        Order:
          Type: SNS
          Properties:
            Topic: !ImportValue orders
"#;

/// The same with one topic of its own, so that it triggers itself.
fn alone() -> String {
    let own = SHIP.replace("!ImportValue orders", "!Ref Orders").replace("!ImportValue placed", "!Ref Orders");
    own + "  Orders:\n    Type: AWS::SNS::Topic\n"
}

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().map(|d| d["code"].as_str().unwrap()).collect()
}

/// A client that has a folder open.
fn open_folder() -> Client {
    let mut client = Client::silent();
    let folder = format!("file://{}", client.folder.path().display());
    client.ask("initialize", json!({ "capabilities": {}, "workspaceFolders": [{ "uri": folder, "name": "shop" }] }));
    client.tell("initialized", json!({}));
    client
}

fn close(client: &mut Client, name: &str) {
    let uri = client.uri(name);
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
}

fn watched(client: &mut Client, name: &str, kind: u8) {
    let uri = client.uri(name);
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": kind }] }));
}

fn write(client: &Client, name: &str, text: &str) {
    std::fs::write(client.folder.path().join(name), text).unwrap();
}

/// Two templates, a stack in Purlin and settings: the places, the words and the severities of all files.
#[test]
fn what_is_said_of_a_template_is_what_check_says() {
    let mut client = open_folder();
    write(&client, "purlin.toml", "[links]\n\"ship.Nothing\" = \"topics.Nothing\"\n");
    write(&client, "orders.yaml", TOPICS);
    write(
        &client,
        "main.purlin",
        "stack store\n\nqueue jobs { }\n\nfunction work {\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n  code    = \"a.zip\"\n  timeout = 5s\n  on jobs.messages()\n  can send jobs\n}\n",
    );
    client.open("ship.yaml", SHIP);
    let checked = Command::new(env!("CARGO_BIN_EXE_purlin"))
        .args(["check", "--as-of", "2026-11-20", "--format", "json"])
        .arg(client.folder.path())
        .output()
        .unwrap();
    let checked: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let folder = std::fs::canonicalize(client.folder.path()).unwrap();
    let short = |path: &str| path.trim_start_matches("file://").replace(&format!("{}/", folder.display()), "");
    let mut seen = 0;
    for name in ["purlin.toml", "orders.yaml", "main.purlin", "ship.yaml"] {
        let said: Vec<Value> = client
            .findings(name)
            .iter()
            .map(|d| {
                let related = d["relatedInformation"].as_array().unwrap().iter();
                let related: Vec<Value> = related
                    .map(|r| json!([short(r["location"]["uri"].as_str().unwrap()), r["location"]["range"]["start"]["line"]]))
                    .collect();
                let severity = ["", "error", "warning", "advice"][d["severity"].as_u64().unwrap() as usize];
                json!([d["code"], severity, d["range"]["start"]["line"], related])
            })
            .collect();
        let findings = checked["findings"].as_array().unwrap().iter();
        let line = |place: &Value| place["line"].as_u64().unwrap() - 1;
        let expected: Vec<Value> = findings
            .filter(|f| short(f["place"]["file"].as_str().unwrap()) == name)
            .map(|f| {
                let related = f["related"].as_array().unwrap().iter();
                let related: Vec<Value> =
                    related.map(|r| json!([short(r["place"]["file"].as_str().unwrap()), line(&r["place"])])).collect();
                json!([f["rule"], f["severity"], line(&f["place"]), related])
            })
            .collect();
        assert_eq!(said, expected, "{name}");
        seen += said.len();
    }
    assert_eq!(seen, checked["findings"].as_array().unwrap().len());
    let of_loop = client.findings("ship.yaml").into_iter().find(|d| d["code"] == "event-loop").unwrap();
    assert!(of_loop["codeDescription"]["href"].as_str().unwrap().ends_with("docs/rules.md"), "{of_loop}");
    assert!(of_loop["relatedInformation"].to_string().contains("orders.yaml"), "a hop is in the other file: {of_loop}");
}

#[test]
fn a_repair_clears_the_findings_and_the_disk_counts_after_closing() {
    let mut client = open_folder();
    write(&client, "orders.yaml", TOPICS);
    client.open("ship.yaml", SHIP);
    assert_eq!(codes(&client.findings("ship.yaml")), ["event-loop"]);
    client.change("ship.yaml", &SHIP.replace("sns:Publish", "sns:ListTopics"));
    assert_eq!(client.findings("ship.yaml"), Vec::<Value>::new());
    // A change of the other template counts too, before it is saved.
    client.change("ship.yaml", SHIP);
    assert_eq!(codes(&client.findings("ship.yaml")), ["event-loop"]);
    client.open("orders.yaml", TOPICS);
    client.change("orders.yaml", &TOPICS.replace("Name: orders", "Name: others"));
    assert_ne!(codes(&client.findings("ship.yaml")), ["event-loop"]);
    close(&mut client, "orders.yaml");
    assert_eq!(codes(&client.findings("ship.yaml")), ["event-loop"], "the disk counts again");
    // What is no template any more has nothing to be said of.
    client.change("ship.yaml", "a: b\n");
    assert_eq!(client.findings("ship.yaml"), Vec::<Value>::new());
    close(&mut client, "ship.yaml");
    assert_eq!(codes(&client.findings("ship.yaml")), ["event-loop"], "the disk counts again");
}

/// Many changes that arrive together end with the findings of the last.
#[test]
fn changes_that_arrive_together_are_answered_once() {
    let mut client = open_folder();
    write(&client, "orders.yaml", TOPICS);
    client.open("ship.yaml", SHIP);
    assert_eq!(codes(&client.findings("ship.yaml")), ["event-loop"]);
    for n in 0..200 {
        client.change("ship.yaml", &SHIP.replace("sns:Publish", if n < 199 { "sns:Pub" } else { "sns:ListTopics" }));
    }
    assert_eq!(client.findings("ship.yaml"), Vec::<Value>::new());
}

#[test]
fn files_that_come_and_go_are_noticed() {
    let mut client = open_folder();
    client.open("ship.yaml", SHIP);
    let before = codes(&client.findings("ship.yaml")).join(" ");
    assert_ne!(before, "event-loop", "the topic is not known yet");
    write(&client, "orders.yaml", TOPICS);
    watched(&mut client, "orders.yaml", 1);
    assert_eq!(codes(&client.findings("ship.yaml")), ["event-loop"]);
    std::fs::remove_file(client.folder.path().join("orders.yaml")).unwrap();
    watched(&mut client, "orders.yaml", 3);
    assert_eq!(codes(&client.findings("ship.yaml")).join(" "), before);
    close(&mut client, "ship.yaml");
    write(&client, "orders.yaml", TOPICS);
    watched(&mut client, "orders.yaml", 1);
    client.open("orders.yaml", TOPICS);
    assert_eq!(codes(&client.findings("ship.yaml")), ["event-loop"], "of a file that is not open too");
    std::fs::remove_file(client.folder.path().join("ship.yaml")).unwrap();
    watched(&mut client, "ship.yaml", 3);
    assert_eq!(client.findings("ship.yaml"), Vec::<Value>::new(), "it was deleted");
}

/// Outside of a repository and of the folders that are open, only the file itself is checked.
#[test]
fn a_template_of_no_project_is_checked_by_itself() {
    let mut client = Client::start();
    write(&client, "orders.yaml", TOPICS);
    client.open("ship.yaml", SHIP);
    assert!(!codes(&client.findings("ship.yaml")).contains(&"event-loop"));
    client.open("other.yaml", &alone());
    assert_eq!(codes(&client.findings("other.yaml")), ["event-loop"]);
    client.open("values.yaml", "a: b\n");
    client.open("package.json", "{ \"name\": \"shop\", \"files\": [} \n");
    for name in ["values.yaml", "package.json"] {
        assert_eq!(client.findings(name), Vec::<Value>::new(), "{name} is no template");
    }
}

#[test]
fn templates_can_be_left_alone() {
    let mut client = Client::with(json!({ "capabilities": {}, "initializationOptions": { "templates": false } }));
    client.open("ship.yaml", &alone());
    assert_eq!(client.findings("ship.yaml"), Vec::<Value>::new());
    client.open("main.purlin", "stack a\n\nqueue jobs { visibilty = 1m }\n");
    assert_eq!(client.findings("main.purlin").len(), 1);
    assert_eq!(client.findings("ship.yaml"), Vec::<Value>::new());
}

/// An editor that has the languages of templates gets only what concerns findings registered for them.
#[test]
fn documents_of_other_languages_are_asked_for() {
    let mut client = Client::silent();
    let asked = client.ask("initialize", json!({ "capabilities": {}, "initializationOptions": { "templates": ["yaml", "json"] } }));
    assert!(asked["error"].is_null());
    let request = client.receive();
    assert_eq!(request["method"], "client/registerCapability");
    let all = request["params"]["registrations"].as_array().unwrap();
    let methods: Vec<&str> = all.iter().map(|r| r["method"].as_str().unwrap().trim_start_matches("textDocument/")).collect();
    assert_eq!(methods, ["didOpen", "didChange", "didSave", "didClose", "codeAction"]);
    for registration in all {
        let selector = &registration["registerOptions"]["documentSelector"];
        assert_eq!(selector, &json!([{ "scheme": "file", "language": "yaml" }, { "scheme": "file", "language": "json" }]));
    }
}

/// A file that no template can be as large as is answered like others, whatever it is.
#[test]
fn large_files_are_answered() {
    let mut client = Client::start();
    let rows: String = (0..).map(|n| format!("- {{row: {n}, text: \"AWS::SQS::Queue in Resources\"}}\n")).take(95_000).collect();
    assert!(rows.len() > 5_000_000);
    client.open("rows.yaml", &rows);
    assert_eq!(client.findings("rows.yaml"), Vec::<Value>::new(), "it is no template");
    let outputs: String =
        (0..60_000).map(|n| format!("  Output{n}: {{Value: \"the number {n} of so many outputs, which says so in words\"}}\n")).collect();
    let own = alone() + "Outputs:\n" + &outputs;
    assert!(own.len() > 5_000_000, "{}", own.len());
    client.open("large.yaml", &own);
    assert!(codes(&client.findings("large.yaml")).contains(&"event-loop"));
}
