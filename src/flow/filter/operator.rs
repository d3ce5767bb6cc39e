//! The operators of patterns: `{ prefix = "a" }` and the like.

use super::Matcher;
use super::glob::Glob;
use super::language::{Language, Texts};
use super::number::{Interval, Number};
use super::pattern::is_unknown;
use crate::names::nearest;
use serde_json::Value as Json;

/// What is wrong, and what to type.
type Fault = (String, Option<String>);

/// What a bare text matches.
pub fn text(written: &str, texts: Texts) -> Vec<Matcher> {
    match texts {
        Texts::Exact => vec![Matcher::exact(written)],
        Texts::Iam => vec![Matcher::glob(Glob::iam(written))],
        Texts::S3 => vec![Matcher::glob(Glob::exact(&decoded(written)))],
        Texts::Attribute => {
            let mut all = vec![Matcher::exact(written)];
            all.extend(Number::read(written).map(|n| Matcher::Number(Interval::only(n))));
            if let Ok(Json::Array(values)) = serde_json::from_str::<Json>(written) {
                let element = |value: &Json| match value {
                    Json::String(text) => Some(Matcher::exact(text)),
                    Json::Bool(b) => Some(Matcher::Bool(*b)),
                    Json::Null => Some(Matcher::Null),
                    other => number(other),
                };
                all.extend(values.iter().filter_map(element));
            }
            all
        }
    }
}

/// The text that a URL-encoded one stands for: `+` is a space, `%2B` a plus sign. What is no valid encoding stands for itself.
pub fn decoded(written: &str) -> String {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let digits = after.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        match (first, digits.and_then(|d| u8::from_str_radix(d, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| written.to_string())
}

/// What a number matches.
pub(super) fn number(value: &Json) -> Option<Matcher> {
    Number::of(value).map(|n| Matcher::Number(Interval::only(n)))
}

/// What an operator with its argument matches.
pub(super) fn read(name: &str, argument: &Json, language: &Language) -> Result<Vec<Matcher>, Fault> {
    if !language.operators.iter().any(|o| o == name) {
        return Err(unknown(name, language));
    }
    if is_unknown(argument) {
        return Ok(vec![Matcher::Present]);
    }
    let needs = |what: &str, example: &str| (format!("`{name}` needs {what}, found {argument}"), Some(format!("write `{example}`")));
    Ok(vec![match name {
        "exists" => match argument {
            Json::Bool(true) => Matcher::Present,
            Json::Bool(false) => Matcher::Absent,
            _ => return Err(needs("true or false", "{ exists = true }")),
        },
        "numeric" => {
            Matcher::Number(numeric(argument).ok_or_else(|| needs("comparisons with numbers", "{ numeric = [\">\", 0, \"<=\", 5] }"))?)
        }
        "cidr" => Matcher::Address(
            argument.as_str().and_then(|t| t.parse().ok()).ok_or_else(|| needs("a range of addresses", "{ cidr = \"10.0.0.0/24\" }"))?,
        ),
        "anything-but" => anything_but(argument, language)?,
        _ => Matcher::glob(glob(name, argument, language.inner.get(name).map_or(&[], Vec::as_slice))?),
    }])
}

fn unknown(name: &str, language: &Language) -> Fault {
    let known = language.operators.join("`, `");
    let everywhere = Language::all().values().any(|l| l.operators.iter().any(|o| o == name));
    let message =
        if everywhere { format!("{} has no operator `{name}`", language.about) } else { format!("there is no operator `{name}`") };
    match nearest(name, language.operators.iter().map(String::as_str)) {
        Some(near) if !everywhere => (message, Some(format!("did you mean `{near}`?"))),
        _ => (message, Some(format!("it has `{known}`"))),
    }
}

fn glob(name: &str, argument: &Json, inner: &[String]) -> Result<Glob, Fault> {
    if let Json::Object(fields) = argument {
        let (operator, value) = one(name, fields, inner)?;
        return glob(operator, value, &[]).map(|glob| match name {
            "suffix" => Glob::suffix(&glob.to_string()).ignoring_case(),
            _ => Glob::prefix(&glob.to_string()).ignoring_case(),
        });
    }
    let Some(text) = argument.as_str() else {
        return Err((format!("`{name}` needs a text, found {argument}"), Some(format!("write `{{ {name} = \"a\" }}`"))));
    };
    Ok(match name {
        "prefix" => Glob::prefix(text),
        "suffix" => Glob::suffix(text),
        "wildcard" if stars_apart(text) != text => {
            return Err(("two stars cannot follow each other in `wildcard`".into(), Some(format!("write {:?}", stars_apart(text)))));
        }
        "wildcard" if !escapes_fit(text) => {
            let help = "write `\\\\*` for a star and `\\\\\\\\` for a backslash";
            return Err(("a backslash in `wildcard` must precede a star or a backslash".into(), Some(help.into())));
        }
        "wildcard" => Glob::wildcard(text),
        _ => Glob::exact(text).ignoring_case(),
    })
}

/// The text with one star where several wildcards follow each other. An escaped star is a character like others.
fn stars_apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    let (mut escaped, mut after_star) = (false, false);
    for c in text.chars() {
        let star = c == '*' && !escaped;
        if !(star && after_star) {
            apart.push(c);
        }
        after_star = star;
        escaped = c == '\\' && !escaped;
    }
    apart
}

/// Whether every backslash escapes a star or a backslash.
fn escapes_fit(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && !matches!(chars.next(), Some('*' | '\\')) {
            return false;
        }
    }
    true
}

