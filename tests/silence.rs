//! What used to be accepted or dropped without a word is one finding, at the user's own line.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod one;

use one::analysed;

/// The errors of a program: rule and the text at the primary place.
fn errors(program: &str) -> Vec<(String, String)> {
    let analysis = analysed(program);
    let errors = analysis.findings.iter().filter(|f| f.severity == purlin::base::Severity::Error);
    errors.map(|f| (f.rule.to_string(), program.get(f.primary.span.range()).unwrap_or("?").to_string())).collect()
}

/// A program has exactly these errors: rule and the text at the primary place.
fn expect(program: &str, expected: &[(&str, &str)]) {
    let found = errors(program);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected, "\n{program}");
}

/// A program has no error; its template is given back.
fn template(program: &str) -> serde_json::Value {
    expect(program, &[]);
    analysed(program).stacks[0].template.as_ref().unwrap().json()
}

/// The logical ids of a program, in order.
fn ids(program: &str) -> Vec<String> {
    let mut ids: Vec<String> = template(program)["Resources"].as_object().unwrap().keys().cloned().collect();
    ids.sort();
    ids
}

const FUNCTION: &str = "runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  timeout = 4s\n";

#[test]
fn equal_loop_keys() {
    for (over, span) in
        [("[\"us\", \"us\"]", None), ("[1, 2, 1]", None), ("[{ a = \"x\" }, { a = \"x\" }] by r.a", Some("r.a")), ("[5s, 5s]", None)]
    {
        let list = over.split(" by").next().unwrap();
        expect(&format!("stack a\nfor r in {over} {{\n  queue jobs {{ }}\n}}\n"), &[("duplicate-loop-key", span.unwrap_or(list))]);
    }
}

#[test]
fn keys_make_different_ids() {
    assert_eq!(ids("stack a\nfor i in range(0, 12) {\n  for j in range(0, 12) {\n    queue q { }\n  }\n}\n").len(), 144);
    assert_eq!(ids("stack a\nfor k in [\"é\", \"日本\", \"a-b\", \"a.b\", \"a_b\", \"aB\", \"ab\"] {\n  queue q { }\n}\n").len(), 7);
    assert_eq!(ids("stack a\nfor k in [\"us-east-1\", \"eu\"] {\n  queue q { }\n}\n"), ["QEu", "QUsEast1"]);
}

#[test]
fn ids_that_are_asked_for() {
    for id in ["A-B!", "", "é", &"a".repeat(256)] {
        expect(&format!("stack a\n@id(\"{id}\")\nqueue q {{ }}\n"), &[("bad-logical-id", &format!("\"{id}\""))]);
    }
    assert_eq!(ids("stack a\n@id(\"AB9\")\nqueue q { }\n"), ["AB9"]);
}

#[test]
fn edges_that_are_written_twice() {
    let twice =
        format!("stack a\nqueue jobs {{ }}\nfunction f {{\n  {FUNCTION}  on jobs.messages(batch: 1)\n  on jobs.messages(batch: 2)\n}}\n");
    expect(&twice, &[("duplicate-trigger", "on jobs.messages(batch: 2)")]);
}

#[test]
fn paths_that_differ_in_signs_only() {
    let program = format!(
        "stack a\nrest_api shop {{ }}\nfunction f {{\n  {FUNCTION}  on shop.route(\"GET /a-b\")\n  on shop.route(\"GET /a/b\")\n  on shop.route(\"GET /aB\")\n}}\n"
    );
    template(&program);
}

#[test]
fn one_stack_in_a_file() {
    expect("stack a\nqueue x { }\nstack b\nqueue y { }\n", &[("second-stack", "b")]);
}

#[test]
fn keys_of_blocks() {
    expect(
        "stack a { tags { team = \"x\" }  region = \"eu-west-1\"  descripton = \"x\" }\n",
        &[("unknown-property", "tags"), ("unknown-property", "region"), ("unknown-property", "descripton")],
    );
    expect(
        "stack a\nparam p: String = \"x\" { descripton = \"y\"  allowed = [\"x\"]  secret = \"yes\" }\noutput o = p\n",
        &[("unknown-property", "descripton"), ("unknown-property", "allowed"), ("type-mismatch", "\"yes\"")],
    );
}

#[test]
fn outputs_have_a_value_that_cloudformation_holds() {
    let mut wrong = vec![
        ("[1, 2]", "a list"),
        ("{ a = 1 }", "a record"),
        ("none", "none"),
        ("q", "a queue"),
        ("jobs.url", "a list"),
        ("jobs", "a list"),
        ("aws", "`aws`"),
        ("1 if stage == \"dev\" else none", "none"),
        ("1 if stage == \"dev\" else [1]", "a list"),
    ];
    for word in ["output", "export"] {
        for (value, found) in &wrong {
            let program = format!(
                "stack a\nparam stage: \"dev\" | \"prod\" = \"dev\"\nqueue q {{ }}\nfor k in [\"a\"] {{\n  queue jobs {{ }}\n}}\noutput s = stage\n{word} o = {value}\n"
            );
            expect(&program, &[("type-mismatch", "o")]);
            assert!(analysed(&program).findings.iter().any(|f| f.message.contains(found)), "{program}");
        }
        wrong.retain(|(value, _)| *value != "q");
    }
    template("stack a\nqueue q { }\noutput o = q.url\nexport p = q\noutput n = 1\noutput b = true\n");
    expect("stack a\nfor k in [\"a\"] {\n  queue q { }\n  output u = q.url\n}\n", &[("misplaced-statement", "u")]);
    expect("stack a\nqueue q { }\noutput a_b = 1\noutput aB = 2\n", &[("duplicate-logical-id", "aB")]);
}

