//! A stack's graph as plain data, for those who draw or print it. Knows nothing of how it is drawn.

use super::analysis::{Analysis, Stack};
use super::sources::Sources;
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::graph::EdgeKind;
use crate::model::InstanceId;
use crate::project::Project;
use serde::Serialize;

/// A graph as data.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    /// The stack's name.
    pub stack: String,
    /// The declarations.
    pub nodes: Vec<PictureNode>,
    /// What wakes what, and who may do what.
    pub edges: Vec<PictureEdge>,
}

/// A declaration.
#[derive(Clone, Debug, Serialize)]
pub struct PictureNode {
    /// Its name with the components and loops it is in.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The logical id of its main resource.
    pub logical_id: String,
    /// Whether another stack owns it.
    pub existing: bool,
    /// The file it stands in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What was found there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Marked>,
}

/// A trigger leads from what wakes to what is woken, a capability from who can to what it can it with.
#[derive(Clone, Debug, Serialize)]
pub struct PictureEdge {
    /// The name of the node it leads from.
    pub from: String,
    /// The name of the node it leads to.
    pub to: String,
    /// `trigger` or `capability`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// How a trigger reaches what it wakes: `sync`, `async` or `poll`.
    pub mode: Option<&'static str>,
    /// The event or the verb.
    pub label: String,
    /// Whether it follows from something else.
    pub derived: bool,
    /// The arguments that were written.
    pub arguments: FxIndexMap<String, String>,
    /// The file it stands in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What was found there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Marked>,
}

/// A finding that takes part in a node or an edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Marked {
    pub rule: String,
    pub severity: &'static str,
}

/// The graph of a stack as data, with what was found marked: an edge by each finding that names it, as the hops of a loop
/// do, a declaration by what is found in it besides.
pub fn marked(stack: &Stack, analysis: &Analysis) -> Picture {
    let mut picture = picture(stack, &analysis.sources);
    let world = &stack.graph.world;
    let within = |inner: Span, outer: Span| inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end;
    let mark = |marks: &mut Vec<Marked>, finding: &Diagnostic| {
        let mark = Marked { rule: finding.rule.to_string(), severity: finding.severity.word() };
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    };
    for finding in &analysis.findings {
        let mut of_edge = false;
        let spans: Vec<Span> = std::iter::once(&finding.primary).chain(&finding.related).map(|l| l.span).collect();
        let edges = stack.graph.edges.iter().filter(|edge| !edge.internal(world));
        for (edge, drawn) in edges.zip(&mut picture.edges) {
            if spans.iter().any(|span| within(*span, edge.span)) {
                mark(&mut drawn.findings, finding);
                of_edge |= within(finding.primary.span, edge.span);
            }
        }
        for (instance, drawn) in world.instances.iter().zip(&mut picture.nodes).filter(|_| !of_edge) {
            if within(finding.primary.span, instance.decl.span) {
                mark(&mut drawn.findings, finding);
            }
        }
    }
    picture
}

/// The graphs of the stacks that templates describe, as data.
pub fn pictures_of_templates(analysis: &Analysis) -> Vec<Picture> {
    let Some(project) = &analysis.joined else { return Vec::new() };
    let own = |name: &Name| analysis.stacks.iter().any(|stack| stack.name == *name);
    let stacks = project.stacks.iter().enumerate().filter(|(_, stack)| !own(&stack.name));
    stacks.map(|(at, _)| of_template(project, at, &analysis.sources)).collect()
}

/// The graph of a template: the resources that take part in it, and those of others that it names.
fn of_template(project: &Project, stack: usize, sources: &Sources) -> Picture {
    let file = |span: Span| sources.get(span.file).map_or_else(String::new, |(path, _)| path.display().to_string());
    let wires = project.wires(stack);
    let mut ids: Vec<InstanceId> = wires.iter().flat_map(|wire| [wire.from, wire.to]).collect();
    ids.sort_unstable_by_key(|id| id.0);
    ids.dedup();
    let name = |id: InstanceId| match project.node(id) {
        Some(node) if node.stack == Some(stack) => node.label.to_string(),
        _ => project.label(id),
    };
    let nodes = ids.iter().filter_map(|id| Some((*id, project.node(*id)?))).map(|(id, node)| PictureNode {
        name: name(id),
        kind: node.ty.as_deref().unwrap_or("unknown").to_string(),
        logical_id: node.id.to_string(),
        existing: node.stack != Some(stack),
        file: file(node.span),
        line: sources.position(node.span).0,
        findings: Vec::new(),
    });
    let edges = wires.iter().map(|wire| PictureEdge {
        from: name(wire.from),
        to: name(wire.to),
        kind: if wire.right { "capability" } else { "trigger" },
        mode: wire.mode.map(|mode| mode.word()),
        label: wire.label.to_string(),
        derived: false,
        arguments: FxIndexMap::default(),
        file: file(wire.span),
        line: sources.position(wire.span).0,
        findings: Vec::new(),
    });
    let title = project.stacks.get(stack).map(|s| s.name.to_string()).unwrap_or_default();
    Picture { stack: title, nodes: nodes.collect(), edges: edges.collect() }
}

/// The graph of a stack as data.
pub fn picture(stack: &Stack, sources: &Sources) -> Picture {
    let world = &stack.graph.world;
    let place =
        |span: Span| (sources.get(span.file).map_or_else(String::new, |(path, _)| path.display().to_string()), sources.position(span).0);
    let name = |id: InstanceId| world.instance(id).map_or_else(String::new, |i| i.name.to_string());
    let nodes = world.instances.iter().map(|instance| {
        let (file, line) = place(instance.decl.name_span);
        PictureNode {
            name: instance.name.to_string(),
            kind: instance.kind_name().to_string(),
            logical_id: instance.logical.to_string(),
            existing: instance.decl.existing,
            file,
            line,
            findings: Vec::new(),
        }
    });
    let edges = stack.graph.edges.iter().filter(|edge| !edge.internal(world)).map(|edge| {
        let (file, line) = place(edge.span);
        let (actor, subject) = (name(edge.actor), name(edge.subject));
        let (from, to, kind, mode) = match edge.kind {
            EdgeKind::Trigger(mode) => (subject, actor, "trigger", Some(mode.word())),
            EdgeKind::Capability => (actor, subject, "capability", None),
        };
        let written = edge.spans.keys().filter_map(|name| Some((name.to_string(), edge.arguments.get(name)?.to_string())));
        PictureEdge {
            from,
            to,
            kind,
            mode,
            label: edge.name.to_string(),
            derived: edge.derived,
            arguments: written.collect(),
            file,
            line,
            findings: Vec::new(),
        }
    });
    Picture { stack: world.stack.to_string(), nodes: nodes.collect(), edges: edges.collect() }
}
