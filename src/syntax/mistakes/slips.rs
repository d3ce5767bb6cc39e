//! Slips of those who know another language: each has its own hint.

use super::super::Kind;
use super::fault::{Fault, is_else};
use super::short;
use crate::base::{Diagnostic, Span};

/// What Purlin writes instead of a word of another language that reads as a name.
pub fn foreign_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "null" | "nil" | "None" | "undefined" | "NULL" | "Null" => "none",
        "True" | "TRUE" | "yes" => "true",
        "False" | "FALSE" | "no" => "false",
        "string" | "str" => "String",
        "int" | "integer" | "number" | "Integer" | "Number" => "Int",
        "bool" | "boolean" | "Boolean" => "Bool",
        "float" | "double" | "Double" => "Float",
        _ => return None,
    })
}

/// The message of a slip, if the group of faults is one.
pub(super) fn slip(first: &Fault<'_>, stray: Option<&Fault<'_>>) -> Option<Diagnostic> {
    glued_word(first)
        .or_else(|| if_value(first))
        .or_else(|| assigned_type(first))
        .or_else(|| elsewhere_else(first))
        .or_else(|| other_let(first))
        .or_else(|| block_for_value(first))
        .or_else(|| comment(first, first.below(), first.above()))
        .or_else(|| arrow(first, first.below(), first.above()))
        .or_else(|| stray.and_then(|stray| by_start(first, stray)))
}

/// A mechanical fix of one range.
fn fixed(rule: &str, span: Span, message: String, text: &str) -> Diagnostic {
    let title = if text.is_empty() { "take it out".to_owned() } else { format!("change it to `{text}`") };
    Diagnostic::error(rule, span, message).fix(title, span, text)
}

fn part(fault: &Fault<'_>, len: usize) -> Span {
    let mut span = fault.span();
    span.end = span.start + len as u32;
    span
}

/// The word that a statement begins with, if it stands behind another one on its line.
fn glued_word(fault: &Fault<'_>) -> Option<Diagnostic> {
    let (text, start) = match fault.node.kind() {
        Kind::head => (fault.text(), fault.start()),
        Kind::missing_comma | Kind::extra => (fault.below(), fault.start()),
        Kind::hole if fault.is_glued() => (fault.statement.text(), fault.statement.span().start),
        _ => return None,
    };
    let word: &str = text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
    let file = fault.node.span().file;
    let span = Span::new(file, start, start + word.len() as u32);
    let above = fault.source().get(..start as usize).unwrap_or("").trim_end();
    let number = above.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '.').next().unwrap_or("");
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    match word {
        "and" => Some(fixed("foreign-operator", span, "`and` is written `&&`".to_owned(), "&&")),
        "or" => Some(fixed("foreign-operator", span, "`or` is written `||`".to_owned(), "||")),
        "is" => Some(fixed("foreign-operator", span, "`is` is written `==`".to_owned(), "==")),
        "then" if fault.node.kind() == Kind::head => Some(fixed("foreign-word", span, "`if` needs no `then`".to_owned(), "")),
        "ms" | "s" | "m" | "h" | "d" | "B" | "KB" | "MB" | "GB" | "TB" if is_number => {
            let gap = Span::new(file, above.len() as u32, start);
            let found = Diagnostic::error("spaced-unit", span, format!("write a unit directly after its number: `{number}{word}`"));
            Some(found.fix("close the gap", gap, ""))
        }
        _ if ends_with_word(above, "not") => {
            let at = above.len() as u32;
            let gap = Span::new(file, at - 3, start);
            let found = Diagnostic::error("foreign-operator", Span::new(file, at - 3, at), "`not` is written `!`");
            Some(found.fix("change it to `!`", gap, "!"))
        }
        _ => None,
    }
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Whether stray text is an item of a list as YAML writes it.
pub(super) fn is_item(fault: &Fault<'_>) -> bool {
    fault.is_stray() && fault.text().starts_with("- ")
}

