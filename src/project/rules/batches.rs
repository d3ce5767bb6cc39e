//! How a function takes messages of a queue: batches, windows, and what happens to those that fail.

use super::{error, warning};
use crate::base::{Diagnostic, FxIndexSet};
use crate::project::view::{View, Wire};
use crate::project::words;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut queues = FxIndexSet::default();
    for wire in view.triggers().filter(|w| view.fact(w.from, "visibility").is_some() && view.number(w.to, "timeout").is_some()) {
        // A pipe has settings of another kind.
        if wire.fact("role").is_none() {
            batch(view, wire, &mut out);
        }
        // The settings of a queue are reported once, however many read it.
        if queues.insert(wire.from) {
            settings(view, wire, &mut out);
        }
    }
    out
}

fn batch(view: &View<'_>, wire: &Wire<'_>, out: &mut Vec<Diagnostic>) {
    let (queue, fifo) = (view.name(wire.from), view.is(wire.from, "fifo"));
    let window = wire.fact("window").is_none_or(|_| wire.number("window").is_some_and(|w| w < 1.0));
    // A value that is not known before deployment proves nothing.
    let batch = match wire.fact("batch") {
        Some(_) => wire.number("batch"),
        None => Some(words::of("batch-fails-as-a-whole").limit("default")),
    };
    let Some(batch) = batch else { return };
    let place = wire.fact("batch").map_or_else(|| wire.source(), |f| f.span);
    let about = |finding: Diagnostic| finding.also(wire.source(), format!("polls {queue}"));
    if fifo && batch > words::of("batch-beyond-fifo-limit").limit("most") {
        let message = format!("the FIFO queue {queue} gives 10 messages at a time, not {batch}");
        out.push(about(error("batch-beyond-fifo-limit", place, message, &[])));
    }
    if !fifo && batch > words::of("window-missing").limit("most") && window {
        out.push(about(error("window-missing", place, format!("a batch of {batch} needs a window of at least 1 s"), &[])));
    }
    if fifo && wire.number("window").is_some_and(|w| w > 0.0) {
        let message = format!("the FIFO queue {queue} has no batching window");
        out.push(about(error("window-on-fifo-queue", wire.span_of("window"), message, &[])));
    }
    if batch > 1.0 && wire.fact("partial").is_none() {
        let message = format!("one message that fails returns its whole batch of {batch} to {queue}");
        out.push(warning("batch-fails-as-a-whole", wire.source(), message, &[]).also(place, format!("a batch of {batch}")));
    }
}

fn settings(view: &View<'_>, wire: &Wire<'_>, out: &mut Vec<Diagnostic>) {
    if !view.is_own(wire.from) {
        return;
    }
    let queue = view.name(wire.from);
    let values = [("queue", queue.clone())];
    let reads = |finding: Diagnostic| finding.also(wire.source(), format!("{} polls it", view.name(wire.to)));
    let parks = view.fact(wire.from, "dead_letter").is_some();
    let least = words::of("low-receive-count").limit("least");
    if let Some(receives) = view.number(wire.from, "max_receives").filter(|n| parks && *n < least) {
        let message = format!("a message of {queue} is given up after {receives} reads, which throttling alone can use up");
        out.push(reads(warning("low-receive-count", view.span_of(wire.from, "max_receives"), message, &values)));
    }
    let is_parked = view.into(wire.from).any(|w| w.is_failure());
    if !parks && !is_parked {
        let message = format!("a message of {queue} that always fails is received again until it expires");
        out.push(reads(warning("queue-without-dead-letter", view.span(wire.from), message, &values)));
    }
}
