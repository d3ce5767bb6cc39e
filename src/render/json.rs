//! Findings as JSON: `docs/cli.md` documents the shape.

use crate::session::Record;
use serde_json::json;

/// The findings.
pub fn json(records: &[Record]) -> String {
    let document = json!({ "version": 1, "tool": { "name": "purlin", "version": env!("CARGO_PKG_VERSION") }, "findings": records });
    super::escape::json(&format!("{document:#}"))
}
