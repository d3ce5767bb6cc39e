//! Reads JSON. The only user of its parser.

use super::build::{About, Builder};
use super::node::Data;
use super::problem;
use crate::base::{Diagnostic, budget};
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, ParseStringErrorKind, parse_to_ast};

const MARK: &str = "\u{feff}";

/// JSON without what its dialects allow besides.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a text into a tree.
pub(super) fn read(text: &str, builder: &mut Builder) {
    let (text, skipped) = text.strip_prefix(MARK).map_or((text, 0), |text| (text, MARK.len()));
    match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(result) => match result.value {
            // Outside texts the parser refuses these itself. In texts it takes them, which JSON does not (RFC 8259, section 7).
            Some(_) if let Some(at) = control(text) => {
                let span = builder.span(at + skipped, at + skipped + 1);
                let help = "write a line break as `\\n`, a tab as `\\t`, and others as `\\u00XX`";
                builder.stop(problem::syntax(span, "a text of JSON has no control characters").help(help));
            }
            Some(value) => add(&value, skipped, builder),
            None => builder.stop(problem::syntax(builder.span(skipped, skipped), "this file is empty")),
        },
        Err(error) => {
            let finding = finding(&error, text, skipped, builder);
            builder.stop(finding);
        }
    }
}

/// Adds a value. The parser limits how deep values nest.
fn add(value: &Value<'_>, skipped: usize, builder: &mut Builder) {
    if builder.is_stopped() {
        return;
    }
    let at = |range: Range| (range.start + skipped, range.end + skipped);
    let (start, end) = at(value.range());
    let span = builder.span(start, end);
    let mut leaf = |written: &str, data: &dyn Fn() -> Data| builder.scalar(span, written, data, About::default(), false);
    match value {
        Value::StringLit(text) => leaf(&text.value, &|| Data::Text(text.value.as_ref().into())),
        Value::NumberLit(number) => leaf(number.value, &|| Data::Number(number.value.into())),
        Value::BooleanLit(boolean) => leaf("", &|| Data::Bool(boolean.value)),
        Value::NullKeyword(_) => leaf("", &|| Data::Null),
        Value::Array(array) => {
            builder.open_list(builder.span(start, start + 1), About::default());
            array.elements.iter().for_each(|element| add(element, skipped, builder));
            builder.close(Some(end));
        }
        Value::Object(object) => {
            builder.open_map(builder.span(start, start + 1), About::default());
            for property in &object.properties {
                if let ObjectPropName::String(name) = &property.name {
                    let (start, end) = at(name.range);
                    let key = builder.span(start, end);
                    builder.scalar(key, &name.value, || Data::Text(name.value.as_ref().into()), About::default(), false);
                    add(&property.value, skipped, builder);
                }
            }
            builder.close(Some(end));
        }
    }
}

/// Where the first control character is that is no white space between values, in a text that parses.
fn control(text: &str) -> Option<usize> {
    let (mut inside, mut escaped) = (false, false);
    text.bytes().position(|byte| {
        let quote = byte == b'"' && !escaped;
        escaped = inside && byte == b'\\' && !escaped;
        inside ^= quote;
        inside && byte < 0x20
    })
}

fn finding(error: &ParseError, text: &str, skipped: usize, builder: &Builder) -> Diagnostic {
    let Range { start, end } = error.range();
    let span = builder.span(start + skipped, end.max(start).min(text.len()) + skipped);
    let (message, help) = match error.kind() {
        ParseErrorKind::NestingDepthExceeded => return problem::too_large(span, "levels", budget::DOCUMENT_DEPTH),
        ParseErrorKind::CommentsNotAllowed => ("JSON has no comments", "remove the comment, or write the template in YAML"),
        ParseErrorKind::TrailingCommasNotAllowed => ("JSON has no comma after the last value", "remove this comma"),
        ParseErrorKind::ExpectedComma => ("expected `,` before this value", "separate the values with `,`"),
        ParseErrorKind::ExpectedColonAfterObjectKey => ("expected `:` after this key", "write `\"key\": value`"),
        ParseErrorKind::ExpectedObjectValue => ("this key has no value", "write `\"key\": value`"),
        ParseErrorKind::ExpectedStringObjectProperty => ("a key of JSON is a text in double quotes", "put the key in double quotes"),
        ParseErrorKind::SingleQuotedStringsNotAllowed => ("a text of JSON has double quotes", "replace `'` by `\"`"),
        ParseErrorKind::MultipleRootJsonValues => ("the document ends before this text", "remove it, or give it a file"),
        ParseErrorKind::UnterminatedArray => ("this list has no `]`", "close the list"),
        ParseErrorKind::UnterminatedObject => ("this map has no `}`", "close the map"),
        ParseErrorKind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
            ("this text has no closing quote on its line", "close the text with `\"`; write a line break in it as `\\n`")
        }
        kind => return problem::syntax(span, format!("this is not valid JSON: {}", lower(&kind.to_string()))),
    };
    problem::syntax(span, message).help(help)
}

/// A sentence as part of another one.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
