//! FIFO queues that subscribe to a standard topic.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let subscribed = view.triggers().filter(|w| w.is_by("fifo-queue-of-standard-topic") && view.is(w.to, "fifo"));
    for wire in subscribed.filter(|w| view.fact(w.to, "visibility").is_some() && view.is_own(w.from) && !view.is(w.from, "fifo")) {
        let message = format!("the FIFO queue {} cannot subscribe to the standard topic {}", view.name(wire.to), view.name(wire.from));
        let finding = error("fifo-queue-of-standard-topic", wire.edge.span, message, &[]);
        out.push(finding.also(view.span_of(wire.to, "fifo"), "it is FIFO"));
    }
    out
}