/// Up to where everything follows from the first fault: the end of the `if` in `a = if x { 1 }`.
pub(super) fn inside(fault: &Fault<'_>) -> u32 {
    if if_value(fault).is_none() {
        return 0;
    }
    let tree = fault.node.tree();
    let mut behind = (fault.node.index() + 1..tree.len() as u32).map(|at| tree.node(at));
    behind.find(|n| n.kind() == Kind::if_stmt).map_or(0, |n| n.span().end)
}

/// `a = if x { 1 } else { 2 }`.
fn if_value(fault: &Fault<'_>) -> Option<Diagnostic> {
    let below = fault.below();
    let rest = below.trim_start_matches([' ', '\t']);
    if fault.node.kind() != Kind::hole || fault.parent.kind() != Kind::assign || !rest.starts_with("if ") {
        return None;
    }
    let at = fault.end() + (below.len() - rest.len()) as u32;
    let span = Span::new(fault.node.span().file, at, at + 2);
    Some(Diagnostic::error("if-before-value", span, "the value comes before its condition").help("write `name = a if condition else b`"))
}

/// `a: 5` for `a = 5`, and `a := 5`.
fn assigned_type(fault: &Fault<'_>) -> Option<Diagnostic> {
    let colon = fault.above().trim_end();
    if fault.node.kind() != Kind::hole
        || fault.parent.kind() != Kind::typed
        || !colon.ends_with(':')
        || fault.statement.kind() != Kind::entry
    {
        return None;
    }
    let file = fault.node.span().file;
    let end = colon.len() as u32;
    let rest = fault.below();
    let line = rest.split(['\n', '\r']).next().unwrap_or("").trim();
    let (wrong, len) = match line {
        _ if rest.starts_with('=') => (":=", 1),
        "" => return None,
        _ if line.starts_with("- ") => return None,
        _ => (":", 0),
    };
    let name = colon.trim_end_matches(':').trim_end().len() as u32;
    let found =
        Diagnostic::error("colon-for-equals", Span::new(file, end - 1, end + len), format!("a field is set with `=`, not with `{wrong}`"));
    let gap = Span::new(file, name, end + len);
    Some(found.fix("change it to `=`", gap, " ="))
}

/// `else` that does not stand on the line of the `}` before it.
fn elsewhere_else(fault: &Fault<'_>) -> Option<Diagnostic> {
    let first = fault.node.children().next().filter(|p| fault.node.kind() == Kind::entry && is_else(p.text()))?;
    let message = match first.text() {
        "else" => "write `else` on the line of the `}` before it".to_owned(),
        word => format!("`{word}` is written `else if`"),
    };
    Some(Diagnostic::error("stray-else", first.span(), message))
}

/// `const a = 1`, `import "x"`, `def f`.
fn other_let(fault: &Fault<'_>) -> Option<Diagnostic> {
    let first = fault.statement.children().next()?;
    if fault.statement.kind() != Kind::entry || fault.is_glued() || first.kind() != Kind::path {
        return None;
    }
    let instead = match first.text() {
        "const" | "var" | "val" | "local" | "final" | "static" => "let",
        "import" | "include" | "require" | "from" => "use",
        "fn" | "func" | "def" | "lambda" => "function",
        "module" | "class" | "construct" => "component",
        "interface" | "typedef" | "struct" | "enum" => "type",
        "variable" | "parameter" | "arg" => "param",
        "foreach" => "for",
        _ => return None,
    };
    Some(fixed("foreign-word", first.span(), format!("`{}` is written `{instead}`", first.text()), instead))
}

