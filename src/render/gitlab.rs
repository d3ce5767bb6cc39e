//! Findings as a code quality report of GitLab.
//! source: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>, read 2026-11-21

use crate::session::Record;
use serde_json::{Value, json};

/// The findings that are not allowed.
pub fn gitlab(records: &[Record]) -> String {
    let issue = |record: &Record| {
        let mut text = record.message.clone();
        for related in &record.related {
            text.push_str(&format!("; {}:{} {}", related.place.file, related.place.line, related.text));
        }
        for more in record.help.iter().chain(&record.notes) {
            text.push_str(&format!("; {more}"));
        }
        let severity = match record.severity {
            "error" => "critical",
            "warning" => "major",
            _ => "info",
        };
        json!({
            "description": text,
            "check_name": record.rule,
            "fingerprint": record.fingerprint,
            "severity": severity,
            "location": { "path": record.place.file, "lines": { "begin": record.place.line, "end": record.place.end_line } },
        })
    };
    let issues: Vec<Value> = records.iter().filter(|r| r.allowed.is_none()).map(issue).collect();
    super::escape::json(&format!("{:#}", Value::Array(issues)))
}
