//! Queues that functions poll: each reading, each queue once, how many messages a call gets, and where those go that fail.

use super::view::{View, Wire};
use super::words;
use crate::base::{Diagnostic, FxIndexMap, FxIndexSet, Span};
use crate::model::{InstanceId, Mode};
use crate::template::EdgeKind;

/// The rule whose table says how many messages a call gets if nothing is written.
const RULE: &str = "batch-fails-as-a-whole";

impl<'p> View<'p> {
    /// The triggers by which functions poll queues. A pipe has settings of another kind.
    pub(super) fn polls(&self) -> impl Iterator<Item = &Wire<'p>> {
        self.readings().filter(|w| w.fact("role").is_none())
    }

    /// Each queue of the project that a function reads, at its first reader: its settings are reported once.
    pub(super) fn read_queues(&self) -> Vec<&Wire<'p>> {
        let mut queues = FxIndexSet::default();
        self.readings().filter(|w| self.is_own(w.from) && queues.insert(w.from)).collect()
    }

    /// Each queue with a dead-letter queue that the project owns, and that queue.
    pub(super) fn parked(&self) -> Vec<(InstanceId, InstanceId)> {
        let queues = self.nodes().filter(|id| self.fact(*id, "visibility").is_some());
        let own = queues.flat_map(|queue| self.ends(queue, "dead_letter").into_iter().map(move |parked| (queue, parked)));
        own.filter(|(_, parked)| self.is_own(*parked)).collect()
    }

    /// What is polled, with its readers, each once.
    pub(super) fn readers(&self) -> FxIndexMap<InstanceId, Vec<&Wire<'p>>> {
        let mut readers: FxIndexMap<InstanceId, Vec<&Wire<'p>>> = FxIndexMap::default();
        for wire in self.triggers().filter(|w| w.edge.kind == EdgeKind::Trigger(Mode::Poll)) {
            let known = readers.entry(wire.from).or_default();
            if !known.iter().any(|w| w.to == wire.to) {
                known.push(wire);
            }
        }
        readers
    }

    fn readings(&self) -> impl Iterator<Item = &Wire<'p>> {
        self.triggers().filter(|w| self.fact(w.from, "visibility").is_some() && self.number(w.to, "timeout").is_some())
    }

    /// A finding on a queue, with who reads it.
    pub(super) fn with_reader(&self, finding: Diagnostic, wire: &Wire<'_>) -> Diagnostic {
        finding.also(wire.source(), format!("{} polls it", self.name(wire.to)))
    }
}

impl Wire<'_> {
    /// How many messages a call gets at most. A value that is not known before deployment proves nothing.
    pub(super) fn batch(&self) -> Option<f64> {
        match self.fact("batch") {
            Some(_) => self.number("batch"),
            None => Some(words::of(RULE).limit("default")),
        }
    }

    /// Where that is written, or where the source is.
    pub(super) fn place_of_batch(&self) -> Span {
        self.fact("batch").map_or_else(|| self.source(), |f| f.span)
    }
}
