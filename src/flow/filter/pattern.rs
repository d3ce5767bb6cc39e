//! Patterns as JSON (event patterns, filter policies, filters of mappings) to filters, and what is wrong with them.

use super::language::Language;
use super::operator::{self, text};
use super::{Constraint, Filter, Holds, Matcher};
use serde_json::{Map, Value as Json};

/// The key of a record that stands for a value which is known only at deployment.
pub const UNKNOWN: &str = "\u{0}unknown";

/// A part of the path to a place in a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A field.
    Field(String),
    /// An element of a list.
    Element(usize),
}

/// What is wrong with a pattern: where, what, and what to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The path to the place.
    pub path: Vec<Part>,
    /// What is wrong.
    pub message: String,
    /// What to type.
    pub help: Option<String>,
}

/// Reads a pattern of a language. `holds` is what it says of fields that can hold several values.
pub fn read(pattern: &Json, language: &Language, holds: Holds) -> Result<Filter, Vec<Wrong>> {
    let mut reader = Reader { language, holds, wrongs: Vec::new(), at: Vec::new() };
    let Json::Object(fields) = pattern else {
        return Err(vec![Wrong { path: Vec::new(), message: format!("{} is a record", language.about), help: None }]);
    };
    let alternatives = reader.object(fields, "", vec![Vec::new()]);
    reader.limits(fields);
    if reader.wrongs.is_empty() { Ok(Filter::of(alternatives)) } else { Err(reader.wrongs) }
}

/// Whether a value stands for one that is known only at deployment.
pub(super) fn is_unknown(value: &Json) -> bool {
    value.as_object().is_some_and(|o| o.contains_key(UNKNOWN))
}

struct Reader<'l> {
    language: &'l Language,
    holds: Holds,
    wrongs: Vec<Wrong>,
    at: Vec<Part>,
}

type Alternatives = Vec<Vec<Constraint>>;

