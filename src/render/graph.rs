//! A stack's graph as JSON, DOT and Mermaid. Knows nothing of how it was found.

use crate::graph::{Edge, EdgeKind, Graph};
use crate::model::InstanceId;
use crate::session::Sources;
use petgraph::dot::{Config, Dot};
use petgraph::graph::DiGraph;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// The graph as JSON: `nodes` with name, kind, logical id and place; `edges` from what wakes to what is woken, and
/// from who can to what it can it with.
pub fn json(graph: &Graph, sources: &Sources) -> Json {
    let place = |span: crate::base::Span| {
        let file = sources.get(span.file).map_or_else(String::new, |(path, _)| path.display().to_string());
        (file, sources.position(span).0)
    };
    let nodes: Vec<Json> = graph.world.instances.iter().map(|instance| {
        let (file, line) = place(instance.decl.name_span);
        json!({
            "name": &*instance.name,
            "kind": instance.kind_name(),
            "logical_id": &*instance.logical,
            "existing": instance.decl.existing,
            "file": file,
            "line": line,
        })
    }).collect();
    let edges: Vec<Json> = graph.edges.iter().map(|edge| {
        let (from, to) = ends(graph, edge);
        let (file, line) = place(edge.span);
        let arguments: serde_json::Map<String, Json> = edge.spans.keys().filter_map(|name| Some((name.to_string(), json!(edge.arguments.get(name)?.to_string())))).collect();
        json!({
            "from": from,
            "to": to,
            "type": if edge.kind == EdgeKind::Capability { "capability" } else { "trigger" },
            "mode": if let EdgeKind::Trigger(mode) = edge.kind { Json::from(mode.word()) } else { Json::Null },
            "label": &*edge.name,
            "derived": edge.derived,
            "arguments": arguments,
            "file": file,
            "line": line,
        })
    }).collect();
    json!({ "stack": &*graph.world.stack, "nodes": nodes, "edges": edges })
}

/// Where an edge leads from and to: triggers from the source, capabilities from who can.
fn ends<'g>(graph: &'g Graph, edge: &Edge) -> (&'g str, &'g str) {
    let name = |id: InstanceId| graph.world.instance(id).map_or("", |i| &*i.name);
    match edge.kind {
        EdgeKind::Trigger(_) => (name(edge.subject), name(edge.actor)),
        EdgeKind::Capability => (name(edge.actor), name(edge.subject)),
    }
}

/// The graph for Graphviz.
pub fn dot(graph: &Graph) -> String {
    let mut shown: DiGraph<String, (String, bool)> = DiGraph::new();
    let nodes: Vec<_> = graph.world.instances.iter().map(|i| shown.add_node(format!("{}\n{}", i.name, i.kind_name()))).collect();
    for edge in graph.edges.iter().filter(|e| !e.derived) {
        let (Some(actor), Some(subject)) = (nodes.get(edge.actor.0 as usize), nodes.get(edge.subject.0 as usize)) else { continue };
        let capability = edge.kind == EdgeKind::Capability;
        let (from, to) = if capability { (actor, subject) } else { (subject, actor) };
        shown.add_edge(*from, *to, (edge.name.to_string(), capability));
    }
    let edge = |_: &DiGraph<String, (String, bool)>, e: petgraph::graph::EdgeReference<'_, (String, bool)>| {
        let (label, capability) = e.weight();
        format!("label = {label:?}{}", if *capability { ", style = dashed" } else { "" })
    };
    let node = |_: &DiGraph<String, (String, bool)>, (_, label): (petgraph::graph::NodeIndex, &String)| format!("label = {label:?}, shape = box");
    format!("{:?}", Dot::with_attr_getters(&shown, &[Config::EdgeNoLabel, Config::NodeNoLabel], &edge, &node))
}

/// The graph as a Mermaid flowchart.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for instance in &graph.world.instances {
        let _ = writeln!(out, "  {}[\"{}<br/>{}\"]", instance.logical, instance.name, instance.kind_name());
    }
    let id = |id: InstanceId| graph.world.instance(id).map_or("", |i| &*i.logical);
    for edge in graph.edges.iter().filter(|e| !e.derived) {
        let _ = match edge.kind {
            EdgeKind::Trigger(_) => writeln!(out, "  {} -->|{}| {}", id(edge.subject), edge.name, id(edge.actor)),
            EdgeKind::Capability => writeln!(out, "  {} -.->|{}| {}", id(edge.actor), edge.name, id(edge.subject)),
        };
    }
    out
}
