//! What wakes a declaration, and what it wakes: one hop at a time.

use crate::base::{FileId, Span};
use crate::graph::{EdgeKind, flows};
use crate::model::InstanceId;
use crate::session::{Analysis, Stack};
use crate::types::Instance;

/// A declaration with the lines that lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Where it is declared, whole.
    pub span: Span,
    /// Where its name stands.
    pub name_span: Span,
    /// The lines.
    pub lines: Vec<Span>,
}

/// What a declaration has to do with others, in numbers and names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Where its name stands.
    pub name_span: Span,
    /// What wakes it.
    pub woken_by: Vec<String>,
    /// What it can do.
    pub can: Vec<String>,
    /// Whom it wakes.
    pub wakes: Vec<String>,
    /// Who can do something with it.
    pub used_by: Vec<String>,
}

/// The declaration whose name stands at a place, or that is named there.
pub fn at<'a>(analysis: &'a Analysis, file: FileId, at: u32, word: &str) -> Option<(&'a Stack, &'a Instance)> {
    let all = || analysis.stacks.iter().flat_map(|s| s.graph.world.instances.iter().map(move |i| (s, i)));
    let holds = |span: Span| span.file == file && span.start <= at && at <= span.end;
    let named = |i: &Instance| &*i.decl.name == word || &*i.name == word;
    let own = all().find(|(_, i)| holds(i.decl.name_span));
    own.or_else(|| all().find(|(_, i)| named(i) && i.decl.span.file == file)).or_else(|| all().find(|(_, i)| named(i)))
}

/// The innermost declaration around a place.
pub fn around(analysis: &Analysis, file: FileId, at: u32) -> Option<(&Stack, &Instance)> {
    let all = analysis.stacks.iter().flat_map(|s| s.graph.world.instances.iter().map(move |i| (s, i)));
    let holds = |span: Span| span.file == file && span.start <= at && at <= span.end;
    all.filter(|(_, i)| holds(i.decl.span)).min_by_key(|(_, i)| i.decl.span.len())
}

fn hop(instance: &Instance) -> Hop {
    Hop {
        name: instance.name.to_string(),
        kind: instance.kind_name().to_string(),
        span: instance.decl.span,
        name_span: instance.decl.name_span,
        lines: Vec::new(),
    }
}

/// The item of a declaration.
pub fn item(instance: &Instance) -> Hop {
    hop(instance)
}

/// What leads to a declaration, or from it, by flows of events.
pub fn neighbours(stack: &Stack, id: InstanceId, incoming: bool) -> Vec<Hop> {
    let flows = flows(&stack.graph);
    let mut out: Vec<Hop> = Vec::new();
    for edge in flows.graph.raw_edges() {
        let ends = (flows.graph.node_weight(edge.source()), flows.graph.node_weight(edge.target()));
        let (Some(from), Some(to)) = ends else { continue };
        let (own, other) = if incoming { (to, from) } else { (from, to) };
        if own.instance() != id {
            continue;
        }
        let Some(instance) = stack.graph.world.instance(other.instance()) else { continue };
        match out.iter_mut().find(|h| h.name_span == instance.decl.name_span && *h.name == *instance.name) {
            Some(known) if !known.lines.contains(&edge.weight.span) => known.lines.push(edge.weight.span),
            Some(_) => {}
            None => out.push(Hop { lines: vec![edge.weight.span], ..hop(instance) }),
        }
    }
    out
}

/// The summaries of the declarations of a file, in their order.
pub fn summaries(analysis: &Analysis, file: FileId) -> Vec<Summary> {
    let mut out: Vec<Summary> = Vec::new();
    for stack in &analysis.stacks {
        let world = &stack.graph.world;
        let name = |id| world.instance(id).map_or_else(String::new, |i| i.name.to_string());
        let mut of: rustc_hash::FxHashMap<InstanceId, Summary> = Default::default();
        for instance in world.instances.iter().filter(|i| i.decl.span.file == file) {
            let empty = Vec::new;
            let summary = Summary { name_span: instance.decl.name_span, woken_by: empty(), can: empty(), wakes: empty(), used_by: empty() };
            of.insert(instance.id, summary);
        }
        for edge in stack.graph.edges.iter().filter(|e| !e.derived && !e.internal(world)) {
            let (subject, actor) = (name(edge.subject), name(edge.actor));
            match edge.kind {
                EdgeKind::Trigger(_) => {
                    of.entry(edge.actor).and_modify(|s| s.woken_by.push(format!("{subject}.{}", edge.name)));
                    of.entry(edge.subject).and_modify(|s| s.wakes.push(actor));
                }
                EdgeKind::Capability => {
                    of.entry(edge.actor).and_modify(|s| s.can.push(format!("{} {subject}", edge.name)));
                    of.entry(edge.subject).and_modify(|s| s.used_by.push(actor));
                }
            }
        }
        for summary in of.into_values() {
            match out.iter_mut().find(|s| s.name_span == summary.name_span) {
                // One declaration in a loop or a component is several: told together.
                Some(known) => {
                    known.woken_by.extend(summary.woken_by);
                    known.can.extend(summary.can);
                    known.wakes.extend(summary.wakes);
                    known.used_by.extend(summary.used_by);
                }
                None => out.push(summary),
            }
        }
    }
    out.sort_by_key(|s| s.name_span);
    for summary in &mut out {
        for list in [&mut summary.woken_by, &mut summary.can, &mut summary.wakes, &mut summary.used_by] {
            list.sort();
            list.dedup();
        }
    }
    out
}
