//! Authorizers that may work longer than the API waits for them.

use super::error;
use super::function_outlives_request::message;
use crate::base::{Diagnostic, FxIndexSet};
use crate::project::view::{View, text};

const RULE: &str = "authorizer-outlives-request";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut known = FxIndexSet::default();
    for wire in view.triggers().filter(|w| text(w.fact("deadline")) == Some(RULE) && view.is_function(w.to)) {
        let (Some(takes), Some(waits)) = (view.number(wire.to, "timeout"), view.waits(wire)) else { continue };
        if takes > waits && known.insert(wire.to) {
            let span = view.span_of(wire.to, "timeout");
            let finding = error(RULE, span, message(view, wire.from, waits, wire.to), &[("seconds", waits.floor().to_string())]);
            out.push(finding.also(wire.edge.span, format!("{} waits for it", view.name(wire.from))));
        }
    }
    out
}
