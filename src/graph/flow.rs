//! What wakes what, over any number of hops: ports of instances and the flows between them.
//!
//! Every instance has a port where it *acts* (it was woken, and does what it can) and one for each of its *events*.
//! A capability leads from where its actor acts to the events that its verb causes; a trigger leads from an event to
//! where its target acts, or to the event that it delivers there. Kinds say so with `@wakes`, `@delivers` and `@when`.
//! The graph of ports is as large as the source; pairs of filters are compared only where a cycle could be.

use super::edge::{Edge, EdgeKind, Graph};
use super::filter::{Filter, Glob, Matcher, event_pattern};
use crate::base::{Name, Span};
use crate::model::{Attribute, InstanceId, Node, Value};
use crate::types::{Env, attribute, place};
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;

/// A place of an instance that something flows through.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Port {
    /// It was woken and does what it can.
    Acts(InstanceId),
    /// One of its events happens.
    Event(InstanceId, Name),
}

impl Port {
    /// The instance it is of.
    pub fn instance(&self) -> InstanceId {
        match self {
            Port::Acts(id) | Port::Event(id, _) => *id,
        }
    }
}

/// A flow from one port to another.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The line that it stands for.
    pub span: Span,
    /// What happens, in words: "writes to", "wakes".
    pub what: String,
    /// What goes through it.
    pub filter: Filter,
    /// Whether AWS enforces that nothing else does.
    pub enforced: bool,
}

/// The flows of a stack.
pub struct Flows {
    /// Ports and flows.
    pub graph: DiGraph<Port, Flow>,
    nodes: FxHashMap<Port, NodeIndex>,
}

/// Finds the flows of a graph.
pub fn flows(graph: &Graph) -> Flows {
    let mut flows = Flows { graph: DiGraph::new(), nodes: FxHashMap::default() };
    for edge in &graph.edges {
        match edge.kind {
            EdgeKind::Capability => flows.capability(graph, edge),
            EdgeKind::Trigger(_) => flows.trigger(graph, edge),
        }
    }
    for instance in &graph.world.instances {
        let Some(info) = instance.kind() else { continue };
        for property in info.kind.properties.values() {
            let Some(delivers) = attribute(&property.attributes, "delivers") else { continue };
            let value = Env::kind(&graph.world, instance.id).property(instance.id, &property.name);
            let (Value::Ref(to), Some(event)) = (value, event_name(delivers)) else { continue };
            let flow = Flow {
                span: place(&instance.decl, &property.name),
                what: "passes on what fails to".into(),
                filter: Filter::any(),
                enforced: true,
            };
            let sources: Vec<Name> = info.kind.events.iter().map(|e| e.name.clone()).collect();
            for source in sources {
                flows.add(Port::Event(instance.id, source), Port::Event(to, event.clone()), flow.clone());
            }
        }
    }
    flows
}

impl Flows {
    fn node(&mut self, port: Port) -> NodeIndex {
        let graph = &mut self.graph;
        *self.nodes.entry(port).or_insert_with_key(|port| graph.add_node(port.clone()))
    }

    fn add(&mut self, from: Port, to: Port, flow: Flow) {
        let (from, to) = (self.node(from), self.node(to));
        self.graph.add_edge(from, to, flow);
    }

    fn capability(&mut self, graph: &Graph, edge: &Edge) {
        let Some(verb) = edge.as_verb(&graph.world) else { return };
        let env = edge.env(&graph.world).lenient();
        for wakes in verb.attributes.iter().filter(|a| &*a.name == "wakes") {
            let Some(event) = event_name(wakes) else { continue };
            let to = if &*event == "self" { Port::Acts(edge.subject) } else { Port::Event(edge.subject, event) };
            let declared = wakes.arguments.iter().any(|a| a.name.as_ref().is_some_and(|(n, _)| &**n == "declared"));
            let flow = Flow { span: edge.span, what: format!("can {}", edge.name), filter: filter(wakes, &env), enforced: !declared };
            self.add(Port::Acts(edge.actor), to, flow);
        }
    }

    fn trigger(&mut self, graph: &Graph, edge: &Edge) {
        let Some(event) = edge.as_event(&graph.world) else { return };
        let env = edge.env(&graph.world).lenient();
        let filter = attribute(&event.attributes, "when").map_or_else(Filter::any, |when| filter(when, &env));
        let to = match attribute(&event.attributes, "delivers").and_then(event_name) {
            Some(delivered) => Port::Event(edge.actor, delivered),
            None => Port::Acts(edge.actor),
        };
        let flow = Flow { span: edge.span, what: "wakes".into(), filter, enforced: true };
        self.add(Port::Event(edge.subject, event.name.clone()), to, flow);
    }
}

/// The event that the first argument of an attribute names.
fn event_name(attribute: &Attribute) -> Option<Name> {
    match &attribute.arguments.iter().find(|a| a.name.is_none())?.value.node {
        Node::Name(name) | Node::Literal(Value::Str(name)) => Some(name.clone()),
        _ => None,
    }
}

/// The filter that the named arguments of an attribute describe. `pattern` is a whole event pattern.
fn filter(attribute: &Attribute, env: &Env<'_>) -> Filter {
    let mut filter = Filter::any();
    for argument in &attribute.arguments {
        let Some((name, _)) = &argument.name else { continue };
        let value = env.eval(&argument.value);
        match &**name {
            "declared" => {}
            "pattern" => {
                if let Some(pattern) = json(&value).and_then(|p| event_pattern(&p).ok()) {
                    filter = pattern;
                }
            }
            field => {
                if let Some(matchers) = matchers(&value) {
                    filter = filter.with(&field.replace('_', "-"), matchers);
                }
            }
        }
    }
    filter
}

/// What a field may be: a text with `*`, one of several, or `{ prefix, suffix }`. `None` where it may be anything.
fn matchers(value: &Value) -> Option<Vec<Matcher>> {
    match value {
        Value::Str(text) => Some(vec![Matcher::glob(Glob::wildcard(text))]),
        Value::List(values) if !values.is_empty() => values.iter().map(matchers).collect::<Option<Vec<_>>>().map(|m| m.concat()),
        Value::Record(fields) => {
            let glob = |key: &str, make: fn(&str) -> Glob| fields.get(key).and_then(Value::as_str).map(make);
            let globs: Vec<Glob> = [glob("prefix", Glob::prefix), glob("suffix", Glob::suffix)].into_iter().flatten().collect();
            (!globs.is_empty()).then(|| vec![Matcher::Text(globs, Vec::new())])
        }
        _ => None,
    }
}

/// A value as JSON, if all of it is known.
fn json(value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::None => serde_json::Value::Null,
        Value::Bool(b) => (*b).into(),
        Value::Int(n) => (*n).into(),
        Value::Float(n) => (*n).into(),
        Value::Str(text) => text.to_string().into(),
        Value::List(values) => serde_json::Value::Array(values.iter().map(json).collect::<Option<_>>()?),
        Value::Record(fields) => {
            let known = fields.iter().filter(|(_, v)| **v != Value::None);
            serde_json::Value::Object(known.map(|(k, v)| Some((k.to_string(), json(v)?))).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}
