//! Functions with a URL that is the origin of a distribution, and that may work longer than the distribution waits.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet};
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut known = FxIndexSet::default();
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.fact("read_timeout").is_some() && view.is_function(w.to)) {
        let (Some(waits), Some(takes)) = (wire.number("read_timeout"), view.number(wire.to, "timeout")) else { continue };
        if takes > waits && known.insert((wire.from, wire.to)) {
            let (site, function) = (view.name(wire.from), view.name(wire.to));
            let message = format!("{site} answers after {waits} s, while {function} may work for {takes} s");
            let values = [("seconds", waits.to_string())];
            let finding = warning("function-outlives-origin", view.span_of(wire.to, "timeout"), message, &values);
            out.push(finding.also(wire.span_of("read_timeout"), format!("{site} waits for it")));
        }
    }
    out
}
