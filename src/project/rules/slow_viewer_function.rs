//! Functions between CloudFront and a viewer: they have a few seconds and little memory.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::{View, text};
use crate::project::words;

/// The rules for the two places at which a function is between CloudFront and a viewer.
const RULES: [&str; 2] = ["slow-viewer-function", "slow-viewer-response"];

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    for wire in view.triggers() {
        let Some(event) = text(wire.fact("event_type")) else { continue };
        let Some(rule) = RULES.into_iter().find(|rule| words::of(rule).texts.get("event").is_some_and(|e| e == event)) else { continue };
        let (seconds, megabytes) = (words::of(rule).limit("seconds"), words::of(rule).limit("megabytes"));
        let beyond = |name: &str, most: f64| view.number(wire.to, name).filter(|n| *n > most);
        let (slow, large) = (beyond("timeout", seconds), beyond("memory", megabytes));
        let place = match (slow, large) {
            (Some(_), _) => view.span_of(wire.to, "timeout"),
            (None, Some(_)) => view.span_of(wire.to, "memory"),
            (None, None) => continue,
        };
        let (function, site) = (view.name(wire.to), view.name(wire.from));
        let has = [slow.map(|n| format!("{n} s")), large.map(|n| format!("{n} MB"))];
        let has = has.into_iter().flatten().collect::<Vec<_>>().join(" and ");
        let message = format!("between {site} and a viewer a function has {seconds} s and {megabytes} MB, and {function} has {has}");
        if !out.iter().any(|f| f.primary.span == place && *f.rule == *rule) {
            out.push(error(rule, place, message, &[]).also(wire.edge.span, format!("runs for the event `{event}`")));
        }
    }
    out
}
