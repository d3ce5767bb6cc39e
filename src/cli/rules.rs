//! `purlin rules` and `purlin explain`

use super::CLEAN;
use super::args::{Explain, Input, Rules};
use super::disk;
use crate::names::nearest;
use crate::session::{RuleInfo, rules, rules_of};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Lists every rule.
pub(super) fn list(arguments: &Rules) -> Result<u8, String> {
    let rules = known(&arguments.input);
    let shown = rules.values().filter(|r| r.allowable || arguments.all);
    let width = rules.keys().map(String::len).max().unwrap_or_default();
    let mut out = String::new();
    for rule in shown {
        let _ = writeln!(out, "{:width$}  {:7}  {}", rule.name, rule.severity.word(), rule.about);
    }
    super::say(out.trim_end())?;
    Ok(CLEAN)
}

/// Explains one.
pub(super) fn explain(arguments: &Explain) -> Result<u8, String> {
    let mut rules = rules();
    if !rules.contains_key(&arguments.rule) {
        rules = known(&arguments.input);
    }
    let Some(rule) = rules.get(&arguments.rule) else {
        let near = nearest(&arguments.rule, rules.keys().map(String::as_str));
        let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        return Err(format!("there is no rule `{}`{near}", arguments.rule));
    };
    super::say(explained(rule).trim_end())?;
    Ok(CLEAN)
}

/// The built-in rules, and those of the project if there is one here: they are of use where there is none.
fn known(input: &Input) -> BTreeMap<String, RuleInfo> {
    let own = disk::analyses(input).unwrap_or_default();
    let mut all = rules();
    own.iter().for_each(|analysis| all.extend(rules_of(analysis)));
    all
}

/// A rule in words.
pub(super) fn explained(rule: &RuleInfo) -> String {
    let mut out = format!("{} ({}, of {})\n\n{}\n", rule.name, rule.severity.word(), rule.of, rule.about);
    if let Some(help) = &rule.help {
        let _ = write!(out, "\nWhat to do: {help}\n");
    }
    if let Some(source) = &rule.source {
        let _ = write!(out, "\nSource: {source}\n");
    }
    if let Some((bad, good)) = &rule.cases {
        let _ = write!(out, "\nFlagged:\n\n{}\n\nNot flagged:\n\n{}\n", indented(bad), indented(good));
    }
    if rule.allowable {
        let _ = write!(out, "\nWhere it is right all the same: @allow({}, \"why\")\n", rule.name);
    }
    if let Some(permit) = rule.permit() {
        let _ = write!(out, "\nIn a template, under a resource that takes part:\n\n{}\n", indented(&permit));
    }
    out
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") }).collect::<Vec<_>>().join("\n")
}
