//! Queues that give up a message after few reads.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "low-receive-count";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let least = words::of(RULE).limit("least");
    let mut out = Vec::new();
    for wire in view.read_queues().into_iter().filter(|w| view.fact(w.from, "dead_letter").is_some()) {
        let Some(receives) = view.number(wire.from, "max_receives").filter(|n| *n < least) else { continue };
        let queue = view.name(wire.from);
        let message = format!("a message of {queue} is given up after {receives} reads, which throttling alone can use up");
        let finding = warning(RULE, view.span_of(wire.from, "max_receives"), message, &[("queue", queue)]);
        out.push(view.with_reader(finding, wire));
    }
    out
}
