//! Which properties of an object must or must not be set together. A property under `Fn::If` may be
//! present or absent; the cases that the conditions leave open are tried one by one. Knows nothing
//! of what the properties hold.

use serde_json::{Map, Value};

use super::problem::{Count, ProblemKind};
use super::walk::Walk;
use crate::cfn::intrinsic::{Form, form};
use crate::cfn::shape::Shape;

/// Above this many conditions on one rule nothing is said.
const MOST_CONDITIONS: usize = 6;

type Case<'a> = Vec<(&'a str, bool)>;

/// One statement of a shape about the presence of properties.
enum Rule<'a> {
    Required(&'a str),
    Exactly(&'a [String]),
    AtLeast(&'a [String]),
    Requires(&'a str, &'a str),
    Excludes(&'a str, &'a str),
    AnyOf(&'a [Shape]),
    OneOf(&'a [Shape]),
}

/// Checks all that a shape says of the presence of properties.
pub(super) fn check<'a>(walk: &mut Walk<'a>, shape: &'a Shape, map: &'a Map<String, Value>) {
    let mut missing = false;
    for rule in rules(shape) {
        if let Some(problem) = broken(&rule, map, walk.given()) {
            let is_required = matches!(rule, Rule::Required(_));
            missing |= is_required;
            if is_required || !(missing && matches!(rule, Rule::AnyOf(_) | Rule::OneOf(_))) {
                walk.report(problem);
            }
        }
    }
    let counts = map.values().map(|value| times(value, walk.given()));
    let (fewest, most) = counts.fold((0, 0), |(low, high), (few, many)| (low + few, high + many));
    let outside = Count::outside(most, shape.min_properties, None);
    if let Some(Count { found, .. }) = outside.or(Count::outside(fewest, None, shape.max_properties)) {
        let count = Count { found, minimum: shape.min_properties, maximum: shape.max_properties };
        walk.report(ProblemKind::PropertyCount(count));
    }
}

fn rules(shape: &Shape) -> Vec<Rule<'_>> {
    let mut rules: Vec<Rule<'_>> = shape.required.iter().map(|name| Rule::Required(name)).collect();
    if !shape.required_xor.is_empty() {
        rules.push(Rule::Exactly(&shape.required_xor));
    }
    if !shape.required_or.is_empty() {
        rules.push(Rule::AtLeast(&shape.required_or));
    }
    for (name, needs) in &shape.dependent_required {
        rules.extend(needs.iter().map(|needs| Rule::Requires(name, needs)));
    }
    for (name, others) in &shape.dependent_excluded {
        // Where both exclude each other, once is enough.
        let back = |other: &String| shape.dependent_excluded.get(other).is_some_and(|list| list.contains(name));
        let once = others.iter().filter(|other| !(back(other) && *other < name));
        rules.extend(once.map(|other| Rule::Excludes(name, other)));
    }
    let about_presence = |choices: &[Shape]| !choices.is_empty() && choices.iter().all(Shape::is_about_presence);
    if about_presence(&shape.any_of) {
        rules.push(Rule::AnyOf(&shape.any_of));
    }
    if about_presence(&shape.one_of) {
        rules.push(Rule::OneOf(&shape.one_of));
    }
    rules
}

/// What is wrong if a rule is broken. Where several conditions meet, only if it is broken however
/// they turn out, for they may depend on one another in ways not seen here.
fn broken(rule: &Rule<'_>, map: &Map<String, Value>, given: &[(&str, bool)]) -> Option<ProblemKind> {
    let mut conditions: Vec<&str> = vec![];
    for name in rule.names() {
        map.get(name).into_iter().for_each(|value| open_conditions(value, given, &mut conditions));
    }
    if conditions.is_empty() {
        return rule.problem(&|name| map.get(name).is_some_and(|value| is_present(value, given)));
    }
    if conditions.len() > MOST_CONDITIONS {
        return None;
    }
    let mut found = None;
    for bits in 0..1_u32 << conditions.len() {
        let mut case: Case<'_> = given.to_vec();
        case.extend(conditions.iter().enumerate().map(|(place, name)| (*name, bits >> place & 1 == 1)));
        let problem = rule.problem(&|name| map.get(name).is_some_and(|value| is_present(value, &case)));
        let any_will_do = conditions.len() == 1 || matches!(rule, Rule::Required(_));
        match problem {
            Some(problem) if any_will_do => return Some(problem),
            Some(problem) => found = found.or(Some(problem)),
            None if any_will_do => {}
            None => return None,
        }
    }
    found
}

impl Rule<'_> {
    fn names(&self) -> Vec<&str> {
        match self {
            Rule::Required(name) => vec![name],
            Rule::Exactly(names) | Rule::AtLeast(names) => names.iter().map(String::as_str).collect(),
            Rule::Requires(name, other) | Rule::Excludes(name, other) => vec![name, other],
            Rule::AnyOf(choices) | Rule::OneOf(choices) => choices.iter().flat_map(mentioned).collect(),
        }
    }

    fn problem(&self, present: &dyn Fn(&str) -> bool) -> Option<ProblemKind> {
        let set = |names: &[String]| names.iter().filter(|name| present(name)).cloned().collect::<Vec<_>>();
        let single = |names: &[String]| names.iter().map(|name| vec![name.clone()]).collect::<Vec<_>>();
        match *self {
            Rule::Required(name) => (!present(name)).then(|| ProblemKind::MissingRequired { name: name.to_owned() }),
            Rule::Exactly(names) => {
                let given = set(names);
                (given.len() != 1).then(|| ProblemKind::OneOf { choices: single(names), given })
            }
            Rule::AtLeast(names) => set(names).is_empty().then(|| ProblemKind::OneOf { choices: single(names), given: vec![] }),
            Rule::Requires(name, needs) => {
                (present(name) && !present(needs)).then(|| ProblemKind::Requires { name: name.to_owned(), needs: needs.to_owned() })
            }
            Rule::Excludes(name, other) => {
                (present(name) && present(other)).then(|| ProblemKind::Excludes { name: name.to_owned(), other: other.to_owned() })
            }
            Rule::AnyOf(choices) | Rule::OneOf(choices) => alternatives(choices, matches!(self, Rule::OneOf(_)), present),
        }
    }
}

/// What is wrong where one of several shapes must fit, or only one.
fn alternatives(choices: &[Shape], only_one: bool, present: &dyn Fn(&str) -> bool) -> Option<ProblemKind> {
    let fitting: Vec<&Shape> = choices.iter().filter(|choice| is_satisfied(choice, present)).collect();
    let none = fitting.is_empty();
    let several = fitting.len() > 1 && only_one;
    let mut given: Vec<String> = vec![];
    for name in fitting.into_iter().flat_map(mentioned).filter(|name| present(name)) {
        if !given.iter().any(|known| known == name) {
            given.push(name.to_owned());
        }
    }
    let names = |choice| mentioned(choice).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let choices = choices.iter().map(names).filter(|set| !set.is_empty()).collect();
    (several || none).then_some(ProblemKind::OneOf { choices, given })
}

/// The properties a shape about presence speaks of.
fn mentioned(shape: &Shape) -> Vec<&str> {
    let own = shape.required.iter().chain(&shape.required_xor).chain(&shape.required_or).map(String::as_str);
    let parts = shape.all_of.iter().chain(&shape.any_of).chain(&shape.one_of).flat_map(mentioned);
    own.chain(parts).collect()
}

fn is_satisfied(shape: &Shape, present: &dyn Fn(&str) -> bool) -> bool {
    let count = |names: &[String]| names.iter().filter(|name| present(name)).count();
    let fitting = |choices: &[Shape]| choices.iter().filter(|choice| is_satisfied(choice, present)).count();
    count(&shape.required) == shape.required.len()
        && (shape.required_xor.is_empty() || count(&shape.required_xor) == 1)
        && (shape.required_or.is_empty() || count(&shape.required_or) > 0)
        && fitting(&shape.all_of) == shape.all_of.len()
        && (shape.any_of.is_empty() || fitting(&shape.any_of) > 0)
        && (shape.one_of.is_empty() || fitting(&shape.one_of) == 1)
}

/// Whether a value is there, in a case that settles its conditions.
fn is_present(value: &Value, case: &[(&str, bool)]) -> bool {
    times(value, case).1 > 0
}

/// How often a value is there, at least and at most: 0 or 1.
pub(super) fn times(value: &Value, given: &[(&str, bool)]) -> (usize, usize) {
    match form(value) {
        Form::NoValue => (0, 0),
        Form::If(condition, yes, no) => {
            let known = given.iter().find(|(name, _)| *name == condition).map(|(_, holds)| *holds);
            let (yes, no) = (times(yes, given), times(no, given));
            match known {
                Some(true) => yes,
                Some(false) => no,
                None => (yes.0.min(no.0), yes.1.max(no.1)),
            }
        }
        Form::Plain | Form::Call(..) => (1, 1),
    }
}

/// The conditions on which the presence of a value depends.
fn open_conditions<'v>(value: &'v Value, given: &[(&str, bool)], found: &mut Vec<&'v str>) {
    if let Form::If(condition, yes, no) = form(value) {
        let (low, high) = times(value, given);
        let is_given = given.iter().any(|(name, _)| *name == condition);
        if low != high && !is_given && !found.contains(&condition) {
            found.push(condition);
        }
        open_conditions(yes, given, found);
        open_conditions(no, given, found);
    }
}
