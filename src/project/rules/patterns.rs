//! Patterns that nothing can match, and those that everything does. What a service refuses the reader reports.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet, Span};
use crate::project::view::{View, text};
use crate::project::words;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut known = FxIndexSet::default();
    for wire in view.triggers().filter(|w| w.edge.undecided.is_none()) {
        let Some(place) = filter(wire.edge.also.as_slice()) else { continue };
        let source = view.name(wire.from);
        if wire.edge.takes.is_impossible() && known.insert(place) {
            let message = format!("no message of {source} matches this pattern: two of its conditions exclude each other");
            out.push(warning("pattern-matches-nothing", place, message, &[]));
        }
        let words = words::of("rule-matches-everything");
        let service = words.texts.get("service").map(String::as_str);
        if service.is_some() && text(wire.fact("service")) == service && wire.edge.takes.accepts_all(&words.fields) && known.insert(place) {
            out.push(warning("rule-matches-everything", place, format!("this rule matches every event of {source}"), &[]));
        }
    }
    out
}

/// Where the filter of an edge is written.
fn filter(also: &[(Span, String)]) -> Option<Span> {
    also.iter().find(|(_, what)| what == "the filter").map(|(span, _)| *span)
}
