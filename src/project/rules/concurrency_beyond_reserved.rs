//! Pollers that start more copies of a function than it may run.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers() {
        let reserved = view.number(wire.to, "reserved").filter(|n| *n > 0.0);
        let (Some(asked), Some(reserved)) = (wire.number("concurrency"), reserved) else { continue };
        if asked <= reserved {
            continue;
        }
        let name = view.name(wire.to);
        let message = format!("up to {asked} copies of {name} are started, but only {reserved} may run at the same time");
        let values = [("most", reserved.to_string()), ("function", name.clone())];
        let finding = warning("concurrency-beyond-reserved", wire.span_of("concurrency"), message, &values);
        out.push(finding.also(view.span_of(wire.to, "reserved"), format!("{name} reserves {reserved}")));
    }
    out
}
