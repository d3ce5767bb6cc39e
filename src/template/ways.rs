//! The ways through the states of a machine: which states nothing leads to, and from which no way leads to an end.

use super::reader::Reader;
use super::summary::{Fact, FactValue};
use super::text::Text;
use crate::base::{Name, Span};
use crate::document::{Entry, Node};
use rustc_hash::FxHashSet;

/// How deep states nest.
const DEPTH: usize = 24;

/// States that are something to report.
#[derive(Default)]
struct Found {
    /// Those that nothing leads to.
    unreached: Vec<(Name, Text, Span)>,
    /// Those that are reached, and from which no way leads to an end.
    endless: Vec<(Name, Text, Span)>,
}

impl Reader<'_> {
    /// Adds what rules ask of the states of a machine.
    pub(super) fn ways(&mut self, at: usize, definition: &Node) {
        let mut found = Found::default();
        graph(definition, DEPTH, &mut found);
        let Some(resource) = self.summary.resources.get_mut(at) else { return };
        // The definition may be a text, or in another file.
        if let Some(timeout) = definition.get("TimeoutSeconds") {
            let value = timeout.as_f64().map_or(FactValue::Unknown, FactValue::Number);
            resource.facts.entry("timeout".into()).or_insert(Fact { value, span: timeout.span, written: true });
        }
        for (name, states) in [("unreached", found.unreached), ("endless", found.endless)] {
            if let Some((_, _, span)) = states.first() {
                let fact = Fact { span: *span, value: FactValue::Texts(states), written: true };
                resource.facts.insert(name.into(), fact);
            }
        }
    }
}

/// The states of one definition, and of those within it.
fn graph(definition: &Node, depth: usize, found: &mut Found) {
    let (Some(depth), Some(states)) = (depth.checked_sub(1), definition.get("States").map(Node::entries)) else { return };
    for state in states {
        let inner = ["Iterator", "ItemProcessor"].iter().filter_map(|key| state.value.get(key));
        let branches = state.value.get("Branches").map(Node::items).unwrap_or_default();
        inner.chain(branches).for_each(|inner| graph(inner, depth, found));
    }
    let names: FxHashSet<&str> = states.iter().map(|s| &*s.key).collect();
    let Some(start) = definition.get("StartAt").and_then(Node::as_str).filter(|start| names.contains(start)) else { return };
    let ways: Option<Vec<Vec<&str>>> = states.iter().map(next).collect();
    // A way that is not known, or leads to a state that is not there, says nothing of the others.
    let Some(ways) = ways.filter(|ways| ways.iter().flatten().all(|name| names.contains(name))) else { return };
    let mut reached: FxHashSet<&str> = [start].into_iter().collect();
    let mut ending: FxHashSet<&str> = states.iter().filter(|s| ends(&s.value)).map(|s| &*s.key).collect();
    loop {
        let before = reached.len() + ending.len();
        for (state, ways) in states.iter().zip(&ways) {
            if reached.contains(&*state.key) {
                reached.extend(ways);
            }
            if ways.iter().any(|name| ending.contains(name)) {
                ending.insert(&state.key);
            }
        }
        if reached.len() + ending.len() == before {
            break;
        }
    }
    let of = |state: &Entry| (state.key.clone(), Text::literal(state.key.clone()), state.span);
    found.unreached.extend(states.iter().filter(|s| !reached.contains(&*s.key)).map(of));
    let endless = |s: &&Entry| reached.contains(&*s.key) && !ending.contains(&*s.key);
    found.endless.extend(states.iter().filter(endless).map(of));
}

/// The states that one leads to; nothing if one of them is not known.
fn next(state: &Entry) -> Option<Vec<&str>> {
    let mut nodes: Vec<&Node> = ["Next", "Default"].iter().filter_map(|key| state.value.get(key)).collect();
    for key in ["Choices", "Catch"] {
        let items = state.value.get(key).map(Node::items).unwrap_or_default();
        nodes.extend(items.iter().filter_map(|item| item.get("Next")));
    }
    nodes.into_iter().map(Node::as_str).collect()
}

/// Whether a run can end in a state. A choice that fits nothing fails, if there is no default.
fn ends(state: &Node) -> bool {
    let ty = state.get("Type").and_then(Node::as_str).unwrap_or_default();
    let end = state.get("End").is_some_and(|end| end.as_bool() != Some(false));
    end || ["Succeed", "Fail"].contains(&ty) || ty == "Choice" && state.get("Default").is_none()
}
