//! Triggers that are written twice. Knows nothing of what they emit.

use super::edge::{Edge, EdgeKind};
use crate::base::{Diagnostic, Name};
use crate::model::InstanceId;
use crate::types::World;
use rustc_hash::FxHashMap;

/// Reports triggers between the same ends that the `@key` of their event does not distinguish, and gives back the later
/// ones: their resources would have the same ids.
pub(super) fn repeated(world: &World, edges: &[Edge]) -> Vec<usize> {
    let mut seen: FxHashMap<(Name, InstanceId, InstanceId), &Edge> = FxHashMap::default();
    let mut repeated = Vec::new();
    for (at, edge) in edges.iter().enumerate().filter(|(_, e)| e.kind != EdgeKind::Capability) {
        let key = (edge.logical(world), edge.actor, edge.subject);
        if let Some(first) = seen.get(&key) {
            world.report(finding(world, edge, first));
            repeated.push(at);
            continue;
        }
        seen.insert(key, edge);
    }
    repeated
}

fn finding(world: &World, edge: &Edge, first: &Edge) -> Diagnostic {
    let name = |id| world.instance(id).map_or("", |i| &*i.name);
    let message = format!("`{}.{}` triggers `{}` already", name(edge.subject), edge.name, name(edge.actor));
    let help = match edge.arguments == first.arguments {
        true => "remove one of the two",
        false => "write one trigger with all arguments, or use two functions",
    };
    Diagnostic::error("duplicate-trigger", edge.span, message).also(first.span, "written here first").help(help)
}
