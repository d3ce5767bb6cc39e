//! Functions that call a function and give up before it may have answered.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for call in view.by_caller().values().flatten() {
        let Some(timeout) = view.number(call.from, "timeout") else { continue };
        let Some(takes) = view.takes(call).filter(|takes| *takes > timeout) else { continue };
        let (caller, callee) = (view.name(call.from), view.name(call.to));
        let message = format!("{caller} gives up after {timeout} s, and {callee} may take {takes} s");
        let values = [("caller", caller), ("seconds", takes.to_string())];
        let finding = warning("callee-outlives-caller", call.span, message, &values);
        let finding = finding.also(view.span_of(call.from, "timeout"), format!("{timeout} s"));
        out.push(finding.also(view.span_of(call.to, "timeout"), format!("{takes} s")));
    }
    out
}
