//! Turns of a schedule that begin before the last one has ended.

use super::warning;
use crate::base::Diagnostic;
use crate::project::schedule::seconds;
use crate::project::view::{View, text};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| view.number(w.to, "reserved") != Some(1.0)) {
        let (Some(expression), Some(takes)) = (text(wire.fact("schedule")), view.number(wire.to, "timeout")) else { continue };
        let Some(every) = seconds(expression).filter(|every| takes > *every) else { continue };
        let message = format!("{} may take {takes} s, and is triggered again every {every} s", view.name(wire.to));
        let finding = warning("overlapping-turns", wire.span_of("schedule"), message, &[]);
        out.push(finding.also(view.span_of(wire.to, "timeout"), format!("{takes} s")));
    }
    out
}
