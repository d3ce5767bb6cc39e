//! The difference of two revisions as text, and as Markdown for a pull request. Knows nothing of how it was found.

use super::escape;
use crate::session::{Change, Difference};
use std::fmt::Write as _;

/// As text: what is gained begins with `+`, what is lost with `-`.
pub fn text(differences: &[Difference]) -> String {
    let mut out = String::new();
    for difference in differences.iter().filter(|d| !d.is_empty()) {
        let _ = writeln!(out, "stack {}", difference.stack);
        for (title, lines) in sections(difference) {
            let _ = writeln!(out, "\n  {title}");
            lines.iter().for_each(|(sign, line)| {
                let _ = writeln!(out, "    {sign} {}", escape::line(line));
            });
        }
        out.push('\n');
    }
    if out.is_empty() { "no changes\n".into() } else { out }
}

/// As Markdown: what deletes or opens something stands first, each part in a block that shows signs in colour.
pub fn markdown(differences: &[Difference]) -> String {
    let mut out = String::new();
    for difference in differences.iter().filter(|d| !d.is_empty()) {
        let _ = writeln!(out, "## {}", escape::code(&difference.stack));
        for (title, lines) in sections(difference) {
            let lines: Vec<String> = lines.iter().map(|(sign, line)| format!("{sign} {line}")).collect();
            let _ = write!(out, "\n### {title}\n\n{}", escape::block("diff", &lines));
        }
        out.push('\n');
    }
    if out.is_empty() { "Nothing changes.\n".into() } else { out }
}

type Lines = Vec<(char, String)>;

/// The parts that are not empty, with their lines; a `!` warns.
fn sections(difference: &Difference) -> Vec<(&'static str, Lines)> {
    let replaced = difference.replaced.iter().map(|r| {
        let data = r.data.map(|data| format!("; its data {data}")).unwrap_or_default();
        let sign = if r.data.is_some() { '!' } else { '-' };
        (sign, format!("{} ({}, of {}) is {}: {}{data}", r.resource, r.ty, r.of, r.how.replace("may be", "perhaps"), r.because))
    });
    let limits = difference.limits.iter().map(|m| {
        let value = |v: &Option<String>| v.clone().unwrap_or_else(|| "none".into());
        let user = if m.user.is_empty() { String::new() } else { format!(" ({})", m.user) };
        (' ', format!("{}{user}: {} -> {} of {}", m.limit, value(&m.old), value(&m.new), m.most))
    });
    let sections = [
        ("Replaced or deleted", replaced.collect()),
        ("Reached from outside", lines(&difference.public)),
        ("Rights", lines(&difference.rights)),
        ("Edges", lines(&difference.edges)),
        ("Declarations", lines(&difference.declarations)),
        ("Limits", limits.collect::<Lines>()),
    ];
    sections.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

fn lines(change: &Change) -> Lines {
    let lost = change.lost.iter().map(|line| ('-', line.clone()));
    lost.chain(change.gained.iter().map(|line| ('+', line.clone()))).collect()
}
