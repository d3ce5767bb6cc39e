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
        value = format!("!FindInMap [M, {value}, {value}]");
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

/// A loop, which is reported if this file is read.
const LOOP: &str = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Jobs: {Type: AWS::SQS::Queue}\n  Work:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Runtime: python3.13\n      InlineCode: secret-of-another-project\n      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]\n      Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}\n";
const QUIET: &str = "Resources: {T: {Type: AWS::SNS::Topic}}\n";

/// A stack that nests the template of a path.
fn nests(path: &str) -> String {
    format!("Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: '{path}'}}\n")
}

/// A project beside a template that it must not read, set up by a function; what is found in it.
fn beside(path: &str, set_up: impl Fn(&Path, &Path)) -> (Vec<String>, i32) {
    let folder = tempfile::tempdir().unwrap();
    let (project, outside) = (folder.path().join("project"), folder.path().join("outside"));
    for made in [&project, &outside] {
        std::fs::create_dir(made).unwrap();
    }
    std::fs::write(outside.join("loop.yaml"), LOOP).unwrap();
    set_up(&project, &outside);
    let (rules, code, said) = check(&project, path);
    assert!(!said.contains("secret-of-another-project") && !said.contains("root:x:"), "{said}");
    (rules, code)
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn nothing_is_read_outside_of_the_project_and_no_file_is_waited_for() {
    use std::os::unix::fs::symlink;
    let unread: &[&str] = &["nested-stack-not-read"];
    type SetUp = Box<dyn Fn(&Path, &Path)>;
    let file =
        |name: &'static str, text: String| -> SetUp { Box::new(move |project, _| std::fs::write(project.join(name), &text).unwrap()) };
    let include = |path: &str| {
        format!(
            "Resources:\n  T: {{Type: AWS::SNS::Topic}}\n  'Fn::Transform': {{Name: AWS::Include, Parameters: {{Location: '{path}'}}}}\n"
        )
    };
    let with = |name: &'static str, text: String, more: fn(&Path, &Path)| -> SetUp {
        Box::new(move |project, outside| {
            more(project, outside);
            std::fs::write(project.join(name), &text).unwrap();
        })
    };
    let linked = |project: &Path, outside: &Path| symlink(outside.join("loop.yaml"), project.join("link.yaml")).unwrap();
    let machine = "Resources:\n  M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: ../outside/loop.yaml}}\nTransform: AWS::Serverless-2016-10-31\n";
    let api = "Transform: AWS::Serverless-2016-10-31\nResources:\n  A: {Type: AWS::Serverless::Api, Properties: {StageName: a, DefinitionUri: /etc/passwd}}\n";
    let cases: Vec<(&str, &str, SetUp, &[&str])> = vec![
        ("a link to another project", ".", with("t.yaml", QUIET.into(), linked), &[]),
        ("a link to another folder", ".", with("t.yaml", QUIET.into(), |p, o| symlink(o, p.join("sub")).unwrap()), &[]),
        ("a link to itself", ".", with("t.yaml", QUIET.into(), |p, _| symlink(p, p.join("sub")).unwrap()), &[]),
        (
            "links in a circle",
            ".",
            with("t.yaml", QUIET.into(), |p, _| {
                symlink(p.join("b.yaml"), p.join("a.yaml")).unwrap();
                symlink(p.join("a.yaml"), p.join("b.yaml")).unwrap();
            }),
            &[],
        ),
        ("a nested template above", "t.yaml", file("t.yaml", nests("../outside/loop.yaml")), unread),
        ("a nested template above, in parts", "t.yaml", file("t.yaml", nests("./x/../../outside/loop.yaml")), unread),
        ("a nested template of the system", "t.yaml", file("t.yaml", nests("/etc/passwd")), unread),
        ("a nested template as a URL of a file", "t.yaml", file("t.yaml", nests("file:///etc/passwd")), unread),
        ("a nested template behind a link", "t.yaml", with("t.yaml", nests("link.yaml"), linked), unread),
        (
            "a nested template that is a device",
            "t.yaml",
            with("t.yaml", nests("zero.yaml"), |p, _| symlink("/dev/zero", p.join("zero.yaml")).unwrap()),
            unread,
        ),
        ("a nested template that is a pipe", "t.yaml", with("t.yaml", nests("pipe.yaml"), |p, _| fifo(&p.join("pipe.yaml"))), unread),
        (
            "a nested template that is a folder",
            "t.yaml",
            with("t.yaml", nests("sub"), |p, _| std::fs::create_dir(p.join("sub")).unwrap()),
            unread,
        ),
        ("a part above", "t.yaml", file("t.yaml", include("../outside/loop.yaml")), &["part-not-read"]),
        ("a part of the system", "t.yaml", file("t.yaml", include("/etc/passwd")), &["part-not-read"]),
        ("a part that is a pipe", "t.yaml", with("t.yaml", include("pipe.yaml"), |p, _| fifo(&p.join("pipe.yaml"))), &["part-not-read"]),
        ("a pipe in the folder", ".", with("t.yaml", QUIET.into(), |p, _| fifo(&p.join("pipe.yaml"))), &[]),
        ("a device in the folder", ".", with("t.yaml", QUIET.into(), |p, _| symlink("/dev/zero", p.join("zero.json")).unwrap()), &[]),
        ("a definition above", "t.yaml", file("t.yaml", machine.into()), &[]),
        ("a description of the system", "t.yaml", file("t.yaml", api.into()), &[]),
        ("a stack that nests itself", "t.yaml", file("t.yaml", nests("t.yaml")), unread),
        (
            "stacks that nest each other",
            ".",
            with("a.yaml", nests("b.yaml"), |p, _| std::fs::write(p.join("b.yaml"), nests("a.yaml")).unwrap()),
            unread,
        ),
        ("a part that includes itself", "t.yaml", file("t.yaml", include("t.yaml")), &["resource-without-type"]),
    ];
    let mut wrong = Vec::new();
    for (what, path, set_up, expected) in cases {
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| beside(path, set_up))) {
            Ok((mut rules, code)) => {
                rules.dedup();
                println!("{what}: {rules:?} {code}");
                if rules != expected || code > 1 {
                    wrong.push(format!("{what}: {rules:?}, exit {code}"));
                }
            }
            Err(_) => wrong.push(format!("{what}: it does not end well")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
