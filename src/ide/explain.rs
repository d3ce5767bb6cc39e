//! A rule in Markdown: what it looks for, why, what to do, and a program that it flags beside one that it does not.

use crate::session::RuleInfo;
use std::fmt::Write as _;

/// A rule in Markdown.
pub fn explained(rule: &RuleInfo) -> String {
    let mut out = format!("# {}\n\n{}, of {}\n\n{}\n", rule.name, rule.severity.word(), rule.of, rule.about);
    if let Some(help) = &rule.help {
        let _ = write!(out, "\n**What to do:** {help}\n");
    }
    if let Some(source) = &rule.source {
        let _ = write!(out, "\n[Source]({source})\n");
    }
    if let Some((bad, good)) = &rule.cases {
        let _ = write!(out, "\n## Flagged\n\n```purlin\n{bad}\n```\n\n## Not flagged\n\n```purlin\n{good}\n```\n");
    }
    if rule.allowable {
        let _ = write!(out, "\nWhere it is right all the same: `@allow({}, \"why\")`\n", rule.name);
    }
    if let Some(permit) = rule.permit() {
        let _ = write!(out, "\nIn a template, under a resource that takes part:\n\n```yaml\n{permit}\n```\n");
    }
    out
}
