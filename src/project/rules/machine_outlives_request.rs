//! Express machines that an API starts and waits for, and that may run longer than it waits.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet};
use crate::project::view::{View, text};
use crate::project::words;

const RULE: &str = "machine-outlives-request";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let words = words::of(RULE);
    let mut known = FxIndexSet::default();
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| text(w.fact("action")).is_some_and(|action| words.names(action)) && w.fact("task").is_none()) {
        let Some(waits) = view.waits(wire) else { continue };
        // A definition without a time has that of an express machine.
        let takes = match view.fact(wire.to, "timeout") {
            Some(_) => view.number(wire.to, "timeout"),
            None => Some(words.limit("express")),
        };
        let Some(takes) = takes.filter(|takes| *takes > waits) else { continue };
        if known.insert(wire.to) {
            let (api, machine) = (view.name(wire.from), view.name(wire.to));
            let message = format!("{api} answers after {waits} s, while {machine} may run for {takes} s");
            let finding = warning(RULE, view.span_of(wire.to, "timeout"), message, &[("seconds", waits.floor().to_string())]);
            out.push(finding.also(wire.edge.span, format!("{api} waits for it")));
        }
    }
    out
}
