//! A list of findings that are known, so that an old code base fails only on what is new.
//! Knows nothing of files.

use super::record::Record;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// A baseline as it stands in its file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The findings that are known.
    pub known: Vec<Known>,
}

/// A finding that is known: the fingerprint counts, the rest is for readers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Known {
    pub fingerprint: String,
    pub rule: String,
    pub file: String,
    pub message: String,
}

impl Baseline {
    /// The baseline of some findings.
    pub fn of(records: &[Record]) -> Baseline {
        let known = records.iter().filter(|r| r.allowed.is_none()).map(|r| Known {
            fingerprint: r.fingerprint.clone(),
            rule: r.rule.clone(),
            file: r.place.file.clone(),
            message: r.message.clone(),
        });
        Baseline { known: known.collect() }
    }

    /// Reads a baseline.
    pub fn read(text: &str) -> Result<Baseline, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// It as text.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The fingerprints of what is known.
    pub fn fingerprints(&self) -> FxHashSet<&str> {
        self.known.iter().map(|k| k.fingerprint.as_str()).collect()
    }
}
