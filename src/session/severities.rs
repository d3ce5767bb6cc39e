//! The severities that `purlin.toml` sets for rules. Knows nothing of what rules find.

use super::modules::Modules;
use crate::base::{Diagnostic, Severity};
use crate::names::nearest;
use std::collections::BTreeMap;

/// The severity of each rule that has another one here; none if it is off.
pub(super) struct Severities(BTreeMap<String, Option<Severity>>);

impl Severities {
    /// Reads what `purlin.toml` says.
    pub(super) fn of(written: &BTreeMap<String, String>, modules: &Modules) -> Result<Severities, String> {
        if written.is_empty() {
            return Ok(Severities(BTreeMap::new()));
        }
        let known = super::catalogue::rules();
        let own = super::rulebook::own(modules);
        let own: Vec<&str> = own.iter().map(|rule| &*rule.name).collect();
        let mut severities = BTreeMap::new();
        for (rule, word) in written {
            if known.get(rule).is_some_and(|r| !r.allowable) {
                return Err(format!("purlin.toml: `{rule}` is a compiler error: its severity is fixed"));
            }
            if !known.contains_key(rule) && !own.contains(&rule.as_str()) {
                let names = known.values().filter(|r| r.allowable).map(|r| r.name.as_str()).chain(own.iter().copied());
                let near = nearest(rule, names).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                return Err(format!("purlin.toml: there is no rule `{rule}`{near}"));
            }
            let severity = Severity::of(word);
            if severity.is_none() && word != "off" {
                return Err(format!("purlin.toml: `{rule}` cannot be \"{word}\": it is \"off\", \"advice\", \"warning\" or \"error\""));
            }
            severities.insert(rule.clone(), severity);
        }
        Ok(Severities(severities))
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
