//! Conditions by name: each is written once, however often it is used. Knows nothing of what they guard.

use super::json::Writer;
use crate::model::{Cond, Deploy, Value};
use crate::types::camel;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};

/// The most conditions that `Fn::And` and `Fn::Or` take.
const MOST: usize = 10;

/// The conditions of a template, by name.
#[derive(Default)]
pub(super) struct Conditions {
    pub named: Map<String, Json>,
    /// The same by what they say.
    names: FxHashMap<String, String>,
}

impl Writer<'_> {
    /// The name of a condition; it is added if it is new. The conditions are not borrowed while a body is written: what
    /// is compared may hold conditions itself.
    pub fn condition(&self, cond: &Cond) -> String {
        // Nested as deep as the expression that it was.
        let body = stacker::maybe_grow(256 << 10, 4 << 20, || self.condition_body(cond));
        if let Some(inner) = body.get("Condition").and_then(Json::as_str) {
            return inner.to_string();
        }
        self.conditions.borrow_mut().keep(cond, body)
    }

    fn condition_body(&self, cond: &Cond) -> Json {
        let all = |conds: &[Cond], name: &str| {
            let parts: Vec<Json> = conds.iter().map(|c| json!({ "Condition": self.condition(c) })).collect();
            match parts.len() {
                1 => parts.into_iter().next().unwrap_or(Json::Null),
                _ => json!({ name: parts }),
            }
        };
        match cond {
            Cond::Equals(a, b) => json!({ "Fn::Equals": [self.plain(a), self.plain(b)] }),
            Cond::Not(inner) => json!({ "Fn::Not": [{ "Condition": self.condition(inner) }] }),
            // source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
            Cond::And(conds) if conds.len() > MOST => {
                self.condition_body(&Cond::And(conds.chunks(MOST).map(|c| Cond::And(c.into())).collect()))
            }
            Cond::Or(conds) if conds.len() > MOST => {
                self.condition_body(&Cond::Or(conds.chunks(MOST).map(|c| Cond::Or(c.into())).collect()))
            }
            Cond::And(conds) => all(conds, "Fn::And"),
            Cond::Or(conds) => all(conds, "Fn::Or"),
        }
    }
}

impl Conditions {
    /// The name of a condition by its body.
    fn keep(&mut self, cond: &Cond, body: Json) -> String {
        let said = body.to_string();
        if let Some(name) = self.names.get(&said) {
            return name.clone();
        }
        let mut name = plain_name(cond).unwrap_or_else(|| {
            let hash = blake3::hash(said.as_bytes()).to_hex();
            format!("When{}", hash.as_str().chars().take(8).collect::<String>())
        });
        while self.named.contains_key(&name) {
            name.push('2');
        }
        self.names.insert(said, name.clone());
        self.named.insert(name.clone(), body);
        name
    }
}

/// `StageIsProd`, `NotStageIsProd`: names for the plain cases.
fn plain_name(cond: &Cond) -> Option<String> {
    match cond {
        Cond::Equals(Value::Deploy(deploy), other) | Cond::Equals(other, Value::Deploy(deploy)) => match (&**deploy, other.as_str()) {
            (Deploy::Param(name, _), Some(text)) if !camel(text).is_empty() => Some(format!("{name}Is{}", camel(text))),
            _ => None,
        },
        Cond::Not(inner) => plain_name(inner).map(|name| format!("Not{name}")),
        _ => None,
    }
}
