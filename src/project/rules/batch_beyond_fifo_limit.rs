//! Batches that are larger than a FIFO queue gives.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "batch-beyond-fifo-limit";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let most = words::of(RULE).limit("most");
    let mut out = Vec::new();
    for wire in view.polls().filter(|w| view.is(w.from, "fifo")) {
        let Some(batch) = wire.batch().filter(|batch| *batch > most) else { continue };
        let queue = view.name(wire.from);
        let message = format!("the FIFO queue {queue} gives {most} messages at a time, not {batch}");
        out.push(error(RULE, wire.place_of_batch(), message, &[]).also(wire.source(), format!("polls {queue}")));
    }
    out
}
