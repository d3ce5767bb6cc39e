//! Sample events: each trigger that the library declares has one, and what is printed passes the filter of its trigger.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod one;

use purlin::flow::filter::{Holds, read};
use purlin::session::{Sample, kinds_of_triggers, samples, shapes};
use purlin::types::Library;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_trigger_of_the_library_has_a_sample() {
    let library = Library::standard();
    let known: BTreeSet<&str> = shapes().iter().flat_map(|s| &s.of).map(String::as_str).collect();
    let triggers = kinds_of_triggers(&library);
    let lacking: Vec<&[String; 2]> = triggers.iter().filter(|names| !names.iter().any(|name| known.contains(&**name))).collect();
    assert!(lacking.is_empty(), "stdlib/samples.toml has no event of {lacking:?}");
    assert!(triggers.len() > 30, "{triggers:?}");
}

#[test]
fn every_sample_is_of_something_and_is_json() {
    let library = Library::standard();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for info in library.kinds() {
        let kind = &info.kind;
        let name = |rest: &str| format!("{}.{rest}", kind.name);
        known.extend(kind.events.iter().flat_map(|e| [name(&e.name), name(&format!("{} to {}", e.name, e.target))]));
        known.extend(kind.verbs.keys().flat_map(|v| [name(v), name(&format!("{v} by function"))]));
        known.extend(kind.properties.keys().map(|p| name(p)));
    }
    for shape in shapes() {
        for of in &shape.of {
            assert!(known.contains(of), "there is no {of}");
        }
        let [event, _] = shape.json().unwrap_or_else(|error| panic!("{:?}: {error}", shape.of));
        assert!(!event.is_null());
        assert!(shape.source.starts_with("https://docs.aws.amazon.com/"), "{:?}", shape.of);
        assert!(shape.read.len() == 10, "{:?}", shape.of);
        assert!(!shape.compared.is_empty(), "{:?} was compared with nothing", shape.of);
        assert!(shape.compared.iter().all(|address| address.starts_with("https://")), "{:?}", shape.of);
        assert!(shape.unread.as_ref().is_none_or(|reason| reason.len() > 20), "{:?}", shape.of);
    }
}

const HEAD: &str = r#"stack t
type Line = { sku: String matching "[A-Z]{3}", count: Int in 1..9 }
type Order = { id: String len 20..30, state: "open" | "paid", total: Int in 0..1000, note: String?, lines: [Line], at: { city: String } }
type Refund = { id: String, reason: String }
bus shop { events = { OrderPlaced = Order, OrderRefunded = Refund } }
bus standard { default = true }
queue orders { carries = Order }
queue plain { }
topic news { carries = Order }
stream history { carries = Order }
queue fed { on news.published() }
table items { key = "id", stream = "new" }
"#;

/// How the message of an event is read.
type Message = fn(&Json) -> Json;

