//! Functions that may work longer than the task of a state machine that waits for them.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.fact("task").is_some() && view.is_function(w.to)) {
        let (Some(waits), Some(takes)) = (wire.number("timeout"), view.number(wire.to, "timeout")) else { continue };
        if takes <= waits {
            continue;
        }
        let function = view.name(wire.to);
        let message = format!("the task gives up after {waits} s, and {function} may take {takes} s");
        let values = [("seconds", takes.to_string()), ("function", function)];
        let finding = warning("function-outlives-task", wire.span_of("timeout"), message, &values);
        out.push(finding.also(view.span_of(wire.to, "timeout"), format!("{takes} s")));
    }
    out
}
