//! Policies of which every statement has a condition: AWS refuses a policy without a statement, so that the policy has
//! a condition too. Knows nothing of what the statements allow.
//!
//! source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html

use super::collect::Collected;
use super::references::ids;
use crate::base::{FxIndexMap, Name};
use crate::model::{Cond, Deploy, Value};
use crate::types::both;
use rustc_hash::FxHashSet;

/// Gives each policy that may be empty the condition under which it is not.
pub(super) fn settle(collected: &mut Collected) {
    let mut found = Vec::new();
    collected.resources.values().flat_map(|r| r.properties.values()).for_each(|value| ids(value, &mut found));
    let referred: FxHashSet<Name> = found.into_iter().collect();
    for (id, resource) in &mut collected.resources {
        if let Some(Value::List(policies)) = resource.properties.get("Policies") {
            let policies = policies.iter().map(|policy| match policy.as_record().and_then(filled) {
                Some(cond) => Value::deploy(Deploy::If(cond, policy.clone(), Value::None)),
                None => policy.clone(),
            });
            let policies = Value::list(policies.collect());
            resource.properties.insert("Policies".into(), policies);
        }
        // What refers to a resource would have to be conditional as well.
        if !referred.contains(id)
            && let Some(cond) = filled(&resource.properties)
        {
            resource.condition = both(&resource.condition, Some(cond));
        }
    }
}

/// When a policy has a statement; none if that is always so.
fn filled(fields: &FxIndexMap<Name, Value>) -> Option<Cond> {
    let statements = fields.get("PolicyDocument")?.as_record()?.get("Statement")?.as_list()?;
    let mut conditions: Vec<Cond> = Vec::new();
    for statement in statements {
        let cond = when(statement)?;
        if !conditions.contains(&cond) {
            conditions.push(cond);
        }
    }
    match conditions.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(Cond::Or(conditions)),
    }
}

/// The condition under which a statement is there.
fn when(statement: &Value) -> Option<Cond> {
    let Value::Deploy(deploy) = statement else { return None };
    match &**deploy {
        Deploy::If(cond, _, Value::None) => Some(cond.clone()),
        Deploy::If(cond, Value::None, _) => Some(Cond::Not(cond.clone().into())),
        _ => None,
    }
}
