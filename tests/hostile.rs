//! Text of a project that tries to be more than text: every output shows it, and none obeys it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use assert_cmd::Command;
use std::path::Path;

const DAY: &str = "2026-11-20";

/// Keys of a loop, as they are written in a text of a program.
const KEYS: [&str; 9] = [
    r"x\n```\n\n## Approved by security\n@octo/everyone [a](https://example.com)",
    "````` five",
    r#"a\"b"#,
    "<img src=x onerror=alert(1)>",
    r"x\n::error::broken",
    r"x\n  ::set-output name=a::b",
    "##[error]broken",
    "a|b]-->c",
    "-->",
];

/// What is put into a file as it is: sequences of a terminal and directions of writing.
const RAW: [&str; 5] = ["\u{1b}[2J\u{1b}]0;title\u{7}", "\u{9b}2J", "\u{7f}", "\u{202e}", "\u{2028}::error::x"];

fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let done = Command::cargo_bin("purlin").unwrap().args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap();
    let all = [done.stdout, done.stderr].concat();
    (done.status.code().unwrap(), String::from_utf8(all).unwrap())
}

/// A program of one stack whose graph, rights and differences hold a key.
fn program(key: &str, extra: &str) -> String {
    format!(
        r#"stack a
bucket b {{ }}
for k in ["{key}"] {{
  queue q {{ visibility = 1m }}
  function f {{
    runtime = "python3.13"
    handler = "f.h"
    code    = "b.zip"
    timeout = 10s
    on  q.messages(batch: 1)
    can write b("{key}")
  }}
}}
{extra}
"#
    )
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// No line is a command of a CI runner, and no character is hidden.
fn harmless(what: &str, text: &str) {
    let hidden =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if let Some(c) = text.chars().find(|c| hidden(*c)) {
        assert_eq!(' ', c, "{what}: a hidden character\n{text}");
    }
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{what}: {line}\n{text}");
        assert!(!line.contains("##["), "{what}: {line}");
    }
}

/// The lines of Markdown that are not in a block of code.
fn outside(markdown: &str) -> Vec<&str> {
    let mut fence: Option<&str> = None;
    let mut out = Vec::new();
    for line in markdown.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some(open) if ticks.len() >= open.len() && line.trim_end() == ticks => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => out.push(line),
        }
    }
    assert_eq!(fence, None, "a block is not closed\n{markdown}");
    out
}

#[test]
fn a_difference_as_markdown_shows_every_text_in_blocks() {
    for key in KEYS {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("old/main.purlin"), &program("plain", ""));
        write(&folder.path().join("new/main.purlin"), &program(key, ""));
        for format in ["markdown", "text", "json"] {
            let (code, out) = run(folder.path(), &["diff", "old", "new", "--as-of", DAY, "--format", format]);
            assert_eq!(code, 0, "{out}");
            harmless(format, &out);
            if format == "markdown" {
                let known = [
                    "## `a`",
                    "### Replaced or deleted",
                    "### Rights",
                    "### Edges",
                    "### Declarations",
                    "### Limits",
                    "### Reached from outside",
                    "",
                ];
                for line in outside(&out) {
                    assert!(known.contains(&line), "{line}\n{out}");
                }
            }
        }
    }
}

