//! Messages for parts that are missing, parts too many and stray text.

use super::super::{Kind, Node};
use super::fault::Fault;
use super::short;
use crate::base::{Diagnostic, Span};

/// A part that is missing: the rule, what it is, and what to type.
type Part = (&'static str, &'static str, &'static str);

const NAME: Part = ("missing-name", "a name", "");
const VALUE: Part = ("missing-value", "a value", "");
const TYPE: Part = ("missing-type", "a type", "write for example `String`, `Int in 1..10` or `\"dev\" | \"prod\"`");
const BLOCK: Part = ("missing-block", "a block `{ ... }`", "");
const CONDITION: Part = ("missing-condition", "a condition", "");

/// A hole: what is missing, and behind what.
pub(super) fn missing(fault: &Fault<'_>, stray: Option<&Fault<'_>>) -> Diagnostic {
    if fault.is_glued() && fault.parent.span().start == fault.statement.span().start {
        return glued(fault);
    }
    if fault.parent.kind() == Kind::entry || fault.parent.kind() == Kind::keyed {
        return says_nothing(fault, stray);
    }
    if let Some(found) = stray.and_then(|stray| unquoted(fault, stray)) {
        return found;
    }
    let (rule, what, help) = part(fault);
    let before = before(fault);
    let mut message = if before.is_empty() { format!("{what} is missing here") } else { format!("{what} is missing after `{before}`") };
    let mut span = fault.place();
    if let Some(stray) = stray.filter(|s| !s.text().is_empty()) {
        message = format!("{message}, before `{}`", short(stray.text()));
        span = stray.span();
    }
    let found = Diagnostic::error(rule, span, message);
    if help.is_empty() { found } else { found.help(help) }
}

/// `python3.13` without quotes: a name, a dot and a number.
fn unquoted(fault: &Fault<'_>, stray: &Fault<'_>) -> Option<Diagnostic> {
    let number = stray.text().split_whitespace().next().filter(|t| t.starts_with(|c: char| c.is_ascii_digit()))?;
    let at = stray.span();
    if fault.parent.kind() != Kind::member || fault.parent.span().end != at.start {
        return None;
    }
    let before = fault.parent.tree().slice(0, at.start);
    let part = |c: char| c.is_alphanumeric() || c == '.' || c == '_';
    let name = before.rsplit(|c: char| !part(c)).next().filter(|n| !n.is_empty())?;
    let whole = Span::new(at.file, at.start - name.len() as u32, at.start + number.len() as u32);
    let text = format!("{name}{number}");
    let found = Diagnostic::error("foreign-quotes", whole, format!("`{text}` is not a value: write strings in double quotes"));
    Some(found.help(format!("write \"{text}\"")).fix("put it in quotes", whole, format!("\"{text}\"")))
}

/// What a hole stands for, by what it is a part of and its place there.
fn part(fault: &Fault<'_>) -> Part {
    use Kind::*;
    let only = fault.index == 0;
    match fault.parent.kind() {
        use_stmt => ("missing-path", "the path of a file", "write for example `use \"./workers.purlin\" as workers`"),
        import_stmt => ("missing-path", "the name of a stack, in quotes,", "write for example `import_stack \"network\" as net`"),
        resource_stmt if only => {
            ("missing-type", "a CloudFormation type, in quotes,", "write for example `resource \"AWS::AppSync::GraphQLApi\" api { ... }`")
        }
        assert_stmt if only => ("missing-text", "what is asserted, in quotes,", ""),
        emit_stmt if fault.index == 1 => {
            ("missing-type", "a CloudFormation type, in quotes,", "write for example `emit main: \"AWS::SQS::Queue\" { ... }`")
        }
        event_stmt if !only && !is_block(fault) => {
            ("missing-word", "how the event arrives", "write for example `: poll`, `: async` or `: sync`")
        }
        check_stmt | rule_stmt if fault.index == 1 => ("missing-severity", "a severity", "write `error`, `warning` or `advice`"),
        check_stmt if fault.index > 1 => ("missing-message", "`:` and a message", ""),
        check_stmt | rule_stmt if only => {
            ("missing-name", "a rule name", "a rule name is kebab-case and names the bad pattern, such as `window-missing`")
        }
        when_clause => CONDITION,
        if_stmt if only => CONDITION,
        condition | filter => CONDITION,
        can_stmt if only => ("missing-verb", "a verb", "write for example `can send intake`"),
        can_stmt => ("missing-target", "what the right is for", "write for example `can send intake`"),
        on_stmt => ("missing-trigger", "the trigger of the function", "write for example `on intake.messages(batch: 10)`"),
        needs_stmt => ("missing-verb", "a verb", "write for example `needs consume`"),
        in_clause | comprehension if !only || fault.parent.kind() == in_clause => {
            ("missing-list", "`in` and what to loop over", "write for example `for zone in zones { ... }`")
        }
        on_clause => ("missing-target", "`on` and a resource", "write for example `on arn`"),
        report_stmt if only => ("missing-place", "`at` and a place", "write for example `report at f.timeout: \"...\"`"),
        report_stmt => ("missing-message", "`:` and a message", ""),
        kind_ref => ("missing-kind", "a kind", "write for example `existing queue intake { ... }`"),
        let_stmt | output_stmt | export_stmt | out_stmt if !only => ("missing-value", "`=` and a value", ""),
        type_stmt if !only => ("missing-type", "`=` and a type", TYPE.2),
        append_stmt if !only => ("missing-value", "`=` and a value", ""),
        typed | type_expr | type_list | type_paren => TYPE,
        type_field => ("missing-type", "`:` and a type", ""),
        range => ("missing-range", "a range", "write for example `in 1..10`; both ends belong to it"),
        matching => ("missing-pattern", "a pattern, in quotes,", ""),
        cast => ("missing-unit", "a unit", "write for example `as s` or `as MB`"),
        argument => ("missing-value", "a value", ""),
        named | else_clause => BLOCK,
        _ if is_block(fault) => BLOCK,
        attribute | member | path | alias | second | comprehension | append_stmt => NAME,
        stack_stmt | param_stmt | setting_stmt | let_stmt | type_stmt | component_stmt | output_stmt | export_stmt | existing_stmt => NAME,
        resource_stmt | for_stmt | kind_stmt | emit_stmt | out_stmt | verb_stmt | event_stmt => NAME,
        _ => VALUE,
    }
}

/// Whether a hole stands for the block of its statement.
fn is_block(fault: &Fault<'_>) -> bool {
    use Kind::*;
    let heads = matches!(
        fault.parent.kind(),
        component_stmt
            | existing_stmt
            | resource_stmt
            | for_stmt
            | if_stmt
            | kind_stmt
            | emit_stmt
            | verb_stmt
            | event_stmt
            | rule_stmt
            | assert_stmt
    );
    heads && fault.index > 0 && fault.parent.children().nth(fault.index + 1).is_none_or(|behind| behind.kind() == else_clause)
}

/// The one or two words before a hole, on its line.
fn before<'t>(fault: &Fault<'t>) -> &'t str {
    let from = fault.source().get(..fault.place().start as usize).unwrap_or("");
    let line = from.rsplit(['\n', '\r']).next().unwrap_or("").trim_start();
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '@');
    let sign = line.trim_end_matches(|c: char| !word(c));
    let mut start = sign.trim_end_matches(word).len();
    // A word directly before it belongs to it: `let a`, `can send`.
    let more = line.get(..start).and_then(|l| l.strip_suffix(' ')).unwrap_or("");
    let first = more.trim_end_matches(word).len();
    if more.get(first..).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_alphabetic())) {
        start = first;
    }
    let line = line.get(start..).unwrap_or(line).trim();
    if line.chars().count() > 40 { "" } else { line }
}

