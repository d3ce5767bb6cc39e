//! Where messages go that failed: queues that lose them, hide them, or give them back to who failed.

use super::{error, warning};
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for queue in view.nodes().filter(|id| view.fact(*id, "visibility").is_some()) {
        for parked in view.ends(queue, "dead_letter").into_iter().filter(|id| view.is_own(*id)) {
            pair(view, queue, parked, &mut out);
        }
        out.extend(circle(view, queue));
    }
    out.extend(to_who_failed(view));
    out.extend(wrong_order(view));
    out
}

fn pair(view: &View<'_>, queue: InstanceId, parked: InstanceId, out: &mut Vec<Diagnostic>) {
    let (name, other) = (view.name(queue), view.name(parked));
    let fifo = view.is(queue, "fifo");
    let line = view.span_of(queue, "dead_letter");
    if fifo != view.is(parked, "fifo") {
        let message = format!("{name} and its dead-letter queue {other} are not of one type: one is FIFO");
        out.push(error("dead-letter-of-other-type", line, message, &[]).also(view.span(parked), "the dead-letter queue"));
    }
    let kept = view.number(queue, "retention").zip(view.number(parked, "retention"));
    if let Some((first, second)) = kept.filter(|(first, second)| !fifo && second <= first) {
        let message =
            format!("messages keep their age: after {first} s in {name} they are removed from {other}, which keeps them for {second} s");
        let finding = warning("dead-letter-expires-first", view.span_of(parked, "retention"), message, &[("parked", other)]);
        out.push(finding.also(view.span_of(queue, "retention"), format!("{name} keeps them for {first} s")).also(line, "sends them there"));
    }
}

/// A circle of dead-letter queues, at the last of its queues.
fn circle(view: &View<'_>, first: InstanceId) -> Option<Diagnostic> {
    let mut round = vec![first];
    loop {
        let next = view.ends(*round.last()?, "dead_letter").into_iter().next()?;
        if next == first {
            break;
        }
        // A circle that the first is not part of is reported at its own queues.
        if round.contains(&next) {
            return None;
        }
        round.push(next);
    }
    if round.iter().any(|id| id.0 > first.0) {
        return None;
    }
    let names: Vec<String> = round.iter().map(|id| view.name(*id)).collect();
    let message = match names.as_slice() {
        [one] => format!("{one} is its own dead-letter queue"),
        all => format!("{} are each other's dead-letter queues: failed messages circle between them", all.join(" and ")),
    };
    let line = |id: &InstanceId| view.span_of(*id, "dead_letter");
    let finding = error("dead-letters-in-a-circle", line(&first), message, &[]);
    Some(round.iter().skip(1).fold(finding, |finding, id| finding.also(line(id), format!("the dead-letter queue of {}", view.name(*id)))))
}

fn to_who_failed(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| view.fact(w.from, "visibility").is_some()) {
        for parked in view.ends(wire.from, "dead_letter") {
            for other in view.out_of(parked).filter(|w| w.is_trigger() && w.to == wire.to) {
                let (function, queue, parked) = (view.name(wire.to), view.name(wire.from), view.name(parked));
                let message = format!("{function} reads {parked}, which receives the messages of {queue} that it failed on");
                let finding = warning("dead-letters-to-who-failed", other.source(), message, &[("parked", parked)]);
                let finding = finding.also(wire.source(), format!("{function} fails on messages of {queue}"));
                out.push(finding.also(view.span_of(wire.from, "dead_letter"), "which go there"));
            }
        }
    }
    out
}

/// What functions, rules and standard topics could not deliver goes to standard queues.
fn wrong_order(view: &View<'_>) -> Vec<Diagnostic> {
    let ordered = |id: InstanceId| view.fact(id, "visibility").is_some() || view.is(id, "fifo");
    let wires = view.failures().filter(|w| view.is(w.to, "fifo") && !ordered(w.from));
    let one = |wire: &crate::project::view::Wire<'_>| {
        let message = format!("what fails at {} cannot go to the FIFO queue {}", view.name(wire.from), view.name(wire.to));
        error("dead-letters-of-wrong-order", wire.edge.span, message, &[]).also(view.span_of(wire.to, "fifo"), "it is FIFO")
    };
    wires.map(one).collect()
}
