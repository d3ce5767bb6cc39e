//! Conditions by name: each is written once, however often it is used. Knows nothing of what they guard.

use super::json::Writer;
use crate::model::{Cond, Deploy, Value};
use crate::types::camel;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};

/// The conditions of a template, by name.
#[derive(Default)]
pub(super) struct Conditions {
    pub named: Map<String, Json>,
    /// The same by what they say.
    names: FxHashMap<String, String>,
}

impl Conditions {
    /// The name of a condition; it is added if it is new.
    pub fn name(&mut self, writer: &Writer<'_>, cond: &Cond) -> String {
        let body = self.body(writer, cond);
        if let Some(inner) = body.get("Condition").and_then(Json::as_str) {
            return inner.to_string();
        }
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

    fn body(&mut self, writer: &Writer<'_>, cond: &Cond) -> Json {
        let all = |conds: &[Cond], this: &mut Self, name: &str| {
            let parts: Vec<Json> = conds.iter().map(|c| json!({ "Condition": this.name(writer, c) })).collect();
            match parts.len() {
                1 => parts.into_iter().next().unwrap_or(Json::Null),
                _ => json!({ name: parts }),
            }
        };
        match cond {
            Cond::Equals(a, b) => json!({ "Fn::Equals": [writer.plain(a), writer.plain(b)] }),
            Cond::Not(inner) => json!({ "Fn::Not": [{ "Condition": self.name(writer, inner) }] }),
            Cond::And(conds) => all(conds, self, "Fn::And"),
            Cond::Or(conds) => all(conds, self, "Fn::Or"),
        }
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
