//! Rates whose unit does not fit their number.

use super::error;
use crate::base::Diagnostic;
use crate::project::schedule::rate;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let wrong = |expression: &str| rate(expression).is_some_and(|(number, unit)| (number == 1.0) == unit.ends_with('s'));
    let one = |(span, expression)| {
        let message = format!("`{expression}`: the unit is singular for 1 and plural for all other numbers");
        error("rate-unit-mismatch", span, message, &[])
    };
    view.schedules().into_iter().filter(|(_, expression)| wrong(expression)).map(one).collect()
}
