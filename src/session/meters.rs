//! How full what kinds bound is: numbers below their most, texts and lists shorter than they may be. Knows no kind.

use super::gauge::Gauge;
use crate::graph::{Edge, EdgeKind, Graph};
use crate::model::{Refinement, Type, Value};
use crate::types::Env;

/// The gauges of every property and argument that has an upper bound.
pub(super) fn meters(graph: &Graph) -> Vec<Gauge> {
    let world = &graph.world;
    let mut out = Vec::new();
    for instance in world.instances.iter().filter(|i| !i.decl.existing) {
        let Some(info) = instance.kind() else { continue };
        let env = Env::kind(world, instance.id).lenient();
        for (name, ty) in info.kind.properties.keys().zip(&info.properties) {
            // What is left at its default says nothing of how near one has come to a limit.
            if bounded(ty) && crate::types::written(&instance.decl, name).is_some() {
                let what = format!("{}.{name}", instance.kind_name());
                measure(ty, &env.property(instance.id, name), &what, &instance.name, &mut out);
            }
        }
    }
    for edge in graph.edges.iter().filter(|e| !e.derived) {
        let Some(types) = parameters(graph, edge) else { continue };
        let (subject, actor) = (world.instance(edge.subject), world.instance(edge.actor));
        let (Some(subject), Some(actor)) = (subject, actor) else { continue };
        for ((name, value), ty) in edge.arguments.iter().zip(types).filter(|((name, _), ty)| bounded(ty) && edge.spans.contains_key(*name))
        {
            measure(ty, value, &format!("{}.{}({name})", subject.kind_name(), edge.name), &actor.name, &mut out);
        }
    }
    out
}

fn parameters<'g>(graph: &'g Graph, edge: &Edge) -> Option<&'g [Type]> {
    let info = graph.world.instance(edge.subject)?.kind()?;
    match edge.kind {
        EdgeKind::Trigger(_) => info.events.get(edge.event).map(Vec::as_slice),
        EdgeKind::Capability => info.verbs.get(&edge.name).map(Vec::as_slice),
    }
}

/// Whether something in a type has an upper bound.
fn bounded(ty: &Type) -> bool {
    match ty {
        Type::Optional(inner) | Type::List(inner) | Type::Map(inner) => bounded(inner),
        Type::Refined(inner, Refinement::In(bounds) | Refinement::Len(bounds)) => bounds.most.is_some() || bounded(inner),
        Type::Refined(inner, Refinement::Matching(_)) => bounded(inner),
        Type::Record(fields) => fields.iter().any(|f| bounded(&f.ty)),
        _ => false,
    }
}

fn measure(ty: &Type, value: &Value, what: &str, user: &str, out: &mut Vec<Gauge>) {
    let mut gauge = |value: &Value, most: &Value, of_text: bool| {
        let (Some(used), Some(limit)) = (value.magnitude(), most.magnitude()) else { return };
        if limit > 0.0 {
            out.push(Gauge { of_text, ..Gauge::new(what, (value.to_string(), most.to_string()), used / limit, user) });
        }
    };
    match (ty, value) {
        (Type::Optional(inner), value) => measure(inner, value, what, user, out),
        (Type::Refined(inner, Refinement::In(bounds)), value) => {
            bounds.most.iter().for_each(|most| gauge(value, most, false));
            measure(inner, value, what, user, out);
        }
        (Type::Refined(inner, Refinement::Len(bounds)), value) => {
            let length = match value {
                Value::List(values) => Some(values.len()),
                Value::Record(fields) => Some(fields.len()),
                Value::Str(text) => Some(text.chars().count()),
                _ => None,
            };
            if let (Some(length), Some(most)) = (length.filter(|n| *n > 0), &bounds.most) {
                gauge(&Value::Int(length as i64), most, matches!(value, Value::Str(_)));
            }
            measure(inner, value, what, user, out);
        }
        (Type::Refined(inner, _), value) => measure(inner, value, what, user, out),
        (Type::Record(fields), Value::Record(values)) => {
            for field in fields.iter().filter(|f| bounded(&f.ty)) {
                if let Some(value) = values.get(&field.name) {
                    measure(&field.ty, value, &format!("{what}.{}", field.name), user, out);
                }
            }
        }
        _ => {}
    }
}
