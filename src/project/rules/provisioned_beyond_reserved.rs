//! Functions that keep more copies ready than they may run.

use super::error;
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for function in view.nodes() {
        let Some(reserved) = view.number(function, "reserved").filter(|n| *n > 0.0) else { continue };
        let about = view.about(function).iter();
        let ready: Vec<(InstanceId, f64)> = about.filter_map(|id| Some((*id, view.number(*id, "provisioned")?))).collect();
        let sum: f64 = ready.iter().map(|(_, n)| n).sum();
        let Some((last, _)) = ready.last().filter(|_| sum > reserved) else { continue };
        let name = view.name(function);
        let message = format!("{sum} copies of {name} are kept ready, but only {reserved} may run at the same time");
        let values = [("least", sum.to_string()), ("function", name)];
        let finding = error("provisioned-beyond-reserved", view.span_of(*last, "provisioned"), message, &values);
        out.push(finding.also(view.span_of(function, "reserved"), format!("reserves {reserved}")));
    }
    out
}
