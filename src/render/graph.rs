//! A stack's graph for Graphviz and as Mermaid. Knows nothing of how it was found.

use crate::session::Picture;
use petgraph::dot::{Config, Dot};
use petgraph::graph::{DiGraph, EdgeReference, NodeIndex};
use std::fmt::Write as _;

type Drawing = DiGraph<String, (String, bool)>;

/// The graph for Graphviz: triggers drawn through, capabilities dashed.
pub fn dot(picture: &Picture) -> String {
    let mut drawing = Drawing::new();
    let mut at: rustc_hash::FxHashMap<&str, NodeIndex> = rustc_hash::FxHashMap::default();
    for node in &picture.nodes {
        at.insert(&node.name, drawing.add_node(format!("{}\n{}", node.name, node.kind)));
    }
    for edge in picture.edges.iter().filter(|e| !e.derived) {
        if let (Some(from), Some(to)) = (at.get(edge.from.as_str()), at.get(edge.to.as_str())) {
            drawing.add_edge(*from, *to, (edge.label.clone(), edge.mode.is_none()));
        }
    }
    let edge = |_: &Drawing, e: EdgeReference<'_, (String, bool)>| {
        let (label, capability) = e.weight();
        format!("label = {label:?}{}", if *capability { ", style = dashed" } else { "" })
    };
    let node = |_: &Drawing, (_, label): (NodeIndex, &String)| format!("label = {label:?}, shape = box");
    format!("{:?}", Dot::with_attr_getters(&drawing, &[Config::EdgeNoLabel, Config::NodeNoLabel], &edge, &node))
}

/// The graph as a Mermaid flowchart.
pub fn mermaid(picture: &Picture) -> String {
    let mut out = String::from("flowchart LR\n");
    let mut ids: rustc_hash::FxHashMap<&str, &str> = rustc_hash::FxHashMap::default();
    for node in &picture.nodes {
        ids.insert(&node.name, &node.logical_id);
        let _ = writeln!(out, "  {}[\"{}<br/>{}\"]", node.logical_id, node.name, node.kind);
    }
    for edge in picture.edges.iter().filter(|e| !e.derived) {
        if let (Some(from), Some(to)) = (ids.get(edge.from.as_str()), ids.get(edge.to.as_str())) {
            let arrow = if edge.mode.is_some() { "-->" } else { "-.->" };
            let _ = writeln!(out, "  {from} {arrow}|{}| {to}", edge.label);
        }
    }
    out
}
