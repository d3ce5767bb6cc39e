//! Queues whose failed messages go nowhere.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.read_queues() {
        let is_parked = view.into(wire.from).any(|w| w.is_failure());
        if is_parked || view.fact(wire.from, "dead_letter").is_some() {
            continue;
        }
        let queue = view.name(wire.from);
        let message = format!("a message of {queue} that always fails is received again until it expires");
        let finding = warning("queue-without-dead-letter", view.span(wire.from), message, &[("queue", queue)]);
        out.push(view.with_reader(finding, wire));
    }
    out
}
