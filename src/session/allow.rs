//! `@allow(rule, "reason", until: date)`: what it suppresses, and which of them are wrong, expired or of no use.

use crate::base::{Diagnostic, Name, Severity, Span};
use crate::model::{Attribute, Expr, Node, Value};
use crate::names::nearest;
use rustc_hash::FxHashMap;

/// An `@allow` and the text it is about.
#[derive(Clone, Debug)]
pub struct Allow {
    /// The rule.
    pub rule: Name,
    /// Where it stands.
    pub span: Span,
    /// What it is about.
    pub region: Span,
    /// Why.
    pub reason: Name,
    /// The last day on which it holds.
    pub until: Option<Name>,
    /// What ends a loop that it allows.
    pub ends: Option<Name>,
    /// Whether it suppressed anything.
    pub used: bool,
    /// How it is written.
    pub form: Form,
}

/// How a permit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `@allow` before a declaration.
    Attribute,
    /// `Metadata: Purlin: allow` in a template.
    Metadata,
}

impl Allow {
    /// What messages call it.
    fn name(&self) -> String {
        match self.form {
            Form::Attribute => "@allow".into(),
            Form::Metadata => "Purlin: allow".into(),
        }
    }
}

/// Reads every `@allow` of a file; those that are written wrongly are findings.
pub(super) fn collect(written: &[(Attribute, Span)], allows: &mut Vec<Allow>, out: &mut Vec<Diagnostic>) {
    written.iter().for_each(|(attribute, region)| read(attribute, *region, allows, out));
}

fn read(attribute: &Attribute, region: Span, allows: &mut Vec<Allow>, out: &mut Vec<Diagnostic>) {
    let positional: Vec<&Expr> = attribute.arguments.iter().filter(|a| a.name.is_none()).map(|a| &a.value).collect();
    let until = attribute.arguments.iter().find(|a| a.name.as_ref().is_some_and(|(n, _)| &**n == "until"));
    let rule = attribute.rule();
    let ends = attribute.arguments.iter().find(|a| a.name.as_ref().is_some_and(|(n, _)| &**n == "ends")).and_then(|a| literal(&a.value));
    let reason = positional.get(1).and_then(|e| literal(e)).filter(|r| !r.trim().is_empty());
    let day = until.map(|a| literal(&a.value));
    match (rule, reason, day) {
        (Some(rule), Some(reason), None) => allows.push(Allow {
            rule: rule.into(),
            span: attribute.span,
            region,
            reason,
            until: None,
            ends,
            used: false,
            form: Form::Attribute,
        }),
        (Some(rule), Some(reason), Some(Some(day))) => allows.push(Allow {
            rule: rule.into(),
            span: attribute.span,
            region,
            reason,
            until: Some(day),
            ends,
            used: false,
            form: Form::Attribute,
        }),
        (Some(_), None, _) => out.push(
            Diagnostic::error("allow-without-reason", attribute.span, "`@allow` needs a reason")
                .help("write `@allow(rule-name, \"why this is right here\")`"),
        ),
        _ => out.push(Diagnostic::error(
            "wrong-arguments",
            attribute.span,
            "`@allow` takes a rule's name, a reason and perhaps `until: 2027-03-01`",
        )),
    }
}

fn literal(expr: &Expr) -> Option<Name> {
    match &expr.node {
        Node::Literal(Value::Str(text) | Value::Date(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Takes out what is allowed, and gives it back with the reasons.
pub(super) fn suppress(findings: &mut Vec<Diagnostic>, allows: &mut [Allow], today: Option<&str>) -> Vec<(Diagnostic, Name)> {
    let mut suppressed = Vec::new();
    let mut by_rule: FxHashMap<Name, Vec<&mut Allow>> = FxHashMap::default();
    for allow in allows.iter_mut() {
        by_rule.entry(allow.rule.clone()).or_default().push(allow);
    }
    findings.retain(|finding| {
        let mut reason = None;
        let of_rule = by_rule.get_mut(&*finding.rule).filter(|_| finding.allowable);
        for allow in of_rule.into_iter().flatten().filter(|a| concerns(finding, a.region)) {
            allow.used = true;
            if !expired(allow, today) {
                reason.get_or_insert_with(|| allow.reason.clone());
            }
        }
        suppressed.extend(reason.iter().map(|reason| (finding.clone(), reason.clone())));
        reason.is_none()
    });
    suppressed
}

/// Whether an `@allow` holds no longer.
pub fn expired(allow: &Allow, today: Option<&str>) -> bool {
    matches!((&allow.until, today), (Some(until), Some(today)) if &**until < today)
}

/// What is wrong with the `@allow`s themselves: those that ended, and, if everything was looked at, those of no use.
///
/// `known` has the names of the project's rules.
pub(super) fn review(allows: &[Allow], today: Option<&str>, complete: bool, known: &[Name]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for allow in allows {
        if expired(allow, today) {
            let until = allow.until.as_deref().unwrap_or_default();
            let message = format!("this `{}` ended on {until}", allow.name());
            findings.push(
                Diagnostic::warning("expired-allow", allow.span, message)
                    .help("repair the finding, or set a later date and a current reason"),
            );
        } else if allow.used && needs_end(&allow.rule) && allow.ends.is_none() {
            findings.push(endless(allow));
        } else if !allow.used && (complete || unknown(allow, known)) {
            findings.push(unused(allow, known));
        }
    }
    findings
}

/// Whether there is no rule of this name. That is so whatever else was looked at, and most useful to know beside the
/// finding that was meant.
fn unknown(allow: &Allow, known: &[Name]) -> bool {
    !super::catalogue::rules().contains_key(&*allow.rule) && !known.contains(&allow.rule)
}

/// Whether a permit of this rule must say what ends the loop.
pub fn needs_end(rule: &str) -> bool {
    rule == "event-loop"
}

/// An allowed loop of which nobody says how it ends.
fn endless(allow: &Allow) -> Diagnostic {
    let (what, help) = match allow.form {
        Form::Attribute => ("@allow(event-loop)", "`@allow(event-loop, \"why\", ends: \"after three rounds, which the message counts\")`"),
        Form::Metadata => ("allow: event-loop", "`event-loop: {reason: why, ends: \"after three rounds, which the message counts\"}`"),
    };
    Diagnostic::warning("loop-without-end", allow.span, format!("`{what}` needs `ends:`")).help(format!("say it: {help}"))
}

/// An `@allow` that suppresses nothing, perhaps because there is no rule of its name.
fn unused(allow: &Allow, known: &[Name]) -> Diagnostic {
    if unknown(allow, known) {
        let rules = super::catalogue::rules();
        let names = rules.values().filter(|r| r.allowable).map(|r| r.name.as_str()).chain(known.iter().map(|n| &**n));
        let message = format!("there is no rule `{}`", allow.rule);
        let finding = Diagnostic::warning("unused-allow", allow.span, message);
        return match nearest(&allow.rule, names) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("`purlin rules` lists the rules"),
        };
    }
    if allow.form == Form::Metadata {
        let message = format!("unused `{}: {}`", allow.name(), allow.rule);
        return Diagnostic::new(Severity::Warning, "unused-allow", allow.span, message).help("remove it");
    }
    let message = format!("unused `@allow({})`", allow.rule);
    Diagnostic::new(Severity::Warning, "unused-allow", allow.span, message).help("remove it").fix("remove the `@allow`", allow.span, "")
}

fn concerns(finding: &Diagnostic, region: Span) -> bool {
    std::iter::once(&finding.primary).chain(&finding.related).any(|label| {
        let span = label.span;
        span.file == region.file && span.start >= region.start && span.end <= region.end
    })
}
