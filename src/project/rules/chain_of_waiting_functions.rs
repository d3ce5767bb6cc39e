//! Functions that wait for functions that wait for others.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet};
use crate::model::InstanceId;
use crate::project::view::{Call, View};

/// From those that no function calls.
pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let by_caller = view.by_caller();
    let called: FxIndexSet<InstanceId> = by_caller.values().flatten().map(|c| c.to).collect();
    let mut out = Vec::new();
    for first in by_caller.iter().filter(|(caller, _)| !called.contains(*caller)).flat_map(|(_, calls)| calls) {
        let mut path = vec![*first];
        while let Some(last) = path.last() {
            let next = by_caller.get(&last.to).into_iter().flatten();
            // Of several calls the one that may take longest is followed.
            let longest = next.filter(|c| path.iter().all(|known| known.from != c.to)).max_by(|a, b| {
                view.number(a.to, "timeout").unwrap_or_default().total_cmp(&view.number(b.to, "timeout").unwrap_or_default())
            });
            match longest {
                Some(call) => path.push(*call),
                None => break,
            }
        }
        if path.len() > 1 {
            out.push(chain(view, &path));
        }
    }
    out
}

fn chain(view: &View<'_>, path: &[Call]) -> Diagnostic {
    let first = path.first().map(|c| c.from).unwrap_or_default();
    let who: Vec<InstanceId> = std::iter::once(first).chain(path.iter().map(|c| c.to)).collect();
    let times: Vec<f64> = who.iter().filter_map(|id| view.number(*id, "timeout")).collect();
    let waits: Vec<String> = path.iter().map(|c| format!("waits for {}", view.name(c.to))).collect();
    let sum: f64 = times.iter().sum();
    let terms = times.iter().map(|t| format!("{t}")).collect::<Vec<_>>().join(" + ");
    let message = format!("{} {}: in the worst case {terms} = {sum} s are paid for one answer", view.name(first), waits.join(", which "));
    let span = path.first().map(|c| c.span).unwrap_or_default();
    let finding = warning("chain-of-waiting-functions", span, message, &[]);
    path.iter().skip(1).fold(finding, |f, c| f.also(c.span, format!("{} waits for {}", view.name(c.from), view.name(c.to))))
}