/// A name that stands alone where a statement is expected.
fn says_nothing(fault: &Fault<'_>, stray: Option<&Fault<'_>>) -> Diagnostic {
    let name = fault.parent.children().next().map_or("", Node::text);
    let name = short(name);
    let help = format!("write `{name} = ...` for a field or `{name} {{ ... }}` for a block");
    match stray.filter(|s| !s.text().is_empty()) {
        Some(s) => {
            Diagnostic::error("stray-text", s.span(), format!("`=` or `{{` is missing after `{name}`, before `{}`", short(s.text())))
                .help(help)
        }
        None => Diagnostic::error("lone-name", fault.parent.trimmed(), format!("`{name}` is incomplete: expected `=` or `{{` after it"))
            .help(help),
    }
}

/// A word behind a statement, on its line.
fn glued(fault: &Fault<'_>) -> Diagnostic {
    let word = short(fault.statement.text());
    let before = fault.before.map_or_else(String::new, |b| short(b.text()));
    let message = format!("unexpected `{word}` after `{before}`");
    Diagnostic::error("stray-text", fault.statement.trimmed(), message).help("write a second field on a new line, or after a comma")
}

/// Two elements with nothing between them.
pub(super) fn comma(fault: &Fault<'_>) -> Diagnostic {
    let place = fault.place();
    let next = short(fault.below().split([',', ']', ')']).next().unwrap_or(""));
    let found = Diagnostic::error("missing-comma", place, format!("a comma is missing before `{next}`"));
    found.fix("put a comma here", place, ",")
}

