//! What can trigger a declaration, and what delivers messages to it.

use super::table::shapes;
use crate::base::{Name, Span};
use crate::graph::{Edge, EdgeKind, Graph};
use crate::model::{Attribute, InstanceId, Node, Value};
use crate::types::{Env, KindInfo, Library, place};

/// A trigger.
pub(super) struct Trigger<'g> {
    /// The names of its form in the table, the most exact first.
    pub keys: Vec<String>,
    /// Its source.
    pub source: InstanceId,
    /// The edge, unless it is a property.
    pub edge: Option<&'g Edge>,
    /// What it is called.
    pub label: String,
    /// Where it is declared.
    pub span: Span,
}

/// The names without a name of their own among the arguments of an attribute.
fn names(attribute: &Attribute) -> impl Iterator<Item = &Name> {
    attribute.arguments.iter().filter(|a| a.name.is_none()).filter_map(|a| match &a.value.node {
        Node::Name(name) | Node::Literal(Value::Str(name)) => Some(name),
        _ => None,
    })
}

/// Whether an attribute names something that follows.
fn leads(attributes: &[Attribute], word: &str, to: &str) -> bool {
    attributes.iter().any(|a| &*a.name == word && names(a).any(|name| &**name == to))
}

/// What can trigger a declaration.
pub(super) fn triggers(graph: &Graph, id: InstanceId) -> Vec<Trigger<'_>> {
    let mut out: Vec<Trigger<'_>> = graph.edges.iter().filter_map(|edge| of_edge(graph, edge, id)).collect();
    out.extend(properties(graph, id, "self"));
    let Some(instance) = graph.world.instance(id) else { return out };
    let Some(info) = instance.kind() else { return out };
    for property in info.kind.properties.values() {
        let key = format!("{}.{}", info.kind.name, property.name);
        let own = property.attributes.is_empty() && shapes().iter().any(|s| s.of.contains(&key));
        let set = |v: &Value| !matches!(v, Value::None | Value::Missing);
        if own && set(&Env::kind(&graph.world, id).lenient().property(id, &property.name)) {
            let (label, span) = (format!("{}.{}", instance.name, property.name), place(&instance.decl, &property.name));
            out.push(Trigger { keys: vec![key], source: id, edge: None, label, span });
        }
    }
    out
}

/// What delivers messages to an event of a declaration.
pub(super) fn deliveries<'g>(graph: &'g Graph, id: InstanceId, event: &str) -> Vec<Trigger<'g>> {
    let of_event = |edge: &&Edge| edge.actor == id && edge.as_event(&graph.world).is_some_and(|e| leads(&e.attributes, "delivers", event));
    let mut out: Vec<Trigger<'_>> = graph.edges.iter().filter(of_event).filter_map(|edge| of_edge(graph, edge, id)).collect();
    out.extend(properties(graph, id, event));
    out
}

fn of_edge<'g>(graph: &'g Graph, edge: &'g Edge, id: InstanceId) -> Option<Trigger<'g>> {
    let world = &graph.world;
    let (subject, actor) = (world.instance(edge.subject)?, world.instance(edge.actor)?);
    let (kind, name) = (subject.kind_name(), &edge.name);
    let (between, label) = match edge.kind {
        EdgeKind::Trigger(_) if edge.actor == id => ("to", format!("{}.{name}", subject.name)),
        EdgeKind::Capability if edge.subject == id && leads(&edge.as_verb(world)?.attributes, "wakes", "self") => {
            ("by", format!("{}.{name} by {}", subject.name, actor.name))
        }
        _ => return None,
    };
    let keys = vec![format!("{kind}.{name} {between} {}", actor.kind_name()), format!("{kind}.{name}")];
    Some(Trigger { keys, source: edge.subject, edge: Some(edge), label, span: edge.span })
}

/// The properties of other declarations that lead to an event of a declaration, or run it.
fn properties<'g>(graph: &'g Graph, id: InstanceId, to: &str) -> Vec<Trigger<'g>> {
    let world = &graph.world;
    let mut out = Vec::new();
    for instance in world.instances.iter().filter(|i| i.id != id) {
        let Some(info) = instance.kind() else { continue };
        for property in info.kind.properties.values().filter(|p| leads(&p.attributes, "delivers", to)) {
            if refers(&Env::kind(world, instance.id).lenient().property(instance.id, &property.name), id) {
                let keys = vec![format!("{}.{}", info.kind.name, property.name)];
                let (label, span) = (format!("{}.{}", instance.name, property.name), place(&instance.decl, &property.name));
                out.push(Trigger { keys, source: instance.id, edge: None, label, span });
            }
        }
    }
    out
}

fn refers(value: &Value, id: InstanceId) -> bool {
    match value {
        Value::Ref(to) => *to == id,
        Value::List(values) => values.iter().any(|v| refers(v, id)),
        Value::Record(fields) => fields.values().any(|v| refers(v, id)),
        _ => false,
    }
}

/// Every trigger that a library declares: the names of its form, of which the table has one.
pub fn kinds_of_triggers(library: &Library) -> Vec<[String; 2]> {
    library.kinds().flat_map(|info| of_kind(info)).collect()
}

fn of_kind(info: &KindInfo) -> Vec<[String; 2]> {
    let kind = &info.kind;
    let two = |name: &Name, rest: String| [format!("{}.{name} {rest}", kind.name), format!("{}.{name}", kind.name)];
    let events = kind.events.iter().map(|e| two(&e.name, format!("to {}", e.target)));
    let verbs = kind.verbs.values().filter(|v| leads(&v.attributes, "wakes", "self")).map(|v| two(&v.name, "by function".into()));
    let properties = kind.properties.values().filter(|p| leads(&p.attributes, "delivers", "self")).map(|p| two(&p.name, String::new()));
    events.chain(verbs).chain(properties).collect()
}
