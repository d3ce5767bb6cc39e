//! Loops of the event graph: a declaration that wakes itself, over any number of hops.
//!
//! Cycles are looked for among strongly connected ports, with the pairs of filters that meet there; what is left is a
//! loop, and its shortest path is told. Knows no service.

use super::{About, Rule};
use crate::base::{Diagnostic, Severity, Span};
use crate::graph::filter::Verdict;
use crate::graph::{Flows, Graph, Port, flows};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

pub(super) const RULE: Rule = Rule {
    finds: &[
        About {
            name: "event-loop",
            severity: Severity::Error,
            about: "A declaration wakes itself, directly or over other services: every event makes another, until the bill or a quota ends it. Lambda notices some such loops after about sixteen rounds, and none over DynamoDB, Kinesis, EventBridge and CloudWatch Logs. Filters are compared exactly: what cannot meet is no loop.",
            help: "Narrow the trigger or the capability so that they cannot meet, write elsewhere, or say how it ends: `@allow(event-loop, \"...\")`.",
            source: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
        },
        About {
            name: "loop-only-declared",
            severity: Severity::Advice,
            about: "A declaration does not wake itself only as long as its code keeps to what is written here: nothing on AWS enforces the narrowing.",
            help: "Narrow the trigger, which AWS enforces, or see to it that the code keeps to what it says.",
            source: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
        },
    ],
    find: event_loops,
};

/// The most pairs of filters that are compared at one event.
const MOST_PAIRS: usize = 1_000_000;

/// The loops of a graph.
fn event_loops(graph: &Graph) -> Vec<Diagnostic> {
    let flows = flows(graph);
    let mut out = Vec::new();
    for component in tarjan_scc(&flows.graph) {
        let members: FxHashSet<NodeIndex> = component.iter().copied().collect();
        let inner: Vec<EdgeIndex> =
            component.iter().flat_map(|n| flows.graph.edges(*n)).filter(|e| members.contains(&e.target())).map(|e| e.id()).collect();
        if !inner.is_empty() {
            refine(&flows, &inner, graph, &mut out);
        }
    }
    out
}

/// Compares filters within one strongly connected component and reports what is still a cycle.
fn refine(flows: &Flows, inner: &[EdgeIndex], graph: &Graph, out: &mut Vec<Diagnostic>) {
    let mut lines: DiGraph<EdgeIndex, Verdict> = DiGraph::new();
    let mut entering: FxHashMap<NodeIndex, Vec<NodeIndex>> = FxHashMap::default();
    let mut declared: Vec<(EdgeIndex, EdgeIndex)> = Vec::new();
    let ids: Vec<NodeIndex> = inner.iter().map(|e| lines.add_node(*e)).collect();
    for id in &ids {
        if let Some((_, to)) = lines.node_weight(*id).and_then(|e| flows.graph.edge_endpoints(*e)) {
            entering.entry(to).or_default().push(*id);
        }
    }
    for id in &ids {
        let Some(leaving) = lines.node_weight(*id).copied() else { continue };
        let Some((from, _)) = flows.graph.edge_endpoints(leaving) else { continue };
        let before = entering.get(&from).map_or(&[][..], Vec::as_slice);
        let too_many = before.len().saturating_mul(ids.len()) > MOST_PAIRS;
        for into in before {
            let Some(arriving) = lines.node_weight(*into).copied() else { continue };
            let (Some(a), Some(b)) = (flows.graph.edge_weight(arriving), flows.graph.edge_weight(leaving)) else { continue };
            let verdict = if too_many { Verdict::CannotTell } else { a.filter.meets(&b.filter) };
            match verdict {
                Verdict::Disjoint if !a.enforced => declared.push((arriving, leaving)),
                Verdict::Disjoint => {}
                met => {
                    lines.add_edge(*into, *id, met);
                }
            }
        }
    }
    let mut found = false;
    for component in tarjan_scc(&lines) {
        if let Some(path) = shortest_cycle(&lines, &component) {
            found = true;
            out.push(looped(flows, graph, &path, &lines));
        }
    }
    if let (false, Some((arriving, leaving))) = (found, declared.first()) {
        out.extend(only_declared(flows, graph, *arriving, *leaving));
    }
}

