//! Each mistake in a text gives one message, at the place where a person would mend it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use purlin::base::{Diagnostic, FileId, Span};
use purlin::syntax::parse;
use std::fmt::Write;

/// Texts with one mistake each.
const ONE: &str = include_str!("mistakes.txt");

/// The text with each message written under its line.
fn told(text: &str) -> String {
    let mut out = String::new();
    let mut found = parse(FileId(0), text.into()).diagnostics;
    found.sort_by_key(|d| d.primary.span);
    let mut at = 0;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (number, line) in lines.iter().enumerate() {
        let end = at + line.len();
        let last = number + 1 == lines.len();
        let here = |span: Span| (at..end).contains(&(span.start as usize)) || last && span.start as usize >= end;
        writeln!(out, "    {}", line.trim_end()).unwrap();
        for d in found.iter().filter(|d| here(d.primary.span)) {
            mark(&mut out, at, d.primary.span, &format!("{}: {}", d.rule, d.message));
            details(&mut out, d, text);
        }
        for (d, label) in found.iter().flat_map(|d| d.related.iter().map(move |l| (d, l))).filter(|(_, l)| here(l.span)) {
            mark(&mut out, at, label.span, &format!("({}) {}", d.rule, label.text));
        }
        at = end;
    }
    out
}

fn mark(out: &mut String, line: usize, span: Span, text: &str) {
    let blanks = " ".repeat(span.start as usize - line);
    let carets = "^".repeat((span.len() as usize).clamp(1, 60));
    writeln!(out, "    {blanks}{carets} {text}").unwrap();
}

fn details(out: &mut String, d: &Diagnostic, text: &str) {
    if let Some(help) = &d.help {
        writeln!(out, "      help: {help}").unwrap();
    }
    for fix in &d.fixes {
        let edit = &fix.edits[0];
        let mut mended = text.to_owned();
        mended.replace_range(edit.span.range(), &edit.text);
        let start = mended[..edit.span.start as usize].rfind('\n').map_or(0, |i| i + 1);
        let len = edit.span.start as usize - start + edit.text.len().max(1);
        let line = mended[start..]
            .split_inclusive('\n')
            .scan(0, |at, l| {
                let here = *at;
                *at += l.len();
                (here <= len).then_some(l)
            })
            .collect::<String>()
            .trim_end()
            .replace('\n', "\\n");
        let sure = if fix.safe { "fix" } else { "perhaps" };
        writeln!(out, "      {sure}: {}: {}", fix.title, line.trim()).unwrap();
    }
}

fn snippets() -> Vec<&'static str> {
    ONE.split("----\n").filter(|s| !s.trim().is_empty()).collect()
}

#[test]
fn each_mistake_gives_one_message() {
    let mut out = String::new();
    let mut wrong = Vec::new();
    for text in snippets() {
        let count = parse(FileId(0), text.into()).diagnostics.len();
        if count != 1 {
            wrong.push(format!("{count} messages:\n{}", told(text)));
        }
        writeln!(out, "{}", told(text)).unwrap();
    }
    assert!(snippets().len() >= 60);
    insta::assert_snapshot!("one_message", out);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_fix_that_is_safe_mends_the_text() {
    for text in snippets() {
        for d in parse(FileId(0), text.into()).diagnostics {
            for fix in d.fixes.iter().filter(|f| f.safe) {
                let mut mended = text.to_owned();
                mended.replace_range(fix.edits[0].span.range(), &fix.edits[0].text);
                let left = parse(FileId(0), mended.as_str().into()).diagnostics;
                assert!(left.is_empty(), "{}: {mended}\n{left:#?}", d.rule);
            }
        }
    }
}
