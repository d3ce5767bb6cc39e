//! The built-in functions over lists that take more than a line. Knows nothing of what is in them.

use crate::model::Value;

/// Each element once. Values have no hash of their own; what is equal is written the same way.
pub(super) fn unique(values: &[Value]) -> Option<Value> {
    let mut seen: rustc_hash::FxHashMap<String, Vec<&Value>> = rustc_hash::FxHashMap::default();
    let mut once = Vec::new();
    for v in values {
        let same = seen.entry(v.to_string()).or_default();
        if !same.contains(&v) {
            same.push(v);
            once.push(v.clone());
        }
    }
    Some(Value::list(once))
}

/// The elements of several lists, one after the other.
pub(super) fn flatten(lists: &[Value]) -> Option<Value> {
    let mut out = Vec::new();
    for list in lists.iter().filter(|v| **v != Value::None) {
        out.extend(list.as_list()?.iter().cloned());
    }
    Some(Value::list(out))
}

/// Whether something in a value follows from a mistake that was told already.
pub(super) fn lacks(value: &Value) -> bool {
    match value {
        Value::Missing => true,
        Value::List(values) => values.iter().any(lacks),
        Value::Record(fields) => fields.values().any(lacks),
        _ => false,
    }
}