impl Reader<'_> {
    fn wrong(&mut self, message: impl Into<String>, help: Option<String>) {
        self.wrongs.push(Wrong { path: self.at.clone(), message: message.into(), help });
    }

    fn object(&mut self, fields: &Map<String, Json>, path: &str, mut so_far: Alternatives) -> Alternatives {
        for (key, value) in fields {
            self.at.push(Part::Field(key.clone()));
            let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match value {
                _ if is_unknown(value) => {}
                Json::Array(options) if key == "$or" => so_far = self.either(options, path, so_far),
                Json::Array(values) => self.field(values, inner, &mut so_far),
                Json::Object(fields) => so_far = self.nested(key, fields, &inner, so_far),
                scalar => {
                    let help = format!("write a list: `{key} = [{}]`", shown(scalar));
                    self.wrong(format!("the value of `{key}` must be a list of what it may be, and is {}", shown(scalar)), Some(help));
                }
            }
            self.at.pop();
        }
        so_far
    }

    fn nested(&mut self, key: &str, fields: &Map<String, Json>, inner: &str, so_far: Alternatives) -> Alternatives {
        let operator = fields
            .iter()
            .next()
            .filter(|(name, value)| fields.len() == 1 && !value.is_object() && self.language.operators.iter().any(|o| o == *name));
        match operator {
            Some((name, value)) if !value.is_array() || name == "numeric" || name == "anything-but" => {
                let help = format!("write `{key} = [{{ {name} = {} }}]`", shown(value));
                self.wrong(format!("the operator `{name}` must be in a list"), Some(help));
                so_far
            }
            _ if fields.is_empty() => {
                self.wrong(
                    format!("`{key}` is an empty record, which matches nothing"),
                    Some(format!("write `{key} = [{{ exists = true }}]`")),
                );
                so_far
            }
            _ if !self.language.nested => {
                let help = "an attribute has no fields; a filter of the body can be nested";
                self.wrong(format!("{} cannot be nested, and `{key}` is a record", self.language.about), Some(help.into()));
                so_far
            }
            _ => self.object(fields, inner, so_far),
        }
    }

    fn field(&mut self, values: &[Json], path: String, so_far: &mut Alternatives) {
        if values.is_empty() {
            self.wrong("an empty list matches nothing", Some("name at least one value, or leave the field out".into()));
            return;
        }
        let mut matchers = Vec::new();
        for (at, value) in values.iter().enumerate() {
            self.at.push(Part::Element(at));
            self.value(value, &mut matchers);
            self.at.pop();
        }
        let holds = if self.language.is_single(&path) { Holds::One } else { self.holds };
        for all in so_far {
            all.push(Constraint { field: path.clone(), matchers: matchers.clone(), holds });
        }
    }

    fn value(&mut self, value: &Json, out: &mut Vec<Matcher>) {
        match value {
            _ if is_unknown(value) => out.push(Matcher::Present),
            Json::Null => out.push(Matcher::Null),
            Json::Bool(b) => out.push(Matcher::Bool(*b)),
            Json::String(written) => out.extend(text(written, self.language.texts)),
            Json::Number(_) => out.extend(operator::number(value)),
            Json::Array(_) => self.wrong("a list cannot contain a list", None),
            Json::Object(fields) => {
                let Some((name, argument)) = fields.iter().next().filter(|_| fields.len() == 1) else {
                    self.wrong("an operator is a record with one entry", Some("write `{ prefix = \"a\" }`".into()));
                    return;
                };
                self.at.push(Part::Field(name.clone()));
                match operator::read(name, argument, self.language) {
                    Ok(matchers) => out.extend(matchers),
                    Err((message, help)) => self.wrong(message, help),
                }
                self.at.pop();
            }
        }
    }

    fn either(&mut self, options: &[Json], path: &str, so_far: Alternatives) -> Alternatives {
        if !self.language.or {
            self.wrong(format!("{} has no `$or`", self.language.about), None);
            return so_far;
        }
        if options.is_empty() {
            self.wrong("an empty list of alternatives matches nothing", None);
        }
        let mut alternatives = Vec::new();
        for (at, option) in options.iter().enumerate() {
            self.at.push(Part::Element(at));
            match option {
                Json::Object(fields) => alternatives.extend(self.object(fields, path, so_far.clone())),
                _ => self.wrong("`$or` is a list of records", None),
            }
            self.at.pop();
            if alternatives.len() > MOST_ALTERNATIVES {
                self.wrong(format!("these are more than {MOST_ALTERNATIVES} combinations"), None);
                return so_far;
            }
        }
        alternatives
    }

    /// The quotas of the language.
    fn limits(&mut self, fields: &Map<String, Json>) {
        let mut leaves = Vec::new();
        count(fields, 1, &mut leaves);
        if let Some(most) = self.language.keys.filter(|most| leaves.len() > *most) {
            self.wrong(format!("{} has at most {most} fields, and this has {}", self.language.about, leaves.len()), None);
        }
        let values = leaves.iter().map(|(depth, values)| if self.language.deep { depth * values } else { *values });
        let combinations = values.fold(1usize, |n, v| n.saturating_mul(v.max(1)));
        let most = self.language.combinations.filter(|most| self.language.keys.is_some() && combinations > *most);
        if let Some(most) = most {
            let message = format!("{} has at most {most} combinations of values, and this has {combinations}", self.language.about);
            self.wrong(message, Some("use fewer values, or a prefix for several of them".into()));
        }
    }
}

/// The most alternatives that are kept: what EventBridge takes.
/// source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>, read 2026-11-20
const MOST_ALTERNATIVES: usize = 1_000;

/// The depth and the number of values of every field.
fn count(fields: &Map<String, Json>, depth: usize, out: &mut Vec<(usize, usize)>) {
    for (key, value) in fields {
        match value {
            Json::Array(options) if key == "$or" => {
                options.iter().filter_map(Json::as_object).for_each(|fields| count(fields, depth, out));
            }
            Json::Array(values) => out.push((depth, values.len())),
            Json::Object(fields) if !is_unknown(value) => count(fields, depth + 1, out),
            _ => {}
        }
    }
}

/// A value as one would write it.
fn shown(value: &Json) -> String {
    if is_unknown(value) { "...".into() } else { value.to_string() }
}
