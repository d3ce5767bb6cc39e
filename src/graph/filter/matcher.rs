//! What one value of a field may be, and whether two such sets meet.

use super::Verdict;
use super::glob::{Glob, satisfiable};
use super::number::Interval;
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
    /// Texts that are addresses in a range.
    Address(IpNet),
    /// Anything there but some texts and numbers.
    But(Vec<Glob>, Vec<f64>),
}

impl Matcher {
    /// Exactly this text.
    pub fn exact(text: &str) -> Matcher {
        Matcher::Text(vec![Glob::exact(text)], Vec::new())
    }

    /// Texts with `*` for any run of characters.
    pub fn glob(glob: Glob) -> Matcher {
        Matcher::Text(vec![glob], Vec::new())
    }

    /// Whether a value, or its absence, is in the set.
    pub fn holds(&self, value: Option<&Json>) -> bool {
        match (self, value) {
            (Matcher::Absent, None) | (Matcher::Present, Some(_)) => true,
            (_, None) | (Matcher::Absent, Some(_)) => false,
            (Matcher::Null, Some(value)) => value.is_null(),
            (Matcher::Bool(b), Some(value)) => value.as_bool() == Some(*b),
            (Matcher::Number(interval), Some(value)) => value.as_f64().is_some_and(|n| interval.holds(n)),
            (Matcher::Text(must, not), Some(Json::String(text))) => {
                must.iter().all(|g| g.matches(text)) && !not.iter().any(|g| g.matches(text))
            }
            (Matcher::Address(net), Some(Json::String(text))) => text.parse::<std::net::IpAddr>().is_ok_and(|ip| net.contains(&ip)),
            (Matcher::But(globs, _), Some(Json::String(text))) => !globs.iter().any(|g| g.matches(text)),
            (Matcher::But(_, numbers), Some(value)) if value.is_number() => value.as_f64().is_some_and(|n| !numbers.contains(&n)),
            (Matcher::But(..), Some(_)) => true,
            _ => false,
        }
    }

    /// Whether a value is in both sets.
    pub fn meets(&self, other: &Matcher) -> Verdict {
        use Matcher::{Absent, Address, Bool, But, Null, Number, Present, Text};
        let yes = |meet: bool| if meet { Verdict::Meet } else { Verdict::Disjoint };
        match (self, other) {
            (Absent, Absent) => Verdict::Meet,
            (Absent, _) | (_, Absent) => Verdict::Disjoint,
            (Present, x) | (x, Present) => x.possible(),
            // A value that is neither a text nor a number is in both.
            (But(..), But(..)) => Verdict::Meet,
            (Text(must, not), But(globs, _)) | (But(globs, _), Text(must, not)) => texts(&[must], &[not, globs]),
            (Number(interval), But(_, numbers)) | (But(_, numbers), Number(interval)) => yes(beyond(*interval, numbers)),
            (Address(net), But(globs, _)) | (But(globs, _), Address(net)) => address(*net, &[], globs),
            (Null | Bool(_), But(..)) | (But(..), Null | Bool(_)) | (Null, Null) => Verdict::Meet,
            (Bool(a), Bool(b)) => yes(a == b),
            (Number(a), Number(b)) => yes(!a.and(*b).is_empty()),
            (Text(a, not_a), Text(b, not_b)) => texts(&[a, b], &[not_a, not_b]),
            (Address(a), Address(b)) => yes(a.contains(b) || b.contains(a)),
            (Address(net), Text(must, not)) | (Text(must, not), Address(net)) => address(*net, must, not),
            _ => Verdict::Disjoint,
        }
    }

    /// Whether any value is in the set.
    fn possible(&self) -> Verdict {
        match self {
            Matcher::Text(must, not) => texts(&[must], &[not]),
            Matcher::Number(interval) if interval.is_empty() => Verdict::Disjoint,
            _ => Verdict::Meet,
        }
    }
}

fn texts(must: &[&Vec<Glob>], not: &[&Vec<Glob>]) -> Verdict {
    let must: Vec<&Glob> = must.iter().flat_map(|g| g.iter()).collect();
    let not: Vec<&Glob> = not.iter().flat_map(|g| g.iter()).collect();
    match satisfiable(&must, &not) {
        Some(true) => Verdict::Meet,
        Some(false) => Verdict::Disjoint,
        None => Verdict::CannotTell,
    }
}

/// Whether an interval holds a number besides some.
fn beyond(interval: Interval, numbers: &[f64]) -> bool {
    if interval.is_empty() {
        return false;
    }
    interval.low.0 < interval.high.0 || !numbers.contains(&interval.low.0)
}

/// Addresses against texts: exact for exact texts, otherwise only a sample of the range is tried.
fn address(net: IpNet, must: &[Glob], not: &[Glob]) -> Verdict {
    const SAMPLE: usize = 512;
    let fits = |text: &str| must.iter().all(|g| g.matches(text)) && !not.iter().any(|g| g.matches(text));
    let mut hosts = net.hosts().chain([net.network(), net.broadcast()]);
    if hosts.by_ref().take(SAMPLE).any(|ip| fits(&ip.to_string())) {
        return Verdict::Meet;
    }
    if hosts.next().is_none() { Verdict::Disjoint } else { Verdict::CannotTell }
}
