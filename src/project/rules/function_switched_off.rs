//! Functions that reserve nothing, and so never run.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let off = view.nodes().filter(|id| view.number(*id, "reserved") == Some(0.0));
    let one = |id| {
        let message = format!("{} has a concurrency of 0 and never runs", view.name(id));
        warning("function-switched-off", view.span_of(id, "reserved"), message, &[])
    };
    off.map(one).collect()
}
