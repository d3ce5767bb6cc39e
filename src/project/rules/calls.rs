//! Functions that call functions and wait: one that gives up too early, calls that do not fit together, chains.

use super::readers::list;
use super::warning;
use crate::base::{Diagnostic, FxIndexMap, FxIndexSet};
use crate::model::InstanceId;
use crate::project::view::{Call, View};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut by_caller: FxIndexMap<InstanceId, Vec<Call>> = FxIndexMap::default();
    for call in view.calls.iter().copied() {
        let calls = by_caller.entry(call.from).or_default();
        if !calls.iter().any(|c| c.to == call.to) {
            calls.push(call);
        }
    }
    let mut out = Vec::new();
    for (caller, calls) in &by_caller {
        let Some(timeout) = view.number(*caller, "timeout") else { continue };
        for call in calls {
            out.extend(outlives(view, call, timeout));
        }
        out.extend(together(view, *caller, calls, timeout));
    }
    out.extend(chains(view, &by_caller));
    out
}

fn outlives(view: &View<'_>, call: &Call, timeout: f64) -> Option<Diagnostic> {
    let takes = view.number(call.to, "timeout").filter(|takes| *takes > timeout)?;
    let (caller, callee) = (view.name(call.from), view.name(call.to));
    let message = format!("{caller} gives up after {timeout} s, and {callee} may take {takes} s");
    let values = [("caller", caller), ("seconds", takes.to_string())];
    let finding = warning("callee-outlives-caller", call.span, message, &values);
    let finding = finding.also(view.span_of(call.from, "timeout"), format!("{timeout} s"));
    Some(finding.also(view.span_of(call.to, "timeout"), format!("{takes} s")))
}

fn together(view: &View<'_>, caller: InstanceId, calls: &[Call], timeout: f64) -> Option<Diagnostic> {
    let times: Vec<f64> = calls.iter().filter_map(|c| view.number(c.to, "timeout")).collect();
    let sum: f64 = times.iter().sum();
    if times.len() < 2 || times.iter().any(|t| *t > timeout) || sum <= timeout {
        return None;
    }
    let names = list(&calls.iter().map(|c| view.name(c.to)).collect::<Vec<_>>());
    let message = format!("{} has {timeout} s, and {names}, which it calls, may take {sum} s one after the other", view.name(caller));
    let finding = warning("callees-outlive-caller-together", view.span_of(caller, "timeout"), message, &[]);
    let also = |f: Diagnostic, c: &Call| {
        let takes = view.number(c.to, "timeout").unwrap_or_default();
        f.also(c.span, format!("{} may take {takes} s", view.name(c.to)))
    };
    Some(calls.iter().fold(finding, also))
}

/// Functions that wait for functions that wait for others, from those that no function calls.
fn chains(view: &View<'_>, by_caller: &FxIndexMap<InstanceId, Vec<Call>>) -> Vec<Diagnostic> {
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
