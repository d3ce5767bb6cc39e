//! A statement that IAM refuses is found where the program writes it, in whatever way it is written.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod one;

use one::analysed;
use purlin::base::Severity;

const STAGE: &str = "param stage: \"dev\" | \"prod\" = \"dev\"\n";

/// The errors of a program: rule, message, and the text at the place.
fn errors(program: &str) -> Vec<(String, String, String)> {
    let analysis = analysed(program);
    let found = analysis.findings.iter().filter(|f| f.severity == Severity::Error);
    let text = |f: &purlin::base::Diagnostic| program.get(f.primary.span.range()).unwrap_or("?").to_string();
    found.map(|f| (f.rule.to_string(), f.message.clone(), text(f))).collect()
}

/// The ways to write a statement of AWS's own words, each with the program around it.
fn around(statement: &str) -> Vec<String> {
    let role = "resource \"AWS::IAM::ManagedPolicy\" m { PolicyDocument = { Version = \"2012-10-17\", Statement = [S] } }";
    let ways = [
        "bucket b { statements = [S] }",
        "queue q { statements = [S] }",
        "topic p { statements = [S] }",
        "for k in [\"x\"] {\n queue q { statements = [S] }\n}",
        "component one() {\n queue q { statements = [S] }\n}\none a { }",
        "resource \"AWS::SQS::QueuePolicy\" p { Queues = [\"https://sqs\"], PolicyDocument = { Version = \"2012-10-17\", Statement = [S] } }",
        role,
    ];
    ways.map(|way| format!("stack app\n{STAGE}{}\n", way.replace("[S]", &format!("[{statement}]")))).into()
}

#[test]
fn a_statement_without_what_it_must_say() {
    let cases = [
        ("{ Effect = \"Deny\", Principal = \"*\", Resource = \"*\" }", "no `Action`"),
        ("{ Effect = \"Deny\", Principal = \"*\", Action = [], Resource = \"*\" }", "no `Action`"),
        (
            "{ Effect = \"Deny\", Principal = \"*\", Action = \"sqs:*\" if stage == \"prod\" else none, Resource = \"*\" }",
            "no `Action` unless",
        ),
        (
            "{ Effect = \"Deny\", Principal = \"*\", Action = \"sqs:*\", NotAction = \"sqs:*\", Resource = \"*\" }",
            "both `Action` and `NotAction`",
        ),
        ("{ Effect = \"Deny\", Principal = \"*\", Action = \"sqs:*\", Resource = \"*\", Condition = \"a\" }", "`Condition` of a statement"),
        ("{ Effect = \"Deny\", Principal = \"a\", Action = \"sqs:*\", Resource = \"*\" }", "`Principal` of a statement"),
    ];
    for (statement, message) in cases {
        for program in around(statement) {
            let found = errors(&program);
            let [(rule, said, at)] = found.as_slice() else { panic!("{found:?}\n{program}") };
            assert_eq!(rule, "incomplete-statement", "{said}\n{program}");
            assert!(said.contains(message), "{said}\n{program}");
            assert!(at.contains(statement) || statement.contains(at.as_str()) && at.len() > 2, "{at}\n{program}");
        }
    }
}

#[test]
fn a_statement_without_resource() {
    let cases = [
        ("{ Effect = \"Deny\", Action = \"sqs:*\" }", "no `Resource`"),
        ("{ Effect = \"Deny\", Action = \"sqs:*\", Resource = [] }", "no `Resource`"),
        ("{ Effect = \"Deny\", Action = \"sqs:*\", Resource = \"*\" if stage == \"prod\" else none }", "no `Resource` unless"),
        ("{ Effect = \"Deny\", Action = \"sqs:*\", Resource = [\"*\" if stage == \"prod\" else none] }", "no `Resource` unless"),
        ("{ Effect = \"Deny\", Action = \"sqs:*\", Resource = \"*\", NotResource = \"*\" }", "both `Resource` and `NotResource`"),
    ];
    for (statement, message) in cases {
        for program in around(statement) {
            let found = errors(&program);
            assert!(
                matches!(found.as_slice(), [(rule, said, _)] if rule == "incomplete-statement" && said.contains(message)),
                "{found:?}\n{program}"
            );
        }
    }
}

#[test]
fn what_iam_takes_is_accepted() {
    let statements = [
        "{ Effect = \"Deny\", NotAction = \"sqs:*\", NotResource = \"*\" }",
        "{ Effect = \"Deny\", Action = [\"sqs:*\"], Resource = \"a\" if stage == \"prod\" else \"b\" }",
        "{ Effect = \"Deny\", Action = \"sqs:*\", Resource = [\"*\" if stage == \"prod\" else none, \"b\"] }",
        "{ Effect = \"Deny\", Action = \"sqs:*\", Resource = \"*\" if stage == \"prod\" else none, NotResource = \"b\" if stage != \"prod\" else none }",
        "{ Effect = \"Deny\", Action = \"sqs:*\", Resource = \"*\" if stage == \"prod\" else none } if stage == \"prod\"",
        "{ Effect = \"Deny\", Action = \"sqs:*\", Resource = \"*\", Condition = { Bool = { \"aws:SecureTransport\" = \"false\" } } if stage == \"prod\" else none }",
        "{ Effect = \"Deny\", Action = \"sqs:*\", Resource = \"arn:é\" }",
    ];
    for statement in statements {
        for program in around(statement) {
            let found = errors(&program);
            assert!(found.is_empty(), "{found:?}\n{program}");
        }
    }
}

#[test]
fn characters_that_iam_does_not_take() {
    let function = "runtime = \"python3.13\", handler = \"a.b\", code = \"a.zip\", timeout = 9s";
    let cases = [
        ("role r { services = [\"lambda.amazonaws.com\"], statements = [{ actions = [\"sqs:*\"], resources = [\"arn:日\"] }] }".to_string(), "日"),
        ("role r { web_identity { provider = \"日\", conditions = { StringEquals { a = \"b\" } } } }".into(), "日"),
        (format!("bus b {{ }}\nfunction f {{ {function}\ncan publish b(source: [\"😀\"]) }}"), "😀"),
        ("resource \"AWS::IAM::ManagedPolicy\" m { PolicyDocument = { Statement = [{ Effect = \"Deny\", Action = \"sqs:*\", Resource = \"日\" }] } }".into(), "日"),
    ];
    for (body, c) in cases {
        let program = format!("stack app\n{body}\n");
        let found = errors(&program);
        let ours = found.iter().any(|(rule, said, at)| rule == "incomplete-statement" && said.contains(c) && (at.contains(c)));
        assert!(ours && found.len() == 1, "{found:?}\n{program}");
    }
    // Policies of resources are read by the services themselves.
    let program = "stack app\nqueue q { statements = [{ Effect = \"Deny\", Principal = \"*\", Action = \"sqs:*\", Resource = \"日\" }] }\n";
    assert!(errors(program).is_empty(), "{:?}", errors(program));
    let program = "stack app\nrole r { web_identity { provider = \"p\", conditions = \"a\" } }\n";
    assert!(
        errors(program).iter().any(|(rule, said, at)| rule == "incomplete-statement" && said.contains("`Condition`") && at == "\"a\""),
        "{:?}",
        errors(program)
    );
}
