//! Sample events: what each trigger of a declaration sends to it, with messages of their declared types that pass its filter.
//! The forms of events are data of the library. Knows no service.

mod encode;
mod fill;
mod table;
mod transform;
mod trigger;
mod value;

pub use table::{Shape, shapes};
pub use trigger::kinds_of_triggers;

use super::analysis::Stack;
use crate::base::Span;
use crate::graph::{Carried, Edge, Graph, Types, json_of};
use crate::model::{InstanceId, Value};
use crate::types::Env;
use fill::{Scope, fill, text};
use serde_json::{Map, Value as Json, json};
use trigger::{Trigger, deliveries, triggers};
use value::{merge, value};

/// The event of a trigger.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The trigger: `orders.messages`.
    pub trigger: String,
    /// The type of the message, where its trigger has several.
    pub message: Option<String>,
    /// Where the trigger is declared.
    pub span: Span,
    /// The event.
    pub event: Json,
    /// The page that shows such an event.
    pub source: &'static str,
}

/// The sample events of a declaration; nothing if there is none of that name.
pub fn samples(stack: &Stack, name: &str) -> Option<Vec<Sample>> {
    let graph = &stack.graph;
    let ids: Vec<InstanceId> = graph.world.instances.iter().filter(|i| &*i.name == name).map(|i| i.id).collect();
    let all = ids.iter().flat_map(|id| triggers(graph, *id)).flat_map(|trigger| of_trigger(graph, &trigger, MOST_HOPS));
    (!ids.is_empty()).then(|| all.collect())
}

/// The most deliveries that a message is followed over.
const MOST_HOPS: usize = 8;

/// A message, with the name of its type where that is part of the event.
type Message = (Option<String>, Option<Json>);

/// The events of a trigger: one for each type that its messages can have, or for each delivery that they can come from.
fn of_trigger(graph: &Graph, trigger: &Trigger<'_>, hops: usize) -> Vec<Sample> {
    let Some((shape, [event, inner])) = shape(graph, trigger) else { return Vec::new() };
    let mut out = Vec::new();
    for (ty, message) in messages(graph, trigger, shape, hops) {
        let plain = |name: &str| lookup(graph, trigger, shape, name);
        let inner = fill(&inner, &plain);
        let scope = |name: &str| match name {
            "message" => message.clone(),
            "type" => ty.clone().map(Json::String).or_else(|| plain(name)),
            "inner" => inner.clone(),
            _ => plain(name),
        };
        let Some(mut event) = fill(&event, &scope as &Scope<'_>) else { continue };
        if let Some(edge) = trigger.edge {
            narrow(graph, edge, shape, ty.is_some(), &mut event);
            event = transform::transformed(edge, shape, event);
        }
        out.push(Sample { trigger: trigger.label.clone(), message: ty, span: trigger.span, event, source: &shape.source });
    }
    out
}

/// The form of a trigger's event.
fn shape(graph: &Graph, trigger: &Trigger<'_>) -> Option<(&'static Shape, [Json; 2])> {
    let fits = |shape: &&Shape| {
        let value = |name: &str| lookup(graph, trigger, shape, name).map(|v| text(&v));
        let written = |name: &String| trigger.edge.is_some_and(|e| e.arguments.get(&**name).is_some_and(|v| *v != Value::None));
        let derived = trigger.edge.is_some_and(|e| e.derived);
        shape.when.iter().all(|(name, wanted)| value(name).as_deref() == Some(wanted))
            && shape.given.iter().all(written)
            && (derived || !shape.derived)
    };
    let shape = trigger.keys.iter().find_map(|key| shapes().iter().filter(|s| s.of.contains(key)).find(fits))?;
    Some((shape, shape.json().ok()?))
}

/// What a name stands for: an argument of the edge, a property of the source, or what the sample says; `a.b` is the field
/// `b` of `a`.
fn lookup(graph: &Graph, trigger: &Trigger<'_>, shape: &Shape, name: &str) -> Option<Json> {
    if let Some((record, field)) = name.split_once('.') {
        return lookup(graph, trigger, shape, record)?.get(field).cloned();
    }
    let world = &graph.world;
    let source = world.instance(trigger.source)?;
    let property = |name: &str| {
        let known = source.kind()?.kind.properties.contains_key(name);
        known.then(|| Env::kind(world, trigger.source).lenient().property(trigger.source, &name.into()))
    };
    if name == "name" {
        let text = property("physical_name").and_then(|v| v.as_str().map(String::from));
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '-' };
        return Some(text.unwrap_or_else(|| source.name.chars().map(plain).collect::<String>()).trim_end_matches('-').into());
    }
    if name == "actor" {
        return world.instance(trigger.edge?.actor).map(|i| Json::from(&*i.name));
    }
    let argument = trigger.edge.and_then(|edge| edge.arguments.get(name).cloned());
    let value = argument.or_else(|| property(name)).and_then(known);
    value.or_else(|| shape.otherwise.get(name).map(|text| text.as_str().into()))
}

