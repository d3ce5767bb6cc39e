//! Schedules as they are written: the resources that have one, rates, fields of cron, and how often they trigger.

use super::view::{View, text};
use crate::base::{FxIndexMap, Span};

impl<'p> View<'p> {
    /// The expressions of the project, each with its place.
    pub(super) fn schedules(&self) -> FxIndexMap<Span, &'p str> {
        let written = |id| Some((self.span_of(id, "schedule"), text(self.fact(id, "schedule"))?));
        self.nodes().filter_map(written).collect()
    }
}

/// The number and the unit of a rate.
pub(super) fn rate(expression: &str) -> Option<(f64, &str)> {
    let (number, unit) = expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    Some((number.parse().ok()?, unit.trim()))
}

/// The fields of a cron expression.
pub(super) fn fields(expression: &str) -> Option<Vec<&str>> {
    Some(expression.strip_prefix("cron(")?.strip_suffix(')')?.split_whitespace().collect())
}

/// The seconds between two turns, if they are always the same.
pub(super) fn seconds(expression: &str) -> Option<f64> {
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
