//! Known failures for the judges that are written in Rust: `tests/known-failures.toml`, as `tests/oracles/known.py`
//! reads it. The list is strict: what fails must be listed, what is listed must fail.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

/// What makes a judge fail: cases that fail and are not listed, and listed cases among `ran` that pass.
///
/// `failures` has a message for each case that failed; `complete` says that the run had every case of the judge, so that
/// a listed case without a run is a problem too.
pub fn problems(judge: &str, failures: &BTreeMap<String, String>, ran: &BTreeSet<String>, complete: bool) -> Vec<String> {
    let known = cases(judge);
    let unexpected = failures.iter().filter(|(case, _)| !known.contains(*case)).map(|(case, message)| format!("{case}: {message}"));
    let passing = known.iter().filter(|case| ran.contains(*case) && !failures.contains_key(*case));
    let passing = passing.map(|case| format!("{case}: it passes now, remove it from known-failures.toml"));
    let unused = known.iter().filter(|case| complete && !ran.contains(*case));
    let unused = unused.map(|case| format!("{case}: known-failures.toml lists it, the judge has no such case"));
    unexpected.chain(passing).chain(unused).collect()
}

fn cases(judge: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string("tests/known-failures.toml").unwrap();
    let list: toml::Table = text.parse().unwrap();
    let entries = list.get("failure").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let entries = entries.iter().filter(|entry| entry["judge"].as_str() == Some(judge));
    entries.flat_map(|entry| entry["cases"].as_array().unwrap().clone()).map(|case| case.as_str().unwrap().to_string()).collect()
}
