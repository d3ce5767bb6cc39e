//! The attributes of kinds that say what flows, as filters. Knows nothing of ports.

use crate::base::Name;
use crate::flow::filter::{Filter, Glob, Holds, Language, Matcher, Texts, UNKNOWN, read, text};
use crate::model::{Attribute, Expr, Node, Value};
use crate::types::Env;
use serde_json::{Map, Value as Json};

/// The arguments of an attribute that are no fields.
const WORDS: [&str; 10] = ["pattern", "language", "declared", "derived", "undecided", "from", "keeps", "closed", "when", "by"];

/// The names that stand as an attribute's arguments without a name of their own.
pub fn names(attribute: &Attribute) -> impl Iterator<Item = Name> + '_ {
    attribute.arguments.iter().filter(|a| a.name.is_none()).filter_map(|a| match &a.value.node {
        Node::Name(name) | Node::Literal(Value::Str(name)) => Some(name.clone()),
        _ => None,
    })
}

/// The argument of a name.
pub fn argument<'a>(attribute: &'a Attribute, name: &str) -> Option<&'a Expr> {
    attribute.arguments.iter().find(|a| a.name.as_ref().is_some_and(|(n, _)| &**n == name)).map(|a| &a.value)
}

/// Whether an argument is true, or a text that says why.
pub(super) fn holds(attribute: &Attribute, name: &str, env: &Env<'_>) -> Option<String> {
    match env.eval(argument(attribute, name)?) {
        Value::Bool(true) => Some(String::new()),
        Value::Str(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether what depends on the argument `when` is there. What is decided at deployment may be.
pub(super) fn is_there(attribute: &Attribute, env: &Env<'_>) -> bool {
    argument(attribute, "when").is_none_or(|when| env.eval(when) != Value::Bool(false))
}

/// The language that an attribute names; none for one that there is not.
pub fn language(attribute: &Attribute, env: &Env<'_>) -> Option<&'static Language> {
    match argument(attribute, "language") {
        None => Language::of("exact"),
        Some(expr) => env.eval(expr).as_str().and_then(Language::of),
    }
}

/// The filter that the arguments of an attribute describe. None if its pattern is malformed, which the rule
/// `malformed-pattern` reports: nothing is concluded from it.
pub(super) fn filter(attribute: &Attribute, env: &Env<'_>, said: Holds) -> Option<Filter> {
    let language = language(attribute, env)?;
    let mut filter = Filter::any();
    if let Some(pattern) = argument(attribute, "pattern") {
        let value = env.eval(pattern);
        if matches!(value, Value::Record(_)) {
            filter = read(&json(&value), language, said).ok()?;
        }
    }
    for argument in &attribute.arguments {
        let Some((field, _)) = argument.name.as_ref().filter(|(name, _)| !WORDS.contains(&&**name)) else { continue };
        if let Some(matchers) = matchers(&env.eval(&argument.value), language.texts) {
            filter = filter.with(field, matchers);
        }
    }
    if let Some(Value::Record(closed)) = argument(attribute, "closed").map(|c| env.eval(c)) {
        for (below, fields) in &*closed {
            let names = fields.as_list().unwrap_or_default().iter().filter_map(Value::as_str).map(String::from);
            filter = filter.closed(below, names.collect());
        }
    }
    Some(filter)
}

/// Where fields are afterwards: the record `keeps` of an attribute.
pub(super) fn keeps(attribute: &Attribute, env: &Env<'_>) -> Vec<(String, String)> {
    match argument(attribute, "keeps").map(|keeps| env.eval(keeps)) {
        Some(Value::Record(paths)) => paths.iter().filter_map(|(from, to)| Some((from.to_string(), to.as_str()?.to_string()))).collect(),
        _ => Vec::new(),
    }
}

/// What a field that holds one value may be: a text, one of several, or `{ prefix, suffix }`. `None` where it may be anything.
fn matchers(value: &Value, texts: Texts) -> Option<Vec<Matcher>> {
    match value {
        Value::Str(written) => Some(text(written, texts)),
        Value::List(values) if !values.is_empty() => {
            values.iter().map(|v| matchers(v, texts)).collect::<Option<Vec<_>>>().map(|m| m.concat())
        }
        Value::Record(fields) => {
            let written = |key: &str| fields.get(key).and_then(Value::as_str);
            let plain = |text: &str| if texts == Texts::S3 { crate::flow::filter::decoded(text) } else { text.to_string() };
            let globs = [written("prefix").map(|t| Glob::prefix(&plain(t))), written("suffix").map(|t| Glob::suffix(&plain(t)))];
            let globs: Vec<Glob> = globs.into_iter().flatten().collect();
            (!globs.is_empty()).then(|| vec![Matcher::Text(globs, Vec::new())])
        }
        _ => None,
    }
}

/// A value as JSON; what is known only at deployment is a record with the key [`UNKNOWN`].
pub fn json(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Bool(b) => (*b).into(),
        Value::Int(n) => (*n).into(),
        Value::Float(n) => (*n).into(),
        Value::Str(text) | Value::Cidr(text) | Value::Date(text) => text.to_string().into(),
        Value::List(values) => Json::Array(values.iter().map(json).collect()),
        Value::Record(fields) => {
            Json::Object(fields.iter().filter(|(_, v)| **v != Value::None).map(|(k, v)| (k.to_string(), json(v))).collect())
        }
        _ => Json::Object(Map::from_iter([(UNKNOWN.to_string(), Json::Null)])),
    }
}
