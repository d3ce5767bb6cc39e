//! Several readers of one source: of a queue each gets a part of the messages, of a stream and a log group they are few.

use super::{error, list, warning};
use crate::base::{Diagnostic, FxIndexMap};
use crate::model::InstanceId;
use crate::model::Mode;
use crate::project::view::{View, Wire};
use crate::project::words;
use crate::template::EdgeKind;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut polled: FxIndexMap<InstanceId, Vec<Wire<'_>>> = FxIndexMap::default();
    let mut told: FxIndexMap<InstanceId, Vec<Wire<'_>>> = FxIndexMap::default();
    for wire in view.triggers() {
        if wire.edge.kind == EdgeKind::Trigger(Mode::Poll) {
            let readers = polled.entry(wire.from).or_default();
            if !readers.iter().any(|w| w.to == wire.to) {
                readers.push(*wire);
            }
        } else if wire.edge.event.as_deref() == Some("lines") {
            told.entry(wire.from).or_default().push(*wire);
        }
    }
    for (source, readers) in &polled {
        let queue = view.fact(*source, "visibility").is_some();
        let most = if queue { 1.0 } else { words::of("many-stream-readers").limit("most") };
        let Some((last, others)) = readers.split_last().filter(|_| readers.len() as f64 > most) else { continue };
        let names = list(&readers.iter().map(|w| view.name(w.to)).collect::<Vec<_>>());
        let name = view.name(*source);
        let finding = if queue {
            let message = format!("{names} read {name}: each message goes to one of them");
            warning("competing-readers", last.source(), message, &[])
        } else {
            let message = format!("{} functions read {name}: {names}", readers.len());
            warning("many-stream-readers", last.source(), message, &[])
        };
        out.push(others.iter().fold(finding, |f, w| f.also(w.source(), format!("{} reads it", view.name(w.to)))));
    }
    for (group, wires) in &told {
        let most = words::of("subscriptions-beyond-log").limit("most");
        let Some((last, others)) = wires.split_last().filter(|_| wires.len() as f64 > most) else { continue };
        let message = format!("{} has {} subscriptions, and a log group takes {most}", view.name(*group), wires.len());
        let finding = error("subscriptions-beyond-log", last.source(), message, &[]).also(view.span(*group), "the log group");
        out.push(others.iter().fold(finding, |f, w| f.also(w.source(), "another subscription")));
    }
    out
}
