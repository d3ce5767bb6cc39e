//! A stack's graph for Graphviz and as Mermaid, with what was found in colour. Knows nothing of how it was found.

use super::escape;
use crate::session::{Marked, Picture};
use petgraph::dot::{Config, Dot};
use petgraph::graph::{DiGraph, EdgeReference, NodeIndex};
use std::fmt::Write as _;

type Drawing = DiGraph<(String, &'static str), (String, bool, &'static str)>;

/// The graph for Graphviz: triggers drawn through, capabilities dashed.
pub fn dot(picture: &Picture) -> String {
    let mut drawing = Drawing::new();
    let mut at: rustc_hash::FxHashMap<&str, NodeIndex> = rustc_hash::FxHashMap::default();
    for node in &picture.nodes {
        at.insert(&node.name, drawing.add_node((format!("{}\n{}", escape::dot(&node.name), node.kind), dot_colour(&node.findings))));
    }
    for edge in picture.edges.iter().filter(|e| !e.derived) {
        if let (Some(from), Some(to)) = (at.get(edge.from.as_str()), at.get(edge.to.as_str())) {
            drawing.add_edge(*from, *to, (escape::dot(&edge.label), edge.mode.is_none(), dot_colour(&edge.findings)));
        }
    }
    let edge = |_: &Drawing, e: EdgeReference<'_, (String, bool, &'static str)>| {
        let (label, capability, colour) = e.weight();
        format!("label = {label:?}{}{colour}", if *capability { ", style = dashed" } else { "" })
    };
    let node = |_: &Drawing, (_, (label, colour)): (NodeIndex, &(String, &'static str))| format!("label = {label:?}, shape = box{colour}");
    format!("{:?}", Dot::with_attr_getters(&drawing, &[Config::EdgeNoLabel, Config::NodeNoLabel], &edge, &node))
}

/// The graph as a Mermaid flowchart.
pub fn mermaid(picture: &Picture) -> String {
    let mut out = String::from("flowchart LR\n");
    let (mut drawn, mut styles) = (0, String::new());
    let mut ids: rustc_hash::FxHashMap<&str, &str> = rustc_hash::FxHashMap::default();
    for node in &picture.nodes {
        ids.insert(&node.name, &node.logical_id);
        let _ = writeln!(out, "  {}[{}]", node.logical_id, escape::mermaid(&[&node.name, &node.kind]));
        if let Some(colour) = colour(&node.findings) {
            let _ = writeln!(styles, "  style {} stroke:{colour},stroke-width:2px", node.logical_id);
        }
    }
    for edge in picture.edges.iter().filter(|e| !e.derived) {
        if let (Some(from), Some(to)) = (ids.get(edge.from.as_str()), ids.get(edge.to.as_str())) {
            let arrow = if edge.mode.is_some() { "-->" } else { "-.->" };
            let _ = writeln!(out, "  {from} {arrow}|{}| {to}", escape::mermaid(&[&edge.label]));
            if let Some(colour) = colour(&edge.findings) {
                let _ = writeln!(styles, "  linkStyle {drawn} stroke:{colour},stroke-width:2px");
            }
            drawn += 1;
        }
    }
    out + &styles
}

/// The colour of the gravest that was found there; none for advice.
fn colour(findings: &[Marked]) -> Option<&'static str> {
    let any = |severity| findings.iter().any(|m| m.severity == severity);
    if any("error") {
        return Some("#c62828");
    }
    any("warning").then_some("#d98000")
}

fn dot_colour(findings: &[Marked]) -> &'static str {
    match colour(findings) {
        Some("#c62828") => ", color = \"#c62828\", penwidth = 2",
        Some(_) => ", color = \"#d98000\", penwidth = 2",
        None => "",
    }
}
