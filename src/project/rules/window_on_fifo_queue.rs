//! Batching windows of FIFO queues, which have none.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let windows = view.polls().filter(|w| view.is(w.from, "fifo") && w.number("window").is_some_and(|window| window > 0.0));
    let one = |wire: &crate::project::view::Wire<'_>| {
        let queue = view.name(wire.from);
        let message = format!("the FIFO queue {queue} has no batching window");
        error("window-on-fifo-queue", wire.span_of("window"), message, &[]).also(wire.source(), format!("polls {queue}"))
    };
    windows.map(one).collect()
}
