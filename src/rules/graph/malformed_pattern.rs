//! Patterns that a service refuses, and those that nothing matches. Which argument is a pattern, and in which language,
//! is said where the event or the verb is declared. Knows no service.

use super::{About, Rule};
use crate::base::{Diagnostic, Severity};
use crate::graph::{Graph, faults};

const SOURCE: &str = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html";

pub(super) const RULE: Rule = Rule {
    finds: &[
        About {
            name: "malformed-pattern",
            severity: Severity::Error,
            about: "A pattern that its service refuses: an operator that it does not have, a value that is not in a list, an empty list, nesting or more values than it takes. The services share a language and differ in its parts: event source mappings have no `wildcard`, filter policies over attributes have no nested fields.",
            help: "Write a list of what each field may be: `state = [\"done\", { prefix = \"fail\" }]`.",
            source: SOURCE,
        },
        About {
            name: "pattern-matches-nothing",
            severity: Severity::Warning,
            about: "A pattern that no message can match: two of its conditions exclude each other.",
            help: "Remove one of the conditions, or join them with `$or`.",
            source: SOURCE,
        },
    ],
    find: |graph: &Graph| faults(graph).into_iter().map(finding).collect(),
};

fn finding(fault: crate::graph::Fault) -> Diagnostic {
    let (severity, rule) =
        if fault.accepted { (Severity::Warning, "pattern-matches-nothing") } else { (Severity::Error, "malformed-pattern") };
    let mut finding = Diagnostic::new(severity, rule, fault.span, fault.message).note(format!("source: {}", fault.source));
    finding.allowable = fault.accepted;
    match fault.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}
