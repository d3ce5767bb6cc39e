//! Functions that share a role: each has the rights of all.

use super::{list, warning};
use crate::base::{Diagnostic, FxIndexMap};
use crate::model::InstanceId;
use crate::project::view::{View, Wire};
use crate::template::EdgeKind;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut sharing: FxIndexMap<InstanceId, Vec<Wire<'_>>> = FxIndexMap::default();
    let acting = view.wires.iter().filter(|w| w.edge.kind == EdgeKind::ActsAs && view.fact(w.from, "memory").is_some());
    for wire in acting.filter(|w| view.is_own(w.to)) {
        let wires = sharing.entry(wire.to).or_default();
        if !wires.iter().any(|w| w.from == wire.from) {
            wires.push(*wire);
        }
    }
    let mut out = Vec::new();
    for (role, wires) in sharing {
        let Some((last, others)) = wires.split_last().filter(|_| wires.len() > 1) else { continue };
        let names = list(&wires.iter().map(|w| view.name(w.from)).collect::<Vec<_>>());
        let message = format!("{names} share the role {}: each has the rights of all", view.name(role));
        let finding = warning("shared-role", last.edge.span, message, &[]).also(view.span(role), "the role");
        out.push(others.iter().fold(finding, |f, w| f.also(w.edge.span, format!("{} has it too", view.name(w.from)))));
    }
    out
}
