//! Conditions out of statements: IAM refuses a statement without a resource, so a condition of the template stands around
//! a statement and never within it. Knows nothing of roles.

use crate::model::{Cond, Deploy, Value};
use crate::types::both;

/// The resources of a statement under each condition: those that are always there together, each other one alone.
/// What is `none` is left out.
pub(super) fn resources(value: &Value, when: &Option<Cond>) -> Vec<(Option<Cond>, Vec<Value>)> {
    let mut groups: Vec<(Option<Cond>, Vec<Value>)> = Vec::new();
    for (cond, value) in alternatives(value, when) {
        let values = match &value {
            Value::List(values) => values.iter().flat_map(|v| alternatives(v, &cond)).collect(),
            _ => vec![(cond, value)],
        };
        for (cond, value) in values {
            if matches!(value, Value::None | Value::Missing) {
                continue;
            }
            match groups.iter_mut().find(|(known, _)| *known == cond) {
                Some((_, group)) => group.push(value),
                None => groups.push((cond, vec![value])),
            }
        }
    }
    groups
}

/// What a value is under each condition that it chooses by.
pub(super) fn alternatives(value: &Value, when: &Option<Cond>) -> Vec<(Option<Cond>, Value)> {
    if let Value::Deploy(deploy) = value
        && let Deploy::If(cond, then, otherwise) = &**deploy
    {
        let not = match cond {
            Cond::Not(inner) => (**inner).clone(),
            other => Cond::Not(other.clone().into()),
        };
        return [alternatives(then, &both(when, Some(cond.clone()))), alternatives(otherwise, &both(when, Some(not)))].concat();
    }
    vec![(when.clone(), value.clone())]
}
