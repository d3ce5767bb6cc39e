//! Tasks of express machines that wait for a token, which these cannot.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::{View, Wire, text};
use crate::project::words;

const RULE: &str = "token-in-express-machine";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let one = |wire: &Wire<'_>| {
        let message = format!("the express machine {} cannot wait for a token", view.name(wire.from));
        error(RULE, wire.edge.span, message, &[]).also(view.span_of(wire.from, "type"), "it is express")
    };
    let waiting = view.triggers().filter(|w| w.fact("task").is_some() && w.fact("token").is_some());
    waiting.filter(|w| is_express(view, w)).map(one).collect()
}

/// Whether a task is of an express machine.
pub(super) fn is_express(view: &View<'_>, wire: &Wire<'_>) -> bool {
    let express = words::of(RULE).texts.get("express").map(String::as_str);
    express.is_some() && text(view.fact(wire.from, "type")) == express
}
