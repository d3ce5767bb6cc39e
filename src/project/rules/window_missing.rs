//! Large batches of a standard queue without the window that they need.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "window-missing";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let most = words::of(RULE).limit("most");
    let mut out = Vec::new();
    for wire in view.polls().filter(|w| !view.is(w.from, "fifo")) {
        let without = wire.fact("window").is_none_or(|_| wire.number("window").is_some_and(|w| w < 1.0));
        let Some(batch) = wire.batch().filter(|batch| without && *batch > most) else { continue };
        let finding = error(RULE, wire.place_of_batch(), format!("a batch of {batch} needs a window of at least 1 s"), &[]);
        out.push(finding.also(wire.source(), format!("polls {}", view.name(wire.from))));
    }
    out
}
