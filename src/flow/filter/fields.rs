//! Patterns against the types of messages: fields that a type lacks, and values that a field never has.

use super::language::Language;
use super::pattern::{is_unknown, read};
use super::typed::scalar;
use super::{Filter, Holds, Matcher, Part, Verdict};
use crate::base::Span;
use crate::model::{Field, Type};
use crate::names::nearest;
use serde_json::{Map, Value as Json};

/// Something in a pattern that no message of a type has.
#[derive(Clone, Debug)]
pub struct Amiss {
    /// The path to it in the pattern.
    pub path: Vec<Part>,
    /// The field, by its path in a value of the type; empty for the value itself.
    pub field: String,
    /// The name of the field that it is of, by its path; empty for a field of the value itself.
    pub of: String,
    /// What it is.
    pub what: What,
    /// Where the field is declared.
    pub declared: Option<Span>,
}

/// What no message of a type has.
#[derive(Clone, Debug)]
pub enum What {
    /// A field of that name: the nearest, and all that there are.
    Unknown(Option<String>, Vec<String>),
    /// A value that the pattern accepts: its type, the pattern, and the nearest word of the type.
    Never(String, String, Option<String>),
    /// Fields: its value is of this type.
    NoFields(String),
    /// A value that can be compared: its value is a record with these fields.
    Record(Vec<String>),
}

/// What a field of a message can be.
#[derive(Clone, Copy)]
struct Known<'t> {
    ty: &'t Type,
    absent: bool,
    null: bool,
    declared: Option<Span>,
}

/// What messages whose field `at` is of one of some types never have, of a pattern over the fields below `within`.
pub fn amiss<'t>(
    pattern: &Json,
    language: &Language,
    within: Option<&str>,
    at: &str,
    types: impl IntoIterator<Item = &'t Type>,
) -> Vec<Amiss> {
    let mut known = Vec::new();
    for ty in types {
        expand(Known { ty, absent: false, null: false, declared: None }, &mut known);
    }
    let mut reader = Reader { language, names: Vec::new(), at: Vec::new(), found: Vec::new() };
    let Json::Object(fields) = pattern else { return Vec::new() };
    match within {
        Some(within) if within == at => reader.object(fields, &known),
        Some(_) => {}
        None => reader.top(fields, at, &known),
    }
    reader.found
}

/// The types that a value of a type can have, each without what is around it.
fn expand<'t>(known: Known<'t>, out: &mut Vec<Known<'t>>) {
    match known.ty {
        Type::Optional(inner) => expand(Known { ty: inner, absent: true, null: true, ..known }, out),
        // A pattern looks into lists, which may be empty.
        Type::List(inner) => expand(Known { ty: inner, absent: true, ..known }, out),
        Type::OneOf(types) => types.iter().for_each(|ty| expand(Known { ty, ..known }, out)),
        Type::Refined(inner, _) if scalar(known.ty).is_none() => expand(Known { ty: inner, ..known }, out),
        _ => out.push(known),
    }
}

struct Reader<'l> {
    language: &'l Language,
    /// The fields on the way, from the value whose type is known.
    names: Vec<String>,
    at: Vec<Part>,
    found: Vec<Amiss>,
}