/// `for x in { ... }`: the block was read as what to loop over.
fn block_for_value(fault: &Fault<'_>) -> Option<Diagnostic> {
    let value = fault.statement.children().nth(fault.index.checked_sub(1)?)?;
    let record = value.descendants().find(|n| n.kind() == Kind::record)?;
    let heads = matches!(fault.parent.kind(), Kind::for_stmt | Kind::if_stmt) && fault.index > 0;
    if !heads || record.span().end != value.span().end {
        return None;
    }
    let at = Span::new(fault.node.span().file, record.span().start, record.span().start);
    let above = fault.source().get(..at.start as usize).unwrap_or("").trim_end();
    Some(match fault.parent.kind() {
        Kind::for_stmt => Diagnostic::error("missing-list", at, "what to loop over is missing after `in`")
            .help("write for example `for zone in zones { ... }`"),
        _ => Diagnostic::error(
            "missing-condition",
            at,
            format!("a condition is missing after `{}`", short(above.rsplit('\n').next().unwrap_or(""))),
        ),
    })
}

/// Slips that stray text shows by how it begins.
fn by_start(first: &Fault<'_>, stray: &Fault<'_>) -> Option<Diagnostic> {
    let text = stray.text();
    let above = stray.above();
    let behind_name = first.node.kind() == Kind::hole && matches!(first.parent.kind(), Kind::entry | Kind::keyed);
    if text == ";" {
        return Some(fixed("semicolon", stray.span(), "a line ends without `;`".to_owned(), ""));
    }
    comment(stray, text, above)
        .or_else(|| quotes(stray, text))
        .or_else(|| arrow(stray, text, above))
        .or_else(|| signs(stray, text, behind_name))
        .or_else(|| dashes(first, stray, text, above))
}

fn comment(stray: &Fault<'_>, text: &str, above: &str) -> Option<Diagnostic> {
    if text.starts_with('#') && stray.is_stray() {
        return Some(fixed("foreign-comment", part(stray, 1), "a comment begins with `//`".to_owned(), "//"));
    }
    let slash = text.starts_with('*') && above.ends_with('/');
    if !slash && !text.starts_with("/*") {
        return None;
    }
    let start = stray.start() - u32::from(slash);
    let line = stray.source().get(start as usize..).and_then(|t| t.lines().next()).unwrap_or("");
    let span = Span::new(stray.node.span().file, start, start + line.trim_end().len() as u32);
    Some(
        Diagnostic::error("foreign-comment", span, "a comment begins with `//`")
            .help("a comment ends with its line: begin each line with `//`"),
    )
}

fn quotes(stray: &Fault<'_>, text: &str) -> Option<Diagnostic> {
    let open = text.chars().next()?;
    if !matches!(open, '\'' | '`' | '\u{201C}' | '\u{201D}' | '\u{2018}' | '\u{2019}') {
        return None;
    }
    let end = text.char_indices().skip(1).find(|(_, c)| matches!(c, '\'' | '`' | '\u{201C}' | '\u{201D}' | '\u{2019}'));
    let found = |span| Diagnostic::error("foreign-quotes", span, format!("a string is written in `\"`, not `{open}`"));
    let Some((at, close)) = end else { return Some(found(stray.span())) };
    let inner = text.get(open.len_utf8()..at)?;
    let span = part(stray, at + close.len_utf8());
    let found = found(span);
    if inner.contains(['"', '\\']) || inner.contains("${") {
        return Some(found);
    }
    let text = format!("\"{inner}\"");
    Some(found.fix(format!("change it to `{text}`"), span, text))
}

fn arrow(stray: &Fault<'_>, text: &str, above: &str) -> Option<Diagnostic> {
    let start = stray.start();
    let (sign, start) = match text.get(..2) {
        _ if text.starts_with('>') && above.ends_with('=') => ("=>", start - 1),
        _ if text.starts_with('>') && above.ends_with('-') => ("->", start - 1),
        Some("=>") if stray.is_stray() => ("=>", start),
        Some("->") if stray.is_stray() => ("->", start),
        _ => return None,
    };
    let span = Span::new(stray.node.span().file, start, start + 2);
    let found = Diagnostic::error("foreign-operator", span, format!("`{sign}` is not an operator"));
    Some(found.help("a field is written `name = value`, a named argument `name: value`"))
}

