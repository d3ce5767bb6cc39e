//! Statements of policies that IAM refuses: without what they must say, with values of another shape, or with characters
//! that IAM does not take. Knows nothing of how policies are made.
//!
//! source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>, read 2026-11-25

mod presence;
mod report;

use super::analysis::Stack;
use crate::base::{Diagnostic, FxIndexMap, Name};
use crate::emit::Template;
use crate::model::{Cond, Deploy, Value, can_hold};
use presence::{Presence, presence};

/// The last character that documents of IAM itself may have.
/// source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html>, read 2026-11-25
const LAST: char = '\u{FF}';

/// The findings on the statements of a template.
pub(super) fn policies(stack: &Stack, template: &Template) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    for resource in template.resources.values() {
        let mut look = Look { of_iam: resource.ty.starts_with("AWS::IAM::"), known: Vec::new(), faults: Vec::new() };
        look.known.extend(resource.condition.clone());
        resource.properties.values().for_each(|value| look.value(value));
        for fault in look.faults {
            let found = report::finding(stack, template, resource, &fault);
            // Statements that share a line share what is wrong with it.
            if !out.iter().any(|other| other.primary.span == found.primary.span && other.message == found.message) {
                out.push(found);
            }
        }
    }
    out
}

/// Something that IAM refuses in a statement.
struct Fault {
    statement: FxIndexMap<Name, Value>,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// None of some keys is there; or only if a condition holds.
    Missing(&'static [&'static str], Option<Cond>),
    /// Two keys that exclude each other.
    Both(&'static [&'static str]),
    /// A value that is no record, or another text than `*`.
    Shape(&'static str, &'static str),
    /// A character that IAM does not take.
    Character(char),
}

const ACTION: &[&str] = &["Action", "NotAction"];
const RESOURCE: &[&str] = &["Resource", "NotResource"];
const PRINCIPAL: &[&str] = &["Principal", "NotPrincipal"];

/// Looks for statements in the values of a resource.
struct Look {
    of_iam: bool,
    /// What holds where we look.
    known: Vec<Cond>,
    faults: Vec<Fault>,
}

impl Look {
    fn value(&mut self, value: &Value) {
        match value {
            Value::List(values) => values.iter().for_each(|v| self.value(v)),
            Value::Record(fields) if fields.contains_key("Effect") => self.statement(fields),
            Value::Record(fields) => fields.values().for_each(|v| self.value(v)),
            Value::Deploy(deploy) => match &**deploy {
                Deploy::If(condition, then, otherwise) => {
                    for (holds, value) in [(condition.clone(), then), (Cond::Not(condition.clone().into()), otherwise)] {
                        self.known.push(holds);
                        self.value(value);
                        self.known.pop();
                    }
                }
                Deploy::Call(_, argument) => self.value(argument),
                _ => {}
            },
            _ => {}
        }
    }

    fn statement(&mut self, fields: &FxIndexMap<Name, Value>) {
        // A trust policy says who may take the role, and the role is what it is about.
        let is_trust = self.of_iam && PRINCIPAL.iter().any(|key| fields.contains_key(*key));
        let mut kinds: Vec<Kind> = Vec::new();
        for keys in [ACTION, RESOURCE, PRINCIPAL] {
            if !(is_trust && keys == RESOURCE || keys == PRINCIPAL) {
                kinds.extend(self.missing(fields, keys));
            }
            let certain = |key: &&&str| matches!(presence(fields.get(**key)), Presence::Always);
            if keys.iter().filter(certain).count() > 1 {
                kinds.push(Kind::Both(keys));
            }
        }
        if fields.get("Condition").is_some_and(|value| !record_or_nothing(value)) {
            kinds.push(Kind::Shape("Condition", "a record of operators, as `{ StringEquals { \"aws:SourceAccount\" = aws.account } }`"));
        }
        for key in PRINCIPAL {
            if fields.get(*key).and_then(Value::as_str).is_some_and(|text| text != "*") {
                kinds.push(Kind::Shape(key, "\"*\" or a record, as `{ Service = \"events.amazonaws.com\" }`"));
            }
        }
        if self.of_iam {
            kinds.extend(fields.values().find_map(foreign).map(Kind::Character));
        }
        self.faults.extend(kinds.into_iter().map(|kind| Fault { statement: fields.clone(), kind }));
    }

    /// Whether there is a choice of parameters with which none of some keys is there.
    fn missing(&self, fields: &FxIndexMap<Name, Value>, keys: &'static [&'static str]) -> Option<Kind> {
        let mut there = Vec::new();
        for key in keys {
            match presence(fields.get(*key)) {
                Presence::Always => return None,
                Presence::When(condition) => there.push(condition),
                Presence::Never => {}
            }
        }
        let absent: Vec<Cond> = there.iter().map(|condition| Cond::Not(condition.clone().into())).collect();
        can_hold(&self.known.iter().chain(&absent).collect::<Vec<_>>()).then(|| Kind::Missing(keys, there.pop()))
    }
}

/// Whether a value can be the operators of a condition. What is known at deployment only can.
fn record_or_nothing(value: &Value) -> bool {
    match value {
        Value::Record(_) | Value::None | Value::Missing => true,
        Value::Deploy(deploy) => match &**deploy {
            Deploy::If(_, then, otherwise) => record_or_nothing(then) && record_or_nothing(otherwise),
            _ => true,
        },
        _ => false,
    }
}

/// The first character of a value that documents of IAM cannot have.
fn foreign(value: &Value) -> Option<char> {
    match value {
        Value::List(values) => values.iter().find_map(foreign),
        Value::Record(fields) => fields.iter().find_map(|(key, value)| key.chars().find(|c| *c > LAST).or_else(|| foreign(value))),
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Text(parts) => parts.iter().find_map(foreign),
            Deploy::If(_, then, otherwise) => foreign(then).or_else(|| foreign(otherwise)),
            Deploy::Call(_, argument) => foreign(argument),
            _ => None,
        },
        other => other.as_str()?.chars().find(|c| *c > LAST),
    }
}
