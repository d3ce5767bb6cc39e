//! Messages for brackets and quotes that are never closed.

use super::super::Kind;
use super::fault::Fault;
use super::opener;
use crate::base::Diagnostic;

/// A bracket or a quote that is never closed: told at its opener.
pub(super) fn unclosed(fault: &Fault<'_>, stray: Option<&Fault<'_>>) -> Diagnostic {
    let (open, close) = brackets(fault.parent.kind());
    let from = opener(fault.parent, open.len() as u32);
    if let Some(stray) = stray.filter(|s| s.start() == fault.end() && matches!(s.text().get(..1), Some(")" | "]" | "}"))) {
        let wrong = stray.text().get(..1).unwrap_or("");
        let mut at = stray.span();
        at.end = at.start + 1;
        let message = format!("`{open}` is closed by `{wrong}`");
        let found = Diagnostic::error("mismatched-bracket", at, message).also(from, format!("this `{open}` needs `{close}`"));
        return found.fix(format!("change it to `{close}`"), at, close);
    }
    let place = fault.place();
    let what = if close.starts_with('"') { "this string".to_owned() } else { format!("this `{open}`") };
    let rule = if close.starts_with('"') { "unclosed-string" } else { "unclosed-bracket" };
    let found = Diagnostic::error(rule, from, format!("{what} is never closed")).also(place, format!("`{close}` is expected here"));
    let found = match fault.parent.kind() {
        Kind::string => found.help("a string ends on its line; a string of several lines is written in `\"\"\"`"),
        _ => found,
    };
    let source = fault.source();
    let start = from.start as usize;
    let inside = source.get(start..place.start as usize).unwrap_or("");
    let indent = indent(source, start);
    let text = if close == "}" && inside.contains('\n') { format!("\n{indent}}}") } else { close.to_owned() };
    found.perhaps(format!("close it with `{close}`"), place, text)
}

/// The blanks that begin the line of a place.
fn indent(source: &str, at: usize) -> &str {
    let line = source.get(..at).and_then(|above| above.rsplit('\n').next()).unwrap_or("");
    line.get(..line.len() - line.trim_start().len()).unwrap_or("")
}

fn brackets(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::string => ("\"", "\""),
        Kind::long => ("\"\"\"", "\"\"\""),
        Kind::interpolation => ("${", "}"),
        Kind::list | Kind::index | Kind::type_list => ("[", "]"),
        Kind::block | Kind::type_record => ("{", "}"),
        _ => ("(", ")"),
    }
}
