//! What a plain text of YAML is: a boolean, a number, nothing, or a text. CloudFormation reads YAML 1.1, where `yes`
//! and `off` are booleans; what has leading zeros, underscores or colons stays a text, so that an account id or a time
//! is never changed, and dates are texts.

use super::node::Data;

/// The value of a plain scalar.
pub(super) fn plain(text: &str) -> Data {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Data::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Data::Bool(false),
        _ if is_number(text) => Data::Number(text.into()),
        _ => Data::Text(text.into()),
    }
}

/// Whether it is an integer without leading zeros, or a decimal fraction as YAML 1.1 has it: with a point, and with a
/// sign in its exponent.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match digits.split_once('.') {
        None => is_digits(digits) && !digits.is_empty() && (digits == "0" || !digits.starts_with('0')),
        Some((whole, rest)) => {
            let (fraction, exponent) = rest.split_once(['e', 'E']).map_or((rest, None), |(f, e)| (f, Some(e)));
            let signed = |e: &str| e.strip_prefix(['-', '+']).is_some_and(|e| !e.is_empty() && is_digits(e));
            let some = !whole.is_empty() || !fraction.is_empty();
            some && is_digits(whole) && is_digits(fraction) && exponent.is_none_or(signed)
        }
    }
}
