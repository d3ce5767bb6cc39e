//! Queues that hide a message for less than six times the timeout of the function.

use super::visibility_below_timeout::{hidden, least, with_places};
use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

const RULE: &str = "visibility-too-short";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (wire, hidden, timeout) in hidden(view) {
        let least = least(RULE, wire, timeout);
        if hidden < timeout || hidden >= least {
            continue;
        }
        let (queue, function) = (view.name(wire.from), view.name(wire.to));
        let message =
            format!("a message of {queue} reappears after {hidden} s; six times the timeout of {function} and the window are {least} s");
        let finding = warning(RULE, view.span_of(wire.from, "visibility"), message, &[("queue", queue), ("least", least.to_string())]);
        out.push(with_places(view, finding, wire, timeout));
    }
    out
}
