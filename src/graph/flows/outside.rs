//! What flows through what kinds do not describe: `raw` properties and resources that are declared by their CloudFormation
//! type. Which property of a type is a source and which a target is a table, `stdlib/wiring.toml`; nothing of what flows
//! is compared, and so every way through it is undecided.

use super::edges::present;
use super::hops::resources;
use super::{Flows, rights};
use crate::base::{FxIndexMap, Name, Span};
use crate::flow::{Flow, Port};
use crate::graph::edge::Graph;
use crate::model::{Body, Expr, InstanceId, Node, Value};
use crate::types::{Env, Made, World, both, written};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a resource of a type wires together.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wiring {
    /// The property that names what begins it.
    from: Option<String>,
    /// The property that names what is triggered.
    to: Option<String>,
    /// The property without which it is not triggered by others.
    only_with: Option<String>,
    /// The property that names who gets rights.
    holders: Option<String>,
    /// Where its statements are.
    statements: Vec<String>,
    /// The fields of a statement: effect, actions, resources.
    fields: Vec<String>,
}

/// The table is compiled in: no part of it depends on a user.
static WIRING: LazyLock<BTreeMap<String, Wiring>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../stdlib/wiring.toml")).unwrap_or_default());

/// The `raw` of a declaration, and where it is.
pub(super) fn raw(world: &World, id: InstanceId) -> Option<(FxIndexMap<Name, Value>, Span)> {
    let instance = world.instance(id).filter(|i| i.kind().is_some())?;
    let expr = written(&instance.decl, "raw")?;
    match Env::frame(world, instance.frame).lenient().eval(expr) {
        Value::Record(fields) => Some(((*fields).clone(), expr.span)),
        _ => None,
    }
}

/// Adds what `raw` and typed resources can make flow.
pub(super) fn outside(flows: &mut Flows<'_>, graph: &Graph) {
    let world = &graph.world;
    for instance in &world.instances {
        match &instance.made {
            Made::Kind(_) => {
                let Some((fields, at)) = raw(world, instance.id) else { continue };
                for to in mentioned(world, &Value::record(fields)).into_iter().filter(|to| *to != instance.id) {
                    let why = format!("`raw` of `{}` names `{}`", instance.name, name(world, to));
                    wire(flows, world, instance.id, to, why, at);
                }
            }
            Made::Resource(ty) => typed(flows, world, instance.id, ty),
            Made::Component(..) | Made::Unknown => {}
        }
    }
}

fn typed(flows: &mut Flows<'_>, world: &World, id: InstanceId, ty: &Name) {
    let (Some(instance), Some(wiring)) = (world.instance(id), WIRING.get(&**ty)) else { return };
    let env = Env::frame(world, instance.frame).lenient();
    let mut fields = FxIndexMap::default();
    for part in &instance.decl.body {
        if let Body::Entry(entry, _) = part {
            env.entries(std::slice::from_ref(entry), &mut fields);
        }
    }
    let named = |property: &Option<String>| {
        let value = property.as_ref().and_then(|p| fields.get(p.as_str()));
        value.map_or_else(Vec::new, |value| mentioned(world, value))
    };
    let at = instance.decl.name_span;
    if wiring.only_with.as_ref().is_none_or(|p| fields.contains_key(p.as_str())) {
        for from in named(&wiring.from) {
            for to in named(&wiring.to) {
                wire(flows, world, from, to, format!("`{}` is a resource, whose filter is not compared", instance.name), at);
            }
        }
    }
    for holder in named(&wiring.holders) {
        let mut document = Value::record(fields.clone());
        for key in &wiring.statements {
            document = document.as_record().and_then(|r| r.get(key.as_str())).cloned().unwrap_or(Value::None);
        }
        let [effect, actions, resources] = &wiring.fields[..] else { continue };
        match &document {
            Value::List(all) => {
                for statement in all.iter().filter_map(Value::as_record) {
                    let field = |name: &String| statement.get(name.as_str()).cloned().unwrap_or(Value::None);
                    if field(effect).as_str() != Some("Deny") {
                        rights::Said::of(&field(actions), &field(resources)).flows(flows, world, holder, true, at);
                    }
                }
            }
            _ => rights::unread(flows, world, holder, "the statements of a resource cannot be read here", at),
        }
    }
}

/// A flow from every port of one declaration to every port of another.
fn wire(flows: &mut Flows<'_>, world: &World, from: InstanceId, to: InstanceId, why: String, at: Span) {
    let ports = |id: InstanceId| {
        let events = world.instance(id).and_then(|i| i.kind()).map(|info| info.kind.events.iter().map(|e| Port::Event(id, e.name.clone())));
        let mut ports: Vec<Port> = std::iter::once(Port::Acts(id)).chain(events.into_iter().flatten()).collect();
        ports.dedup();
        ports
    };
    let mut flow = Flow::new(from, to, at, "is wired to");
    flow.undecided = Some(why);
    flow.condition = both(&present(world, from), present(world, to));
    for start in ports(from) {
        for end in ports(to) {
            flows.add(start.clone(), end, flow.clone());
        }
    }
}

/// The declarations whose resources a value names.
fn mentioned(world: &World, value: &Value) -> Vec<InstanceId> {
    let mut logical = Vec::new();
    resources(value, &mut logical);
    let mut ids: Vec<InstanceId> =
        world.instances.iter().filter(|i| i.kind().is_some() && logical.contains(&&i.logical)).map(|i| i.id).collect();
    super::hops::references(value, &mut ids);
    // An ARN that a kind composes, as a bucket's, names no resource: it is compared as a text.
    ids.extend(
        world
            .instances
            .iter()
            .filter(|i| {
                i.kind().is_some_and(|info| {
                    let env = Env::kind(world, i.id).lenient();
                    info.kind.outs.iter().any(|(name, out)| {
                        // What another stack owns has no resources here: what it gives out is what is written of it.
                        let named = || Expr::new(out.value.span, Node::Name(name.clone()));
                        let own = if i.decl.existing { env.eval(&named()) } else { env.eval(&out.value) };
                        own.is_deploy() && contains(value, &own)
                    })
                })
            })
            .map(|i| i.id),
    );
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn contains(value: &Value, part: &Value) -> bool {
    value == part
        || match value {
            Value::List(values) => values.iter().any(|v| contains(v, part)),
            Value::Record(fields) => fields.values().any(|v| contains(v, part)),
            _ => false,
        }
}

fn name(world: &World, id: InstanceId) -> String {
    world.instance(id).map_or_else(String::new, |i| i.name.to_string())
}