#[test]
fn words_of_the_language_name_nothing() {
    for word in ["none", "if", "self", "stack", "aws", "true", "in", "else", "as"] {
        expect(&format!("stack a\nqueue {word} {{ }}\n"), &[("reserved-name", word)]);
    }
    for statement in ["let self = 1", "param none: Int = 1", "setting aws: Int = 1", "component self() { }", "type self = Int"] {
        let found = errors(&format!("stack a\n{statement}\n"));
        assert_eq!(found.iter().map(|f| f.0.as_str()).collect::<Vec<_>>(), ["reserved-name"], "{statement}");
    }
}

#[test]
fn characters_that_turn_the_text() {
    for c in [
        '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{200e}', '\u{200f}',
        '\u{61c}',
    ] {
        for text in [
            format!("stack a\nqueue q {{ physical_name = \"x{c}y\" }}\n"),
            format!("stack a // x{c}y\n"),
            format!("stack a\n/// x{c}y\nqueue q {{ }}\n"),
            format!("stack a\nlet x = \"\"\"\n  {c}\n\"\"\"\noutput o = x\n"),
        ] {
            let found: Vec<_> = errors(&text).into_iter().filter(|f| f.0 == "invisible-character").collect();
            assert_eq!(found, [("invisible-character".to_string(), c.to_string())], "{text}");
        }
    }
}

#[test]
fn names_in_the_template_are_not_shared() {
    expect("stack a\nqueue q { }\nparam jobs: String = \"x\"\nqueue Jobs { }\noutput o = jobs\n", &[("duplicate-logical-id", "Jobs")]);
    expect(
        "stack a\nqueue q { }\nparam a_b: String = \"x\"\nparam aB: String = \"x\"\noutput o = \"${a_b}${aB}\"\n",
        &[("duplicate-logical-id", "aB")],
    );
    expect("stack a\nparam artifact_bucket: String = \"x\"\noutput o = artifact_bucket\n", &[("duplicate-logical-id", "artifact_bucket")]);
}

#[test]
fn fields_under_if_and_for() {
    for condition in ["1 == 1", "1 == 2", "stage == \"prod\""] {
        let head = "stack a\nparam stage: \"dev\" | \"prod\" = \"dev\"\noutput s = stage\n";
        expect(&format!("{head}queue q {{ if {condition} {{ visiblity = 60s }} }}\n"), &[("unknown-property", "visiblity")]);
        expect(
            &format!("{head}queue q {{ if {condition} {{ visibility = 60s }} else {{ visibility = 5 }} }}\n")
                .replace("stage == \"prod\"", condition),
            &match condition {
                "1 == 1" => vec![],
                _ => vec![("type-mismatch", "5")],
            },
        );
        expect(
            &format!("{head}queue q {{\n  visibility = 5s\n  if {condition} {{ visibility = 60s }}\n}}\n"),
            &[("duplicate-field", "visibility")],
        );
        expect(
            &format!(
                "{head}component two(keep: Duration = 1d) {{ queue q {{ retention = keep }} }}\ntwo t {{ if {condition} {{ kep = 4d }} }}\n"
            ),
            &[("unknown-property", "kep")],
        );
    }
    expect("stack a\nqueue q { for x in [\"a\"] { visibility = 60s } }\n", &[("misplaced-statement", "visibility")]);
    expect(
        "stack a\ncomponent two(keep: Duration = 1d) { queue q { retention = keep } }\ntwo t { for x in [1] { keep = 4d } }\n",
        &[("misplaced-statement", "keep")],
    );
    let made = |text: &str| template(text)["Resources"]["Q"]["Properties"].clone();
    assert_eq!(made("stack a\nqueue q { if true { visibility = 60s } }\n")["VisibilityTimeout"], 60);
    assert_eq!(made("stack a\nqueue q { if false { visibility = 60s } else { retention = 2d } }\n")["MessageRetentionPeriod"], 172_800);
    let chosen = made("stack a\nparam stage: \"dev\" | \"prod\" = \"dev\"\nqueue q { if stage == \"prod\" { visibility = 60s } }\n");
    assert_eq!(chosen["VisibilityTimeout"], serde_json::json!({ "Fn::If": ["StageIsProd", 60, 30] }));
    let inner = template("stack a\ncomponent two(keep: Duration = 1d) { queue q { retention = keep } }\ntwo t { if true { keep = 4d } }\n");
    assert_eq!(inner["Resources"]["TQ"]["Properties"]["MessageRetentionPeriod"], 345_600);
}

