//! Statements that allow to pass any role to any service.

use super::error;
use crate::base::Diagnostic;
use crate::project::statements::once;
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "pass-any-role";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for statement in view.written().filter(|s| s.is_on_everything() && s.right.conditions.is_empty()) {
        if statement.right.actions.iter().any(|a| words::of(RULE).names(a)) {
            let message = format!("{} may pass any role to any service", view.name(statement.holder));
            out.push(error(RULE, statement.right.span, message, &[]));
        }
    }
    once(out)
}
