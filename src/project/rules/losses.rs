//! Events and records that are lost when the function that gets them fails.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet};
use crate::model::Mode;
use crate::project::view::{View, Wire};
use crate::template::{EdgeKind, table};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut functions = FxIndexSet::default();
    for wire in view.triggers().filter(|w| view.number(w.to, "timeout").is_some() && view.fact(w.to, "memory").is_some()) {
        match wire.edge.kind {
            // One finding for each function, at the first of its triggers.
            EdgeKind::Trigger(Mode::Async) if wire.fact("token").is_none() && functions.insert(wire.to) => {
                out.extend(event(view, wire));
            }
            EdgeKind::Trigger(Mode::Poll) => out.extend(record(view, wire)),
            _ => {}
        }
    }
    out
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

/// Records of a stream: retried until they expire, or discarded after some retries.
fn record(view: &View<'_>, wire: &Wire<'_>) -> Option<Diagnostic> {
    let polled = table().row(view.ty(wire.from)?)?.polled.as_ref()?;
    // A queue gives messages back, and what is not read with rights of the function (Kafka) has other limits.
    if view.fact(wire.from, "visibility").is_some() || polled.needs.is_empty() {
        return None;
    }
    let (function, stream) = (view.name(wire.to), view.name(wire.from));
    let open = |name: &str| wire.fact(name).is_none() || wire.number(name) == Some(-1.0);
    if open("retries") && open("max_age") {
        let message = format!("a record of {stream} on which {function} always fails is retried until it expires, and blocks its shard");
        return Some(warning("shard-blocked-by-bad-record", wire.source(), message, &[]));
    }
    if wire.fact("dead_letter").is_none() {
        let message = format!("records of {stream} that {function} gives up on are lost");
        return Some(warning("failed-records-lost", wire.source(), message, &[]));
    }
    None
}