#[test]
fn every_for_of_a_rule_runs() {
    let program = "stack a\nqueue lost { retention = 14d }\ntopic news { fifo = true }\nqueue jobs {\n  fifo = true\n  visibility = 3m\n  on news.published(dead_letter: lost)\n}\n";
    assert!(errors(program).iter().any(|f| f.0 == "dead-letters-of-wrong-order"), "{:?}", errors(program));
}

const KIND: &str = "kind thing {\n  emit main: \"AWS::SSM::Parameter\" { Type = \"String\" Value = \"x\" }\n  out arn = \"arn:x\"\n";

#[test]
fn effects_of_a_kind_that_nothing_takes() {
    let user = format!("function f {{\n  {FUNCTION}  can look t\n}}\n");
    let with = |steps: &str| format!("stack a\n{KIND}  verb look {{ {steps} }}\n}}\nthing t {{ }}\n{user}");
    expect(&with("grant \"ssm:GetParameter\" on arn"), &[("type-mismatch", "\"ssm:GetParameter\"")]);
    expect(&with("grant [1] on arn"), &[("type-mismatch", "[1]")]);
    expect(&with("needs look of 5"), &[("type-mismatch", "5")]);
    expect(&with("append arn.Statement { A = 1 }"), &[("append-to-nothing", "arn.Statement")]);
    expect(&with("append self.other.Statement { A = 1 }"), &[("append-to-nothing", "self.other.Statement")]);
    template(&with("grant [\"ssm:GetParameter\"] on arn"));
}

#[test]
fn what_follows_from_an_edge_has_its_condition() {
    let program = format!(
        "stack a\nparam stage: \"dev\" | \"prod\" = \"dev\"\nif stage == \"prod\" {{\n  queue extra {{ visibility = 1m }}\n}}\nfunction f {{\n  {FUNCTION}  if stage == \"prod\" {{\n    on extra.messages(batch: 1)\n  }}\n}}\n"
    );
    template(&program);
}

#[test]
fn choices_within_a_compared_text() {
    let made = template(
        "stack a\nparam stage: \"dev\" | \"prod\" = \"dev\"\nparam tail: String = \"x\"\nqueue q { visibility = 60s if \"${\"a\" if stage == \"prod\" else \"b\"}-${tail}\" == \"a-x\" else 30s }\n",
    );
    let text = made["Conditions"].to_string();
    assert!(!text.contains("Fn::If") && text.contains("Fn::Equals") && !text.contains("\"\""), "{text}");
}

#[test]
fn numbers_at_their_ends() {
    for call in ["range(-9223372036854775807, 9223372036854775807)", "range(0, 1001)"] {
        expect(&format!("stack a\nlet r = {call}\noutput n = len(r)\n"), &[("wrong-arguments", call)]);
    }
    template("stack a\nqueue q { }\noutput n = len(range(9223372036854775807, -9223372036854775807))\n");
}

#[test]
fn actions_that_iam_does_not_have() {
    let role = |actions: &str| {
        format!(
            "stack a\nrole r {{\n  accounts = [\"123456789012\"]\n  statements = [{{ actions = [{actions}], resources = [\"*\"] }}]\n}}\n"
        )
    };
    for wrong in ["lambda:InvokeFunctions", "sqs:Recv*", "sqz:SendMessage", "s3:Get?xbject", "SendMessage", "sqs:"] {
        expect(&role(&format!("\"{wrong}\"")), &[("unknown-action", &format!("\"{wrong}\""))]);
    }
    for right in ["lambda:InvokeFunction", "LAMBDA:invokefunction", "sqs:Receive*", "s3:Get?bject", "*", "s3:*"] {
        template(&role(&format!("\"{right}\"")));
    }
    let user = format!("function f {{\n  {FUNCTION}  can look t\n}}\n");
    let kind = format!("stack a\n{KIND}  verb look {{ grant [\"ssm:GetParametr\"] on \"*\" }}\n}}\nthing t {{ }}\n{user}");
    expect(&kind, &[("unknown-action", "can look t")]);
    let raw = "stack a\nrole r {\n  accounts = [\"123456789012\"]\n  raw { Policies = [{ PolicyName = \"x\", PolicyDocument = { Version = \"2012-10-17\", Statement = [{ Effect = \"Deny\", Action = \"s3:DeleteObjects\", Resource = \"*\" }] } }] }\n}\n";
    expect(raw, &[("unknown-action", "\"s3:DeleteObjects\"")]);
}

#[test]
fn policies_of_raw_stay() {
    let deny = "[{ PolicyName = \"no\", PolicyDocument = { Version = \"2012-10-17\", Statement = [{ Effect = \"Deny\", Action = \"s3:*\", Resource = \"*\" }] } }]";
    let made = template(&format!(
        "stack a\nqueue q {{ }}\nrole r {{\n  services = [\"lambda.amazonaws.com\"]\n  raw {{ Policies = {deny} }}\n}}\nfunction f {{\n  {FUNCTION}  role = r\n  can send q\n}}\n"
    ));
    let text = made["Resources"]["R"]["Properties"].to_string();
    assert!(text.contains("Deny") && text.contains("sqs:SendMessage"), "{text}");
}
