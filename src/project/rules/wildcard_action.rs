//! Statements that allow all actions of a service, or all but some.

use super::warning;
use crate::base::{Diagnostic, Name};
use crate::project::statements::{Statement, names, once};
use crate::project::view::View;
use crate::template::{Right, Standing};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    once(view.statements().into_iter().filter_map(|statement| one(view, &statement)).collect())
}

fn one(view: &View<'_>, statement: &Statement<'_>) -> Option<Diagnostic> {
    let (right, name) = (statement.right, view.name(statement.holder));
    let wide = wide(right);
    let message = match &right.standing {
        Standing::Written if right.not_actions => {
            format!("{name} may do everything but {} (`NotAction`)", names(&right.actions.iter().collect::<Vec<_>>()))
        }
        Standing::Written if !wide.is_empty() => format!("{name} may do {}", names(&wide)),
        // A policy that AWS manages for one service has wildcards for a reason; one that allows everything has not.
        Standing::Managed(policy) if right.actions.iter().any(|a| &**a == "*") => {
            format!("{name} may do everything by the managed policy `{policy}`")
        }
        _ => return None,
    };
    Some(warning("wildcard-action", right.span, message, &[]))
}

/// The actions that stand for all of a service.
pub(super) fn wide(right: &Right) -> Vec<&Name> {
    right.actions.iter().filter(|a| &***a == "*" || a.ends_with(":*")).collect()
}
