//! Patterns that no message matches. What a service refuses the reader reports.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet};
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut known = FxIndexSet::default();
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.edge.undecided.is_none()) {
        let Some(place) = wire.filter() else { continue };
        if wire.edge.takes.is_impossible() && known.insert(place) {
            let message = format!("no message of {} matches this pattern: two of its conditions exclude each other", view.name(wire.from));
            out.push(warning("pattern-matches-nothing", place, message, &[]));
        }
    }
    out
}
