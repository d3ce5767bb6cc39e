//! A template as text. Knows nothing of what is in it.

use serde_json::Value as Json;
use std::fmt::Write as _;

/// The most bytes that CloudFormation takes in the call itself; larger templates go through a bucket.
/// source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>, read 2026-11-20
pub const INLINE: usize = 51_200;

/// A template as it is written to a file: indented, or, where that would not fit into one call, a line for each
/// resource, which still shows in a comparison what changed.
pub(super) fn text(template: &Json) -> String {
    let compact = template.to_string();
    // Indentation about doubles a template.
    if compact.len() <= INLINE {
        let indented = format!("{template:#}\n");
        if indented.len() <= INLINE {
            return indented;
        }
    }
    lines(template).unwrap_or(compact)
}

fn lines(template: &Json) -> Option<String> {
    let mut out = String::from("{\n");
    let sections = template.as_object()?;
    for (at, (section, body)) in sections.iter().enumerate() {
        let end = if at + 1 < sections.len() { "," } else { "" };
        let name = Json::from(section.as_str());
        match body.as_object() {
            Some(entries) => {
                writeln!(out, "{name}:{{").ok()?;
                for (at, (id, entry)) in entries.iter().enumerate() {
                    let end = if at + 1 < entries.len() { "," } else { "" };
                    writeln!(out, "{}:{entry}{end}", Json::from(id.as_str())).ok()?;
                }
                writeln!(out, "}}{end}").ok()?;
            }
            None => writeln!(out, "{name}:{body}{end}").ok()?,
        }
    }
    out.push_str("}\n");
    Some(out)
}
