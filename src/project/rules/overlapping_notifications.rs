//! Notifications of a bucket that overlap: S3 refuses the second configuration.

use super::error;
use crate::base::{Diagnostic, FxIndexMap};
use crate::flow::filter::Verdict;
use crate::model::InstanceId;
use crate::project::view::{View, Wire, text};
use crate::project::words;

const RULE: &str = "overlapping-notifications";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let service = words::of(RULE).texts.get("service").map(String::as_str);
    let mut buckets: FxIndexMap<InstanceId, Vec<&Wire<'_>>> = FxIndexMap::default();
    for wire in view.triggers().filter(|w| service.is_some() && text(w.fact("service")) == service) {
        buckets.entry(wire.from).or_default().push(wire);
    }
    buckets.values().flat_map(|wires| overlaps(view, wires)).collect()
}

fn overlaps(view: &View<'_>, wires: &[&Wire<'_>]) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    for (at, second) in wires.iter().enumerate() {
        // Two events of one configuration are not two configurations.
        let first = wires.iter().take(at).find(|first| {
            first.edge.event == second.edge.event
                && first.edge.span != second.edge.span
                && first.edge.undecided.is_none()
                && second.edge.undecided.is_none()
                && first.edge.takes.meets(&second.edge.takes) == Verdict::Meet
                && crate::model::Cond::all([first.edge.condition.clone(), second.edge.condition.clone()]).is_none()
        });
        let Some(first) = first else { continue };
        let event = second.edge.event.as_deref().unwrap_or_default();
        let bucket = view.name(second.from);
        let message = format!(
            "an object of {bucket} can fit two notifications of `{event}`, to {} and to {}: S3 accepts one",
            view.name(first.to),
            view.name(second.to)
        );
        if !out.iter().any(|f| f.primary.span == second.edge.span) {
            out.push(error(RULE, second.edge.span, message, &[]).also(first.edge.span, "the other notification"));
        }
    }
    out
}
