//! Which resources must exist before which others, as CloudFormation sees it. Knows nothing of what they are.

use super::collect::Collected;
use crate::base::Name;
use crate::model::{Cond, Deploy, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// The references between resources, by logical id.
#[derive(Default)]
pub(super) struct References {
    to: FxHashMap<Name, Vec<Name>>,
}

impl References {
    /// The references of all resources, without those in one property.
    pub fn without(collected: &Collected, property: &str) -> References {
        let mut references = References::default();
        for (id, resource) in &collected.resources {
            let mut found = resource.after.clone();
            for (_, value) in resource.properties.iter().filter(|(name, _)| &***name != property) {
                ids(value, &mut found);
            }
            references.add(id, found);
        }
        references
    }

    /// Adds references of a resource.
    pub fn add(&mut self, from: &Name, to: Vec<Name>) {
        self.to.entry(from.clone()).or_default().extend(to);
    }

    /// What must exist before a resource, itself included.
    pub fn from(&self, start: &Name) -> FxHashSet<Name> {
        let mut seen: FxHashSet<Name> = [start.clone()].into_iter().collect();
        let mut waiting = vec![start];
        while let Some(at) = waiting.pop() {
            for next in self.to.get(at).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    waiting.push(next);
                }
            }
        }
        seen
    }
}

/// The logical ids that a value refers to.
pub fn ids(value: &Value, out: &mut Vec<Name>) {
    match value {
        Value::Resource(id) => out.push(id.clone()),
        Value::List(values) => values.iter().for_each(|v| ids(v, out)),
        Value::Record(fields) => fields.values().for_each(|v| ids(v, out)),
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Attr(id, _) => out.push(id.clone()),
            Deploy::Text(parts) => parts.iter().for_each(|v| ids(v, out)),
            Deploy::If(cond, a, b) => {
                of_condition(cond, out);
                ids(a, out);
                ids(b, out);
            }
            Deploy::Call(_, argument) => ids(argument, out),
            Deploy::Param(..) | Deploy::Pseudo(_) | Deploy::StackPart | Deploy::Bool(_) => {}
        },
        _ => {}
    }
}

fn of_condition(cond: &Cond, out: &mut Vec<Name>) {
    match cond {
        Cond::Equals(a, b) => {
            ids(a, out);
            ids(b, out);
        }
        Cond::Not(inner) => of_condition(inner, out),
        Cond::And(all) | Cond::Or(all) => all.iter().for_each(|c| of_condition(c, out)),
    }
}
