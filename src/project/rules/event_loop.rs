//! Loops of events over all stacks of a project, each with its certainty.

use crate::base::{Diagnostic, FileId, Span};
use crate::flow::{Flow, FlowGraph, Hop, IN_DECLARATIONS, IN_TEMPLATES, Loop, Loops, Port, Proof, looped, rule};
use crate::model::InstanceId;
use crate::project::Project;
use crate::template::{EdgeKind, Segment, Text};
use petgraph::graph::EdgeIndex;
use rustc_hash::{FxHashMap, FxHashSet};

/// The findings.
pub(super) fn find(project: &Project, flows: FlowGraph) -> Vec<Diagnostic> {
    let permits = |span: Span, rule: &str| {
        let inside = |outer: &Span| outer.file == span.file && outer.start <= span.start && span.end <= outer.end;
        project.stacks.iter().flat_map(|s| &s.allowed).any(|allowed| &*allowed.rule == rule && inside(&allowed.region))
    };
    let places = places(project);
    let own = project.stacks.iter().filter(|stack| stack.declared).flat_map(|stack| &stack.resources);
    let declared: FxHashSet<FileId> = own.map(|resource| resource.span.file).collect();
    let destinations = Destinations::of(&flows);
    let loops = Loops::of(flows, &permits);
    let mut out: Vec<Diagnostic> = Vec::new();
    // The loops that a line makes, and those that a statement allows, by what they lead through.
    let mut made: FxHashMap<Vec<InstanceId>, usize> = FxHashMap::default();
    let mut allowed: FxHashMap<Vec<InstanceId>, usize> = FxHashMap::default();
    let mut alike: FxHashSet<(Vec<Span>, &str)> = FxHashSet::default();
    for found in &loops.found {
        let parts = Parts::of(project, &loops, found);
        if destinations.allow(project, &parts.flows) {
            continue;
        }
        let mut lines: Vec<Span> = parts.flows.iter().map(|f| f.span).collect();
        lines.sort_unstable();
        if alike.insert((lines, rule(&found.proof))) {
            let help = if declared.contains(&parts.closes.file) { &IN_DECLARATIONS } else { &IN_TEMPLATES };
            let finding = looped(found, &parts.flows, &|id| project.label(id), help);
            let finding = placed(finding, parts.closes, &parts.flows, &places);
            if found.proof == Proof::Certain {
                match parts.hop {
                    Hop::Sends => made.insert(parts.nodes(), out.len()),
                    Hop::Allowed => allowed.insert(parts.nodes(), out.len()),
                    Hop::ActsAs | Hop::Follows => None,
                };
            }
            out.push(finding);
        }
    }
    // What a destination sends with a right is one loop: the right is there for the destination.
    let mut needless = FxHashSet::default();
    for (nodes, at) in &made {
        let Some(right) = allowed.get(nodes) else { continue };
        let label = out.get(*right).map(|finding| finding.primary.clone());
        if let (Some(label), Some(finding)) = (label, out.get_mut(*at)) {
            finding.related.push(label);
            needless.insert(*right);
        }
    }
    let mut at = 0..;
    out.retain(|_| at.next().is_none_or(|at| !needless.contains(&at)));
    for id in &loops.cut_short {
        let span = project.node(*id).map(|n| n.span).unwrap_or_default();
        let message = format!("not all ways from `{}` were followed: there are too many", project.label(*id));
        let finding = Diagnostic::new(crate::base::Severity::Advice, "loop-not-proved", span, message);
        out.push(finding.help("narrow what is published and listened for, so that fewer resources reach each other"));
    }
    out
}

/// What functions send their results to, as those that act and those that it is sent to.
struct Destinations(FxHashSet<(InstanceId, InstanceId)>);

impl Destinations {
    fn of(flows: &FlowGraph) -> Destinations {
        let sends = |flow: &&Flow| matches!(flow.hop, Hop::Sends | Hop::Follows);
        Destinations(flows.graph.edge_weights().filter(sends).map(|flow| (flow.from, flow.to)).collect())
    }

    /// Whether a loop of a program is there only because a destination needs a right: the code has no right to send there
    /// that its declaration does not say, and what the destination itself sends is another flow.
    fn allow(&self, project: &Project, loop_of: &[&Flow]) -> bool {
        let stack = |id: InstanceId| project.node(id).and_then(|node| node.stack);
        let first = loop_of.first().and_then(|flow| stack(flow.from));
        let declared = first.and_then(|at| project.stacks.get(at)).is_some_and(|stack| stack.declared);
        if !declared || loop_of.iter().any(|flow| stack(flow.from) != first) {
            return false;
        }
        let next = loop_of.iter().cycle().skip(1);
        loop_of.iter().zip(next).any(|(acts, may)| {
            let own = acts.hop == Hop::ActsAs && may.hop == Hop::Allowed && of_one(project, acts.from, acts.to);
            own && self.0.contains(&(acts.from, may.to))
        })
    }
}

