//! Events that are lost when the function that gets them fails.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet};
use crate::model::Mode;
use crate::project::view::{View, Wire};
use crate::template::EdgeKind;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    // One finding for each function, at the first of its triggers.
    let mut functions = FxIndexSet::default();
    let lossy = view.triggers().filter(|w| w.edge.kind == EdgeKind::Trigger(Mode::Async) && view.is_function(w.to));
    let first: Vec<&Wire<'_>> = lossy.filter(|w| w.fact("token").is_none() && functions.insert(w.to)).collect();
    first.into_iter().filter_map(|wire| event(view, wire)).collect()
}

/// An event that nobody waits for: after three failures it is gone, unless it is sent somewhere.
fn event(view: &View<'_>, wire: &Wire<'_>) -> Option<Diagnostic> {
    let kept = view.fact(wire.to, "dead_letter").is_some() || view.out_of(wire.to).any(|w| w.is_failure() && w.edge.event.is_none());
    if kept || !view.is_own(wire.to) {
        return None;
    }
    let function = view.name(wire.to);
    let message = format!("when {function} fails on an event of {}, and on its two retries, the event is lost", view.name(wire.from));
    Some(warning("failed-events-lost", wire.edge.span, message, &[("function", function)]).also(view.span(wire.to), "the function"))
}