fn signs(stray: &Fault<'_>, text: &str, behind_name: bool) -> Option<Diagnostic> {
    let error = |rule, len, message: &str| Diagnostic::error(rule, part(stray, len), message.to_owned());
    if text.starts_with("==") && behind_name {
        return Some(fixed("foreign-operator", part(stray, 2), "a field is set with `=`; `==` compares".to_owned(), "="));
    }
    if matches!(text.get(..2), Some("+=" | "-=" | "*=" | "/=")) {
        return Some(error("foreign-operator", 2, "a value never changes: there is no such assignment"));
    }
    if text.starts_with('$') {
        return Some(error("foreign-operator", 1, "outside of a string a name is written without `$`"));
    }
    if text.starts_with(':') && stray.parent.kind() != Kind::call && behind_name {
        return Some(fixed("colon-for-equals", part(stray, 1), "a field is set with `=`, not with `:`".to_owned(), " ="));
    }
    if text.starts_with('=') && stray.parent.kind() == Kind::call {
        let found = Diagnostic::error("equals-for-colon", part(stray, 1), "a named argument is written `name: value`");
        let gap = Span::new(stray.node.span().file, stray.above().trim_end().len() as u32, stray.start() + 1);
        return Some(found.fix("change it to `:`", gap, ":"));
    }
    if text.starts_with('?') {
        return Some(error("foreign-operator", 1, "`?` does not choose a value").help("write `a if condition else b`"));
    }
    if text.starts_with("...") {
        return Some(error("foreign-operator", 3, "lists and maps are not spread with `...`").help("join two lists with `+`"));
    }
    for (sign, right) in [("&", "&&"), ("|", "||"), ("<>", "!=")].into_iter().filter(|(_, right)| !text.starts_with(right)) {
        if text == sign {
            return Some(error("foreign-operator", sign.len(), &format!("`{sign}` is written `{right}`")));
        }
        if text.starts_with(sign) {
            return Some(fixed("foreign-operator", part(stray, sign.len()), format!("`{sign}` is written `{right}`"), right));
        }
    }
    text.starts_with(['\u{a0}', '\u{200b}', '\u{2028}', '\u{c}', '\u{3000}']).then(|| {
        let len = text.chars().next().map_or(0, char::len_utf8);
        fixed("invisible-character", part(stray, len), "invisible character".to_owned(), " ")
    })
}

/// `- item`, `my-name` and `f()`.
fn dashes(first: &Fault<'_>, stray: &Fault<'_>, text: &str, above: &str) -> Option<Diagnostic> {
    if let Some(item) = text.strip_prefix("- ") {
        let help = format!("write `name = [{}, ...]`", short(item));
        return Some(Diagnostic::error("foreign-list", stray.span(), "a list is written in `[` and `]`").help(help));
    }
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let rest = text.strip_prefix('-').unwrap_or("");
    if rest.starts_with(word) && above.ends_with(word) {
        let head = above.trim_end_matches(word).len();
        let tail: usize = rest.find(|c| !word(c) && c != '-').unwrap_or(rest.len()) + 1;
        let span = Span::new(stray.node.span().file, head as u32, stray.start() + tail as u32);
        let name = stray.source().get(span.range()).unwrap_or("");
        let right = name.replace('-', "_");
        let found = Diagnostic::error("dash-in-name", span, format!("a name has no `-`: write `{right}`"));
        return Some(found.perhaps(format!("change it to `{right}`"), span, right));
    }
    if text.starts_with('(') && matches!(first.parent.kind(), Kind::named | Kind::entry) {
        let found = Diagnostic::error("stray-arguments", stray.span(), format!("unexpected `{}` before a block", short(text)));
        return Some(found.help("a declaration is written `function handler { ... }`; only a `component` takes parameters"));
    }
    None
}
