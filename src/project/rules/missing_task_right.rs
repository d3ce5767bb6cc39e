//! Tasks of a state machine that its role does not allow.

use super::error;
use crate::base::Diagnostic;
use crate::project::may::Answer;
use crate::project::view::{View, text};
use crate::template::table;

const RULE: &str = "missing-task-right";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.fact("task").is_some()) {
        let delivered = || Some(table().row(view.ty(wire.to)?)?.delivery.as_ref()?.action.as_str());
        let Some(action) = text(wire.fact("action")).or_else(delivered) else { continue };
        if view.may(wire.from, action, Some(wire.to), "") != Answer::No {
            continue;
        }
        let (machine, target) = (view.name(wire.from), view.name(wire.to));
        let message = format!("the role of {machine} does not allow `{action}` on {target}");
        let values = [("machine", machine), ("target", target), ("action", action.to_string())];
        let roles = view.actors(wire.from).into_iter().skip(1);
        let finding = error(RULE, wire.span_of("target"), message, &values);
        out.push(roles.fold(finding, |f, role| f.also(view.span(role), "the role")));
    }
    out
}
