//! Findings as annotations of GitHub Actions: one workflow command a line.
//! source: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>, read 2026-11-21

use crate::session::Record;
use std::fmt::Write as _;

/// The findings that are not allowed.
pub fn github(records: &[Record]) -> String {
    let mut out = String::new();
    for record in records.iter().filter(|r| r.allowed.is_none()) {
        let command = if record.severity == "advice" { "notice" } else { record.severity };
        let place = &record.place;
        let mut text = record.message.clone();
        for related in &record.related {
            let _ = write!(text, "\n{}:{}:{} {}", related.place.file, related.place.line, related.place.column, related.text);
        }
        for more in record.help.iter().chain(&record.notes) {
            let _ = write!(text, "\n{more}");
        }
        // Columns are told only of one line: GitHub takes them for nothing else.
        let columns =
            if place.line == place.end_line { format!(",col={},endColumn={}", place.column, place.end_column) } else { String::new() };
        let _ = writeln!(
            out,
            "::{command} file={},line={},endLine={}{columns},title={}::{}",
            property(&place.file),
            place.line,
            place.end_line,
            property(&record.rule),
            data(&text)
        );
    }
    out
}

fn data(text: &str) -> String {
    super::escape::text(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    let hidden = super::escape::line;
    let lines: Vec<String> = text.split('\n').map(|line| hidden(line).replace('%', "%25")).collect();
    lines.join("%0A").replace(':', "%3A").replace(',', "%2C")
}
