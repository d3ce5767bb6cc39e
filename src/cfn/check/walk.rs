//! The walk through a value beside its shape. Knows the schema of one resource, and nothing of the
//! template around it.

use serde_json::{Map, Value};

use super::constraint;
use super::problem::{Count, Problem, ProblemKind, Step, owned};
use super::scalar;
use crate::cfn::intrinsic::{self, Form, Gives, form};
use crate::cfn::near;
use crate::cfn::pattern::Pattern;
use crate::cfn::schema::ResourceSchema;
use crate::cfn::shape::{Kind, Kinds, Shape};

/// Nothing CloudFormation accepts nests as deep as this.
const DEEPEST: usize = 128;

/// A walk, and what it has found.
pub(super) struct Walk<'a> {
    schema: &'a ResourceSchema,
    gives: &'a dyn Fn(&Value) -> Option<Gives>,
    problems: Vec<Problem>,
    path: Vec<Step<'a>>,
    trail: Vec<&'a str>,
    given: Vec<(&'a str, bool)>,
    believed: bool,
    depth: usize,
}

/// What a shape that is only tried would have to say.
struct Trial {
    problems: Vec<Problem>,
    believed: bool,
}

impl<'a> Walk<'a> {
    /// A walk for a schema; `gives` may know of a function more than its name tells.
    pub(super) fn new(schema: &'a ResourceSchema, gives: &'a dyn Fn(&Value) -> Option<Gives>) -> Walk<'a> {
        Walk { schema, gives, problems: vec![], path: vec![], trail: vec![], given: vec![], believed: false, depth: 0 }
    }

    /// Takes a condition for true, as that of the resource is.
    pub(super) fn assume(&mut self, condition: Option<&'a str>) {
        self.given.extend(condition.map(|condition| (condition, true)));
    }

    pub(super) fn finish(self) -> Vec<Problem> {
        self.problems
    }

    /// The conditions known on the way here, and whether they hold.
    pub(super) fn given(&self) -> &[(&'a str, bool)] {
        &self.given
    }

    /// Reports a problem of the value at hand, once.
    pub(super) fn report(&mut self, kind: ProblemKind) {
        let problem = Problem { path: owned(&self.path), kind };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Checks a value that may be a function.
    pub(super) fn value(&mut self, shape: &'a Shape, value: &'a Value) {
        match form(value) {
            Form::NoValue => {}
            Form::If(condition, yes, no) => {
                self.path.push(Step::Key("Fn::If"));
                for (index, holds, branch) in [(1, true, yes), (2, false, no)] {
                    if !self.given.contains(&(condition, !holds)) {
                        self.path.push(Step::Index(index));
                        self.given.push((condition, holds));
                        self.value(shape, branch);
                        self.given.pop();
                        self.path.pop();
                    }
                }
                self.path.pop();
            }
            Form::Call(name, gives) => {
                let gives = (self.gives)(value).unwrap_or(gives);
                self.call(shape, name, gives);
            }
            Form::Plain => self.plain(shape, value),
        }
    }

    /// Believes what a function gives, if that kind of value may stand here.
    fn call(&mut self, shape: &'a Shape, name: &str, gives: Gives) {
        self.believed = true;
        let expected = [shape.kinds, self.schema.resolve(shape).kinds].into_iter().find(|kinds| !kinds.is_empty());
        let fits = |kinds: Kinds| match gives {
            Gives::Scalar => kinds.has_scalar(),
            Gives::List => kinds.has(Kind::Array),
            Gives::ScalarOrList => kinds.has_scalar() || kinds.has(Kind::Array),
            Gives::Anything => true,
        };
        if let Some(expected) = expected.filter(|kinds| !fits(*kinds)) {
            let kind = if gives == Gives::List { "a list" } else { "a single value" };
            self.report(ProblemKind::WrongType { expected, found: format!("`{name}`, which gives {kind}") });
        }
    }

    /// Checks a plain value: first what its reference says, then what stands beside it.
    fn plain(&mut self, shape: &'a Shape, value: &'a Value) {
        if self.depth > DEEPEST {
            return;
        }
        self.depth += 1;
        let schema = self.schema;
        if let Some(definition) = shape.reference.as_ref().and_then(|name| schema.definition(name)) {
            self.plain(definition, value);
        }
        if shape.kinds.is_empty() || scalar::is_of(shape.kinds, value) {
            match value {
                Value::Object(map) => self.object(shape, map),
                Value::Array(items) => self.list(shape, items),
                _ => self.believed |= !scalar::check(self, shape, value),
            }
            self.combined(shape, value);
        } else {
            self.report(ProblemKind::WrongType { expected: shape.kinds, found: scalar::describe(value) });
        }
        self.depth -= 1;
    }

    fn object(&mut self, shape: &'a Shape, map: &'a Map<String, Value>) {
        let open = intrinsic::adds_properties(map);
        for (name, value) in map {
            if !open || !name.starts_with("Fn::") {
                self.path.push(Step::Key(name));
                self.trail.push(name);
                self.property(shape, name, value);
                self.trail.pop();
                self.path.pop();
            }
        }
        if !open {
            constraint::check(self, shape, map);
        }
    }

    fn property(&mut self, shape: &'a Shape, name: &'a str, value: &'a Value) {
        if form(value) != Form::NoValue && self.schema.is_read_only_at(&self.trail) {
            return self.report(ProblemKind::ReadOnly { name: name.to_owned() });
        }
        let matched = || shape.pattern_properties.iter().find(|(pattern, _)| Pattern::new(pattern).accepts(name));
        match shape.properties.get(name).or_else(|| matched().map(|(_, inner)| inner)) {
            Some(inner) => self.value(inner, value),
            None if shape.closed && shape.properties.is_empty() && shape.pattern_properties.len() == 1 => {
                let (value, pattern) = (name.to_owned(), shape.pattern_properties.keys().cloned().collect());
                self.report(ProblemKind::PatternMismatch { value, pattern });
            }
            None if shape.closed => {
                let known = shape.properties.keys().map(String::as_str);
                let settable = known.filter(|known| !(self.trail.len() == 1 && self.schema.is_read_only(known)));
                let nearest = near::nearest(name, settable).map(str::to_owned);
                self.report(ProblemKind::UnknownProperty { name: name.to_owned(), nearest });
            }
            None => {}
        }
    }

    fn list(&mut self, shape: &'a Shape, items: &'a [Value]) {
        self.trail.push("*");
        for (index, item) in items.iter().enumerate() {
            self.path.push(Step::Index(index));
            for inner in shape.items.as_deref().into_iter().chain(shape.prefix_items.get(index)) {
                self.value(inner, item);
            }
            if let Some((first, keys)) = duplicate_of(shape, items, index, item) {
                self.report(ProblemKind::DuplicateItem { first, keys: keys.to_vec() });
            }
            self.path.pop();
        }
        self.trail.pop();
        let counts = items.iter().map(|item| constraint::times(item, &self.given));
        let (fewest, most) = counts.fold((0, 0), |(low, high), (few, many)| (low + few, high + many));
        let too_few = Count::outside(most, shape.min_items, None);
        let too_many = Count::outside(fewest, None, shape.max_items);
        if let Some(Count { found, .. }) = too_few.or(too_many) {
            let count = Count { found, minimum: shape.min_items, maximum: shape.max_items };
            self.report(ProblemKind::ItemCount(count));
        }
    }

    /// Checks what a shape says by way of other shapes of the same value.
    fn combined(&mut self, shape: &'a Shape, value: &'a Value) {
        for part in &shape.all_of {
            self.plain(part, value);
        }
        for choices in [&shape.any_of, &shape.one_of] {
            if !choices.iter().all(Shape::is_about_presence) {
                self.best_of(choices, value);
            }
        }
        if let Some(not) = &shape.not {
            let trial = self.attempt(not, value);
            if trial.problems.is_empty() && !trial.believed {
                self.report(ProblemKind::Forbidden { forbidden: not.allowed.clone() });
            }
        }
        if let (Some(condition), Some(consequence)) = (&shape.condition, &shape.consequence) {
            let trial = self.attempt(condition, value);
            if trial.problems.is_empty() && !trial.believed {
                self.plain(consequence, value);
            }
        }
    }

    /// Reports what the shape nearest to the value has to say, unless one fits.
    fn best_of(&mut self, choices: &'a [Shape], value: &'a Value) {
        let own = self.path.len();
        let mut nearest: Option<Trial> = None;
        let rank = |trial: &Trial| {
            let kind = |p: &Problem| p.path.len() == own && matches!(p.kind, ProblemKind::WrongType { .. });
            (trial.problems.iter().any(kind), trial.problems.len())
        };
        for choice in choices {
            let trial = self.attempt(choice, value);
            if nearest.as_ref().is_none_or(|best| rank(&trial) < rank(best)) {
                nearest = Some(trial);
            }
        }
        if let Some(trial) = nearest {
            self.believed |= trial.believed;
            for problem in trial.problems {
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
            }
        }
    }

    /// Tries a shape without reporting what it says.
    fn attempt(&mut self, shape: &'a Shape, value: &'a Value) -> Trial {
        let problems = std::mem::take(&mut self.problems);
        let believed = std::mem::take(&mut self.believed);
        self.plain(shape, value);
        Trial { problems: std::mem::replace(&mut self.problems, problems), believed: std::mem::replace(&mut self.believed, believed) }
    }
}

/// The first item that an item repeats, and in which properties. Items under `Fn::If` may be absent
/// and are left out.
fn duplicate_of<'a>(shape: &'a Shape, items: &[Value], index: usize, item: &Value) -> Option<(usize, &'a [String])> {
    if matches!(form(item), Form::NoValue | Form::If(..)) {
        return None;
    }
    let before = items.get(..index)?;
    let same = |earlier: &Value| shape.unique_items && earlier == item;
    let agrees = |earlier: &Value| {
        let of = |value: &Value, key: &String| value.get(key).filter(|v| form(v) == Form::Plain).cloned();
        let mut keys = shape.unique_keys.iter();
        !shape.unique_keys.is_empty() && keys.all(|key| of(item, key).is_some_and(|v| Some(v) == of(earlier, key)))
    };
    let whole = before.iter().position(same).map(|first| (first, [].as_slice()));
    whole.or_else(|| before.iter().position(agrees).map(|first| (first, shape.unique_keys.as_slice())))
}
