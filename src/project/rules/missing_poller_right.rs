//! Event source mappings whose function may not read the source.

use super::error;
use crate::base::Diagnostic;
use crate::model::Mode;
use crate::project::may::Answer;
use crate::project::view::View;
use crate::template::{EdgeKind, table};

const RULE: &str = "missing-poller-right";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.edge.kind == EdgeKind::Trigger(Mode::Poll)) {
        let Some(polled) = view.ty(wire.from).and_then(|ty| table().row(ty)?.polled.as_ref()) else { continue };
        // A pipe reads with its role, a mapping with that of its function.
        let roles = match view.nodes_of(wire.stack, wire.fact("role")) {
            own if !own.is_empty() => own,
            _ => view.actors(wire.to).into_iter().skip(1).collect(),
        };
        let may = |action: &str| view.any_may(&roles, action, Some(wire.from), &polled.below);
        // Of some separated by a line one is enough.
        let lacks = |actions: &&String| actions.split('|').all(|action| may(action) == Answer::No);
        let missing = polled.needs.iter().filter(lacks).filter_map(|actions| actions.split('|').next());
        let missing: Vec<&str> = missing.collect();
        if missing.is_empty() || roles.is_empty() {
            continue;
        }
        let (function, source) = (view.name(wire.to), view.name(wire.from));
        let message = format!("the role of {function} does not allow {} on {source}: it cannot be polled", missing.join(", "));
        let values = [("function", function), ("source", source), ("actions", missing.join(", "))];
        let finding = error(RULE, wire.source(), message, &values);
        out.push(roles.into_iter().fold(finding, |f, role| f.also(view.span(role), "the role")));
    }
    out
}
