//! Statements with which who has them can give itself every right.

use super::warning;
use crate::base::{Diagnostic, Name};
use crate::project::statements::{names, once};
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "escalating-rights";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for statement in view.written().filter(|s| !s.right.not_actions) {
        let bounded = view.into(statement.holder).any(|w| &*w.edge.what == "bounds");
        let found: Vec<&Name> = statement.right.actions.iter().filter(|a| words::of(RULE).names(a)).collect();
        if !bounded && !found.is_empty() {
            let name = view.name(statement.holder);
            let message = format!("with {} {name} can give itself every right", names(&found));
            out.push(warning(RULE, statement.right.span, message, &[("holder", name)]));
        }
    }
    once(out)
}
