//! Text of a project as text of an output: shown, and never obeyed by what reads the output. One function for each kind of
//! output.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that are not seen and change what is seen: controls, directions of writing, separators of lines, blanks
/// without width.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Text of several lines for a terminal: a hidden character is written as `\u{1b}`. Line ends and tabs stay.
pub fn text(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| hidden(c) && c != '\n' && c != '\t') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' && chars.peek() == Some(&'\n') {
            continue;
        }
        push(&mut out, c, c == '\n' || c == '\t');
    }
    Cow::Owned(out)
}

/// Text for one line: a line end is written as `\n`, a tab as `\t`.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => push(&mut out, c, false),
        }
    }
    Cow::Owned(out)
}

/// Adds a character as it is shown.
fn push(out: &mut String, c: char, plain: bool) {
    if !plain && hidden(c) {
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
}

/// One character of a source as a terminal shows it; a tab stays.
pub(super) fn source(out: &mut String, c: char) {
    push(out, c, c == '\t');
}

/// Text that is printed for people: nothing in it is a control sequence of a terminal or a command to a CI runner.
pub fn printed(all: &str) -> String {
    commands(&text(all), "\\u{3a}:", "#\\u{23}[")
}

/// Text with controls of the program's own (colours), whose parts are escaped already.
pub(super) fn styled(all: &str) -> String {
    commands(all, "\\u{3a}:", "#\\u{23}[")
}

/// A whole document of XML.
pub(super) fn xml(all: &str) -> String {
    commands(all, "&#58;:", "#&#35;[")
}

/// A whole document of JSON, with the same values.
pub fn json(all: &str) -> String {
    let mut out = String::with_capacity(all.len());
    for c in all.chars() {
        match c {
            '\n' => out.push(c),
            c if hidden(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    commands(&out, "\\u003a:", "#\\u0023[")
}

/// A label of Graphviz, before it is put into quotes.
pub(super) fn dot(label: &str) -> String {
    line(label).replace('&', "&amp;").replace("##[", "#&#35;[")
}

/// Takes commands of CI runners out of what is printed: lines that begin with `::`, and `##[` anywhere.
/// source: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>, read 2026-11-21;
/// <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>, read 2026-11-25
fn commands(all: &str, colons: &str, hashes: &str) -> String {
    let mut out = String::with_capacity(all.len());
    for line in all.split_inclusive('\n') {
        let rest = line.trim_start();
        match rest.strip_prefix("::") {
            Some(rest_of_line) => {
                out.push_str(line.get(..line.len() - rest.len()).unwrap_or(""));
                out.push_str(colons);
                out.push_str(rest_of_line);
            }
            None => out.push_str(line),
        }
    }
    if out.contains("##[") { out.replace("##[", hashes) } else { out }
}

/// A label of Mermaid in quotes, of several lines: what has a meaning there is written as its number.
/// source: <https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>, read 2026-11-25
pub(super) fn mermaid(lines: &[&str]) -> String {
    let one = |label: &&str| {
        let mut out = String::new();
        for c in line(label).chars() {
            if matches!(c, '"' | '#' | '&' | '<' | '>' | '`' | ';' | '\\' | '%' | '@') {
                let _ = write!(out, "#{};", u32::from(c));
            } else {
                out.push(c);
            }
        }
        out
    };
    format!("\"{}\"", lines.iter().map(one).collect::<Vec<_>>().join("<br/>"))
}

/// A span of code in Markdown, of one line.
pub(super) fn code(text: &str) -> String {
    let text = line(text);
    let ticks = "`".repeat(longest(&text, '`') + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{blank}{text}{blank}{ticks}")
}

/// A block of code in Markdown: its fence is longer than any run of backticks in it, so that nothing in it ends the block.
pub(super) fn block(language: &str, lines: &[String]) -> String {
    let lines: Vec<Cow<'_, str>> = lines.iter().map(|l| line(l)).collect();
    let fence = "`".repeat(lines.iter().map(|l| longest(l, '`') + 1).max().unwrap_or(0).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", lines.join("\n"))
}

/// The length of the longest run of a character.
fn longest(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

/// The longest text of one part of a finding for people, in characters.
const LONGEST: usize = 2_000;

/// The text of a part of a finding; one of extreme length is cut.
pub(super) fn part(all: &str) -> String {
    let all = text(all);
    match all.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", all.get(..at).unwrap_or("")),
        None => all.into_owned(),
    }
}
