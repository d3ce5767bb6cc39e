//! Dead-letter queues of another type than the queue: one is FIFO.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (queue, parked) in view.parked() {
        if view.is(queue, "fifo") == view.is(parked, "fifo") {
            continue;
        }
        let (name, other) = (view.name(queue), view.name(parked));
        let message = format!("{name} and its dead-letter queue {other} are not of one type: one is FIFO");
        let finding = error("dead-letter-of-other-type", view.span_of(queue, "dead_letter"), message, &[]);
        out.push(finding.also(view.span(parked), "the dead-letter queue"));
    }
    out
}
