//! What a statement of a policy makes happen on a node: the table of causes, cut by what the statement covers.

use crate::flow::filter::{Filter, Glob, Matcher, Texts, text};
use crate::iam::{ArnForm, Cause, Part};
use crate::template::{Right, Text};

/// Whether what follows the ARN of a node in a pattern is covered by the form of a cause, and what it narrows.
pub(super) fn narrowed(form: &ArnForm, rest: &str) -> Option<Filter> {
    let (pattern, fields) = tail(form);
    let both = [&Matcher::glob(Glob::iam(&pattern)), &Matcher::glob(Glob::iam(rest))];
    if Matcher::together(&both) == crate::flow::filter::Verdict::Disjoint {
        return None;
    }
    if !meets_between_slashes(&pattern, rest) {
        return None;
    }
    // With one open part at the end, what is there in the statement is what it narrows to.
    if let [(field, at)] = fields.as_slice()
        && at + 1 == pattern.len()
        && let Some(value) = pattern.get(..*at).and_then(|head| rest.strip_prefix(head))
    {
        return Some(Filter::any().with(field, text(value, Texts::Iam)));
    }
    let parts: Vec<&Part> = form.parts.iter().skip_while(|part| !is_node(part)).skip(1).collect();
    Some(between_slashes(&parts, rest).unwrap_or_else(Filter::any))
}

/// What a pattern says of several fields with a slash between two: of all but the last, which holds no slash itself.
fn between_slashes(tail: &[&Part], rest: &str) -> Option<Filter> {
    let (first, fields) = tail.split_first()?;
    let Part::Text(head) = first else { return None };
    let mut names = Vec::new();
    for (at, part) in fields.iter().enumerate() {
        match part {
            Part::Field(name) if at % 2 == 0 => names.push(name.as_str()),
            Part::Text(slash) if at % 2 == 1 && slash == "/" => {}
            _ => return None,
        }
    }
    let (last, before) = names.split_last().filter(|(_, before)| !before.is_empty())?;
    let mut ways: Vec<(Filter, String)> = vec![(Filter::any(), rest.strip_prefix(head.as_str())?.to_string())];
    for name in before {
        let next = ways.iter().flat_map(|(known, pattern)| {
            cuts(pattern).into_iter().map(move |(value, after)| (known.clone().with(name, text(&value, Texts::Iam)), after))
        });
        ways = next.take(MOST_WAYS + 1).collect();
        if ways.len() > MOST_WAYS {
            return None;
        }
    }
    Some(Filter::any_of(ways.into_iter().map(|(known, pattern)| known.with(last, text(&pattern, Texts::Iam))).collect()))
}

/// The most ways in which a pattern is cut at slashes.
const MOST_WAYS: usize = 64;

/// The ways to cut a pattern of IAM at the first slash of what it matches: a `*` or `?` may be, or hold, that slash.
fn cuts(pattern: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (at, c) in pattern.char_indices() {
        let (Some(before), Some(after)) = (pattern.get(..at), pattern.get(at + c.len_utf8()..)) else { continue };
        match c {
            '/' => {
                out.push((before.to_string(), after.to_string()));
                break;
            }
            '*' => out.push((format!("{before}*"), format!("*{after}"))),
            '?' => out.push((before.to_string(), after.to_string())),
            _ => {}
        }
    }
    out
}

/// Whether two patterns meet part by part between slashes, as far as no `*` of the second may hold a slash. The last part
/// of a form holds slashes, as the path of a request or the key of an object; what comes before it holds none.
fn meets_between_slashes(form: &str, rest: &str) -> bool {
    let (mut of_form, mut of_rest) = (form.split('/').peekable(), rest.split('/'));
    while let Some(part) = of_form.next() {
        let Some(other) = of_rest.next() else { return false };
        if of_form.peek().is_none() || other.contains(['*', '?']) {
            return true;
        }
        let both = [&Matcher::glob(Glob::iam(part)), &Matcher::glob(Glob::iam(other))];
        if Matcher::together(&both) == crate::flow::filter::Verdict::Disjoint {
            return false;
        }
    }
    true
}

/// Whether what follows the ARN of a node in a pattern covers all that the form of a cause means.
pub(super) fn covered(form: &ArnForm, rest: &str) -> bool {
    let (pattern, _) = tail(form);
    let whole = || rest.strip_suffix('*').is_some_and(|head| !head.contains(['*', '?']) && pattern.starts_with(head));
    form.parts.iter().any(is_node) && (rest == pattern || whole())
}

/// What names the node in the form of a cause.
fn is_node(part: &Part) -> bool {
    matches!(part, Part::Own | Part::Ref | Part::Property(_))
}

/// What follows the node in the form of a cause, as a pattern, and the fields in it with their places.
fn tail(form: &ArnForm) -> (String, Vec<(&str, usize)>) {
    let mut pattern = String::new();
    let mut fields: Vec<(&str, usize)> = Vec::new();
    for part in form.parts.iter().skip_while(|part| !is_node(part)).skip(1) {
        match part {
            Part::Text(text) => pattern.push_str(text),
            Part::Field(name) => {
                fields.push((name, pattern.len()));
                pattern.push('*');
            }
            Part::Own | Part::Ref | Part::Property(_) | Part::Partition | Part::Region | Part::Account => pattern.push('*'),
        }
    }
    (pattern, fields)
}

/// What a statement's conditions and the kind of its cause say of the event.
pub(super) fn conditions(right: &Right, cause: &Cause, key: Option<&str>, of_text: &dyn Fn(&Text) -> String) -> Filter {
    let mut filter = Filter::any();
    if !cause.kinds.is_empty() {
        filter = filter.with(cause.kind_field(), cause.kinds.iter().map(|kind| Matcher::exact(kind)).collect());
    }
    for (operator, name, values) in &right.conditions {
        // A key that narrows nothing, or an operator that is not compared, leaves the event as wide as it was.
        let Some((_, narrows)) = cause.keys.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else { continue };
        let texts = match operator.trim_start_matches("ForAllValues:").trim_start_matches("ForAnyValue:") {
            "StringEquals" => Texts::Exact,
            "StringLike" => Texts::Iam,
            _ => continue,
        };
        let mut matchers: Vec<Matcher> = Vec::new();
        for value in values {
            let value = of_text(value);
            let open = value.contains(super::address::OPEN);
            matchers.extend(text(&value, if open { Texts::Iam } else { texts }));
        }
        match (cause.fields_of(narrows), key) {
            (None, _) => filter = filter.with(narrows, matchers),
            (Some(fields), Some(key)) => {
                for field in fields {
                    filter = filter.with(&field.replace("{key}", key), matchers.clone());
                }
            }
            // Without the name of the key it is not known which field is narrowed.
            (Some(_), None) => {}
        }
    }
    filter
}
