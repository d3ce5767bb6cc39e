//! Values of types, such that a pattern accepts them.

use crate::flow::filter::{Holds, Language, read, scalar};
use crate::model::{Bounds, Refinement, Type, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// A pattern with its language.
pub(super) type Asked<'p> = Option<(&'p Json, &'static Language)>;

/// A value of a type that a pattern accepts; nothing if it must not be there.
pub(super) fn value(ty: Option<&Type>, asked: Asked<'_>) -> Option<Json> {
    match (ty, asked) {
        (Some(Type::Optional(inner)), _) => value(Some(inner), asked),
        (Some(Type::List(inner)), Some(_)) => value(Some(inner), asked).map(|one| json!([one])),
        (Some(Type::OneOf(types)), _) => types.iter().find_map(|ty| value(Some(ty), asked)),
        (Some(Type::Refined(inner, _)), _) if scalar(inner).is_none() => value(Some(inner), asked),
        (_, Some((Json::Object(fields), language))) => Some(object(ty, &alternative(fields), language)),
        (_, Some((Json::Array(list), language))) => leaf(ty, list, language),
        _ => plain(ty),
    }
}

/// The fields with those of the first of its alternatives.
fn alternative(fields: &Map<String, Json>) -> Map<String, Json> {
    let mut out = fields.clone();
    while let Some(Json::Array(options)) = out.remove("$or") {
        for (key, value) in options.first().and_then(Json::as_object).into_iter().flatten() {
            merge(out.entry(key.clone()).or_insert(Json::Null), value.clone());
        }
    }
    out
}

/// A pattern with the first of its alternatives.
pub(super) fn first(pattern: Json) -> Json {
    match pattern {
        Json::Object(fields) => Json::Object(alternative(&fields)),
        other => other,
    }
}

/// Lays a value over another, field by field.
pub(super) fn merge(under: &mut Json, over: Json) {
    match (under, over) {
        (Json::Object(fields), Json::Object(more)) => {
            for (key, value) in more {
                merge(fields.entry(key).or_insert(Json::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

fn object(ty: Option<&Type>, asked: &Map<String, Json>, language: &'static Language) -> Json {
    let mut out = Map::new();
    let (mut known, mut each): (&[_], Option<&Type>) = (&[], None);
    match ty {
        Some(Type::Record(fields)) => known = fields,
        Some(Type::Map(inner)) => each = Some(inner),
        _ => {}
    }
    for field in known {
        if let Some(value) = value(Some(&field.ty), asked.get(&*field.name).map(|p| (p, language))) {
            out.insert(field.name.to_string(), value);
        }
    }
    for (key, pattern) in asked.iter().filter(|(key, _)| !known.iter().any(|f| *f.name == ***key)) {
        if let Some(value) = value(each, Some((pattern, language))) {
            out.insert(key.clone(), value);
        }
    }
    Json::Object(out)
}

fn leaf(ty: Option<&Type>, list: &[Json], language: &'static Language) -> Option<Json> {
    let read = read(&json!({ "value": list }), language, Holds::One).ok();
    let accepts = |value: Option<&Json>| {
        let event: BTreeMap<String, Json> = value.map(|v| ("value".to_string(), v.clone())).into_iter().collect();
        read.as_ref().is_none_or(|filter| filter.accepts(&event))
    };
    let mut candidates: Vec<Json> = list.iter().flat_map(meant).collect();
    candidates.extend(ty.map(several).unwrap_or_default());
    candidates.extend([json!("example"), json!(1), json!(true), Json::Null]);
    let found = candidates.iter().find(|c| accepts(Some(c)) && ty.is_none_or(|ty| fits(ty, c)));
    match found {
        Some(value) => Some(value.clone()),
        None if accepts(None) => None,
        None => candidates.first().cloned(),
    }
}

/// Values that one element of a pattern may accept.
fn meant(element: &Json) -> Vec<Json> {
    let Json::Object(operator) = element else { return vec![element.clone()] };
    let Some((name, argument)) = operator.iter().next() else { return Vec::new() };
    match (name.as_str(), argument) {
        (_, Json::Object(_)) => meant(argument).iter().flat_map(|inner| meant(&json!({ name: inner }))).collect(),
        ("prefix", Json::String(text)) => vec![json!(format!("{text}example")), json!(text)],
        ("suffix", Json::String(text)) => vec![json!(format!("example{text}")), json!(text)],
        ("wildcard", Json::String(text)) => vec![json!(text.replace('*', "example")), json!(text.replace('*', ""))],
        ("cidr", Json::String(text)) => vec![json!(text.split('/').next())],
        ("numeric", Json::Array(parts)) => {
            let numbers: Vec<f64> = parts.iter().filter_map(Json::as_f64).collect();
            let near = |n: &f64| [*n, n + 1.0, n - 1.0];
            let middle = (numbers.len() == 2).then(|| numbers.iter().sum::<f64>() / 2.0);
            numbers.iter().flat_map(near).chain(middle).map(number).collect()
        }
        ("exists" | "anything-but", _) => Vec::new(),
        (_, text) => vec![text.clone()],
    }
}

fn number(n: f64) -> Json {
    if n.fract() == 0.0 && n.abs() < 1e15 { json!(n as i64) } else { json!(n) }
}

/// A value of a type of which nothing is asked.
fn plain(ty: Option<&Type>) -> Option<Json> {
    Some(match ty {
        Some(Type::Record(fields)) => {
            Json::Object(fields.iter().filter_map(|f| Some((f.name.to_string(), value(Some(&f.ty), None)?))).collect())
        }
        Some(Type::List(inner)) => json!([value(Some(inner), None)?]),
        Some(Type::Map(inner)) => json!({ "key": value(Some(inner), None)? }),
        Some(ty) => {
            let all = several(ty);
            all.iter().find(|v| fits(ty, v)).or(all.first()).cloned().unwrap_or_else(|| json!({}))
        }
        None => json!({}),
    })
}

/// Texts of common forms, of which one may match a regular expression.
const TEXTS: [&str; 14] = [
    "example",
    "EXAMPLE",
    "Example",
    "a",
    "A",
    "1",
    "0000",
    "12345678",
    "AAA",
    "2026-01-01",
    "2026-01-01T12:00:00Z",
    "user@example.com",
    "https://example.com",
    "059f36b4-87a3-44ab-83d2-661975830a7d",
];

/// Values of a type whose values have no parts.
fn several(ty: &Type) -> Vec<Json> {
    match ty {
        Type::Bool => vec![json!(true), json!(false)],
        Type::Int => vec![json!(1), json!(0)],
        Type::Float => vec![json!(1.5), json!(0)],
        Type::String => TEXTS.iter().map(|text| json!(text)).collect(),
        Type::Words(words) => words.iter().map(|word| json!(**word)).collect(),
        Type::Cidr => vec![json!("10.0.0.0/16")],
        Type::Date => vec![json!("2026-01-01")],
        Type::Refined(inner, Refinement::In(bounds)) => {
            let mut all = several(inner);
            all.extend([&bounds.least, &bounds.most].into_iter().flatten().filter_map(bound));
            all
        }
        Type::Refined(inner, Refinement::Len(bounds)) => {
            let least = whole(&bounds.least).unwrap_or(0).clamp(0, LONGEST);
            let mut all = several(inner);
            all.push(json!("x".repeat(usize::try_from(least).unwrap_or_default())));
            all
        }
        Type::Refined(inner, _) => several(inner),
        _ => Vec::new(),
    }
}

/// The longest text that is written to reach the least length of a type.
const LONGEST: i64 = 10_000;

fn bound(value: &Value) -> Option<Json> {
    match value {
        Value::Int(n) => Some(json!(n)),
        Value::Float(n) => Some(json!(n)),
        _ => None,
    }
}

fn whole(value: &Option<Value>) -> Option<i64> {
    match value {
        Some(Value::Int(n)) => Some(*n),
        _ => None,
    }
}

/// Whether a value without parts is of a type.
fn fits(ty: &Type, value: &Json) -> bool {
    let refined = match ty {
        Type::Optional(inner) => return value.is_null() || fits(inner, value),
        Type::OneOf(types) => return types.iter().any(|ty| fits(ty, value)),
        Type::Refined(inner, refinement) => fits(inner, value) && refines(refinement, value),
        Type::Int => !value.is_f64(),
        _ => true,
    };
    refined && scalar(ty).is_none_or(|matchers| matchers.iter().any(|m| m.holds(Some(value))))
}

fn refines(refinement: &Refinement, value: &Json) -> bool {
    match (refinement, value) {
        (Refinement::Matching(pattern), Json::String(text)) => pattern.accepts(text),
        (Refinement::Len(bounds), Json::String(text)) => within(bounds, text.chars().count()),
        _ => true,
    }
}

fn within(bounds: &Bounds, length: usize) -> bool {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    whole(&bounds.least).is_none_or(|least| length >= least) && whole(&bounds.most).is_none_or(|most| length <= most)
}
