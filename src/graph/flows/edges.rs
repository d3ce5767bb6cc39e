//! The flows that edges make: what a capability can cause, and what an event triggers.

use super::{Flows, TOUCHED, read};
use crate::flow::filter::{Filter, Holds};
use crate::flow::{Flow, Port, Promise, Promiser};
use crate::graph::edge::{Edge, Graph};
use crate::model::{InstanceId, Value};
use crate::types::{World, attribute, both};

/// What an actor can cause.
pub(super) fn capability(flows: &mut Flows<'_>, graph: &Graph, edge: &Edge) {
    capability_with(flows, graph, edge, None);
}

/// The same, perhaps with a reason why it cannot be decided whether the actor does it.
pub(super) fn capability_with(flows: &mut Flows<'_>, graph: &Graph, edge: &Edge, undecided: Option<String>) {
    let world = &graph.world;
    let Some(verb) = edge.as_verb(world) else { return };
    let env = edge.env(world).lenient();
    let mut flow = Flow::new(edge.actor, edge.subject, edge.span, format!("can {}", edge.name));
    flow.condition = condition(world, edge);
    flow.undecided = undecided;
    if uses_are_told(world, edge.subject) {
        flows.add(Port::Acts(edge.actor), Port::Event(edge.subject, TOUCHED.into()), flow.clone());
    }
    let of_derived = |a: &crate::model::Attribute| read::argument(a, "derived").is_some();
    let wakes: Vec<_> = verb.attributes.iter().filter(|a| &*a.name == "wakes").collect();
    // What a capability causes that follows from a property can differ from what code causes with it.
    let derived = edge.derived && wakes.iter().any(|a| of_derived(a));
    for wakes in wakes.into_iter().filter(|a| of_derived(a) == derived) {
        let (Some(event), Some(gives)) = (read::names(wakes).next(), read::filter(wakes, &env, Holds::Every)) else { continue };
        let to = if &*event == "self" { Port::Acts(edge.subject) } else { Port::Event(edge.subject, event) };
        let mut flow = flow.clone();
        match read::argument(wakes, "declared") {
            Some(_) => flow.promises.push(Promise { at: edge.span, content: gives, by: Promiser::Sender }),
            None => flow.gives = gives,
        }
        flows.add(Port::Acts(edge.actor), to, flow);
    }
}

/// What an event triggers, and where it goes when that fails.
pub(super) fn trigger(flows: &mut Flows<'_>, graph: &Graph, edge: &Edge) {
    let world = &graph.world;
    let Some(event) = edge.as_event(world) else { return };
    let env = edge.env(world).lenient();
    let mut flow = Flow::new(edge.subject, edge.actor, edge.span, "triggers");
    flow.condition = condition(world, edge);
    if let Some(when) = attribute(&event.attributes, "when") {
        let Some(takes) = read::filter(when, &env, Holds::Some) else { return };
        flow.takes = takes;
        flow.undecided = read::holds(when, "undecided", &env);
    }
    let from = Port::Event(edge.subject, event.name.clone());
    for passes in event.attributes.iter().filter(|a| &*a.name == "passes") {
        let mut names = read::names(passes);
        let Some(argument) = names.next() else { continue };
        let Some(Value::Ref(to)) = edge.arguments.get(&argument) else { continue };
        if let Some(port) = super::hops::port(world, *to, names) {
            let failed = Flow { to: *to, what: "passes on what fails to".into(), ..flow.clone() };
            let failed = Flow { keeps: read::keeps(passes, &env), condition: both(&failed.condition, present(world, *to)), ..failed };
            flows.add(from.clone(), port, failed);
        }
    }
    let mut delivers = event.attributes.iter().filter(|a| &*a.name == "delivers" && read::is_there(a, &env)).peekable();
    if delivers.peek().is_none() {
        flows.add(from.clone(), Port::Acts(edge.actor), flow.clone());
    }
    for delivers in delivers {
        let Some(port) = super::hops::port(world, edge.actor, read::names(delivers)) else { continue };
        let gives = read::filter(delivers, &env, Holds::Every).unwrap_or_else(Filter::any);
        flows.add(from.clone(), port, Flow { gives, keeps: read::keeps(delivers, &env), what: "delivers to".into(), ..flow.clone() });
    }
}

/// When an edge is there: under its own condition, and those of its ends.
fn condition(world: &World, edge: &Edge) -> Option<crate::model::Cond> {
    both(&both(&edge.condition, present(world, edge.actor)), present(world, edge.subject))
}

/// When a declaration is there.
pub(super) fn present(world: &World, id: InstanceId) -> Option<crate::model::Cond> {
    world.instance(id).and_then(|i| i.condition.clone())
}

/// Whether a property of a declaration passes on that it was used.
fn uses_are_told(world: &World, id: InstanceId) -> bool {
    let Some(info) = world.instance(id).and_then(|i| i.kind()) else { return false };
    let tells = |a: &crate::model::Attribute| matches!(super::hops::source(a), Some(word) if &*word == TOUCHED);
    info.kind.properties.values().flat_map(|p| &p.attributes).any(tells)
}
