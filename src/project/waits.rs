//! How long whoever calls waits for the answer: an API, a function that calls functions.

use super::view::{Call, View, Wire, text};
use super::words;
use crate::base::FxIndexMap;
use crate::model::InstanceId;

/// The rule whose table says how long an API waits, by its protocol.
const RULE: &str = "function-outlives-request";

impl View<'_> {
    /// The seconds that an API waits for what a wire from it leads to. The time is of the wire, or that of the API.
    pub(super) fn waits(&self, wire: &Wire<'_>) -> Option<f64> {
        // An integration with a service is a resource of an API.
        let api = if self.fact(wire.from, "waits").is_some() { wire.from } else { self.ends(wire.from, "api").first().copied()? };
        let ms = match (wire.fact("timeout"), self.fact(wire.from, "timeout")) {
            (Some(_), _) => wire.number("timeout")?,
            (None, Some(_)) => self.number(wire.from, "timeout")?,
            (None, None) => self.number(api, "waits")?,
        };
        Some(ms.min(self.most_of_api(api)) / 1000.0)
    }

    /// The most milliseconds that an API waits, whatever is written.
    pub(super) fn most_of_api(&self, api: InstanceId) -> f64 {
        text(self.fact(api, "protocol")).map_or(f64::INFINITY, |protocol| words::of(RULE).limit(protocol))
    }

    /// The rule for a function that an API waits for, by the protocol of the API.
    pub(super) fn rule_of_api(&self, api: InstanceId) -> Option<&'static str> {
        words::of(RULE).texts.get(text(self.fact(api, "protocol"))?).map(String::as_str)
    }

    /// Whether a node is a function.
    pub(super) fn is_function(&self, id: InstanceId) -> bool {
        self.number(id, "timeout").is_some() && self.fact(id, "memory").is_some()
    }

    /// The seconds that a call may take: the time of the function, and no more than an API between waits.
    pub(super) fn takes(&self, call: &Call) -> Option<f64> {
        Some(self.number(call.to, "timeout")?.min(call.most.unwrap_or(f64::INFINITY)))
    }

    /// The functions that each function calls and waits for, each once.
    pub(super) fn by_caller(&self) -> FxIndexMap<InstanceId, Vec<Call>> {
        let mut by_caller: FxIndexMap<InstanceId, Vec<Call>> = FxIndexMap::default();
        for call in self.calls.iter().copied() {
            let calls = by_caller.entry(call.from).or_default();
            if !calls.iter().any(|c| c.to == call.to) {
                calls.push(call);
            }
        }
        by_caller
    }
}