/// A value as JSON, of a list the first; none of what is left out, or known only at deployment.
fn known(value: Value) -> Option<Json> {
    match value {
        Value::List(values) => values.first().cloned().and_then(known),
        Value::None | Value::Missing | Value::Ref(_) | Value::Resource(_) | Value::Deploy(_) | Value::Type(..) => None,
        Value::Str(any) if &*any == "*" => None,
        other => Some(json_of(&other)),
    }
}

fn messages(graph: &Graph, trigger: &Trigger<'_>, shape: &Shape, hops: usize) -> Vec<Message> {
    let otherwise = vec![(None, shape.message.clone())];
    let Some(edge) = trigger.edge else { return otherwise };
    let Some((at, _)) = Carried::field(&graph.world, edge.subject, &edge.name) else { return otherwise };
    let pattern = edge.pattern(&graph.world).map(|(pattern, language)| (value::first(pattern), language));
    let asked = pattern.as_ref().and_then(|(pattern, language)| Some((pattern.get(&at)?, *language)));
    if let Some(carried) = edge.carried(graph) {
        let named = matches!(carried.types, Types::By(..));
        let one = |(key, _, ty): (&crate::base::Name, _, &crate::model::Type)| {
            Some((named.then(|| key.to_string()), Some(value(Some(ty), asked)?)))
        };
        let typed: Vec<Message> = edge.types_of(graph, &carried).into_iter().filter_map(one).collect();
        if !typed.is_empty() {
            return typed;
        }
    }
    let delivered: Vec<Message> = if hops == 0 {
        Vec::new()
    } else {
        let all = deliveries(graph, edge.subject, &edge.name);
        all.iter().flat_map(|d| of_trigger(graph, d, hops - 1)).map(|s| (None, Some(s.event))).collect()
    };
    match asked {
        _ if !delivered.is_empty() => delivered,
        Some(_) => vec![(None, value(None, asked))],
        None => otherwise,
    }
}

/// Lays over an event what the filter of its trigger asks of the fields around the message.
fn narrow(graph: &Graph, edge: &Edge, shape: &Shape, typed: bool, event: &mut Json) {
    let Some((pattern, language)) = edge.pattern(&graph.world) else { return };
    let Json::Object(mut asked) = value::first(pattern) else { return };
    if let Some((at, by)) = Carried::field(&graph.world, edge.subject, &edge.name) {
        asked.remove(&at);
        by.filter(|_| typed).and_then(|by| asked.remove(&by));
    }
    let attributes = asked.remove("attributes");
    if let (Some(attributes), Some(path)) = (attributes, &shape.attributes) {
        let values = value(None, Some((&attributes, language)));
        let kind = |value: &Json| if shape.strings { "String" } else { kind_of(value) };
        let attribute = |(name, value): (&String, &Json)| (name.clone(), json!({ "Type": kind(value), "Value": text(value) }));
        let values: Map<String, Json> = values.as_ref().and_then(Json::as_object).into_iter().flatten().map(attribute).collect();
        put(event, path, Json::Object(values));
    }
    if let Some(path) = &shape.record {
        put(event, path, value(None, Some((&Json::Object(asked), language))).unwrap_or_default());
    }
    let at = |path: &str| format!("/{}", path.replace('.', "/"));
    if let Some(repeats) = &shape.repeats
        && let Some(part) = event.pointer(&at(&repeats.from)).cloned()
    {
        for into in &repeats.into {
            if let Some(place) = event.pointer_mut(&at(into)) {
                merge(place, part.clone());
            }
        }
    }
}

/// The type of an attribute of a message.
fn kind_of(value: &Json) -> &'static str {
    if value.is_number() { "Number" } else { "String" }
}

/// Lays a value over the part of an event at a path, `a.0.b`.
fn put(event: &mut Json, path: &str, over: Json) {
    match path.split_once('.').or((!path.is_empty()).then_some((path, ""))) {
        None => merge(event, over),
        Some((first, rest)) => match event {
            Json::Array(values) => {
                if let Some(value) = first.parse::<usize>().ok().and_then(|at| values.get_mut(at)) {
                    put(value, rest, over);
                }
            }
            Json::Object(fields) => put(fields.entry(first).or_insert_with(|| json!({})), rest, over),
            _ => {}
        },
    }
}
