//! FIFO topics that are to notify something other than a queue.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.is_by("fifo-topic-wakes-function") && view.is(w.from, "fifo") && view.is_own(w.to)) {
        if view.fact(wire.to, "visibility").is_none() {
            let message = format!("the FIFO topic {} delivers to queues only, and {} is none", view.name(wire.from), view.name(wire.to));
            let finding = error("fifo-topic-wakes-function", wire.edge.span, message, &[]);
            out.push(finding.also(view.span_of(wire.from, "fifo"), "it is FIFO"));
        }
    }
    out
}
