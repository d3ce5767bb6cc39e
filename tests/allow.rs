//! `@allow` names every rule without quotes, wherever an attribute may be written.
#![allow(clippy::unwrap_used, clippy::panic)]

mod one;

use one::analysed;
use purlin::base::FileId;

/// A program with an `@allow` in each place that takes one.
fn program(rule: &str) -> String {
    let allow = format!("@allow({rule}, \"as agreed\")");
    format!(
        "stack a\n\n{allow}\nqueue jobs {{\n  {allow}\n  retention = 4d\n}}\n\nfunction work {{\n  runtime = \"python3.13\"\n  \
         handler = \"work.handler\"\n  code    = \"build/work.zip\"\n\n  {allow}\n  on  jobs.messages(batch: 1)\n  {allow}\n  can send jobs\n}}\n"
    )
}

fn allowed(text: &str) -> Vec<String> {
    let parsed = purlin::syntax::parse(FileId(0), text.into());
    assert!(parsed.diagnostics.is_empty(), "{text}\n{:?}", parsed.diagnostics);
    let mut findings = Vec::new();
    let module = purlin::names::collect(&parsed.tree, &mut findings);
    assert!(findings.is_empty(), "{text}\n{findings:?}");
    module.allows.iter().map(|(attribute, _)| attribute.rule().unwrap_or_else(|| panic!("no rule is read\n{text}"))).collect()
}

#[test]
fn every_rule_is_named_with_and_without_quotes() {
    let rules = purlin::session::rules();
    assert!(rules.len() > 150);
    for rule in rules.values().filter(|rule| rule.allowable).map(|rule| &rule.name) {
        let (plain, quoted) = (program(rule), program(&format!("\"{rule}\"")));
        assert_eq!(allowed(&plain), vec![rule.clone(); 4], "{plain}");
        assert_eq!(allowed(&quoted), vec![rule.clone(); 4], "{quoted}");
        // The canonical format keeps the name in one piece.
        let laid_out = purlin::fmt::format(&purlin::syntax::parse(FileId(0), plain.as_str().into()).tree);
        assert!(laid_out.contains(&format!("@allow({rule}, ")), "{laid_out}");
    }
}

/// An `@allow` at a declaration is about every loop through it, and each of them is listed with the reason; one at a line is
/// about the loops through that line.
#[test]
fn each_loop_that_is_allowed_is_listed() {
    let program = |of_work: &str, of_send: &str| {
        let function = |name: &str, head: &str, body: &str| {
            format!(
                "{head}function {name} {{\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  timeout = 9s\n{body}}}\n\n"
            )
        };
        let work = function("work", of_work, &format!("  on jobs.messages(batch: 1)\n{of_send}  can send jobs\n  can publish news\n"));
        let hear = function("hear", "", "  on news.published()\n  can send jobs\n");
        format!("stack a\n\nqueue jobs {{ visibility = 1m }}\n\ntopic news {{ }}\n\n{work}{hear}")
    };
    let loops = |text: &str| {
        let analysis = analysed(text);
        let allowed = analysis.suppressed.iter().filter(|(finding, _)| &*finding.rule == "event-loop").count();
        (analysis.findings.iter().filter(|finding| &*finding.rule == "event-loop").count(), allowed)
    };
    let allow = "@allow(event-loop, \"each message is smaller\", ends: \"at zero\")\n";
    assert_eq!(loops(&program("", "")), (2, 0));
    assert_eq!(loops(&program(allow, "")), (0, 2));
    assert_eq!(loops(&program("", allow)), (1, 1));
}
