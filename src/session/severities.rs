//! The severities that `purlin.toml` sets for rules. Knows nothing of what rules find.

use super::config::{Pair, suggested};
use super::modules::Modules;
use crate::base::{Diagnostic, Severity, Span};
use crate::model::Value;
use std::collections::BTreeMap;

const WORDS: &str = "a severity is \"off\", \"advice\", \"warning\" or \"error\"";

/// The severity of each rule that has another one here; none if it is off.
pub(super) struct Severities(BTreeMap<String, Option<Severity>>);

impl Severities {
    /// Reads what `purlin.toml` says.
    pub(super) fn of(written: &[Pair], modules: &Modules, out: &mut Vec<Diagnostic>) -> Severities {
        let mut severities = BTreeMap::new();
        if written.is_empty() {
            return Severities(severities);
        }
        let known = super::catalogue::rules();
        let own = super::rulebook::own(modules);
        let own: Vec<&str> = own.iter().map(|rule| &*rule.name).collect();
        for (rule, word) in written {
            let (name, at) = (&*rule.value, rule.span);
            if known.get(name).is_some_and(|r| !r.allowable) {
                let message = format!("`{name}` is a compiler error: its severity is fixed");
                out.push(Diagnostic::error("unknown-rule", at, message));
                continue;
            }
            if !known.contains_key(name) && !own.contains(&name) {
                let names = known.values().filter(|r| r.allowable).map(|r| r.name.as_str()).chain(own.iter().copied());
                let finding = Diagnostic::error("unknown-rule", at, format!("there is no rule `{name}`"));
                out.push(suggested(finding, name, names, "`purlin rules` lists them", at));
                continue;
            }
            let Value::Str(text) = &word.value else {
                out.push(Diagnostic::error("unknown-severity", word.span, WORDS));
                continue;
            };
            let severity = Severity::of(text);
            if severity.is_none() && &**text != "off" {
                let inner = Span { start: word.span.start + 1, end: word.span.end.saturating_sub(1), ..word.span };
                let finding = Diagnostic::error("unknown-severity", word.span, format!("there is no severity \"{text}\""));
                out.push(suggested(finding, text, ["off", "advice", "warning", "error"], WORDS, inner));
                continue;
            }
            severities.insert(name.to_string(), severity);
        }
        Severities(severities)
    }

    /// Gives findings these severities, and drops those whose rule is off.
    pub(super) fn regrade(&self, findings: &mut Vec<Diagnostic>) {
        findings.retain_mut(|finding| match self.0.get(&*finding.rule).filter(|_| finding.allowable) {
            Some(None) => false,
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
            None => true,
        });
    }
}
