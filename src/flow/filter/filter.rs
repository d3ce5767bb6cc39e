//! A filter over the fields of a message, and whether one message can pass several.
//!
//! A field may hold a list. A pattern of AWS accepts a field when *some* value of it fits, and so two patterns can both
//! accept a list although no value fits both. What a message is known to hold is said of *every* value of a field.
//! Fields that hold one value, as the key of an object, are compared by that value.

use super::{Matcher, Verdict};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What a constraint says of the values of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The field holds one value.
    One,
    /// Every value of the field is one of those.
    Every,
    /// Some value of the field is one of those.
    Some,
}

/// What one field may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// The field's path: `detail.state`.
    pub field: String,
    /// What its values may be: any of these.
    pub matchers: Vec<Matcher>,
    /// Of which of its values this is said.
    pub holds: Holds,
}

/// Alternatives, each a list of constraints that hold together.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    alternatives: Vec<Vec<Constraint>>,
    /// Paths below which only some fields exist.
    closed: Vec<(String, Vec<String>)>,
}

/// The most combinations of alternatives and values that are compared.
const MOST_COMBINATIONS: usize = 20_000;

impl Filter {
    /// What accepts everything.
    pub fn any() -> Filter {
        Filter { alternatives: vec![Vec::new()], closed: Vec::new() }
    }

    /// One of some alternatives.
    pub(super) fn of(alternatives: Vec<Vec<Constraint>>) -> Filter {
        Filter { alternatives, closed: Vec::new() }
    }

    /// The same, where a field that holds one value is one of some.
    pub fn with(mut self, field: &str, matchers: Vec<Matcher>) -> Filter {
        for alternative in &mut self.alternatives {
            alternative.push(Constraint { field: field.to_string(), matchers: matchers.clone(), holds: Holds::One });
        }
        self
    }

    /// What one of some filters accepts. Nothing may be known of which fields exist.
    pub fn any_of(filters: Vec<Filter>) -> Filter {
        Filter::of(filters.into_iter().flat_map(|filter| filter.alternatives).collect())
    }

    /// The same of a message in which only some fields exist below a path.
    pub fn closed(mut self, below: &str, fields: Vec<String>) -> Filter {
        self.closed.push((below.to_string(), fields));
        self
    }

    /// The fields that alone exist below a path, if they are known.
    pub fn fields(&self, below: &str) -> Option<Vec<String>> {
        self.closed.iter().find(|(path, _)| path == below).map(|(_, fields)| fields.clone())
    }

    /// Whether it says nothing.
    pub fn is_any(&self) -> bool {
        self.closed.is_empty() && self.alternatives.iter().any(Vec::is_empty)
    }

    /// Whether every message is accepted that has these fields.
    pub fn accepts_all(&self, always: &[String]) -> bool {
        let open = |c: &Constraint| always.contains(&c.field) && c.matchers.iter().any(Matcher::is_anything);
        self.closed.is_empty() && self.alternatives.iter().any(|all| all.iter().all(open))
    }

    /// Whether an event, as a flat map of fields, is accepted. A list is a list of values.
    pub fn accepts(&self, event: &BTreeMap<String, Json>) -> bool {
        let fits = |c: &Constraint| match (event.get(&c.field), c.holds) {
            (Some(Json::Array(values)), Holds::Every) => values.iter().all(|v| c.matchers.iter().any(|m| m.holds(Some(v)))),
            (Some(Json::Array(values)), _) => values.iter().any(|v| c.matchers.iter().any(|m| m.holds(Some(v)))),
            (value, _) => c.matchers.iter().any(|m| m.holds(value)),
        };
        self.alternatives.iter().any(|all| all.iter().all(fits))
    }

    /// Whether a message can pass both.
    pub fn meets(&self, other: &Filter) -> Verdict {
        if self.alternatives.len().saturating_mul(other.alternatives.len()) > MOST_COMBINATIONS {
            return Verdict::CannotTell;
        }
        let closed: Vec<&(String, Vec<String>)> = self.closed.iter().chain(&other.closed).collect();
        let mut verdict = Verdict::Disjoint;
        for a in &self.alternatives {
            for b in &other.alternatives {
                verdict = verdict.or(together(a.iter().chain(b), &closed));
                if verdict == Verdict::Meet {
                    return verdict;
                }
            }
        }
        verdict
    }

