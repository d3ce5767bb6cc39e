//! Log groups with more subscriptions than they take.

use super::error;
use crate::base::{Diagnostic, FxIndexMap};
use crate::model::InstanceId;
use crate::project::view::{View, Wire};
use crate::project::words;

const RULE: &str = "subscriptions-beyond-log";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let most = words::of(RULE).limit("most");
    let mut groups: FxIndexMap<InstanceId, Vec<&Wire<'_>>> = FxIndexMap::default();
    for wire in view.triggers().filter(|w| w.is_by(RULE)) {
        groups.entry(wire.from).or_default().push(wire);
    }
    let mut out = Vec::new();
    for (group, wires) in &groups {
        let Some((last, others)) = wires.split_last().filter(|_| wires.len() as f64 > most) else { continue };
        let message = format!("{} has {} subscriptions, and a log group takes {most}", view.name(*group), wires.len());
        let finding = error(RULE, last.source(), message, &[]).also(view.span(*group), "the log group");
        out.push(others.iter().fold(finding, |f, w| f.also(w.source(), "another subscription")));
    }
    out
}
