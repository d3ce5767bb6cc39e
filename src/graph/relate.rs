//! The edges as relations that expressions ask about. Knows nothing of rules.

use super::edge::{Edge, EdgeKind};
use crate::base::FxIndexMap;
use crate::model::walk::{self, Met};
use crate::model::{Body, Deploy, Entry, Expr, InstanceId, Node, Value};
use crate::types::{Binding, Env, FrameId, Link, Made, Relations, World, attribute};
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

/// What is named besides as the subject of an edge.
fn named(world: &World) -> FxHashSet<InstanceId> {
    let mut out = FxHashSet::default();
    written(world, &mut out);
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

/// What is named by word: in the fields of a declaration and the arguments of its edges, in an output, a `let` or what a
/// component is given. A name or an ARN that the compiler makes up is a text without a reference in it.
fn written(world: &World, out: &mut FxHashSet<InstanceId>) {
    for instance in &world.instances {
        words_of(world, instance.frame, &instance.decl.body, Some(instance.id), out);
    }
    for bound in world.frames.iter().flat_map(|frame| frame.names.values()) {
        if let Binding::Lazy { expr, frame, .. } = &bound.to {
            words(world, *frame, expr, None, out);
        }
    }
}

fn words_of(world: &World, frame: FrameId, body: &[Body], of: Option<InstanceId>, out: &mut FxHashSet<InstanceId>) {
    for part in body {
        match part {
            Body::Entry(entry, _) => walk::entries(std::slice::from_ref(entry), &mut |met| {
                if let Met::Expr(expr) = met {
                    word(world, frame, expr, of, out);
                }
            }),
            // The subject is a user's or a trigger's, which rules ask for by themselves.
            Body::Edge(edge) => {
                if let Node::Call(_, arguments) = &edge.subject.node {
                    arguments.iter().for_each(|argument| words(world, frame, &argument.value, of, out));
                }
            }
            Body::If(_, then, otherwise) => [then, otherwise].into_iter().for_each(|part| words_of(world, frame, part, of, out)),
            Body::For(_, _, inner) => words_of(world, frame, inner, of, out),
        }
    }
}

fn words(world: &World, frame: FrameId, expr: &Expr, of: Option<InstanceId>, out: &mut FxHashSet<InstanceId>) {
    walk::expr(expr, &mut |met| {
        if let Met::Expr(expr) = met {
            word(world, frame, expr, of, out);
        }
    });
}

/// The declarations that a name stands for, here or in another file.
fn word(world: &World, frame: FrameId, expr: &Expr, of: Option<InstanceId>, out: &mut FxHashSet<InstanceId>) {
    let bound = match &expr.node {
        Node::Name(name) => world.lookup(frame, name),
        Node::Member(module, name, _) => match &module.node {
            Node::Name(module) => match world.lookup(frame, module).map(|bound| &bound.to) {
                Some(Binding::Module(there)) => world.lookup(*there, name),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    match bound.map(|bound| &bound.to) {
        Some(Binding::One(id)) if Some(*id) != of => drop(out.insert(*id)),
        Some(Binding::Many(ids)) => out.extend(ids.iter().filter(|id| Some(**id) != of)),
        _ => {}
    }
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
