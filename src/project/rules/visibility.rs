//! How long a queue hides a message, against the time of the function that works on it.

use super::{error, warning};
use crate::base::Diagnostic;
use crate::project::view::View;
use crate::project::words;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers() {
        let (Some(hidden), Some(timeout)) = (view.number(wire.from, "visibility"), view.number(wire.to, "timeout")) else { continue };
        let window = wire.number("window").unwrap_or_default();
        let least = timeout * words::of("visibility-too-short").limit("times") + window;
        let (queue, function) = (view.name(wire.from), view.name(wire.to));
        let values = [("queue", queue.clone()), ("least", least.to_string())];
        let span = view.span_of(wire.from, "visibility");
        let finding = if hidden < timeout {
            let message = format!("a message of {queue} reappears after {hidden} s, while {function} may still work on it for {timeout} s");
            error("visibility-below-timeout", span, message, &values)
        } else if hidden < least {
            let message = format!(
                "a message of {queue} reappears after {hidden} s; six times the timeout of {function} and the window are {least} s"
            );
            warning("visibility-too-short", span, message, &values)
        } else {
            continue;
        };
        let finding = finding.also(view.span_of(wire.to, "timeout"), format!("{function} has {timeout} s"));
        out.push(finding.also(wire.source(), format!("{function} polls {queue}")));
    }
    out
}