#[test]
fn a_graph_holds_every_text_in_its_labels() {
    let node = regex::Regex::new(r#"^  \w+\["[^"`<>]*<br/>[\w.]+"\]$"#).unwrap();
    let edge = regex::Regex::new(r#"^  \w+ (-->|-\.->)\|"[^"`<>]*"\| \w+$"#).unwrap();
    let style = regex::Regex::new(r"^  (style|linkStyle) \w+ [\w#:,-]+$").unwrap();
    for key in KEYS {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("main.purlin"), &program(key, ""));
        for format in ["mermaid", "dot", "svg", "json"] {
            let (code, out) = run(folder.path(), &["graph", ".", "--as-of", DAY, "--format", format]);
            assert_eq!(code, 0, "{out}");
            harmless(format, &out);
            if format == "mermaid" {
                for line in out.lines().skip(1).filter(|line| !line.is_empty()) {
                    assert!(node.is_match(line) || edge.is_match(line) || style.is_match(line), "{line}\n{out}");
                }
            }
        }
    }
}

#[test]
fn a_finding_shows_every_text_of_a_source() {
    let each = |texts: &[&str], one: fn(usize, &str) -> String| -> String {
        texts.iter().enumerate().map(|(at, text)| one(at, text)).collect::<Vec<_>>().join("\n")
    };
    let extras = [
        each(&RAW, |at, raw| format!("queue r{at} {{ visibility = nothing }} // {raw}")),
        each(&RAW, |at, raw| format!("queue r{at} {{ visibility = \"{raw}\" }}")),
        each(&KEYS, |at, key| format!("for k in [\"{key}\", \"{key}\"] {{ queue r{at} {{ visibility = \"{key}\" }} }}")),
        each(&KEYS, |at, key| format!("output o{at} = read_text(\"{key}\")")),
    ];
    for extra in extras {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("main.purlin"), &program("plain", &extra));
        for format in ["human", "json", "sarif", "junit", "gitlab", "github"] {
            let (code, out) = run(folder.path(), &["check", ".", "--as-of", DAY, "--format", format]);
            assert_eq!(code, 1, "{extra}\n{out}");
            if format == "github" {
                let findings = out.lines().filter(|line| !line.is_empty());
                findings.for_each(|line| {
                    assert!(
                        line.starts_with("::error file=") || line.starts_with("::warning file=") || line.starts_with("::notice file="),
                        "{line}"
                    )
                });
                assert_eq!(out.chars().find(|c| c.is_control() && *c != '\n'), None, "{out}");
                continue;
            }
            harmless(&format!("{format} of {extra:?}"), &out);
        }
    }
}

#[cfg(unix)]
#[test]
fn the_name_of_a_file_stays_on_its_line() {
    for name in ["n\n::error::x.purlin", "n\u{1b}[2J.purlin", "n\u{202e}.purlin", "n##[error].purlin"] {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join(name), &program("plain", "queue r { visibility = nothing }"));
        for arguments in [&["check", "."][..], &["fmt", "."], &["fix", "."], &["build", "."], &["check", "missing\n::error::x.purlin"]] {
            harmless(&format!("{arguments:?} of {name:?}"), &run(folder.path(), arguments).1);
        }
    }
}

#[test]
fn a_long_line_is_cut_to_what_is_near_the_label() {
    let long = "x".repeat(100_000);
    for extra in [
        format!("queue r {{ visibility = nothing }} // {long}"),
        format!("queue r {{ visibility = \"{long}\" }}"),
        format!("queue r {{ visibility = {long} }}"),
        format!("// {long}\nqueue r {{ visibility = nothing }}\n// {long}"),
        format!("queue r {{ visibility = nothing, physical_name = \"{long}\" }}"),
        format!("queue r {{ physical_name = \"{long}\", visibility = nothing }}"),
        format!("queue r {{ {} }}", "visibility = nothing, ".repeat(20)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("main.purlin"), &program("plain", &extra));
        let (code, out) = run(folder.path(), &["check", "."]);
        assert_eq!(code, 1, "{out}");
        assert!(out.len() < 40_000, "{} bytes", out.len());
        assert!(out.contains("main.purlin:1"), "{out}");
        let Some(at) = extra.find("nothing") else { continue };
        let line = extra[..at].matches('\n').count() + 14;
        let column = at - extra[..at].rfind('\n').map_or(0, |n| n + 1) + 1;
        assert!(out.contains(&format!("main.purlin:{line}:{column}")), "{line}:{column}\n{out}");
        assert!(out.contains("visibility = nothing"), "{out}");
    }
}