fn of(line: &str) -> Vec<Sample> {
    let program =
        format!("{HEAD}function f {{\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  timeout = 5s\n  {line}\n}}\n");
    let analysis = one::analysed(&program);
    let errors: Vec<_> = analysis.findings.iter().filter(|f| f.severity == purlin::base::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{program}");
    samples(&analysis.stacks[0], "f").unwrap()
}

fn parsed(text: &Json) -> Json {
    serde_json::from_str(text.as_str().unwrap()).unwrap_or_else(|_| text.clone())
}

fn base64(text: &Json) -> Json {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::new());
    for digit in text.as_str().unwrap().bytes().filter(|b| *b != b'=') {
        bits = bits << 6 | digits.iter().position(|d| *d == digit).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    serde_json::from_slice(&bytes).unwrap()
}

/// The fields of a message, each with its value or its values.
fn flat(value: &Json, path: &str, out: &mut BTreeMap<String, Json>) {
    match value {
        Json::Object(fields) => {
            fields.iter().for_each(|(k, v)| flat(v, &if path.is_empty() { k.clone() } else { format!("{path}.{k}") }, out));
        }
        Json::Array(values) => values.iter().for_each(|v| flat(v, path, out)),
        one => drop(out.insert(path.to_string(), one.clone())),
    }
}

#[test]
fn samples_pass_the_filters_of_their_triggers() {
    // Patterns of a message, as Purlin and as JSON.
    let patterns = [
        (r#"{ state = ["paid"] }"#, json!({ "state": ["paid"] })),
        (r#"{ total = [{ numeric = [">", 10, "<", 12] }] }"#, json!({ "total": [{ "numeric": [">", 10, "<", 12] }] })),
        (r#"{ note = [{ exists = false }] }"#, json!({ "note": [{ "exists": false }] })),
        (r#"{ at = { city = [{ prefix = "New " }] } }"#, json!({ "at": { "city": [{ "prefix": "New " }] } })),
        (
            r#"{ lines = { sku = [{ anything-but = ["AAA"] }, "ABC"] } }"#,
            json!({ "lines": { "sku": [{ "anything-but": ["AAA"] }, "ABC"] } }),
        ),
        (r#"{ state = [{ anything-but = ["open"] }] }"#, json!({ "state": [{ "anything-but": ["open"] }] })),
        (r#"{ "$or" = [{ state = ["paid"] }, { total = [5] }] }"#, json!({ "$or": [{ "state": ["paid"] }, { "total": [5] }] })),
    ];
    for (written, json) in &patterns {
        let written = written.replace("anything-but", "\"anything-but\"");
        let ways: [(String, &str, Message); 4] = [
            (format!("on orders.messages(filters: [{{ body = {written} }}])"), "sqs-mapping", |e| parsed(&e["Records"][0]["body"])),
            (format!("on news.published(filter: {written}, filter_on: \"body\")"), "sns-body", |e| {
                parsed(&e["Records"][0]["Sns"]["Message"])
            }),
            (format!("on history.records(filters: [{{ data = {written} }}])"), "kinesis-mapping", |e| {
                base64(&e["Records"][0]["kinesis"]["data"])
            }),
            (format!("on shop.matched(detail_type: [\"OrderPlaced\"], detail: {written})"), "eventbridge", |e| e["detail"].clone()),
        ];
        for (line, language, message) in ways {
            let all = of(&line);
            assert_eq!(all.len(), 1, "{line}");
            let message = message(&all[0].event);
            let filter = read(json, purlin::flow::filter::Language::of(language).unwrap(), Holds::Some).unwrap();
            let mut fields = BTreeMap::new();
            flat(&message, "", &mut fields);
            assert!(filter.accepts(&fields), "{line}\n{message:#}");
            assert_eq!(message["id"].as_str().unwrap().len(), 20, "{message:#}");
        }
    }
}

#[test]
fn what_is_around_a_message_passes_the_filter_too() {
    let event = &of(r#"on standard.matched(source: ["aws.ec2"], detail_type: ["EC2"], detail: { state = ["stopped"] })"#)[0].event;
    assert_eq!(
        (&event["source"], &event["detail-type"], &event["detail"]),
        (&json!("aws.ec2"), &json!("EC2"), &json!({ "state": "stopped" }))
    );
    let event = &of(r#"on news.published(filter: { color = ["red"], size = [{ numeric = [">", 3] }] })"#)[0].event;
    let attributes = json!({ "color": { "Type": "String", "Value": "red" }, "size": { "Type": "String", "Value": "4" } });
    assert_eq!(event["Records"][0]["Sns"]["MessageAttributes"], attributes);
    let event = &of(r#"on items.changes(filters: [{ dynamodb = { Keys = { id = { S = [{ prefix = "a#" }] } } } }])"#)[0].event;
    let change = &event["Records"][0]["dynamodb"];
    assert_eq!((&change["Keys"]["id"]["S"], &change["NewImage"]["id"]["S"]), (&json!("a#example"), &json!("a#example")));
    assert_eq!(change.get("OldImage"), None);
}

#[test]
fn each_type_and_each_delivery_has_its_event() {
    let all = of("on shop.matched(source: [\"shop\"])");
    let types: Vec<_> = all.iter().map(|s| (s.message.as_deref(), s.event["detail-type"].as_str())).collect();
    assert_eq!(types, [(Some("OrderPlaced"), Some("OrderPlaced")), (Some("OrderRefunded"), Some("OrderRefunded"))]);
    let all = of("on fed.messages()");
    let envelope = parsed(&all[0].event["Records"][0]["body"]);
    assert_eq!(envelope["Type"], "Notification");
    assert_eq!(parsed(&envelope["Message"])["state"], "open");
    assert_eq!(of("on plain.messages()")[0].event["Records"][0]["body"], "A message");
    let all = of("url { auth = \"none\" }");
    assert_eq!((all.len(), &all[0].event["version"]), (1, &json!("2.0")));
    assert_eq!(all[0].event["requestContext"]["accountId"], "anonymous");
    let signed = &of("url { }")[0].event["requestContext"];
    assert_eq!((&signed["accountId"], &signed["authorizer"]["iam"]["accountId"]), (&json!("123456789012"), &json!("123456789012")));
}

#[test]
fn fields_depend_on_what_is_declared() {
    let head = "bucket b { versioned = true }\nbucket plain { }\ntopic first { fifo = true }\nqueue last {\n  fifo = true\n  on first.published()\n}\n";
    let of = |line: &str| {
        let function = "runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  timeout = 5s";
        let analysis = one::analysed(&format!("stack t\n{head}function f {{\n  {function}\n  {line}\n}}\n"));
        samples(&analysis.stacks[0], "f").unwrap().remove(0).event["Records"][0].clone()
    };
    let envelope = parsed(&of("on last.messages()")["body"]);
    assert_eq!((envelope.get("SequenceNumber").is_some(), envelope.get("Signature")), (true, None));
    assert_eq!(envelope["TopicArn"], "arn:aws:sns:us-east-1:123456789012:first.fifo");
    let deleted = of("on b.restored(how: \"Delete\")");
    assert_eq!((&deleted["eventVersion"], deleted.get("glacierEventData")), (&json!("2.3"), None));
    let restored = of("on plain.restored(how: \"Completed\")");
    assert_eq!((&restored["eventVersion"], restored.get("glacierEventData").is_some()), (&json!("2.1"), true));
    assert!(of("on b.created()")["s3"]["object"].get("versionId").is_some());
    assert_eq!(of("on plain.created()")["s3"]["object"].get("versionId"), None);
    assert_eq!(of("on b.tagged()")["eventVersion"], "2.3");
}

#[test]
fn what_a_trigger_makes_of_an_event_is_what_is_sent() {
    let line = |argument: &str| format!("on shop.matched(source: [\"s\"], detail_type: [\"OrderPlaced\"], {argument})");
    assert_eq!(of(&line("part: \"$.detail.lines[0].sku\""))[0].event, "AAA");
    assert_eq!(of(&line("input: { fixed = true }"))[0].event, json!({ "fixed": true }));
    let transform = "transform: { paths = { n = \"$.detail.total\", s = \"$.source\" }, template = { text = \"<n> from <s>\" } }";
    assert_eq!(of(&line(transform))[0].event, json!({ "text": "1 from s" }));
}

fn command(arguments: &[&str]) -> std::process::Output {
    let folder = tempfile::tempdir().unwrap();
    let program = format!(
        "{HEAD}function f {{\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  on orders.messages()\n  on news.published()\n}}\n"
    );
    std::fs::write(folder.path().join("main.purlin"), program.replace("queue orders { carries", "queue orders { visibility = 1m, carries"))
        .unwrap();
    let path = folder.path().to_str().unwrap().to_string();
    std::process::Command::new(env!("CARGO_BIN_EXE_purlin")).args(["event"]).args(arguments).arg(path).output().unwrap()
}

#[test]
fn the_command_prints_one_or_all() {
    let one = command(&["f", "--trigger", "news.published"]);
    let event: Json = serde_json::from_slice(&one.stdout).unwrap_or_else(|e| panic!("{e}: {one:?}"));
    assert_eq!(event["Records"][0]["EventSource"], "aws:sns");
    let all = String::from_utf8(command(&["f"]).stdout).unwrap();
    assert!(all.contains("orders.messages (") && all.contains("news.published ("), "{all}");
    for (arguments, message) in [
        (&["nobody"][..], "there is no declaration `nobody`"),
        (&["orders"][..], "nothing triggers `orders`"),
        (&["f", "--trigger", "x.y"][..], "there is no trigger `x.y`: there are `orders.messages`, `news.published`"),
    ] {
        let out = command(arguments);
        assert_eq!(out.status.code(), Some(2), "{out:?}");
        assert!(String::from_utf8(out.stderr).unwrap().contains(message));
    }
}
