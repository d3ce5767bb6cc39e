//! Tasks of state machines: tokens that never come back, and calls that are not tried again.

use super::{error, found, warning};
use crate::base::{Diagnostic, Severity};
use crate::project::view::{View, text};
use crate::project::words;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.fact("task").is_some()) {
        let machine = view.name(wire.from);
        let express = words::of("token-in-express-machine").texts.get("express").map(String::as_str);
        let is_express = express.is_some() && text(view.fact(wire.from, "type")) == express;
        if wire.fact("token").is_some() && is_express {
            let finding =
                error("token-in-express-machine", wire.edge.span, format!("the express machine {machine} cannot wait for a token"), &[]);
            out.push(finding.also(view.span_of(wire.from, "type"), "it is express"));
        } else if wire.fact("token").is_some() && wire.fact("timeout").is_none() && wire.fact("heartbeat").is_none() {
            let message = format!("a task of {machine} waits for its token for up to a year");
            out.push(warning("token-without-timeout", wire.edge.span, message, &[]));
        }
        // A function that is called and waited for.
        if view.fact(wire.to, "memory").is_some() && wire.fact("token").is_none() && wire.fact("retry").is_none() {
            let message = format!("a call of {} by {machine} is not tried again when Lambda itself fails", view.name(wire.to));
            out.push(found(Severity::Advice, "task-without-retry", wire.span_of("task"), message, &[]));
        }
    }
    out
}
