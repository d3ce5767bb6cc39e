//! Loops of events over all stacks of a project, each with its certainty.

use crate::base::{Diagnostic, Span};
use crate::flow::{Flow, FlowGraph, Help, Loops, looped, rule};
use crate::project::Project;
use rustc_hash::{FxHashMap, FxHashSet};

const HELP: Help = Help {
    certain: "narrow the filter of the trigger or the `Resource` of the statement so that they exclude each other, or write elsewhere; if the loop ends by itself, say how at the resource of one of these lines: `Metadata: {Purlin: {allow: {event-loop: {reason: ..., ends: ...}}}}`",
    not_proved: "narrow the statement to the resources that the code uses; if there is no loop, say why at the resource of one of these lines: `Metadata: {Purlin: {allow: {loop-not-proved: ...}}}`",
};

/// The findings.
pub(super) fn find(project: &Project, flows: FlowGraph) -> Vec<Diagnostic> {
    let permits = |span: Span, rule: &str| {
        let inside = |outer: &Span| outer.file == span.file && outer.start <= span.start && span.end <= outer.end;
        project.stacks.iter().flat_map(|s| &s.allowed).any(|allowed| &*allowed.rule == rule && inside(&allowed.region))
    };
    let places = places(project);
    let loops = Loops::of(flows, &permits);
    let mut out = Vec::new();
    let mut alike: FxHashSet<(Vec<Span>, &str)> = FxHashSet::default();
    for found in &loops.found {
        let parts: Vec<&Flow> = found.flows.iter().filter_map(|e| loops.flows.graph.edge_weight(*e)).collect();
        let mut lines: Vec<Span> = parts.iter().map(|f| f.span).collect();
        lines.sort_unstable();
        if alike.insert((lines, rule(&found.proof))) {
            out.push(at_the_right(looped(found, &parts, &|id| project.label(id), &HELP), &parts, &places));
        }
    }
    for id in &loops.cut_short {
        let span = project.node(*id).map(|n| n.span).unwrap_or_default();
        let message = format!("not all ways from `{}` were followed: there are too many", project.label(*id));
        let finding = Diagnostic::new(crate::base::Severity::Advice, "loop-not-proved", span, message);
        out.push(finding.help("narrow what is published and listened for, so that fewer resources reach each other"));
    }
    out
}

/// The finding at the statement that lets one write where it is triggered, which is the line to change.
fn at_the_right(mut finding: Diagnostic, parts: &[&Flow], places: &FxHashMap<Span, Vec<(Span, String)>>) -> Diagnostic {
    let right = parts.iter().rev().find(|flow| flow.what.starts_with("can ")).map(|flow| flow.span);
    let label = right.and_then(|span| finding.related.iter_mut().find(|label| label.span == span));
    if let Some(label) = label {
        std::mem::swap(label, &mut finding.primary);
    }
    for (span, text) in parts.iter().filter_map(|flow| places.get(&flow.span)).flatten() {
        if finding.primary.span != *span && !finding.related.iter().any(|label| label.span == *span) {
            finding = finding.also(*span, text.clone());
        }
    }
    finding
}

/// The other places of each edge, by its line: where its source and its filter are written.
fn places(project: &Project) -> FxHashMap<Span, Vec<(Span, String)>> {
    let mut places: FxHashMap<Span, Vec<(Span, String)>> = FxHashMap::default();
    for edge in project.stacks.iter().flat_map(|s| &s.edges) {
        let source = edge.facts.get("source").map(|fact| (fact.span, "the source".to_string()));
        places.entry(edge.span).or_default().extend(source.into_iter().chain(edge.also.iter().cloned()));
    }
    places
}
