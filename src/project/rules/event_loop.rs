//! Loops of events over all stacks of a project, each with its certainty.

use crate::base::{Diagnostic, Span};
use crate::flow::{Flow, Help, Loops, looped, rule};
use crate::project::{Project, flows};
use rustc_hash::FxHashSet;

const HELP: Help = Help {
    certain: "narrow the filter of the trigger or the `Resource` of the statement so that they exclude each other, or write elsewhere; if the loop ends by itself, say how at the resource of one of these lines: `Metadata: {Purlin: {allow: {event-loop: {reason: ..., ends: ...}}}}`",
    not_proved: "narrow the statement to the resources that the code uses; if there is no loop, say why at the resource of one of these lines: `Metadata: {Purlin: {allow: {loop-not-proved: ...}}}`",
};

/// The findings.
pub(super) fn find(project: &Project) -> Vec<Diagnostic> {
    let permits = |span: Span, rule: &str| {
        let inside = |outer: &Span| outer.file == span.file && outer.start <= span.start && span.end <= outer.end;
        project.stacks.iter().flat_map(|s| &s.allowed).any(|allowed| &*allowed.rule == rule && inside(&allowed.region))
    };
    let loops = Loops::of(flows::flows(project), &permits);
    let mut out = Vec::new();
    let mut alike: FxHashSet<(Vec<Span>, &str)> = FxHashSet::default();
    for found in &loops.found {
        let parts: Vec<&Flow> = found.flows.iter().filter_map(|e| loops.flows.graph.edge_weight(*e)).collect();
        let mut lines: Vec<Span> = parts.iter().map(|f| f.span).collect();
        lines.sort_unstable();
        if alike.insert((lines, rule(&found.proof))) {
            out.push(looped(found, &parts, &|id| project.label(id), &HELP));
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
