//! A stack's graph as plain data, for those who draw or print it. Knows nothing of how it is drawn.

use super::analysis::Stack;
use super::sources::Sources;
use crate::base::{FxIndexMap, Span};
use crate::graph::EdgeKind;
use crate::model::InstanceId;
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
        PictureEdge { from, to, kind, mode, label: edge.name.to_string(), derived: edge.derived, arguments: written.collect(), file, line }
    });
    Picture { stack: world.stack.to_string(), nodes: nodes.collect(), edges: edges.collect() }
}
