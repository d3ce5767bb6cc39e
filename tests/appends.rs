//! An `append` adds an element wherever what it names is, or is an error: nothing that a kind asks for is lost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod one;

use one::analysed;
use purlin::base::Severity;

const STAGE: &str = "param stage: \"dev\" | \"prod\" = \"dev\"\n";

fn errors(program: &str) -> Vec<(String, String)> {
    let analysis = analysed(program);
    let found = analysis.findings.iter().filter(|f| f.severity == Severity::Error);
    found.map(|f| (f.rule.to_string(), f.message.clone())).collect()
}

fn template(program: &str) -> serde_json::Value {
    assert!(errors(program).is_empty(), "{:?}\n{program}", errors(program));
    analysed(program).stacks[0].template.as_ref().unwrap().json()
}

/// A kind with two resources, of which the second is there under a condition, and a step that appends.
fn kind(condition: &str, append: &str) -> String {
    format!(
        "stack app\n{STAGE}kind thing {{\n  other: queue?\n  wanted: Bool = true\n  emit main: \"AWS::SNS::Topic\" {{ DisplayName = \"a\" }}\n  \
         if {condition} {{\n    emit extra: \"AWS::SQS::QueuePolicy\" {{ Queues = [\"https://q\"], PolicyDocument = {{ Version = \"2012-10-17\" }} }}\n  }}\n  \
         {append}\n  out arn = main.Ref\n}}\nqueue x {{ }}\n"
    )
}

const STATEMENT: &str = "{ Effect = \"Deny\", Principal = \"*\", Action = \"sqs:*\", Resource = \"*\" }";

#[test]
fn what_is_not_there_gets_nothing_without_a_word() {
    let own = format!("append extra.PolicyDocument.Statement {STATEMENT}");
    let others = format!("append other.policy.PolicyDocument.Statement {STATEMENT}");
    let guarded = format!("if other != none {{ {others} }}");
    for (program, lost) in [
        (kind("wanted", &own) + "thing t { }", false),
        (kind("wanted", &own) + "thing t { wanted = false }", true),
        (kind("wanted", &others) + "thing t { other = x }", false),
        (kind("wanted", &others) + "thing t { }", true),
        (kind("false", &guarded) + "thing t { }", false),
        (kind("false", &guarded) + "thing t { other = x if stage == \"prod\" else none }", false),
        (kind("false", &others) + "thing t { other = x if stage == \"prod\" else none }", true),
    ] {
        let found = errors(&program);
        let ours = found.iter().filter(|(rule, _)| rule == "append-to-nothing").count();
        // What else the kind lacks is not the point.
        assert_eq!(ours, usize::from(lost), "{found:?}\n{program}");
    }
}

#[test]
fn a_choice_gets_it_where_it_is_chosen() {
    let program = format!(
        "stack app\n{STAGE}queue x {{ }}\nqueue y {{ }}\nbus b {{ dead_letter = x if stage == \"prod\" else y }}\n\
         function f {{ runtime = \"python3.13\", handler = \"a.b\", code = \"a.zip\", timeout = 9s\non b.matched(source: [\"shop\"]) }}\n"
    );
    let template = template(&program);
    for policy in ["XPolicy", "YPolicy"] {
        let statements = template["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"].to_string();
        assert!(statements.contains("Fn::If") || template["Resources"][policy]["Condition"].is_string(), "{policy}: {statements}");
        assert!(statements.contains("events.amazonaws.com"), "{policy}: {statements}");
    }
}

#[test]
fn a_conditional_dead_letter_queue() {
    let program = format!("stack app\n{STAGE}queue x {{ }}\nqueue q {{ dead_letter = x if stage == \"prod\" else none }}\n");
    let analysis = analysed(&program);
    let said: Vec<String> = analysis.findings.iter().map(|f| format!("{}: {}", f.rule, f.message)).collect();
    assert!(said.iter().all(|text| !text.contains('?')), "{said:?}");
    assert!(!said.iter().any(|text| text.starts_with("dead-letter-of-other-type")), "{said:?}");
    assert!(said.iter().any(|text| text.starts_with("dead-letter-expires-first") && text.contains("`x` (4d)")), "{said:?}");
    // Of the other type where it is there at all.
    let program = program.replace("queue x { }", "queue x { fifo = true }");
    assert!(errors(&program).iter().any(|(rule, _)| rule == "dead-letter-of-other-type"), "{:?}", errors(&program));
}
