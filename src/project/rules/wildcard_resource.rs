//! Statements on every resource of the account, with actions that could name one.

use super::warning;
use super::wildcard_action::wide;
use crate::base::{Diagnostic, Name};
use crate::project::statements::{names, once};
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "wildcard-resource";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for statement in view.written().filter(|s| s.is_on_everything()) {
        let right = statement.right;
        if right.not_actions || !right.conditions.is_empty() || !wide(right).is_empty() {
            continue;
        }
        let on_one: Vec<&Name> = right.actions.iter().filter(|a| words::of(RULE).names(a)).collect();
        if !on_one.is_empty() {
            let message = format!("{} may do {} on every resource of the account", view.name(statement.holder), names(&on_one));
            out.push(warning(RULE, right.span, message, &[]));
        }
    }
    once(out)
}
