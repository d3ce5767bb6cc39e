//! States of a machine from which no way leads to an end.

use super::{error, list};
use crate::base::Diagnostic;
use crate::project::view::View;
use crate::template::FactValue;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for machine in view.nodes() {
        let Some(FactValue::Texts(states)) = view.fact(machine, "endless").map(|f| &f.value) else { continue };
        let Some(((_, _, first), others)) = states.split_first() else { continue };
        let names = list(&states.iter().map(|(name, _, _)| format!("`{name}`")).collect::<Vec<_>>());
        let message = format!(
            "from {names} of {} no way leads to an end: a run goes round until it has 25,000 events, or for a year",
            view.name(machine)
        );
        let finding = error("state-without-end", *first, message, &[]);
        out.push(others.iter().fold(finding, |f, (name, _, span)| f.also(*span, format!("`{name}`"))));
    }
    out
}
