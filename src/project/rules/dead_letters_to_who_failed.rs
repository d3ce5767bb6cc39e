//! Functions that read the messages that they failed on.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| view.fact(w.from, "visibility").is_some()) {
        for parked in view.ends(wire.from, "dead_letter") {
            for other in view.out_of(parked).filter(|w| w.is_trigger() && w.to == wire.to) {
                let (function, queue, parked) = (view.name(wire.to), view.name(wire.from), view.name(parked));
                let message = format!("{function} reads {parked}, which receives the messages of {queue} that it failed on");
                let finding = warning("dead-letters-to-who-failed", other.source(), message, &[("parked", parked)]);
                let finding = finding.also(wire.source(), format!("{function} fails on messages of {queue}"));
                out.push(finding.also(view.span_of(wire.from, "dead_letter"), "which go there"));
            }
        }
    }
    out
}
