//! Findings as SARIF 2.1.0, for code scanning.

use crate::session::{Place, Record, RuleInfo};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The findings, with what is known of their rules.
pub fn sarif(records: &[Record], rules: &BTreeMap<String, RuleInfo>) -> String {
    let mut named: Vec<&str> = records.iter().map(|r| r.rule.as_str()).collect();
    named.sort_unstable();
    named.dedup();
    let index = |rule: &str| named.binary_search(&rule).unwrap_or_default();
    let driver = json!({
        "name": "purlin",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": named.iter().map(|name| rule(name, rules.get(*name))).collect::<Vec<_>>(),
    });
    let run = json!({
        "tool": { "driver": driver },
        "columnKind": "unicodeCodePoints",
        "results": records.iter().map(|r| result(r, index(&r.rule))).collect::<Vec<_>>(),
    });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    super::escape::json(&format!("{document:#}"))
}

fn rule(name: &str, info: Option<&RuleInfo>) -> Value {
    let Some(info) = info else { return json!({ "id": name }) };
    object([
        ("id", Some(json!(name))),
        ("shortDescription", Some(json!({ "text": info.about }))),
        ("defaultConfiguration", Some(json!({ "level": level(info.severity.word()) }))),
        ("help", info.help.as_ref().map(|help| json!({ "text": help }))),
        ("helpUri", info.source.as_deref().filter(|s| s.starts_with("https://")).map(|s| json!(s))),
    ])
}

fn result(record: &Record, rule: usize) -> Value {
    let mut message = record.message.clone();
    for more in record.help.iter().chain(&record.notes) {
        message.push('\n');
        message.push_str(more);
    }
    let related = record.related.iter().enumerate().map(|(at, r)| location(&r.place, Some(at), Some(&r.text)));
    let related: Vec<Value> = related.collect();
    let fixes: Vec<Value> = record.fixes.iter().map(fix).collect();
    object([
        ("ruleId", Some(json!(record.rule))),
        ("ruleIndex", Some(json!(rule))),
        ("level", Some(json!(level(record.severity)))),
        ("message", Some(json!({ "text": message }))),
        ("locations", Some(json!([location(&record.place, None, Some(&record.label))]))),
        ("relatedLocations", (!related.is_empty()).then(|| json!(related))),
        ("partialFingerprints", Some(json!({ "purlin/v1": record.fingerprint }))),
        ("fixes", (!fixes.is_empty()).then(|| json!(fixes))),
        ("suppressions", record.allowed.as_ref().map(|reason| json!([{ "kind": "inSource", "justification": reason }]))),
    ])
}

/// An object of those fields that there are.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    Value::Object(fields.into_iter().filter_map(|(key, value)| Some((key.to_string(), value?))).collect())
}

fn level(severity: &str) -> &'static str {
    match severity {
        "error" => "error",
        "warning" => "warning",
        _ => "note",
    }
}

/// What may stand in a path of a URI as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path as a URI: relative to where the program runs, or of a file.
fn uri(path: &str) -> String {
    let encoded = utf8_percent_encode(path, PLAIN);
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded.to_string() }
}

fn artifact(place: &Place) -> Value {
    json!({ "uri": uri(&place.file) })
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

fn location(place: &Place, id: Option<usize>, text: Option<&str>) -> Value {
    object([
        ("id", id.map(|id| json!(id))),
        ("physicalLocation", Some(json!({ "artifactLocation": artifact(place), "region": region(place) }))),
        ("message", text.filter(|t| !t.is_empty()).map(|t| json!({ "text": t }))),
    ])
}

fn fix(remedy: &crate::session::Remedy) -> Value {
    let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for edit in &remedy.edits {
        let replacement = json!({ "deletedRegion": region(&edit.place), "insertedContent": { "text": edit.text } });
        files.entry(&edit.place.file).or_default().push(replacement);
    }
    let change =
        |(file, replacements): (&str, Vec<Value>)| json!({ "artifactLocation": { "uri": uri(file) }, "replacements": replacements });
    json!({ "description": { "text": remedy.title }, "artifactChanges": files.into_iter().map(change).collect::<Vec<_>>() })
}
