//! Event patterns as JSON (EventBridge, filter policies, filter criteria) to filters, and filters against each other.

use super::Verdict;
use super::glob::Glob;
use super::matcher::Matcher;
use super::number::Interval;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Alternatives, each with a set of matchers for each field that it names. Fields are paths: `detail.state`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    alternatives: Vec<BTreeMap<String, Vec<Matcher>>>,
}

/// What is wrong with a pattern: where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The path of the field.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// The most combinations of `$or` that EventBridge takes.
/// source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>, read 2026-11-20
const MOST_ALTERNATIVES: usize = 1_000;

impl Filter {
    /// What accepts everything.
    pub fn any() -> Filter {
        Filter { alternatives: vec![BTreeMap::new()] }
    }

    /// The same, where a field also has one of some values.
    pub fn with(mut self, field: &str, matchers: Vec<Matcher>) -> Filter {
        for alternative in &mut self.alternatives {
            alternative.insert(field.to_string(), matchers.clone());
        }
        self
    }

    /// Whether an event, as a flat map of fields, is accepted.
    pub fn accepts(&self, event: &BTreeMap<String, Json>) -> bool {
        let fits = |fields: &BTreeMap<String, Vec<Matcher>>| {
            fields.iter().all(|(field, matchers)| matchers.iter().any(|m| m.holds(event.get(field))))
        };
        self.alternatives.iter().any(fits)
    }

    /// Whether an event is accepted by both. Fields hold one value each, as `source`, `detail-type` and keys do;
    /// for fields that may hold lists, a list can satisfy both sides although no single value does.
    pub fn meets(&self, other: &Filter) -> Verdict {
        let mut verdict = Verdict::Disjoint;
        for a in &self.alternatives {
            for b in &other.alternatives {
                verdict = verdict.or(together(a, b));
                if verdict == Verdict::Meet {
                    return verdict;
                }
            }
        }
        verdict
    }
}

fn together(a: &BTreeMap<String, Vec<Matcher>>, b: &BTreeMap<String, Vec<Matcher>>) -> Verdict {
    let mut verdict = Verdict::Meet;
    for (field, matchers) in a {
        let field = match b.get(field) {
            Some(others) => either(matchers, others),
            None => either(matchers, &[Matcher::Present, Matcher::Absent]),
        };
        verdict = verdict.and(field);
    }
    for (_, matchers) in b.iter().filter(|(field, _)| !a.contains_key(*field)) {
        verdict = verdict.and(either(matchers, &[Matcher::Present, Matcher::Absent]));
    }
    verdict
}

fn either(a: &[Matcher], b: &[Matcher]) -> Verdict {
    let mut verdict = Verdict::Disjoint;
    for x in a {
        for y in b {
            verdict = verdict.or(x.meets(y));
            if verdict == Verdict::Meet {
                return verdict;
            }
        }
    }
    verdict
}

/// Reads an event pattern.
pub fn event_pattern(pattern: &Json) -> Result<Filter, Wrong> {
    let Json::Object(fields) = pattern else {
        return Err(Wrong { path: String::new(), message: "a pattern is a record".into() });
    };
    let mut filter = Filter::any();
    object(fields, "", &mut filter)?;
    Ok(filter)
}

fn object(fields: &Map<String, Json>, path: &str, filter: &mut Filter) -> Result<(), Wrong> {
    for (key, value) in fields {
        let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (key.as_str(), value) {
            ("$or", Json::Array(options)) => either_of(options, path, filter)?,
            (_, Json::Object(fields)) => object(fields, &inner, filter)?,
            (_, Json::Array(values)) => {
                let matchers: Vec<Vec<Matcher>> = values.iter().map(|v| matcher(v, &inner)).collect::<Result<_, _>>()?;
                *filter = filter.clone().with(&inner, matchers.concat());
            }
            _ => return Err(Wrong { path: inner, message: "the value of a field is a list of what it may be".into() }),
        }
    }
    Ok(())
}