/// The one operator that another takes.
fn one<'j>(name: &str, fields: &'j serde_json::Map<String, Json>, inner: &[String]) -> Result<(&'j str, &'j Json), Fault> {
    let found = fields.iter().next().filter(|_| fields.len() == 1);
    match found.filter(|(operator, _)| inner.contains(operator)) {
        Some((operator, value)) => Ok((operator, value)),
        None if inner.is_empty() => Err((format!("`{name}` takes a text here, and no operator"), None)),
        None => Err((format!("`{name}` takes one of the operators `{}`", inner.join("`, `")), None)),
    }
}

fn numeric(argument: &Json) -> Option<Interval> {
    let parts = argument.as_array()?;
    let mut interval = Interval::ALL;
    for pair in parts.chunks(2) {
        let [operator, number] = pair else { return None };
        let number = if is_unknown(number) { None } else { Some(Number::of(number)?) };
        // A number that is known only at deployment bounds nothing here.
        interval = interval.and(number.map_or(Some(Interval::ALL), |n| Interval::compared(operator.as_str()?, n))?);
    }
    (!parts.is_empty()).then_some(interval)
}

fn anything_but(argument: &Json, language: &Language) -> Result<Matcher, Fault> {
    let list = |value: &Json| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    if let Json::Object(fields) = argument {
        let inner = language.inner.get("anything-but").map_or(&[][..], Vec::as_slice);
        let (name, value) = one("anything-but", fields, inner)?;
        let globs = list(value).iter().filter(|v| !is_unknown(v)).map(|v| glob(name, v, &[])).collect::<Result<Vec<_>, _>>()?;
        return Ok(Matcher::But(globs, Vec::new()));
    }
    let (mut globs, mut numbers) = (Vec::new(), Vec::new());
    let values = list(argument);
    for value in &values {
        match (value, Number::of(value)) {
            (Json::String(text), _) => globs.push(Glob::exact(text)),
            (_, Some(n)) => numbers.push(n),
            // What is known only at deployment excludes nothing here.
            _ if is_unknown(value) => {}
            _ => return Err((format!("`anything-but` needs texts or numbers, found {value}"), None)),
        }
    }
    if values.is_empty() {
        return Err(("`anything-but` needs at least one value".into(), None));
    }
    Ok(Matcher::But(globs, numbers))
}
