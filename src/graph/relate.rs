//! The edges as relations that expressions ask about. Knows nothing of rules.

use super::edge::{Edge, EdgeKind};
use crate::base::FxIndexMap;
use crate::model::{Body, Deploy, Entry, InstanceId, Value};
use crate::types::{Env, Link, Made, Relations, World, attribute};
use rustc_hash::{FxHashMap, FxHashSet};

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
    let logical: FxHashMap<&str, InstanceId> = world.instances.iter().map(|i| (&*i.logical, i.id)).collect();
    for instance in &world.instances {
        let frame = Env::frame(world, instance.frame);
        if let Some(info) = instance.kind() {
            for name in info.kind.properties.keys().filter(|name| crate::types::written(&instance.decl, name).is_some()) {
                references(&Env::kind(world, instance.id).property(instance.id, name), instance.id, &logical, &mut out);
            }
            if let Some(raw) = crate::types::written(&instance.decl, "raw") {
                references(&frame.eval(raw), instance.id, &logical, &mut out);
            }
        }
        if matches!(instance.made, Made::Resource(_)) {
            let entries: Vec<Entry> =
                instance.decl.body.iter().filter_map(|part| if let Body::Entry(e, _) = part { Some(e.clone()) } else { None }).collect();
            let mut fields = FxIndexMap::default();
            frame.entries(&entries, &mut fields);
            fields.values().for_each(|value| references(value, instance.id, &logical, &mut out));
        }
    }
    out
}

fn references(value: &Value, of: InstanceId, logical: &FxHashMap<&str, InstanceId>, out: &mut FxHashSet<InstanceId>) {
    let mut named = |name: &str| out.extend(logical.get(name).filter(|id| **id != of));
    match value {
        Value::Resource(name) => named(name),
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Attr(name, _) => named(name),
            Deploy::Text(parts) => parts.iter().for_each(|v| references(v, of, logical, out)),
            Deploy::If(_, a, b) => [a, b].into_iter().for_each(|v| references(v, of, logical, out)),
            Deploy::Call(_, argument) => references(argument, of, logical, out),
            Deploy::Param(..) | Deploy::Pseudo(_) | Deploy::StackPart | Deploy::Bool(_) => {}
        },
        Value::Ref(id) if *id != of => drop(out.insert(*id)),
        Value::List(values) => values.iter().for_each(|v| references(v, of, logical, out)),
        Value::Record(fields) => fields.values().for_each(|v| references(v, of, logical, out)),
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