fn either_of(options: &[Json], path: &str, filter: &mut Filter) -> Result<(), Wrong> {
    let mut alternatives = Vec::new();
    for option in options {
        let Json::Object(fields) = option else {
            return Err(Wrong { path: format!("{path}.$or"), message: "`$or` is a list of records".into() });
        };
        let mut one = filter.clone();
        object(fields, path, &mut one)?;
        alternatives.extend(one.alternatives);
        if alternatives.len() > MOST_ALTERNATIVES {
            return Err(Wrong { path: format!("{path}.$or"), message: format!("more than {MOST_ALTERNATIVES} combinations") });
        }
    }
    filter.alternatives = alternatives;
    Ok(())
}

fn matcher(value: &Json, path: &str) -> Result<Vec<Matcher>, Wrong> {
    let wrong = |message: &str| Wrong { path: path.to_string(), message: message.to_string() };
    Ok(match value {
        Json::Null => vec![Matcher::Null],
        Json::Bool(b) => vec![Matcher::Bool(*b)],
        Json::String(text) => vec![Matcher::exact(text)],
        Json::Number(n) => vec![Matcher::Number(Interval::only(n.as_f64().unwrap_or(f64::NAN)))],
        Json::Array(_) => return Err(wrong("a list cannot stand in the list of a field")),
        Json::Object(operator) => {
            let Some((name, argument)) = operator.iter().next().filter(|_| operator.len() == 1) else {
                return Err(wrong("an operator is a record with one entry, as `{ prefix = \"a\" }`"));
            };
            one_operator(name, argument, &wrong)?
        }
    })
}

fn one_operator(name: &str, argument: &Json, wrong: &dyn Fn(&str) -> Wrong) -> Result<Vec<Matcher>, Wrong> {
    Ok(match name {
        "exists" => {
            vec![if argument.as_bool().ok_or_else(|| wrong("`exists` is true or false"))? { Matcher::Present } else { Matcher::Absent }]
        }
        "prefix" | "suffix" | "equals-ignore-case" | "wildcard" => {
            vec![Matcher::glob(glob(name, argument).ok_or_else(|| wrong(&format!("`{name}` needs a text")))?)]
        }
        "numeric" => vec![Matcher::Number(numeric(argument).ok_or_else(|| wrong("`numeric` is a list, as [\">\", 0, \"<=\", 5]"))?)],
        "cidr" => vec![Matcher::Address(
            argument.as_str().and_then(|t| t.parse().ok()).ok_or_else(|| wrong("`cidr` needs a range, as \"10.0.0.0/24\""))?,
        )],
        "anything-but" => vec![
            anything_but(argument)
                .ok_or_else(|| wrong("`anything-but` needs texts or numbers, or a prefix, suffix, wildcard or equals-ignore-case"))?,
        ],
        other => return Err(wrong(&format!("there is no operator `{other}`"))),
    })
}

fn glob(name: &str, argument: &Json) -> Option<Glob> {
    if let Some(inner) = argument.as_object() {
        // { prefix: { equals-ignore-case: "a" } }
        return glob(name, inner.get("equals-ignore-case")?).map(Glob::ignoring_case);
    }
    let text = argument.as_str()?;
    Some(match name {
        "prefix" => Glob::prefix(text),
        "suffix" => Glob::suffix(text),
        "wildcard" => Glob::wildcard(text),
        _ => Glob::exact(text).ignoring_case(),
    })
}

fn numeric(argument: &Json) -> Option<Interval> {
    let parts = argument.as_array()?;
    let mut interval = Interval::ALL;
    for pair in parts.chunks(2) {
        let [operator, number] = pair else { return None };
        interval = interval.and(Interval::compared(operator.as_str()?, number.as_f64()?)?);
    }
    (!parts.is_empty()).then_some(interval)
}

fn anything_but(argument: &Json) -> Option<Matcher> {
    if let Some(inner) = argument.as_object() {
        let (name, value) = inner.iter().next().filter(|_| inner.len() == 1)?;
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let globs = values.iter().map(|v| glob(name, v)).collect::<Option<Vec<_>>>()?;
        return Some(Matcher::But(globs, Vec::new()));
    }
    let values = argument.as_array().map_or(std::slice::from_ref(argument), Vec::as_slice);
    let (mut globs, mut numbers) = (Vec::new(), Vec::new());
    for value in values {
        match value {
            Json::String(text) => globs.push(Glob::exact(text)),
            Json::Number(n) => numbers.push(n.as_f64()?),
            _ => return None,
        }
    }
    (!values.is_empty()).then_some(Matcher::But(globs, numbers))
}
