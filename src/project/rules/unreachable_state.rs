//! States of a machine that nothing leads to.

use super::{list, warning};
use crate::base::Diagnostic;
use crate::project::view::View;
use crate::template::FactValue;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for machine in view.nodes() {
        let Some(FactValue::Texts(states)) = view.fact(machine, "unreached").map(|f| &f.value) else { continue };
        let Some(((_, _, first), others)) = states.split_first() else { continue };
        let names = list(&states.iter().map(|(name, _, _)| format!("`{name}`")).collect::<Vec<_>>());
        let message = format!("nothing leads to {names} of {}", view.name(machine));
        let finding = warning("unreachable-state", *first, message, &[]);
        out.push(others.iter().fold(finding, |f, (name, _, span)| f.also(*span, format!("`{name}`"))));
    }
    out
}
