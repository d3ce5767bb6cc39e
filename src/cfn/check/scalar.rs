//! Texts, numbers and booleans against their shape, with the leniency of CloudFormation itself: a
//! number may be written as a text and a text as a number. Knows nothing of lists and objects.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::problem::{Count, ProblemKind};
use super::walk::Walk;
use crate::cfn::intrinsic::is_dynamic_reference;
use crate::cfn::near;
use crate::cfn::pattern::Pattern;
use crate::cfn::shape::{Kind, Kinds, Shape};

/// Whether a value is of one of the kinds, or becomes one when CloudFormation reads it.
pub(super) fn is_of(kinds: Kinds, value: &Value) -> bool {
    let whole = |number: f64| number.fract() == 0.0;
    match value {
        Value::Null => false,
        Value::Array(_) => kinds.has(Kind::Array),
        Value::Object(_) => kinds.has(Kind::Object),
        Value::Bool(_) => kinds.has(Kind::Boolean) || kinds.has(Kind::String),
        Value::Number(number) => {
            kinds.has(Kind::Number) || kinds.has(Kind::String) || kinds.has(Kind::Integer) && number.as_f64().is_some_and(whole)
        }
        Value::String(text) => {
            let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
            kinds.has(Kind::String)
                || kinds.has(Kind::Number) && number.is_some()
                || kinds.has(Kind::Integer) && number.is_some_and(whole)
                || kinds.has(Kind::Boolean) && ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word))
                || kinds.has_scalar() && is_dynamic_reference(text)
        }
    }
}

/// A value in words, with its article.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Bool(value) => format!("the boolean `{value}`"),
        Value::Number(value) => format!("the number `{value}`"),
        Value::String(text) if text.chars().count() > 40 => "a string".to_owned(),
        Value::String(text) => format!("the string `{text}`"),
    }
}

/// Checks a value of the right kind. Gives false if the value is known only at deployment.
pub(super) fn check<'a>(walk: &mut Walk<'a>, shape: &'a Shape, value: &Value) -> bool {
    let text = match value {
        Value::String(text) if is_dynamic_reference(text) => return false,
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return true,
    };
    membership(walk, shape, value, &text);
    if let Some(number) = text.trim().parse::<f64>().ok().filter(|_| !value.is_boolean()) {
        range(walk, shape, number);
    }
    if shape.kinds.is_empty() || shape.kinds.has(Kind::String) {
        let length = Count::outside(text.chars().count(), shape.min_length, shape.max_length);
        if let Some(count) = length {
            walk.report(ProblemKind::Length(count));
        } else if let Some(pattern) = shape.pattern.as_ref().filter(|pattern| !Pattern::new(pattern).accepts(&text)) {
            walk.report(ProblemKind::PatternMismatch { value: text, pattern: pattern.clone() });
        } else if let Some(must_be) = misfit_of_all(&shape.format, &text) {
            walk.report(ProblemKind::Format { value: text, must_be });
        }
    }
    true
}

/// What a text must be by the first of its formats, if it is of none.
fn misfit_of_all(formats: &[String], text: &str) -> Option<&'static str> {
    let misfits: Option<Vec<_>> = formats.iter().map(|format| misfit(format, text)).collect();
    misfits?.first().copied()
}

/// What a text must be by its format, if it is not. Of the formats only those are judged that can
/// be without doubt.
fn misfit(format: &str, text: &str) -> Option<&'static str> {
    let (address, bits) = text.split_once('/').unwrap_or((text, "0"));
    let bits = bits.parse::<u8>().ok();
    let fits = |is_address: bool, most: u8| is_address && bits.is_some_and(|bits| bits <= most);
    match format {
        "ipv4-network" => (!fits(address.parse::<Ipv4Addr>().is_ok(), 32)).then_some("a block of IPv4 addresses such as 10.0.0.0/16"),
        "ipv6-network" => (!fits(address.parse::<Ipv6Addr>().is_ok(), 128)).then_some("a block of IPv6 addresses such as 2001:db8::/32"),
        _ => None,
    }
}

fn membership<'a>(walk: &mut Walk<'a>, shape: &'a Shape, value: &Value, text: &str) {
    let same = |allowed: &&String| {
        *allowed == text
            || !value.is_string() && allowed.eq_ignore_ascii_case(text)
            || value.is_number() && allowed.parse::<f64>().ok() == text.parse::<f64>().ok()
    };
    let mut any_case = shape.allowed_any_case.iter();
    let listed = if !shape.allowed.is_empty() && !shape.allowed.iter().any(|allowed| same(&allowed)) {
        &shape.allowed
    } else if !shape.allowed_any_case.is_empty() && !any_case.any(|allowed| allowed.eq_ignore_ascii_case(text)) {
        &shape.allowed_any_case
    } else {
        return;
    };
    let nearest = near::nearest(text, listed.iter().map(String::as_str)).map(str::to_owned);
    walk.report(ProblemKind::NotInEnum { value: text.to_owned(), allowed: listed.clone(), nearest });
}

fn range<'a>(walk: &mut Walk<'a>, shape: &'a Shape, value: f64) {
    let low = shape.minimum.is_some_and(|least| value < least);
    let high = shape.maximum.is_some_and(|most| value > most) || shape.exclusive_maximum.is_some_and(|limit| value >= limit);
    if low || high {
        let maximum = shape.maximum.or(shape.exclusive_maximum);
        walk.report(ProblemKind::OutOfRange { value, minimum: shape.minimum, maximum });
    } else if let Some(of) = shape.multiple_of.filter(|of| !is_multiple(value, *of)) {
        walk.report(ProblemKind::NotMultiple { value, of });
    }
}

/// Whether a number is a multiple of another, within what a float can tell.
fn is_multiple(value: f64, of: f64) -> bool {
    let times = value / of;
    (times - times.round()).abs() < 1e-6
}