    /// What is known of a message that passed both.
    pub fn and(&self, other: &Filter) -> Filter {
        if other.is_any() || self.alternatives.len().saturating_mul(other.alternatives.len()) > MOST_COMBINATIONS {
            return self.clone();
        }
        let closed: Vec<(String, Vec<String>)> = self.closed.iter().chain(&other.closed).cloned().collect();
        let known: Vec<&(String, Vec<String>)> = closed.iter().collect();
        let pairs = self.alternatives.iter().flat_map(|a| other.alternatives.iter().map(move |b| (a, b)));
        let possible = pairs.filter(|(a, b)| together(a.iter().chain(*b), &known) != Verdict::Disjoint);
        Filter { alternatives: possible.map(|(a, b)| a.iter().chain(b).cloned().collect()).collect(), closed }
    }

    /// What is known of the message that a service makes of one: fields under new paths, and no others.
    pub fn renamed(&self, paths: &[(String, String)]) -> Filter {
        let moved = |field: &String| paths.iter().find_map(|(from, to)| moved(field, from, to));
        let constraint = |c: &Constraint| moved(&c.field).map(|field| Constraint { field, ..c.clone() });
        let closed = self.closed.iter().filter_map(|(below, fields)| Some((moved(below)?, fields.clone())));
        Filter {
            alternatives: self.alternatives.iter().map(|all| all.iter().filter_map(constraint).collect()).collect(),
            closed: closed.collect(),
        }
    }

    /// Whether no message at all passes.
    pub fn is_impossible(&self) -> bool {
        self.meets(&Filter::any()) == Verdict::Disjoint
    }
}

/// Where a field is after a path took the place of another; none if it is not below that.
fn moved(field: &str, from: &str, to: &str) -> Option<String> {
    let rest = if from.is_empty() { field } else { field.strip_prefix(from)? };
    match rest.strip_prefix('.') {
        Some(rest) => Some(format!("{to}.{rest}")),
        None if rest.is_empty() => Some(to.to_string()),
        None if from.is_empty() && to.is_empty() => Some(rest.to_string()),
        None if from.is_empty() => Some(format!("{to}.{rest}")),
        None => None,
    }
}

/// Whether one message fits all of some constraints.
fn together<'a>(constraints: impl Iterator<Item = &'a Constraint>, closed: &[&(String, Vec<String>)]) -> Verdict {
    const MISSING: &[Matcher] = &[Matcher::Absent];
    let mut fields: BTreeMap<&str, Vec<(&[Matcher], Holds)>> = BTreeMap::new();
    for c in constraints {
        fields.entry(&c.field).or_default().push((&c.matchers, c.holds));
    }
    let mut verdict = Verdict::Meet;
    for (field, mut said) in fields {
        let shut = |(below, names): &&(String, Vec<String>)| {
            let rest = field.strip_prefix(below.as_str()).and_then(|rest| rest.strip_prefix('.'));
            rest.is_some_and(|rest| {
                !names.iter().any(|n| rest.strip_prefix(n.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('.')))
            })
        };
        if closed.iter().any(shut) {
            said.push((MISSING, Holds::One));
        }
        verdict = verdict.and(of_field(&said));
        if verdict == Verdict::Disjoint {
            return verdict;
        }
    }
    verdict
}

/// Whether a field can hold values that fit everything that is said of it.
fn of_field(said: &[(&[Matcher], Holds)]) -> Verdict {
    let all: Vec<&[Matcher]> = said.iter().map(|s| s.0).collect();
    if said.iter().any(|s| s.1 == Holds::One) {
        return choose(&all);
    }
    let every: Vec<&[Matcher]> = said.iter().filter(|s| s.1 == Holds::Every).map(|s| s.0).collect();
    let some: Vec<&[Matcher]> = said.iter().filter(|s| s.1 == Holds::Some).map(|s| s.0).collect();
    if some.len() < 2 {
        return choose(&all);
    }
    // Each of the patterns needs a value of its own; one value for all of them is certain to be possible.
    let each = some.iter().fold(Verdict::Meet, |verdict, one| {
        let with: Vec<&[Matcher]> = every.iter().chain([one]).copied().collect();
        verdict.and(choose(&with))
    });
    if each == Verdict::Meet && choose(&all) != Verdict::Meet { Verdict::CannotTell } else { each }
}

/// Whether one value is in one matcher of each list.
fn choose(lists: &[&[Matcher]]) -> Verdict {
    if lists.iter().fold(1usize, |n, list| n.saturating_mul(list.len())) > MOST_COMBINATIONS {
        return Verdict::CannotTell;
    }
    let mut verdict = Verdict::Disjoint;
    let mut chosen: Vec<Vec<&Matcher>> = vec![Vec::new()];
    for list in lists {
        chosen = chosen.iter().flat_map(|c| list.iter().map(move |m| c.iter().copied().chain([m]).collect())).collect();
    }
    for set in &chosen {
        verdict = verdict.or(Matcher::together(set));
        if verdict == Verdict::Meet {
            break;
        }
    }
    verdict
}