impl Reader<'_> {
    /// Looks for the field whose type is known.
    fn top(&mut self, fields: &Map<String, Json>, at: &str, known: &[Known<'_>]) {
        for (key, value) in fields {
            self.at.push(Part::Field(key.clone()));
            match value {
                Json::Array(options) if key == "$or" => self.each(options, |reader, fields| reader.top(fields, at, known)),
                value if key == at => self.value(value, known),
                _ => {}
            }
            self.at.pop();
        }
    }

    fn each(&mut self, options: &[Json], mut read: impl FnMut(&mut Self, &Map<String, Json>)) {
        for (at, option) in options.iter().enumerate() {
            self.at.push(Part::Element(at));
            if let Json::Object(fields) = option {
                read(self, fields);
            }
            self.at.pop();
        }
    }

    fn value(&mut self, value: &Json, known: &[Known<'_>]) {
        match value {
            _ if is_unknown(value) => {}
            Json::Array(values) => self.values(values, known),
            Json::Object(fields) => self.object(fields, known),
            // What is neither is malformed, which is found where patterns are read.
            _ => {}
        }
    }

    fn object(&mut self, fields: &Map<String, Json>, known: &[Known<'_>]) {
        let open = |k: &Known<'_>| matches!(k.ty, Type::Any | Type::Error);
        if known.is_empty() || known.iter().any(open) {
            return;
        }
        if !known.iter().any(|k| matches!(k.ty, Type::Record(_) | Type::Map(_))) {
            self.wrong(What::NoFields(shown(known)), known);
            return;
        }
        for (key, value) in fields {
            self.at.push(Part::Field(key.clone()));
            match value {
                Json::Array(options) if key == "$or" => self.each(options, |reader, fields| reader.object(fields, known)),
                value => self.field(key, value, known),
            }
            self.at.pop();
        }
    }

    fn field(&mut self, key: &str, value: &Json, known: &[Known<'_>]) {
        self.names.push(key.to_string());
        let mut inner = Vec::new();
        for k in known {
            match k.ty {
                Type::Map(ty) => expand(Known { ty, absent: true, ..*k }, &mut inner),
                Type::Record(fields) => {
                    if let Some(f) = fields.iter().find(|f| &*f.name == key) {
                        let absent = k.absent || f.default.is_some();
                        expand(Known { ty: &f.ty, absent, null: false, declared: Some(f.span) }, &mut inner);
                    }
                }
                _ => {}
            }
        }
        if inner.is_empty() {
            let names = names(known);
            let near = nearest(key, names.iter().map(String::as_str)).map(String::from);
            self.wrong(What::Unknown(near, names), known);
        } else {
            self.value(value, &inner);
        }
        self.names.pop();
    }

    fn values(&mut self, values: &[Json], known: &[Known<'_>]) {
        let plain: Vec<(&Known<'_>, Vec<Matcher>)> = known.iter().filter_map(|k| Some((k, scalar(k.ty)?))).collect();
        if plain.is_empty() {
            if known.iter().all(|k| matches!(k.ty, Type::Record(_))) && !known.is_empty() {
                self.wrong(What::Record(names(known)), known);
            }
            return;
        }
        // Some of its values are of a type that is not compared.
        if plain.len() < known.iter().filter(|k| !matches!(k.ty, Type::Record(_))).count() {
            return;
        }
        let mut matchers: Vec<Matcher> = plain.iter().flat_map(|(_, matchers)| matchers.clone()).collect();
        matchers.extend(known.iter().any(|k| k.absent).then_some(Matcher::Absent));
        matchers.extend(known.iter().any(|k| k.null).then_some(Matcher::Null));
        let can_be = Filter::any().with("value", matchers);
        for (at, value) in values.iter().enumerate() {
            let pattern = serde_json::json!({ "value": [value] });
            let Ok(asked) = read(&pattern, self.language, Holds::One) else { continue };
            if asked.meets(&can_be) == Verdict::Disjoint {
                let near = value.as_str().and_then(|text| nearest(text, words(known))).map(String::from);
                self.at.push(Part::Element(at));
                self.wrong(What::Never(shown(known), value.to_string(), near), known);
                self.at.pop();
            }
        }
    }

    fn wrong(&mut self, what: What, known: &[Known<'_>]) {
        let declared = known.iter().find_map(|k| k.declared);
        let of = self.names.split_last().map_or_else(String::new, |(_, of)| of.join("."));
        self.found.push(Amiss { path: self.at.clone(), field: self.names.join("."), of, what, declared });
    }
}

fn names(known: &[Known<'_>]) -> Vec<String> {
    let fields = |ty: &Type| match ty {
        Type::Record(fields) => fields.iter().map(|f: &Field| f.name.to_string()).collect(),
        _ => Vec::new(),
    };
    let mut names: Vec<String> = known.iter().flat_map(|k| fields(k.ty)).collect();
    names.sort();
    names.dedup();
    names
}

fn words<'t>(known: &[Known<'t>]) -> impl Iterator<Item = &'t str> {
    let words = |ty: &'t Type| match ty {
        Type::Words(words) => words.iter().map(|w| &**w).collect(),
        _ => Vec::new(),
    };
    known.iter().flat_map(|k| words(k.ty)).collect::<Vec<_>>().into_iter()
}

/// The types as they are written.
fn shown(known: &[Known<'_>]) -> String {
    let mut shown: Vec<String> = known.iter().map(|k| k.ty.to_string()).collect();
    shown.dedup();
    shown.join(" | ")
}
