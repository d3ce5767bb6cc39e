//! Functions that call several functions, which may together take longer than the caller has.

use super::{list, warning};
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::view::{Call, View};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    view.by_caller().iter().filter_map(|(caller, calls)| together(view, *caller, calls)).collect()
}

fn together(view: &View<'_>, caller: InstanceId, calls: &[Call]) -> Option<Diagnostic> {
    let timeout = view.number(caller, "timeout")?;
    let times: Vec<f64> = calls.iter().filter_map(|call| view.takes(call)).collect();
    let sum: f64 = times.iter().sum();
    if times.len() < 2 || times.iter().any(|t| *t > timeout) || sum <= timeout {
        return None;
    }
    let names = list(&calls.iter().map(|c| view.name(c.to)).collect::<Vec<_>>());
    let message = format!("{} has {timeout} s, and {names}, which it calls, may take {sum} s one after the other", view.name(caller));
    let finding = warning("callees-outlive-caller-together", view.span_of(caller, "timeout"), message, &[]);
    let also = |f: Diagnostic, c: &Call| {
        let takes = view.takes(c).unwrap_or_default();
        f.also(c.span, format!("{} may take {takes} s", view.name(c.to)))
    };
    Some(calls.iter().fold(finding, also))
}
