//! How much runs at the same time: reserved, provisioned, and started by pollers.

use super::{error, list, warning};
use crate::base::{Diagnostic, Span};
use crate::model::InstanceId;
use crate::project::view::View;
use crate::project::words;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let reserving: Vec<(InstanceId, f64)> = view.nodes().filter_map(|id| Some((id, view.number(id, "reserved")?))).collect();
    let mut out = Vec::new();
    let account = words::of("reserved-beyond-account");
    let most = account.limit("account") - account.limit("unreserved");
    out.extend(of_account(view, "reserved-beyond-account", most, &reserving, |id| view.span_of(id, "reserved")));
    let about = |id: InstanceId| view.number(id, "provisioned").filter(|_| !view.ends(id, "of").is_empty()).map(|n| (id, n));
    let ready: Vec<(InstanceId, f64)> = view.nodes().filter_map(about).collect();
    let most = words::of("provisioned-beyond-account").limit("account");
    out.extend(of_account(view, "provisioned-beyond-account", most, &ready, |id| view.span_of(id, "provisioned")));
    for (function, reserved) in reserving {
        if reserved == 0.0 {
            let message = format!("{} has a concurrency of 0 and never runs", view.name(function));
            out.push(warning("function-switched-off", view.span_of(function, "reserved"), message, &[]));
            continue;
        }
        provisioned(view, function, reserved, &mut out);
        polled(view, function, reserved, &mut out);
    }
    out
}

/// What all functions of the project ask of the account.
fn of_account(view: &View<'_>, rule: &str, most: f64, all: &[(InstanceId, f64)], span: impl Fn(InstanceId) -> Span) -> Option<Diagnostic> {
    let sum: f64 = all.iter().map(|(_, n)| n).sum();
    let ((last, _), others) = all.split_last().filter(|_| sum > most)?;
    let names = list(&all.iter().map(|(id, n)| format!("{} ({n})", view.name(*id))).collect::<Vec<_>>());
    let message = format!("together {sum} at the same time for {names}, and the account can give {most}");
    let finding = warning(rule, span(*last), message, &[]);
    Some(others.iter().fold(finding, |f, (id, n)| f.also(span(*id), format!("{} has {n}", view.name(*id)))))
}

fn provisioned(view: &View<'_>, function: InstanceId, reserved: f64, out: &mut Vec<Diagnostic>) {
    let name = view.name(function);
    let ready: Vec<(InstanceId, f64)> =
        view.about(function).iter().filter_map(|id| Some((*id, view.number(*id, "provisioned")?))).collect();
    let sum: f64 = ready.iter().map(|(_, n)| n).sum();
    if let Some((last, _)) = ready.last().filter(|_| sum > reserved) {
        let message = format!("{sum} copies of {name} are kept ready, but only {reserved} may run at the same time");
        let values = [("least", sum.to_string()), ("function", name)];
        let finding = error("provisioned-beyond-reserved", view.span_of(*last, "provisioned"), message, &values);
        out.push(finding.also(view.span_of(function, "reserved"), format!("reserves {reserved}")));
    }
}

fn polled(view: &View<'_>, function: InstanceId, reserved: f64, out: &mut Vec<Diagnostic>) {
    let name = view.name(function);
    let wires: Vec<(Span, f64)> =
        view.into(function).filter(|w| w.is_trigger()).filter_map(|w| Some((w.span_of("concurrency"), w.number("concurrency")?))).collect();
    let reserves = |finding: Diagnostic| finding.also(view.span_of(function, "reserved"), format!("{name} reserves {reserved}"));
    let values = |sum: f64| [("most", reserved.to_string()), ("least", sum.to_string()), ("function", name.clone())];
    let beyond: Vec<&(Span, f64)> = wires.iter().filter(|(_, n)| *n > reserved).collect();
    for (span, asked) in &beyond {
        let message = format!("up to {asked} copies of {name} are started, but only {reserved} may run at the same time");
        out.push(reserves(warning("concurrency-beyond-reserved", *span, message, &values(*asked))));
    }
    let sum: f64 = wires.iter().map(|(_, n)| n).sum();
    if let Some((last, _)) = wires.last().filter(|_| beyond.is_empty() && sum > reserved) {
        let message = format!("the event source mappings of {name} start up to {sum} copies together, but only {reserved} may run");
        let finding = reserves(warning("mappings-beyond-reserved", *last, message, &values(sum)));
        out.push(wires.iter().rev().skip(1).fold(finding, |f, (span, n)| f.also(*span, format!("starts up to {n}"))));
    }
}
