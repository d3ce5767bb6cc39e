//! The built-in functions over maps of lists of their own keys: what leads to what. Knows nothing of what that means.

use crate::base::{FxIndexMap, Name};
use crate::model::Value;

/// The built-in `led_to`.
pub(super) fn led_to(arguments: &[Value]) -> Option<Value> {
    let [starts, ways] = arguments else { return None };
    let ways = ways.as_record()?;
    let mut steps: FxIndexMap<Name, Value> = starts.as_list()?.iter().filter_map(|s| Some((s.as_str()?.into(), Value::Int(0)))).collect();
    let mut at = 0;
    while let Some((from, Value::Int(taken))) = steps.get_index(at).map(|(from, taken)| (from.clone(), taken.clone())) {
        at += 1;
        for to in ways.get(&from).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str) {
            steps.entry(to.into()).or_insert(Value::Int(taken + 1));
        }
    }
    Some(Value::record(steps))
}

/// The built-in `turned_round`.
pub(super) fn turned_round(arguments: &[Value]) -> Option<Value> {
    let [ways] = arguments else { return None };
    let mut round: FxIndexMap<Name, Vec<Value>> = FxIndexMap::default();
    for (from, to) in ways.as_record()? {
        round.entry(from.clone()).or_default();
        for to in to.as_list()?.iter().filter_map(Value::as_str) {
            round.entry(to.into()).or_default().push(Value::text(&**from));
        }
    }
    Some(Value::record(round.into_iter().map(|(key, list)| (key, Value::list(list))).collect()))
}
