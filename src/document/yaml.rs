//! Reads YAML. The only user of its parser.

use super::build::{About, Builder};
use super::node::Data;
use super::tags::Tag;
use super::{problem, scalar};
use crate::base::{Diagnostic, Span, budget};
use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError};
use std::borrow::Cow;

/// Reads a text into a tree.
pub(super) fn read(text: &str, builder: &mut Builder) {
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options()) {
        let (event, range) = match event {
            Ok(event) => event,
            Err(error) => {
                let finding = finding(&error, text, builder);
                return builder.stop(finding);
            }
        };
        if let Event::DocumentStart(..) = event {
            documents += 1;
            if documents > 1 && builder.is_complete() {
                let start = bytes(&range).start;
                let span = builder.span(start, (start + 3).min(text.len()));
                let finding =
                    problem::syntax(span, "a second document begins here").help("a template is one document: give the others a file each");
                return builder.report(finding);
            }
        }
        add(event, &range, text, builder);
        if builder.is_stopped() {
            return;
        }
    }
    if !builder.is_complete() {
        builder.stop(problem::syntax(builder.span(0, 0), "this file is empty"));
    }
}

/// As the parsers that read templates elsewhere: those of AWS follow libyaml.
fn options() -> Options {
    granit_parser::options! {
        emit_unresolved_aliases: true,
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: budget::DOCUMENT_DEPTH,
        block_nesting_limit: budget::DOCUMENT_DEPTH,
    }
}

fn add(event: Event<'_>, range: &granit_parser::Span, text: &str, builder: &mut Builder) {
    let at = bytes(range);
    let span = builder.span(at.start, at.end);
    match event {
        Event::Scalar(value, style, anchor, tag) => {
            let about = about(anchor, tag, range, builder);
            add_scalar(&value, style, about, at, text, builder);
        }
        Event::SequenceStart(_, anchor, tag) => builder.open_list(span, about(anchor, tag, range, builder)),
        Event::MappingStart(_, anchor, tag) => builder.open_map(span, about(anchor, tag, range, builder)),
        // A block has no closing bracket: it ends with its last part.
        Event::SequenceEnd | Event::MappingEnd => builder.close((!at.is_empty()).then_some(at.end)),
        Event::Alias(anchor) => builder.alias(span, anchor),
        Event::UnresolvedAlias(name) => builder.unknown_alias(span, &name),
        _ => {}
    }
}

fn add_scalar(value: &str, style: ScalarStyle, about: About, at: std::ops::Range<usize>, text: &str, builder: &mut Builder) {
    let written = text.get(at.clone()).unwrap_or("");
    let (start, end) = match style {
        // Nothing is written: the parser gives the place before the `:`.
        ScalarStyle::Plain if written.is_empty() && text.get(at.start..).is_some_and(|rest| rest.starts_with(':')) => {
            (at.start + 1, at.start + 1)
        }
        // The parser counts the line end, and blank lines after it, to a block.
        ScalarStyle::Literal | ScalarStyle::Folded => (at.start, at.start + written.trim_end().len()),
        _ => (at.start, at.end),
    };
    let span = builder.span(start, end);
    let plain = style == ScalarStyle::Plain;
    let value = if plain && written.is_empty() { "" } else { value };
    // A tag decides itself what a text is.
    let typed = plain && about.tag.is_none();
    let data = || if typed { scalar::plain(value) } else { Data::Text(value.into()) };
    builder.scalar(span, value, data, about, plain);
}

fn about(anchor: usize, tag: Option<Cow<'_, granit_parser::Tag>>, range: &granit_parser::Span, builder: &Builder) -> About {
    let tag = tag.map(|tag| {
        let place = range.tag_span().map_or_else(|| bytes(range), |place| bytes(&place));
        let core = tag.core_suffix().map(str::to_owned);
        Tag { written: tag.original(), span: builder.span(place.start, place.end), core }
    });
    About { tag, anchor }
}

/// The bytes of an event. A text that is given as a whole always has them.
fn bytes(range: &granit_parser::Span) -> std::ops::Range<usize> {
    range.byte_range().unwrap_or_default()
}

fn finding(error: &ScanError, text: &str, builder: &Builder) -> Diagnostic {
    let start = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let len = text.get(start..).and_then(|rest| rest.chars().next()).filter(|c| !c.is_whitespace()).map_or(0, char::len_utf8);
    let span = builder.span(start, start + len);
    if follows_tag(text, start) {
        return problem::syntax(span, "a short form cannot be the value of another short form")
            .help("write the outer function in its long form, as in `Fn::Base64: !Sub text`");
    }
    explained(error.kind(), span).unwrap_or_else(|| problem::syntax(span, format!("this is not valid YAML: {}", error.kind())))
}

/// Whether a tag begins here, and the word before it is a tag too: CloudFormation and YAML allow one for each value.
fn follows_tag(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let line = before.rsplit('\n').next().unwrap_or("");
    after.starts_with('!') && line.split_whitespace().next_back().is_some_and(|word| word.starts_with('!'))
}

/// The mistakes that people make, in words.
fn explained(kind: &ErrorKind, span: Span) -> Option<Diagnostic> {
    let (message, help) = match kind {
        ErrorKind::RecursionLimitExceeded => return Some(problem::too_large(span, "levels", budget::DOCUMENT_DEPTH)),
        ErrorKind::UnclosedFlowCollection { open } => {
            let close = if *open == '[' { ']' } else { '}' };
            return Some(
                problem::syntax(span, format!("this `{open}` has no `{close}`")).help(format!("add `{close}`, or put the text in quotes")),
            );
        }
        ErrorKind::UnexpectedCharacter { character } => {
            let message = format!("a value cannot begin with `{}`", character.escape_default());
            return Some(problem::syntax(span, message).help("put the text in quotes"));
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => ("YAML does not allow a tab here", "indent with spaces"),
        ErrorKind::MappingValueNotAllowed => {
            ("a key with its value cannot begin here", "put a text that contains `: ` in quotes, or correct the indentation")
        }
        ErrorKind::UnclosedQuotedScalar => ("this text has no closing quote", "close the text with the quote that it begins with"),
        ErrorKind::UnknownQuotedScalarEscape => {
            ("this text has a `\\` that begins no escape sequence", "write `\\\\`, or use single quotes, where `\\` is a plain character")
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed => {
            ("the indentation of this line does not match the lines before it", "align it with the keys or items that it belongs to")
        }
        ErrorKind::SimpleKeyExpected => ("expected `:` after this key", "write `key: value`, with a space after the `:`"),
        ErrorKind::ExpectedNodeContent => ("expected a value", "write the value, or remove what announces it"),
        _ => return None,
    };
    Some(problem::syntax(span, message).help(help))
}
