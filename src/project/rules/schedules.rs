//! Schedules: expressions that are refused, and turns that begin before the last one has ended.

use super::{error, warning};
use crate::base::{Diagnostic, FxIndexSet};
use crate::project::view::{View, text};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut known = FxIndexSet::default();
    for node in view.nodes() {
        let Some(expression) = text(view.fact(node, "schedule")) else { continue };
        let span = view.span_of(node, "schedule");
        if !known.insert(span) {
            continue;
        }
        if wrong_unit(expression) {
            out.push(error(
                "rate-unit-mismatch",
                span,
                format!("`{expression}`: the unit is singular for 1 and plural for all other numbers"),
                &[],
            ));
        }
        if two_days(expression) {
            out.push(error(
                "cron-names-two-days",
                span,
                format!("`{expression}` names both a day of the month and a day of the week"),
                &[],
            ));
        }
    }
    for wire in view.triggers() {
        let (Some(expression), Some(takes)) = (text(wire.fact("schedule")), view.number(wire.to, "timeout")) else { continue };
        let Some(every) = seconds(expression).filter(|every| takes > *every) else { continue };
        if view.number(wire.to, "reserved") == Some(1.0) {
            continue;
        }
        let function = view.name(wire.to);
        let message = format!("{function} may take {takes} s, and is triggered again every {every} s");
        let finding = warning("overlapping-turns", wire.span_of("schedule"), message, &[]);
        out.push(finding.also(view.span_of(wire.to, "timeout"), format!("{takes} s")));
    }
    out
}

fn rate(expression: &str) -> Option<(f64, &str)> {
    let (number, unit) = expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    Some((number.parse().ok()?, unit.trim()))
}

fn wrong_unit(expression: &str) -> bool {
    rate(expression).is_some_and(|(number, unit)| (number == 1.0) == unit.ends_with('s'))
}

fn fields(expression: &str) -> Option<Vec<&str>> {
    Some(expression.strip_prefix("cron(")?.strip_suffix(')')?.split_whitespace().collect())
}

fn two_days(expression: &str) -> bool {
    fields(expression).is_some_and(|fields| fields.get(2).is_some_and(|day| *day != "?") && fields.get(4).is_some_and(|day| *day != "?"))
}

/// The seconds between two turns, if they are always the same.
fn seconds(expression: &str) -> Option<f64> {
    if let Some((number, unit)) = rate(expression) {
        let of = [("minute", 60.0), ("hour", 3600.0), ("day", 86400.0)];
        return of.iter().find(|(name, _)| unit.trim_end_matches('s') == *name).map(|(_, n)| n * number);
    }
    let fields = fields(expression)?;
    let step = |field: &str| field.strip_prefix("*/").or_else(|| field.strip_prefix("0/")).and_then(|n| n.parse::<f64>().ok());
    match fields.as_slice() {
        [minute, "*", ..] if *minute == "*" => Some(60.0),
        [minute, "*", ..] => step(minute).map(|n| n * 60.0),
        _ => None,
    }
}
