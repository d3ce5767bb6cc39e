//! What has an order and what has none, where both meet.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::{View, Wire, text};
use crate::project::words;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    view.triggers().filter_map(|wire| one(view, wire)).collect()
}

fn one(view: &View<'_>, wire: &Wire<'_>) -> Option<Diagnostic> {
    let (from, to) = (view.name(wire.from), view.name(wire.to));
    let queue = view.fact(wire.to, "visibility").is_some();
    let by = |rule: &str| {
        let service = words::of(rule).texts.get("service").map(String::as_str);
        service.is_some() && text(wire.fact("service")) == service
    };
    let topic = by("fifo-queue-of-standard-topic");
    let (rule, message, place) = if topic && view.is(wire.from, "fifo") && !queue && view.is_own(wire.to) {
        ("fifo-topic-wakes-function", format!("the FIFO topic {from} delivers to queues only, and {to} is none"), wire.from)
    } else if !view.is(wire.to, "fifo") {
        return None;
    } else if by("fifo-destination") {
        ("fifo-destination", format!("{from} cannot notify {to}: it is FIFO"), wire.to)
    } else if topic && queue && view.is_own(wire.from) && !view.is(wire.from, "fifo") {
        ("fifo-queue-of-standard-topic", format!("the FIFO queue {to} cannot subscribe to the standard topic {from}"), wire.to)
    } else if queue && by("fifo-queue-without-group") && wire.fact("group").is_none() {
        ("fifo-queue-without-group", format!("the FIFO queue {to} needs a message group"), wire.to)
    } else {
        return None;
    };
    Some(error(rule, wire.edge.span, message, &[]).also(view.span_of(place, "fifo"), "it is FIFO"))
}
