//! What cannot be delivered and goes to a FIFO queue, which takes messages of FIFO queues and topics only.

use super::error;
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::view::View;

/// What functions, rules and standard topics could not deliver goes to standard queues.
pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let ordered = |id: InstanceId| view.fact(id, "visibility").is_some() || view.is(id, "fifo");
    let wires = view.failures().filter(|w| view.is(w.to, "fifo") && !ordered(w.from));
    let one = |wire: &crate::project::view::Wire<'_>| {
        let message = format!("what fails at {} cannot go to the FIFO queue {}", view.name(wire.from), view.name(wire.to));
        error("dead-letters-of-wrong-order", wire.edge.span, message, &[]).also(view.span_of(wire.to, "fifo"), "it is FIFO")
    };
    wires.map(one).collect()
}
