//! Pollers that together start more copies of a function than it may run.

use super::warning;
use crate::base::{Diagnostic, Span};
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for function in view.nodes() {
        let Some(reserved) = view.number(function, "reserved").filter(|n| *n > 0.0) else { continue };
        let bounded = view.into(function).filter(|w| w.is_trigger());
        let asked: Vec<(Span, f64)> = bounded.filter_map(|w| Some((w.span_of("concurrency"), w.number("concurrency")?))).collect();
        let sum: f64 = asked.iter().map(|(_, n)| n).sum();
        // One that alone asks for too much is another finding.
        let Some(((last, _), others)) = asked.split_last().filter(|_| sum > reserved && asked.iter().all(|(_, n)| *n <= reserved)) else {
            continue;
        };
        let name = view.name(function);
        let message = format!("the event source mappings of {name} start up to {sum} copies together, but only {reserved} may run");
        let values = [("least", sum.to_string()), ("function", name.clone())];
        let finding = warning("mappings-beyond-reserved", *last, message, &values);
        let finding = finding.also(view.span_of(function, "reserved"), format!("{name} reserves {reserved}"));
        out.push(others.iter().rev().fold(finding, |f, (span, n)| f.also(*span, format!("starts up to {n}"))));
    }
    out
}
