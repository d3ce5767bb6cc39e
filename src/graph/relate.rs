//! The edges as relations that expressions ask about. Knows nothing of rules.

use super::edge::{Edge, EdgeKind};
use crate::model::{InstanceId, Value};
use crate::types::{Env, Link, Relations, World, attribute};
use rustc_hash::FxHashSet;

/// The relations of a stack.
pub(super) fn relations(world: &World, edges: &[Edge]) -> Relations {
    let links = edges.iter().filter(|edge| !edge.internal(world)).map(|edge| Link {
        name: edge.name.clone(),
        actor: edge.actor,
        subject: edge.subject,
        mode: if let EdgeKind::Trigger(mode) = edge.kind { Some(mode) } else { None },
        derived: edge.derived,
        arguments: Value::record(edge.arguments.clone()),
        span: edge.span,
    });
    Relations::new(links.collect(), leads(world), named(world))
}

/// What the properties of others name.
fn named(world: &World) -> FxHashSet<InstanceId> {
    let mut out = FxHashSet::default();
    for instance in &world.instances {
        let Some(info) = instance.kind() else { continue };
        for name in info.kind.properties.keys().filter(|name| crate::types::written(&instance.decl, name).is_some()) {
            references(&Env::kind(world, instance.id).property(instance.id, name), instance.id, &mut out);
        }
    }
    out
}

fn references(value: &Value, of: InstanceId, out: &mut FxHashSet<InstanceId>) {
    match value {
        Value::Ref(id) if *id != of => drop(out.insert(*id)),
        Value::List(values) => values.iter().for_each(|v| references(v, of, out)),
        Value::Record(fields) => fields.values().for_each(|v| references(v, of, out)),
        _ => {}
    }
}

/// Where properties pass on: dead letters to their queue, a proxy to its database.
fn leads(world: &World) -> Vec<(InstanceId, InstanceId)> {
    let mut leads = Vec::new();
    for instance in world.instances.iter().filter(|i| !i.decl.existing) {
        let Some(info) = instance.kind() else { continue };
        for property in info.kind.properties.values() {
            let passes = ["delivers", "leads"].iter().any(|name| attribute(&property.attributes, name).is_some());
            if !passes {
                continue;
            }
            if let Value::Ref(to) = Env::kind(world, instance.id).property(instance.id, &property.name) {
                leads.push((instance.id, to));
            }
        }
    }
    leads
}
