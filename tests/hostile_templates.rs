//! Templates that try to hang the compiler, to exhaust its memory, or to make it read outside of the project. Each ends in
//! bounded time and memory, with the findings that the table says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value as Json;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The address space of the compiler in kilobytes, which a debug build with its threads needs a part of.
const MEMORY: usize = 6_000_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// Checks a path within a folder: the rules of its findings, each once, and the exit code.
fn check(folder: &Path, path: &str) -> (Vec<String>, i32, String) {
    let limited = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
    let purlin = assert_cmd::cargo::cargo_bin("purlin");
    let mut child = Command::new("sh")
        .args(["-c", &limited, purlin.to_str().unwrap(), "check", path, "--format", "json"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(folder.join("../out")).unwrap())
        .stderr(std::fs::File::create(folder.join("../err")).unwrap())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() > PATIENCE => {
                child.kill().unwrap();
                panic!("it does not end");
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let read = |name: &str| std::fs::read_to_string(folder.join("..").join(name)).unwrap();
    let (out, said) = (read("out"), read("err"));
    assert!(!said.contains("panicked") && !said.contains("overflow"), "{said}");
    let code = status.code().unwrap_or_else(|| panic!("it was ended by a signal: {status} {said}"));
    let json: Json = serde_json::from_str(&out).unwrap_or_default();
    let mut rules: Vec<String> =
        json["findings"].as_array().into_iter().flatten().map(|f| f["rule"].as_str().unwrap().to_string()).collect();
    rules.sort();
    (rules, code, format!("{out}{said}"))
}

/// What is found in one template.
fn of(name: &str, text: &str) -> (Vec<String>, i32) {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    std::fs::create_dir(&project).unwrap();
    std::fs::write(project.join(name), text).unwrap();
    let (rules, code, _) = check(&project, name);
    (rules, code)
}

/// A template with one topic, whose display name is this value in JSON or in the flow style of YAML.
fn named(value: &str) -> String {
    format!("{{\"Resources\": {{\"T\": {{\"Type\": \"AWS::SNS::Topic\", \"Properties\": {{\"TopicName\": {value}}}}}}}}}\n")
}

fn nested(open: &str, close: &str, levels: usize) -> String {
    named(&format!("{}\"x\"{}", open.repeat(levels), close.repeat(levels)))
}

/// Anchors of which each repeats the one before it nine times.
fn laughs(levels: usize) -> String {
    let mut text = String::from("Metadata:\n  a0: &a0 [lol, lol]\n");
    for level in 1..levels {
        let _ = writeln!(text, "  a{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 9].join(", "));
    }
    let _ = write!(text, "Resources:\n  T: {{Type: AWS::SNS::Topic, Properties: {{TopicName: *a{}}}}}\n", levels - 1);
    text
}

/// Topics whose names are made of the name of the next one, twice.
fn doubling(count: usize, name: impl Fn(usize) -> String) -> String {
    let mut text = String::from("Resources:\n");
    for at in 0..count {
        let _ = writeln!(text, "  T{at}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: {}}}}}", name(at + 1));
    }
    let _ = writeln!(text, "  T{count}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: x}}}}");
    text
}

fn conditions(count: usize, of: impl Fn(usize) -> String) -> String {
    let mut text = String::from("Parameters: {P: {Type: String}}\nConditions:\n");
    for at in 0..count {
        let _ = writeln!(text, "  C{at}: {}", of(at + 1));
    }
    let _ = write!(text, "  C{count}: !Equals [!Ref P, a]\nResources:\n  T: {{Type: AWS::SNS::Topic, Condition: C0}}\n");
    text
}

/// A name that is joined of parts of which each is one of two.
fn choices(count: usize) -> String {
    let mut text = String::from("Parameters:\n");
    (0..count).for_each(|at| text += &format!("  P{at}: {{Type: String}}\n"));
    text.push_str("Conditions:\n");
    (0..count).for_each(|at| text += &format!("  C{at}: !Equals [!Ref P{at}, a]\n"));
    let parts: Vec<String> = (0..count).map(|at| format!("!If [C{at}, a, b]")).collect();
    let _ = write!(text, "Resources:\n  T: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !Join ['', [{}]]}}}}\n", parts.join(", "));
    text
}

fn loops(depth: usize, values: usize) -> String {
    let all: Vec<String> = (0..values).map(|at| format!("v{at}")).collect();
    let mut text = String::from("Transform: AWS::LanguageExtensions\nResources:\n");
    let mut name = String::from("T");
    for level in 0..depth {
        let _ = writeln!(text, "{}Fn::ForEach::L{level}:\n{0}- I{level}\n{0}- [{}]\n{0}-", "  ".repeat(level + 1), all.join(", "));
        let _ = write!(name, "${{I{level}}}");
    }
    let _ = writeln!(text, "{}{name}: {{Type: AWS::SNS::Topic}}", "  ".repeat(depth + 1));
    text
}

fn many(count: usize) -> String {
    let mut text = String::from("Resources:\n");
    for at in 0..count {
        let _ = writeln!(text, "  Q{at}:\n    Type: AWS::SNS::Topic");
    }
    text
}

fn mappings(depth: usize) -> String {
    let mut value = String::from("a");
    for _ in 0..depth {
        value = format!("!FindInMap [M, {value}, {}]", value.replace("!FindInMap", "!FindInMap"));
    }
    format!("Mappings: {{M: {{a: {{a: a}}}}}}\nResources:\n  T: {{Type: AWS::SNS::Topic, Properties: {{TopicName: {value}}}}}\n")
}

fn machine(levels: usize) -> String {
    let inner = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let definition = format!("{{\"StartAt\": \"A\", \"States\": {{\"A\": {{\"Type\": \"Pass\", \"End\": true, \"Result\": {inner}}}}}}}");
    serde_json::json!({"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"RoleArn": "arn:aws:iam::1:role/a", "DefinitionString": definition}}}})
        .to_string()
}

#[test]
fn a_hostile_template_is_one_finding_or_an_ordinary_one() {
    let deep = 100_000;
    let cases: Vec<(&str, &str, String, &[&str])> = vec![
        ("a billion laughs", "t.yaml", laughs(12), &["document-too-large"]),
        ("an anchor in itself", "t.yaml", "Resources: &r\n  T: {Type: AWS::SNS::Topic, Properties: *r}\n".into(), &["document-syntax"]),
        (
            "anchors in a circle",
            "t.yaml",
            "Metadata: {a: &a [*b], b: &b [*a]}\nResources: {T: {Type: AWS::SNS::Topic}}\n".into(),
            &["document-syntax"],
        ),
        (
            "a merge of itself",
            "t.yaml",
            "Resources: &r\n  <<: *r\n  T: {Type: AWS::SNS::Topic}\n".into(),
            &["document-syntax", "document-syntax"],
        ),
        ("lists in lists", "t.json", nested("[", "]", deep), &["document-too-large"]),
        ("lists in lists of YAML", "t.yaml", nested("[", "]", deep), &["document-too-large"]),
        ("maps in maps", "t.json", nested("{\"a\": ", "}", deep), &["document-too-large"]),
        ("maps in maps of YAML", "t.yaml", nested("{a: ", "}", deep), &["document-too-large"]),
        ("lists in blocks", "t.yaml", format!("Resources:\n  {}a\n", "- ".repeat(deep)), &["document-too-large"]),
        ("functions in functions", "t.json", nested("{\"Fn::Join\": [\"\", [", "]]}", deep), &["document-too-large"]),
        ("short functions in functions", "t.yaml", nested("!Join ['', [", "]]", deep), &["document-too-large"]),
        ("negations", "t.yaml", nested("!Not [", "]", deep), &["document-too-large"]),
        ("tags", "t.yaml", named(&format!("{}a", "!Ref ".repeat(deep))), &["document-syntax"]),
        ("lists that are not closed", "t.json", "[".repeat(1_000_000), &["document-too-large"]),
        ("lists of YAML that are not closed", "t.yaml", "[".repeat(1_000_000), &["document-too-large"]),
        ("a long text", "t.json", named(&format!("\"{}\"", "x".repeat(50 << 20))), &["document-too-large"]),
        ("a long file", "t.yaml", " ".repeat(50 << 20), &["document-too-large"]),
        ("a long line of a comment", "t.yaml", format!("{}#{}\n", many(1), "#".repeat(500_000)), &[]),
        ("a long escaped text", "t.json", named(&format!("\"{}\"", "\\u0061".repeat(60_000))), &[]),
        ("resources", "t.yaml", many(100_000), &[]),
        ("names that double", "t.yaml", doubling(60, |next| format!("!Sub '${{T{next}.TopicName}}${{T{next}.TopicName}}'")), &[]),
        (
            "joined names that double",
            "t.yaml",
            doubling(60, |next| format!("!Join ['', [!GetAtt T{next}.TopicName, !GetAtt T{next}.TopicName]]")),
            &[],
        ),
        ("names that grow", "t.yaml", doubling(12, |next| format!("!Sub '{}'", format!("${{T{next}.TopicName}}").repeat(1_000))), &[]),
        ("values that double", "t.json", nested("{\"Fn::Sub\": [\"${a}${a}\", {\"a\": ", "}]}", 39), &[]),
        (
            "lists that double",
            "t.json",
            nested("{\"Fn::Join\": [\"\", {\"Fn::Split\": [\",\", {\"Fn::Sub\": [\"${a},${a}\", {\"a\": ", "}]}]}]}", 18),
            &[],
        ),
        ("names in a circle", "t.yaml", doubling(40, |next| format!("!Sub '${{T{}.TopicName}}${{T{next}.TopicName}}'", next % 3)), &[]),
        (
            "conditions that double",
            "t.yaml",
            conditions(60, |next| format!("!And [{{Condition: C{next}}}, !Not [{{Condition: C{next}}}]]")),
            &[],
        ),
        (
            "conditions in a circle",
            "t.yaml",
            conditions(60, |next| format!("!Or [{{Condition: C{}}}, {{Condition: C{next}}}]", next % 2)),
            &[],
        ),
        ("choices of names", "t.yaml", choices(40), &[]),
        ("loops in loops", "t.yaml", loops(6, 60), &["part-not-read"]),
        ("mappings of mappings", "t.yaml", mappings(12), &[]),
        ("a deep definition of a machine", "t.json", machine(deep), &[]),
        ("a deep text of JSON", "t.yaml", named(&format!("'{}'", "[".repeat(deep))), &[]),
        ("digits", "t.json", named(&"9".repeat(400_000)), &[]),
        ("references of a text", "t.json", named(&format!("{{\"Fn::Sub\": \"{}\"}}", "${a}".repeat(100_000))), &[]),
        ("texts that are not closed", "t.json", named(&format!("{{\"Fn::Sub\": \"{}\"}}", "${".repeat(100_000))), &[]),
    ];
    let mut wrong = Vec::new();
    for (what, name, text, expected) in cases {
        let begun = Instant::now();
        let answer = std::panic::catch_unwind(|| of(name, &text));
        let took = begun.elapsed();
        println!("{what}: {:.1} s {answer:?}", took.as_secs_f64());
        match answer {
            Ok((rules, _)) if rules == expected => {}
            Ok((rules, code)) => wrong.push(format!("{what}: {} findings, exit {code}, {:?}", rules.len(), &rules[..rules.len().min(5)])),
            Err(_) => wrong.push(format!("{what}: it does not end well")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
