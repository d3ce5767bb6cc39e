//! FIFO queues and topics that a bucket is to notify.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.is_by("fifo-destination") && view.is(w.to, "fifo")) {
        let message = format!("{} cannot notify {}: it is FIFO", view.name(wire.from), view.name(wire.to));
        let finding = error("fifo-destination", wire.edge.span, message, &[]);
        out.push(finding.also(view.span_of(wire.to, "fifo"), "it is FIFO"));
    }
    out
}
