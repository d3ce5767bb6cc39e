//! Statements to a policy document: merged, so that none says what another says. Knows nothing of where they come from.

use super::resource::Statement;
use crate::base::{FxIndexMap, Name};
use crate::model::{Deploy, Value};

/// Merges statements: first those on the same resources, then those with the same actions.
pub(super) fn merge(statements: Vec<Statement>) -> Vec<Statement> {
    let by_resources = fold(
        statements,
        |a, b| a.resources == b.resources,
        |into, from| {
            from.actions.into_iter().for_each(|x| {
                if !into.actions.contains(&x) {
                    into.actions.push(x)
                }
            });
        },
    );
    fold(
        by_resources,
        |a, b| a.actions == b.actions,
        |into, from| {
            from.resources.into_iter().for_each(|x| {
                if !into.resources.contains(&x) {
                    into.resources.push(x)
                }
            });
        },
    )
}

fn fold(statements: Vec<Statement>, same: fn(&Statement, &Statement) -> bool, join: fn(&mut Statement, Statement)) -> Vec<Statement> {
    let mut merged: Vec<Statement> = Vec::new();
    for mut statement in statements {
        match merged.iter_mut().find(|m| m.condition == statement.condition && m.when == statement.when && same(m, &statement)) {
            Some(into) => {
                let spans = std::mem::take(&mut statement.spans);
                join(into, statement);
                into.spans.extend(spans);
            }
            None => merged.push(statement),
        }
    }
    merged
}

/// An element of the `Policies` of a role.
pub(super) fn policy(statements: &[Statement]) -> Value {
    record([("PolicyName", Value::text("derived")), ("PolicyDocument", document(statements))])
}

/// A policy document.
pub(super) fn document(statements: &[Statement]) -> Value {
    let document = |statement: &Statement| {
        let mut fields: FxIndexMap<Name, Value> = FxIndexMap::default();
        fields.insert("Effect".into(), Value::text("Allow"));
        fields.insert("Action".into(), one_or_many(statement.actions.iter().map(|a| Value::Str(a.clone())).collect()));
        fields.insert("Resource".into(), one_or_many(statement.resources.clone()));
        if let Some(condition) = &statement.condition {
            fields.insert("Condition".into(), condition.clone());
        }
        let value = Value::record(fields);
        match &statement.when {
            Some(cond) => Value::deploy(Deploy::If(cond.clone(), value, Value::None)),
            None => value,
        }
    };
    let statements = Value::list(statements.iter().map(document).collect());
    record([("Version", Value::text("2012-10-17")), ("Statement", statements)])
}

fn record(fields: [(&str, Value); 2]) -> Value {
    Value::record(fields.into_iter().map(|(k, v)| (Name::from(k), v)).collect())
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    match values.len() {
        1 => values.pop().unwrap_or(Value::None),
        _ => Value::list(values),
    }
}