/// The shortest cycle within a strongly connected component, if it has one.
fn shortest_cycle(lines: &DiGraph<EdgeIndex, Verdict>, component: &[NodeIndex]) -> Option<Vec<NodeIndex>> {
    /// From how many starts the shortest is looked for.
    const STARTS: usize = 64;
    let members: FxHashSet<NodeIndex> = component.iter().copied().collect();
    let mut starts = component.to_vec();
    starts.sort_unstable();
    let cycles = starts.iter().take(STARTS).filter_map(|start| cycle_from(lines, &members, *start));
    cycles.min_by_key(|path| (path.len(), path.first().copied()))
}

fn cycle_from(lines: &DiGraph<EdgeIndex, Verdict>, members: &FxHashSet<NodeIndex>, start: NodeIndex) -> Option<Vec<NodeIndex>> {
    let mut before: FxHashMap<NodeIndex, NodeIndex> = FxHashMap::default();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let mut next: Vec<NodeIndex> = lines.neighbors(at).filter(|n| members.contains(n)).collect();
        next.sort_unstable();
        for node in next {
            if node == start {
                let mut path = vec![at];
                let mut back = at;
                while back != start {
                    back = *before.get(&back)?;
                    path.push(back);
                }
                path.reverse();
                return Some(path);
            }
            if node != start && !before.contains_key(&node) {
                before.insert(node, at);
                queue.push_back(node);
            }
        }
    }
    None
}

fn looped(flows: &Flows, graph: &Graph, path: &[NodeIndex], lines: &DiGraph<EdgeIndex, Verdict>) -> Diagnostic {
    let mut path: Vec<EdgeIndex> = path.iter().filter_map(|n| lines.node_weight(*n).copied()).collect();
    // It is told from where something acts: that is where one would mend it.
    let acts = |e: &EdgeIndex| {
        flows.graph.edge_endpoints(*e).is_some_and(|(from, _)| matches!(flows.graph.node_weight(from), Some(Port::Acts(_))))
    };
    if let Some(at) = path.iter().position(acts) {
        path.rotate_left(at);
    }
    let name = |port: Option<&Port>| port.and_then(|p| graph.world.instance(p.instance())).map_or_else(String::new, |i| i.name.to_string());
    let mut names: Vec<String> = Vec::new();
    let mut hops: Vec<(Span, String)> = Vec::new();
    for edge in &path {
        let (Some((from, to)), Some(flow)) = (flows.graph.edge_endpoints(*edge), flows.graph.edge_weight(*edge)) else { continue };
        let (from, to) = (name(flows.graph.node_weight(from)), name(flows.graph.node_weight(to)));
        if names.last() != Some(&from) {
            names.push(from.clone());
        }
        hops.push((flow.span, format!("{}. `{from}` {} `{to}`", hops.len() + 1, flow.what)));
        names.push(to);
    }
    names.dedup();
    let sure = lines.edge_weights().all(|v| *v != Verdict::CannotTell);
    let message = match names.first() {
        Some(first) => format!("`{first}` wakes itself: {}", names.join(" -> ")),
        None => "a loop".to_string(),
    };
    let mut hops = hops.into_iter();
    let (span, text) = hops.next().unwrap_or_default();
    let mut finding = if sure { Diagnostic::error("event-loop", span, message) } else { Diagnostic::warning("event-loop", span, message) };
    finding.allowable = true;
    finding = finding.label(text);
    for (span, text) in hops {
        finding = finding.also(span, text);
    }
    finding.help("narrow the trigger or the capability so that they cannot meet (a prefix, a pattern, a filter), write elsewhere, or, if it ends by itself, say how: `@allow(event-loop, \"...\")`")
}

fn only_declared(flows: &Flows, graph: &Graph, arriving: EdgeIndex, leaving: EdgeIndex) -> Option<Diagnostic> {
    let (a, b) = (flows.graph.edge_weight(arriving)?, flows.graph.edge_weight(leaving)?);
    let (from, _) = flows.graph.edge_endpoints(arriving)?;
    let name = graph.world.instance(flows.graph.node_weight(from)?.instance()).map(|i| i.name.to_string())?;
    let message = format!("`{name}` does not wake itself only as long as it keeps to what is written here");
    let mut finding = Diagnostic::new(Severity::Advice, "loop-only-declared", a.span, message);
    finding.allowable = true;
    finding = finding.also(b.span, "what it must not send");
    Some(finding.help("nothing on AWS enforces this narrowing: a mistake in the code is a loop"))
}
