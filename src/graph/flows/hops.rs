//! The flows that properties make: dead letters, logs, destinations, and what AWS itself sends to the default bus.

use super::edges::present;
use super::{Flows, TOUCHED, read};
use crate::base::Name;
use crate::flow::filter::{Filter, Holds};
use crate::flow::{Flow, Port};
use crate::graph::edge::Graph;
use crate::model::{Attribute, InstanceId, Node, Property, Value};
use crate::types::{Env, World, both, place};

/// Adds the flows of every property.
pub(super) fn properties(flows: &mut Flows<'_>, graph: &Graph) {
    let world = &graph.world;
    for instance in &world.instances {
        let Some(info) = instance.kind() else { continue };
        for property in info.kind.properties.values().filter(|p| !p.attributes.is_empty()) {
            let env = Env::kind(world, instance.id).lenient();
            for attribute in property.attributes.iter().filter(|a| read::is_there(a, &env)) {
                let targets = match &*attribute.name {
                    "delivers" => named(world, instance.id, property, attribute),
                    "feeds" => fed(flows, attribute),
                    "watches" => {
                        watches(flows, world, instance.id, property);
                        continue;
                    }
                    _ => continue,
                };
                for (to, port) in targets {
                    add(flows, world, (instance.id, property), (to, port), attribute);
                }
            }
        }
    }
}

/// The port of a declaration that the first fitting of some names is: one of its events, or `self`.
pub(super) fn port(world: &World, id: InstanceId, names: impl Iterator<Item = Name>) -> Option<Port> {
    let info = world.instance(id)?.kind()?;
    for name in names {
        match &*name {
            "self" => return Some(Port::Acts(id)),
            TOUCHED => return Some(Port::Event(id, name)),
            _ if info.kind.events.iter().any(|e| e.name == name) => return Some(Port::Event(id, name)),
            _ => {}
        }
    }
    None
}

/// Where a hop begins: `from` of an attribute.
pub(super) fn source(attribute: &Attribute) -> Option<Name> {
    match &read::argument(attribute, "from")?.node {
        Node::Name(name) | Node::Literal(Value::Str(name)) => Some(name.clone()),
        _ => None,
    }
}

/// The declarations that a property names, with the event that each has.
fn named(world: &World, id: InstanceId, property: &Property, attribute: &Attribute) -> Vec<(InstanceId, Port)> {
    let mut found = Vec::new();
    references(&Env::kind(world, id).property(id, &property.name), &mut found);
    found.into_iter().filter_map(|to| Some((to, port(world, to, read::names(attribute))?))).collect()
}

pub(super) fn references(value: &Value, out: &mut Vec<InstanceId>) {
    match value {
        Value::Ref(id) if !out.contains(id) => out.push(*id),
        Value::List(values) => values.iter().for_each(|v| references(v, out)),
        Value::Record(fields) => fields.values().for_each(|v| references(v, out)),
        _ => {}
    }
}

/// The declarations of a kind that are known by a text: `@feeds(kind, "text", event)`.
fn fed(flows: &Flows<'_>, attribute: &Attribute) -> Vec<(InstanceId, Port)> {
    let mut names = read::names(attribute);
    let (Some(kind), Some(text), Some(event)) = (names.next(), names.next(), names.next()) else { return Vec::new() };
    flows.identities.known(&kind, &text).iter().map(|to| (*to, Port::Event(*to, event.clone()))).collect()
}

fn add(
    flows: &mut Flows<'_>,
    world: &World,
    (id, property): (InstanceId, &Property),
    (to, port): (InstanceId, Port),
    attribute: &Attribute,
) {
    let Some(instance) = world.instance(id) else { return };
    let env = Env::kind(world, id).lenient();
    let Some(info) = instance.kind() else { return };
    let from = source(attribute);
    let what = if from.is_some() { "sends events to" } else { "passes on what fails to" };
    let mut flow = Flow::new(id, to, place(&instance.decl, &property.name), what);
    flow.keeps = read::keeps(attribute, &env);
    flow.gives = read::filter(attribute, &env, Holds::Every).unwrap_or_else(Filter::any);
    flow.undecided = read::holds(attribute, "undecided", &env);
    flow.condition = both(&instance.condition, present(world, to));
    match from.as_deref() {
        Some("acts") => flows.add(Port::Acts(id), port, flow),
        Some(TOUCHED) => flows.add(Port::Event(id, TOUCHED.into()), port, flow),
        Some(event) if event != "events" => flows.add(Port::Event(id, event.into()), port, flow),
        _ => {
            let mut events: Vec<Name> = info.kind.events.iter().map(|e| e.name.clone()).collect();
            events.dedup();
            for event in events {
                flows.add(Port::Event(id, event), port.clone(), flow.clone());
            }
        }
    }
}

/// What a declaration watches acts on it: whatever its property names in any part.
fn watches(flows: &mut Flows<'_>, world: &World, id: InstanceId, property: &Property) {
    let Some(instance) = world.instance(id) else { return };
    let value = Env::kind(world, id).property(id, &property.name);
    let mut logical = Vec::new();
    resources(&value, &mut logical);
    for other in world.instances.iter().filter(|other| other.id != id && logical.contains(&&other.logical)) {
        let Some(info) = other.kind() else { continue };
        let mut flow = Flow::new(other.id, id, place(&instance.decl, &property.name), "is watched by");
        flow.undecided = Some(format!("whether `{}` changes its state depends on the values of its metric", instance.name));
        flow.condition = both(&instance.condition, other.condition.clone());
        flows.add(Port::Acts(other.id), Port::Acts(id), flow.clone());
        for event in &info.kind.events {
            flows.add(Port::Event(other.id, event.name.clone()), Port::Acts(id), flow.clone());
        }
    }
}

/// The logical ids that a value refers to.
pub(super) fn resources<'v>(value: &'v Value, out: &mut Vec<&'v Name>) {
    use crate::model::Deploy;
    match value {
        Value::Resource(id) => out.push(id),
        Value::List(values) => values.iter().for_each(|v| resources(v, out)),
        Value::Record(fields) => fields.values().for_each(|v| resources(v, out)),
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Attr(id, _) => out.push(id),
            Deploy::Text(parts) => parts.iter().for_each(|v| resources(v, out)),
            Deploy::If(_, a, b) => [a, b].into_iter().for_each(|v| resources(v, out)),
            Deploy::Call(_, argument) => resources(argument, out),
            Deploy::Param(..) | Deploy::Pseudo(_) | Deploy::StackPart | Deploy::Bool(_) => {}
        },
        _ => {}
    }
}
