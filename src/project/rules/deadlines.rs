//! Functions that may work longer than who waits for the answer: an API, a task of a state machine.

use super::{error, warning};
use crate::base::{Diagnostic, FxIndexSet, Span};
use crate::model::InstanceId;
use crate::project::view::{View, Wire, text};
use crate::project::words;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut known = FxIndexSet::default();
    for wire in view.triggers() {
        let Some(takes) = view.number(wire.to, "timeout") else { continue };
        let function = view.name(wire.to);
        if let Some(waits) = wire.number("timeout").filter(|waits| wire.fact("task").is_some() && takes > *waits) {
            let message = format!("the task gives up after {waits} s, and {function} may take {takes} s");
            let values = [("seconds", takes.to_string()), ("function", function.clone())];
            let finding = warning("function-outlives-task", wire.span_of("timeout"), message, &values);
            out.push(finding.also(view.span_of(wire.to, "timeout"), format!("{takes} s")));
        }
        let request = request(view, wire).filter(|_| wire.fact("task").is_none());
        // Routes that lead to one function are one finding.
        if let Some((rule, waits)) = request.filter(|(rule, waits)| takes > *waits && known.insert((*rule, wire.to))) {
            out.push(late(view, rule, waits, (wire.from, wire.edge.span), wire.to));
        }
    }
    // An integration that is a resource of an API has a time of its own.
    for node in view.nodes() {
        for (api, function) in view.ends(node, "api").into_iter().flat_map(|api| view.ends(node, "of").into_iter().map(move |f| (api, f))) {
            let (Some(rule), Some(takes)) = (of_api(view, api), view.number(function, "timeout")) else { continue };
            let waits = view.number(node, "timeout").map(|ms| ms.min(most(view, api)) / 1000.0);
            if let Some(waits) = waits.filter(|waits| takes > *waits && known.insert((rule, function))) {
                out.push(late(view, rule, waits, (api, view.span_of(node, "timeout")), function));
            }
        }
    }
    out
}

/// The rule of a wire from an API, and how many seconds it waits. The time is of the wire, or that of the API.
fn request<'v>(view: &'v View<'_>, wire: &'v Wire<'_>) -> Option<(&'v str, f64)> {
    let rule = text(wire.fact("deadline")).or_else(|| of_api(view, wire.from))?;
    let ms = match wire.fact("timeout") {
        Some(_) => wire.number("timeout")?,
        None => view.number(wire.from, "waits")?,
    };
    Some((rule, ms.min(most(view, wire.from)) / 1000.0))
}

/// The rule for an API, by its protocol.
fn of_api<'v>(view: &'v View<'_>, api: InstanceId) -> Option<&'v str> {
    words::of("function-outlives-request").texts.get(text(view.fact(api, "protocol"))?).map(String::as_str)
}

/// The most milliseconds that an API waits, whatever is written.
fn most(view: &View<'_>, api: InstanceId) -> f64 {
    text(view.fact(api, "protocol")).map_or(f64::INFINITY, |protocol| words::of("function-outlives-request").limit(protocol))
}

fn late(view: &View<'_>, rule: &str, waits: f64, (api, line): (InstanceId, Span), to: InstanceId) -> Diagnostic {
    let (who, function) = (view.name(api), view.name(to));
    let takes = view.number(to, "timeout").unwrap_or_default();
    let message = format!("{who} answers after {waits} s, while {function} may work for {takes} s");
    let make = if rule == "authorizer-outlives-request" { error } else { warning };
    let finding = make(rule, view.span_of(to, "timeout"), message, &[("seconds", waits.floor().to_string())]);
    finding.also(line, format!("{who} waits for it"))
}
