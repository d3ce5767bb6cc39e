//! Functions that may work longer than the API waits that they answer. The rule has a name for each protocol: of an HTTP
//! API it is `function-outlives-request`.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet, Span};
use crate::model::InstanceId;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut known = FxIndexSet::default();
    let routes = view.triggers().filter(|w| w.fact("task").is_none() && w.fact("deadline").is_none() && view.is_function(w.to));
    let mut late = |(api, line): (InstanceId, Span), waits: Option<f64>, function: InstanceId| {
        let (Some(rule), Some(waits), Some(takes)) = (view.rule_of_api(api), waits, view.number(function, "timeout")) else { return };
        // Routes that lead to one function are one finding.
        if takes > waits && known.insert((rule, function)) {
            let seconds = waits.floor().to_string();
            let finding = warning(rule, view.span_of(function, "timeout"), message(view, api, waits, function), &[("seconds", seconds)]);
            out.push(finding.also(line, format!("{} waits for it", view.name(api))));
        }
    };
    for wire in routes {
        late((wire.from, wire.edge.span), view.waits(wire), wire.to);
    }
    // An integration that is a resource of an API has a time of its own.
    for node in view.nodes() {
        let ends = view.ends(node, "api").into_iter().flat_map(|api| view.ends(node, "of").into_iter().map(move |f| (api, f)));
        for (api, function) in ends.filter(|(_, function)| view.is_function(*function)) {
            let waits = view.number(node, "timeout").map(|ms| ms.min(view.most_of_api(api)) / 1000.0);
            late((api, view.span_of(node, "timeout")), waits, function);
        }
    }
    out
}

/// What is wrong.
pub(super) fn message(view: &View<'_>, api: InstanceId, waits: f64, function: InstanceId) -> String {
    let takes = view.number(function, "timeout").unwrap_or_default();
    format!("{} answers after {waits} s, while {} may work for {takes} s", view.name(api), view.name(function))
}
