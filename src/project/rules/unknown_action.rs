//! Statements with actions that IAM does not have.

use super::error;
use crate::base::Diagnostic;
use crate::cfn::actions;
use crate::project::statements::once;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for statement in view.written() {
        for action in statement.right.actions.iter().filter(|a| !a.contains("${") && !actions::exists(a)) {
            let holder = view.name(statement.holder);
            let message = format!("IAM has no action `{action}`: the statement of {holder} allows nothing with it");
            let nearest = actions::nearest(action).map_or_else(|| "remove it".to_string(), |near| format!("write `{near}`"));
            out.push(error("unknown-action", statement.right.span, message, &[("nearest", nearest)]));
        }
    }
    once(out)
}
