//! What one value of a field may be, and whether several such sets have a value in common.

use super::Verdict;
use super::address;
use super::glob::{Glob, satisfiable};
use super::number::{Interval, Number};
use ipnet::IpNet;
use serde_json::Value as Json;

/// A set of values of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    /// Whatever is there.
    Present,
    /// Nothing is there.
    Absent,
    /// `null`.
    Null,
    /// True or false.
    Bool(bool),
    /// Numbers in a range.
    Number(Interval),
    /// Texts that match all of the first and none of the second.
    Text(Vec<Glob>, Vec<Glob>),
    /// Texts that are addresses in a range, however they are spelled.
    Address(IpNet),
    /// Anything there but some texts and numbers.
    But(Vec<Glob>, Vec<Number>),
}

impl Matcher {
    /// Exactly this text.
    pub fn exact(text: &str) -> Matcher {
        Matcher::glob(Glob::exact(text))
    }

    /// The texts that a glob matches.
    pub fn glob(glob: Glob) -> Matcher {
        Matcher::Text(vec![glob], Vec::new())
    }

    /// Whether every text is in the set.
    pub fn is_anything(&self) -> bool {
        match self {
            Matcher::Present => true,
            Matcher::Text(must, not) => not.is_empty() && must.iter().all(|glob| *glob == Glob::prefix("")),
            _ => false,
        }
    }

    /// Whether a value, or its absence, is in the set.
    pub fn holds(&self, value: Option<&Json>) -> bool {
        let Some(value) = value else { return *self == Matcher::Absent };
        match (self, value) {
            (Matcher::Present, _) => true,
            (Matcher::Absent, _) => false,
            (Matcher::Null, value) => value.is_null(),
            (Matcher::Bool(b), value) => value.as_bool() == Some(*b),
            (Matcher::Number(interval), value) => Number::of(value).is_some_and(|n| interval.holds(n)),
            (Matcher::Text(must, not), Json::String(text)) => must.iter().all(|g| g.matches(text)) && !not.iter().any(|g| g.matches(text)),
            (Matcher::Address(net), Json::String(text)) => text.parse::<std::net::IpAddr>().is_ok_and(|ip| net.contains(&ip)),
            (Matcher::But(globs, _), Json::String(text)) => !globs.iter().any(|g| g.matches(text)),
            (Matcher::But(_, numbers), value) => Number::of(value).is_none_or(|n| !numbers.contains(&n)),
            _ => false,
        }
    }

    /// Whether a value is in both sets.
    pub fn meets(&self, other: &Matcher) -> Verdict {
        Matcher::together(&[self, other])
    }

    /// Whether one value, or its absence, is in all of some sets.
    pub fn together(all: &[&Matcher]) -> Verdict {
        let yes = |meet: bool| if meet { Verdict::Meet } else { Verdict::Disjoint };
        if all.contains(&&Matcher::Absent) {
            return yes(all.iter().all(|m| **m == Matcher::Absent));
        }
        let rest: Vec<&Matcher> = all.iter().copied().filter(|m| **m != Matcher::Present).collect();
        let all_or_but = |fits: &dyn Fn(&Matcher) -> bool| rest.iter().all(|m| matches!(m, Matcher::But(..)) || fits(m));
        // What is neither a text nor a number is in every `But`.
        let others = all_or_but(&|m| *m == Matcher::Null) || [true, false].iter().any(|b| all_or_but(&|m| *m == Matcher::Bool(*b)));
        if others { Verdict::Meet } else { yes(numbers(&rest)).or(texts(&rest)) }
    }
}

/// Whether one number is in all of some sets.
fn numbers(all: &[&Matcher]) -> bool {
    let (mut interval, mut but) = (Interval::ALL, Vec::new());
    for matcher in all {
        match matcher {
            Matcher::Number(own) => interval = interval.and(*own),
            Matcher::But(_, numbers) => but.extend_from_slice(numbers),
            _ => return false,
        }
    }
    interval.holds_besides(&but)
}

/// Whether one text is in all of some sets.
fn texts(all: &[&Matcher]) -> Verdict {
    let (mut must, mut not, mut nets): (Vec<&Glob>, Vec<&Glob>, Vec<IpNet>) = Default::default();
    for matcher in all {
        match matcher {
            Matcher::Text(own, own_not) => {
                must.extend(own);
                not.extend(own_not);
            }
            Matcher::But(globs, _) => not.extend(globs),
            Matcher::Address(net) => nets.push(*net),
            _ => return Verdict::Disjoint,
        }
    }
    if !nets.is_empty() {
        return address::in_all(&nets, &must, &not);
    }
    match satisfiable(&must, &not) {
        Some(true) => Verdict::Meet,
        Some(false) => Verdict::Disjoint,
        None => Verdict::CannotTell,
    }
}