/// A second expression where there can be only one.
pub(super) fn extra(fault: &Fault<'_>) -> Diagnostic {
    let rest = fault.below();
    let text = short(rest.split(['\n', ')', ']', '}']).next().unwrap_or(""));
    let at = fault.start();
    let span = Span::new(fault.node.span().file, at, at + text.trim_end_matches("...").len() as u32);
    let what = match fault.parent.kind() {
        Kind::interpolation => "`${` and `}` hold one value",
        Kind::index => "an index is one value",
        Kind::type_list => "a list has elements of one type",
        _ => "parentheses hold one value",
    };
    let found = Diagnostic::error("stray-text", span, format!("unexpected `{text}`: {what}"));
    match fault.parent.kind() {
        Kind::type_list => found.help("write the other types as a union: `[A | B]`"),
        Kind::paren => found.help("a list of values is written `[a, b]`"),
        _ => found,
    }
}

/// A comma with nothing before it.
pub(super) fn nothing_before(fault: &Fault<'_>) -> Diagnostic {
    Diagnostic::error("stray-comma", fault.span(), "unexpected comma").fix("remove it", fault.span(), "")
}

/// Text that can stand nowhere near.
pub(super) fn stray(fault: &Fault<'_>) -> Diagnostic {
    let text = short(fault.text());
    match text.as_str() {
        "}" | ")" | "]" => {
            let found = Diagnostic::error("unopened-bracket", fault.span(), format!("unmatched `{text}`"));
            return found.perhaps(format!("take the `{text}` out"), fault.span(), "");
        }
        "{" => {
            return Diagnostic::error("nameless-block", fault.span(), "this block has no name")
                .help("write for example `queue intake { ... }` or `env { ... }`");
        }
        _ if fault.node.kind() == Kind::head => {
            let found = Diagnostic::error("stray-text", fault.span(), format!("unexpected `{text}` before a block"));
            return found.perhaps("remove it", fault.span(), "");
        }
        _ => {}
    }
    let help = match fault.parent.kind() {
        Kind::file => "a declaration is written `queue intake { ... }`, a value `let batch = 10`",
        Kind::block => "a field is written `name = value`, a block `name { ... }`",
        Kind::list => "elements of a list are separated by commas",
        Kind::call => "arguments are separated by commas; a named one is written `name: value`",
        Kind::params => "parameters are written `name: type`, separated by commas",
        _ => "",
    };
    let found = Diagnostic::error("stray-text", fault.span(), format!("unexpected `{text}`"));
    if help.is_empty() { found } else { found.help(help) }
}
