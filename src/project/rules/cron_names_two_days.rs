//! Cron expressions with a day of the month and a day of the week.

use super::error;
use crate::base::Diagnostic;
use crate::project::schedule::fields;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let named = |fields: &[&str], at: usize| fields.get(at).is_some_and(|day| *day != "?");
    let two = |expression: &str| fields(expression).is_some_and(|fields| named(&fields, 2) && named(&fields, 4));
    let one = |(span, expression)| {
        let message = format!("`{expression}` names both a day of the month and a day of the week");
        error("cron-names-two-days", span, message, &[])
    };
    view.schedules().into_iter().filter(|(_, expression)| two(expression)).map(one).collect()
}