/// Whether two resources are of one declaration: a function, and the role that is made for it.
fn of_one(project: &Project, one: InstanceId, other: InstanceId) -> bool {
    project.node(one).zip(project.node(other)).is_some_and(|(one, other)| one.span == other.span)
}

/// The flows of a loop, in the order in which it is reported.
struct Parts<'l> {
    /// From the resource that is declared first among those that act.
    flows: Vec<&'l Flow>,
    /// The place of the line that closes it: which lets the last one send. What a service sends without such a line, as
    /// the log of a function, has that of the trigger that takes it up.
    closes: Span,
    /// What that line is.
    hop: Hop,
}

impl<'l> Parts<'l> {
    fn of(project: &Project, loops: &'l Loops, found: &Loop) -> Parts<'l> {
        let graph = &loops.flows.graph;
        let flow = |edge: &EdgeIndex| {
            let (from, _) = graph.edge_endpoints(*edge)?;
            Some((matches!(graph.node_weight(from)?, Port::Acts(_)), graph.edge_weight(*edge)?))
        };
        let mut parts: Vec<(bool, &Flow)> = found.flows.iter().filter_map(flow).collect();
        let place = |flow: &Flow| project.node(flow.from).map(|node| (node.stack.is_none(), node.span));
        let before = |at: usize| at.checked_sub(1).or(parts.len().checked_sub(1)).and_then(|at| parts.get(at));
        // A role does not begin a loop: who acts with it does.
        let begins = |at: &usize| parts.get(*at).is_some_and(|(acts, _)| *acts) && before(*at).is_none_or(|(_, f)| f.hop != Hop::ActsAs);
        let first = (0..parts.len()).filter(begins).min_by_key(|at| parts.get(*at).map(|(_, flow)| place(flow)));
        parts.rotate_left(first.unwrap_or(0));
        // Of something whose type is not known it is not known whether it acts.
        let unknown = |flow: &Flow| flow.hop == Hop::Follows && project.node(flow.from).is_some_and(|node| node.ty.is_none());
        let sends = |(acts, flow): &(bool, &Flow)| *acts && flow.hop != Hop::ActsAs && !project.is_anything(flow.from) && !unknown(flow);
        let last = parts.iter().rposition(sends).unwrap_or(0);
        let hop = parts.get(last).map(|(_, flow)| flow.hop).unwrap_or_default();
        let by_itself = parts.get(last).is_some_and(|(acts, flow)| *acts && flow.hop == Hop::Follows);
        let closes = parts.get(last + usize::from(by_itself)).or(parts.get(last)).map(|(_, flow)| flow.span);
        Parts { hop, closes: closes.unwrap_or_default(), flows: parts.into_iter().map(|(_, flow)| flow).collect() }
    }
}

impl Parts<'_> {
    /// What the loop leads through, without the roles.
    fn nodes(&self) -> Vec<InstanceId> {
        let roles: FxHashSet<InstanceId> = self.flows.iter().filter(|f| f.hop == Hop::ActsAs).map(|f| f.to).collect();
        self.flows.iter().map(|f| f.from).filter(|id| !roles.contains(id)).collect()
    }
}

/// The finding at the line that closes the loop, with every other line that the loop follows from.
fn placed(mut finding: Diagnostic, closes: Span, parts: &[&Flow], places: &FxHashMap<Span, Vec<(Span, String)>>) -> Diagnostic {
    if let Some(at) = finding.related.iter().position(|label| label.span == closes) {
        let closes = finding.related.remove(at);
        // The others stay in the order of their numbers.
        finding.related.insert(0, std::mem::replace(&mut finding.primary, closes));
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
        // Whoever acts with a role is no source of anything.
        let source = edge.facts.get("source").filter(|_| edge.kind != EdgeKind::ActsAs).map(|fact| (fact.span, "the source".to_string()));
        let span = edge.facts.get("target").map_or(edge.span, |target| target.span);
        places.entry(span).or_default().extend(source.into_iter().chain(edge.also.iter().cloned()));
    }
    passed(project, &mut places);
    places
}

/// Where a stack passes to another what a statement there is about.
fn passed(project: &Project, places: &mut FxHashMap<Span, Vec<(Span, String)>>) {
    let by_name: FxHashMap<_, usize> = project.stacks.iter().enumerate().map(|(at, stack)| (&stack.name, at)).collect();
    for nested in project.stacks.iter().flat_map(|stack| &stack.nested) {
        let Some(inner) = nested.file.as_ref().and_then(|file| project.stacks.get(*by_name.get(file)?)) else { continue };
        for parameter in &nested.parameters {
            let name = parameter.name.as_literal();
            let is_it = |text: &Text| matches!(text.segments().first(), Some(Segment::Parameter(first)) if Some(&**first) == name);
            for right in inner.rights.iter().filter(|right| right.resources.iter().any(is_it)) {
                places.entry(right.span).or_default().push((parameter.span, "what is passed".to_string()));
            }
        }
    }
}
