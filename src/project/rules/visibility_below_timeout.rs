//! Queues that show a message again while a function may still work on it.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::{View, Wire};
use crate::project::words;

const RULE: &str = "visibility-below-timeout";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (wire, hidden, timeout) in hidden(view).into_iter().filter(|(_, hidden, timeout)| hidden < timeout) {
        let (queue, function) = (view.name(wire.from), view.name(wire.to));
        let message = format!("a message of {queue} reappears after {hidden} s, while {function} may still work on it for {timeout} s");
        let values = [("queue", queue), ("least", least(RULE, wire, timeout).to_string())];
        let finding = error(RULE, view.span_of(wire.from, "visibility"), message, &values);
        out.push(with_places(view, finding, wire, timeout));
    }
    out
}

/// The queues that functions poll: how long each hides a message, and how long the function may take.
pub(super) fn hidden<'v, 'p>(view: &'v View<'p>) -> Vec<(&'v Wire<'p>, f64, f64)> {
    view.triggers().filter_map(|w| Some((w, view.number(w.from, "visibility")?, view.number(w.to, "timeout")?))).collect()
}

/// How long a message should be hidden: a multiple of the timeout, and the window.
pub(super) fn least(rule: &str, wire: &Wire<'_>, timeout: f64) -> f64 {
    timeout * words::of(rule).limit("times") + wire.number("window").unwrap_or_default()
}

/// A finding with the timeout and the mapping.
pub(super) fn with_places(view: &View<'_>, finding: Diagnostic, wire: &Wire<'_>, timeout: f64) -> Diagnostic {
    let (queue, function) = (view.name(wire.from), view.name(wire.to));
    let finding = finding.also(view.span_of(wire.to, "timeout"), format!("{function} has {timeout} s"));
    finding.also(wire.source(), format!("{function} polls {queue}"))
}
