//! FIFO queues that a rule sends to without a message group.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let sent = view.triggers().filter(|w| w.is_by("fifo-queue-without-group") && view.is(w.to, "fifo"));
    for wire in sent.filter(|w| view.fact(w.to, "visibility").is_some() && w.fact("group").is_none()) {
        let message = format!("the FIFO queue {} needs a message group", view.name(wire.to));
        let finding = error("fifo-queue-without-group", wire.edge.span, message, &[]);
        out.push(finding.also(view.span_of(wire.to, "fifo"), "it is FIFO"));
    }
    out
}
