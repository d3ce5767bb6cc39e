//! Evaluates expressions. Knows nothing of what properties mean.

use super::deploy::decided;
use super::locals::Locals;
use super::resolve::built_in;
use super::world::{Binding, FrameId, STANDARD, World};
use crate::base::budget::CHAIN;
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::{Cond, Deploy, Entry, Expr, InstanceId, Node, Piece, Type, Value};
use crate::names::nearest;
use std::sync::Arc;

/// The stack that must be left when an expression is evaluated, and how much is added otherwise, in bytes.
const RED_ZONE: usize = 256 << 10;
const MORE_STACK: usize = 4 << 20;

/// The bytes from which on a text that is made is counted.
const LONG: usize = 4 << 10;

/// Where an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scope {
    /// In a user's file.
    Frame(FrameId),
    /// In a kind, on behalf of an instance of it.
    Kind(InstanceId),
}

/// What is being computed, to find what depends on itself.
#[derive(Clone, Copy)]
pub(super) struct Trail<'a> {
    pub what: (u64, u64),
    pub before: Option<&'a Trail<'a>>,
    /// How many stand before it.
    depth: u32,
}

impl<'a> Trail<'a> {
    /// One more thing that is being computed. None, with a finding, if too many need one another.
    pub(super) fn further(env: &Env<'a>, what: (u64, u64), span: Span) -> Option<Trail<'a>> {
        let depth = env.trail.map_or(0, |t| t.depth + 1);
        if depth > CHAIN {
            let message = format!("more than {CHAIN} values need one another in a chain that begins here");
            env.world.exceeded(span, &message, "compute them from a list instead");
            return None;
        }
        Some(Trail { what, before: env.trail, depth })
    }

    pub(super) fn holds(mut trail: Option<&Trail<'_>>, what: (u64, u64)) -> bool {
        while let Some(at) = trail {
            if at.what == what {
                return true;
            }
            trail = at.before;
        }
        false
    }
}

/// An environment: where, and with which local names.
#[derive(Clone)]
pub struct Env<'a> {
    /// Everything declared.
    pub world: &'a World,
    pub(super) scope: Scope,
    pub(super) locals: Locals,
    pub(super) trail: Option<&'a Trail<'a>>,
    /// The page that the limits of what is computed rest on.
    pub(super) source: Option<&'a str>,
    /// Whether what cannot be decided now is nothing to speak of: in checks.
    pub(super) lenient: bool,
    /// The line of the user's that this is computed for: an edge.
    pub(super) asked: Option<Span>,
    /// Whether the name of a type is a value here: where the declared type is, or has a part that is, `Type`.
    pub(super) of_types: bool,
    /// What holds where it is asked: choices of which it excludes a side are the other side.
    pub(super) assumed: Option<&'a Cond>,
}

impl<'a> Env<'a> {
    /// The environment of a frame of a user's file.
    pub fn frame(world: &'a World, frame: FrameId) -> Env<'a> {
        Env {
            world,
            scope: Scope::Frame(frame),
            locals: Locals::default(),
            trail: None,
            source: None,
            lenient: false,
            asked: None,
            of_types: false,
            assumed: None,
        }
    }

    /// The environment of a kind, on behalf of one of its instances.
    pub fn kind(world: &'a World, id: InstanceId) -> Env<'a> {
        Env {
            world,
            scope: Scope::Kind(id),
            locals: Locals::default(),
            trail: None,
            source: None,
            lenient: false,
            asked: None,
            of_types: false,
            assumed: None,
        }
    }

    /// The same, where what cannot be decided before deployment is no mistake.
    pub fn lenient(mut self) -> Env<'a> {
        self.lenient = true;
        self
    }

    /// The same, where a condition holds.
    pub fn assuming(mut self, condition: &'a Cond) -> Env<'a> {
        self.assumed = Some(condition);
        self
    }

    /// The same, for a line of the user's: what is wrong with what a kind computes is told there.
    pub fn asked_at(mut self, span: Span) -> Env<'a> {
        self.asked = Some(span);
        self
    }

    /// The same, with the page that limits rest on: the last `source:` line of the documentation.
    pub fn resting_on(mut self, docs: [&'a str; 2]) -> Env<'a> {
        let page = |doc: &'a str| doc.lines().rev().find_map(|line| line.trim().strip_prefix("source: "));
        self.source = docs.into_iter().find_map(page);
        self
    }

    /// The same, for an expression whose value has a declared type.
    pub fn expecting(mut self, ty: &Type) -> Env<'a> {
        self.of_types = ty.of_types();
        self
    }

    /// The same with a further local name.
    pub fn with(&self, name: &Name, value: Value) -> Env<'a> {
        let mut env = self.clone();
        env.locals.push(name.clone(), value);
        env
    }

    /// Adds a local name.
    pub fn set(&mut self, name: &Name, value: Value) {
        self.locals.push(name.clone(), value);
    }

    pub(super) fn fail(&self, finding: Diagnostic) -> Value {
        self.report(finding);
        Value::Missing
    }

    /// Evaluates.
    pub fn eval(&self, expr: &Expr) -> Value {
        match &expr.node {
            _ if self.world.spent() => Value::Missing,
            Node::Literal(value) => value.clone(),
            // Calls itself as deep as expressions nest and values need one another, which budgets bound.
            _ => {
                let value = stacker::maybe_grow(RED_ZONE, MORE_STACK, || self.compute(expr));
                self.assumed.map_or_else(|| value.clone(), |assumed| decided(&value, assumed))
            }
        }
    }

    fn compute(&self, expr: &Expr) -> Value {
        match &expr.node {
            Node::Missing => Value::Missing,
            Node::Literal(value) => value.clone(),
            Node::Text(pieces) => self.text(pieces),
            Node::Name(name) => self.name(name, expr.span),
            Node::Member(inner, name, at) => {
                let value = self.eval(inner);
                self.member(&value, name, *at, inner)
            }
            Node::Call(callee, arguments) => self.call(callee, arguments, expr.span),
            Node::Index(inner, index) => self.index(&self.eval(inner), &self.eval(index), index.span),
            Node::Cast(inner, unit, at) => self.cast(&self.eval(inner), unit, *at, inner.span),
            Node::Not(inner) => self.not(self.eval(inner), inner.span),
            Node::Negate(inner) => self.negate(self.eval(inner), inner.span),
            Node::Binary(op, left, right) => self.binary(*op, left, right),
            Node::If(then, condition, otherwise) => {
                let otherwise = |env: &Self| otherwise.as_ref().map_or(Value::None, |o| env.eval(o));
                match self.condition(condition) {
                    Some(Ok(true)) => self.eval(then),
                    Some(Ok(false)) => otherwise(self),
                    Some(Err(cond)) => Value::deploy(Deploy::If(cond, self.eval(then), otherwise(self))),
                    None => Value::Missing,
                }
            }
            Node::Relation(relation, left, right) => self.relation(relation, left, right),
            Node::List(elements) => Value::list(elements.iter().map(|e| self.eval(e)).collect()),
            Node::For { element, names, over, filter } => {
                let mut values = Vec::new();
                for (env, _) in self.turns(names, over) {
                    let keep = filter.as_ref().is_none_or(|f| matches!(env.condition(f), Some(Ok(true))));
                    if keep {
                        values.push(env.eval(element));
                    }
                }
                Value::list(values)
            }
            Node::Record(entries) => {
                let mut fields = FxIndexMap::with_capacity_and_hasher(entries.len(), Default::default());
                self.entries(entries, &mut fields);
                Value::record(fields)
            }
        }
    }

    /// Evaluates, and gives back which expression the value is of: of a choice that is made now, the arm that was taken.
    pub(super) fn eval_at<'e>(&self, expr: &'e Expr) -> (Value, &'e Expr) {
        let Node::If(then, condition, otherwise) = &expr.node else { return (self.eval(expr), expr) };
        match (self.condition(condition), otherwise) {
            (Some(Ok(true)), _) => self.eval_at(then),
            (Some(Ok(false)), Some(otherwise)) => self.eval_at(otherwise),
            (Some(Ok(false)), None) => (Value::None, expr),
            (Some(Err(cond)), otherwise) => {
                let otherwise = otherwise.as_ref().map_or(Value::None, |o| self.eval(o));
                (Value::deploy(Deploy::If(cond, self.eval(then), otherwise)), expr)
            }
            (None, _) => (Value::Missing, expr),
        }
    }

    /// The fields of a record.
    pub fn entries(&self, entries: &[Entry], fields: &mut FxIndexMap<Name, Value>) {
        for entry in entries {
            match entry {
                Entry::Field { key, value, .. } => {
                    fields.insert(key.clone(), self.eval(value));
                }
                Entry::Computed { key, value } => {
                    if let Some(name) = self.constant_text(key) {
                        fields.insert(name, self.eval(value));
                    }
                }
                Entry::If(condition, then, otherwise) => match self.condition(condition) {
                    Some(Ok(true)) => self.entries(then, fields),
                    Some(Ok(false)) => self.entries(otherwise, fields),
                    Some(Err(cond)) => {
                        for (entries, cond) in [(then, cond.clone()), (otherwise, Cond::Not(cond.into()))] {
                            let mut inner = FxIndexMap::default();
                            self.entries(entries, &mut inner);
                            for (key, value) in inner {
                                let before = fields.get(&key).cloned().unwrap_or(Value::None);
                                fields.insert(key, Value::deploy(Deploy::If(cond.clone(), value, before)));
                            }
                        }
                    }
                    None => {}
                },
                Entry::For(names, over, inner) => {
                    for (env, _) in self.turns(names, over) {
                        env.entries(inner, fields);
                    }
                }
            }
        }
    }

    /// A text that must be known now.
    pub fn constant_text(&self, expr: &Expr) -> Option<Name> {
        match self.eval(expr) {
            Value::Str(text) => Some(text),
            Value::Missing => None,
            Value::Int(n) => Some(n.to_string().into()),
            Value::Deploy(_) => {
                self.needs_now(expr.span, "a name");
                None
            }
            other => {
                self.fail(Diagnostic::error("type-mismatch", expr.span, format!("this must be a text, and is {other}")));
                None
            }
        }
    }

    /// Reports that a choice must be made now, but depends on what is known later.
    pub fn needs_now(&self, span: Span, what: &str) {
        if self.world.rehearsal || self.lenient {
            return; // An argument that nobody gives stands as a parameter here, and need not be one.
        }
        let message = format!("{what} must be known when the template is generated; this value is known only at deployment");
        self.report(
            Diagnostic::error("deploy-time-choice", span, message)
                .help("use a `setting` instead of a `param`: its value is given when the template is written"),
        );
    }

    /// The environments of a loop's turns, each with a text that tells it apart.
    pub fn turns(&self, names: &[Name], over: &Expr) -> Vec<(Env<'a>, Name)> {
        let turn = |key: Value, value: Option<Value>, at: usize| {
            let mut env = self.clone();
            let id = match &key {
                Value::Str(text) => text.clone(),
                Value::Int(n) => n.to_string().into(),
                Value::Ref(id) => self.world.instance(*id).map_or("".into(), |i| i.name.clone()),
                // What has no text of its own is numbered: `by` gives it a key.
                Value::List(_) | Value::Record(_) | Value::None | Value::Missing => at.to_string().into(),
                other => other.to_string().into(),
            };
            if let Some(name) = names.first() {
                env.set(name, key);
            }
            if let (Some(name), Some(value)) = (names.get(1), value) {
                env.set(name, value);
            }
            (env, id)
        };
        let charged = !matches!(self.scope, Scope::Frame(STANDARD));
        let may = |count: usize| !charged || self.may_iterate(count, over.span);
        match self.eval(over) {
            Value::List(values) if !may(values.len()) => Vec::new(),
            Value::Record(fields) if !may(fields.len()) => Vec::new(),
            Value::List(values) => values
                .iter()
                .enumerate()
                .map(|(at, v)| match names.len() {
                    2 => turn(Value::Int(at as i64), Some(v.clone()), at),
                    _ => turn(v.clone(), None, at),
                })
                .collect(),
            Value::Record(fields) => {
                fields.iter().enumerate().map(|(at, (k, v))| turn(Value::Str(k.clone()), Some(v.clone()), at)).collect()
            }
            Value::Missing | Value::None => Vec::new(),
            Value::Deploy(_) => {
                self.needs_now(over.span, "what a loop runs over");
                Vec::new()
            }
            other => {
                self.fail(Diagnostic::error(
                    "type-mismatch",
                    over.span,
                    format!("expected a list or a map to iterate over, found {other}"),
                ));
                Vec::new()
            }
        }
    }

    fn text(&self, pieces: &[Piece]) -> Value {
        let mut parts: Vec<Value> = Vec::with_capacity(pieces.len());
        let mut bytes = 0usize;
        for piece in pieces {
            let part = match piece {
                Piece::Chars(text) => Value::Str(text.clone()),
                Piece::Value(expr) => match self.eval(expr) {
                    Value::Missing => return Value::Missing,
                    Value::None => Value::text(""),
                    deploy @ Value::Deploy(_) => deploy,
                    text @ Value::Str(_) => text,
                    Value::Ref(id) => {
                        let name = self.world.instance(id).map_or("", |i| &*i.name);
                        let message = format!("`{name}` is a declaration and not a text");
                        return self.fail(
                            Diagnostic::error("type-mismatch", expr.span, message).help(format!("name one of its values, as `{name}.arn`")),
                        );
                    }
                    Value::List(_) | Value::Record(_) | Value::Space(_) | Value::Resource(_) => {
                        return self.fail(
                            Diagnostic::error("type-mismatch", expr.span, "this is not a text")
                                .help("`join(\", \", list)` makes one of a list, `json(value)` of anything"),
                        );
                    }
                    other => Value::text(other.to_string()),
                },
            };
            bytes = bytes.saturating_add(part.as_str().map_or(16, str::len));
            if bytes > LONG && !self.may_make(bytes, piece_span(piece)) {
                return Value::Missing;
            }
            super::deploy::push_text(&mut parts, part);
        }
        match parts.len() {
            0 => Value::text(""),
            1 => parts.pop().unwrap_or(Value::Missing),
            _ => Value::deploy(Deploy::Text(parts)),
        }
    }

    fn name(&self, name: &Name, span: Span) -> Value {
        if let Some(value) = self.locals.get(name) {
            return value.clone();
        }
        let found = match self.scope {
            // A rule of the standard library: its tables stand there too.
            Scope::Frame(STANDARD) => self.world.library.constant(name, |expr| self.eval(expr)),
            Scope::Frame(frame) => self.frame_name(frame, name, span),
            Scope::Kind(id) => self.kind_name(id, name),
        };
        match found {
            Some(value) => value,
            None if &**name == "aws" || &**name == "stack" => Value::Space(name.clone()),
            None if self.of_types
                && let Some(ty) = built_in(name) =>
            {
                Value::Type(name.clone(), Arc::new(ty))
            }
            None => self.unknown_name(name, span),
        }
    }

    fn frame_name(&self, frame: FrameId, name: &Name, span: Span) -> Option<Value> {
        let bound = self.world.lookup(frame, name)?;
        Some(match &bound.to {
            Binding::Value(value) => value.clone(),
            Binding::Lazy { expr, frame, ty, value } => {
                if let Some(value) = value.get() {
                    return Some(value.clone());
                }
                let what = (std::ptr::from_ref(bound).addr() as u64, u64::MAX);
                if Trail::holds(self.trail, what) {
                    let message = format!("`{name}` depends on itself");
                    return Some(self.fail(Diagnostic::error("circular-value", span, message).also(bound.span, "declared here")));
                }
                let Some(trail) = Trail::further(self, what, span) else { return Some(Value::Missing) };
                let env = Env {
                    world: self.world,
                    scope: Scope::Frame(*frame),
                    locals: Locals::default(),
                    trail: Some(&trail),
                    source: None,
                    lenient: false,
                    asked: self.asked,
                    of_types: ty.as_ref().is_some_and(Type::of_types),
                    // It is kept for whoever asks next.
                    assumed: None,
                };
                let mut computed = env.eval(expr);
                computed = env.weighed(computed, bound.span);
                if let Some(ty) = ty {
                    computed = env.conform(computed, ty, expr, name);
                }
                value.get_or_init(|| computed).clone()
            }
            Binding::One(id) => Value::Ref(*id),
            Binding::Many(ids) => Value::list(ids.iter().map(|id| Value::Ref(*id)).collect()),
            Binding::Module(_) => Value::Space(name.clone()),
            Binding::Type(ty) if self.of_types => Value::Type(name.clone(), Arc::new(self.world.resolve_type(frame, ty))),
            Binding::Component(_) | Binding::Type(_) => {
                let what = if matches!(bound.to, Binding::Type(_)) { "type" } else { "component" };
                let message = format!("`{name}` is a {what} and not a value");
                self.fail(Diagnostic::error("not-a-value", span, message).also(bound.span, "declared here"))
            }
        })
    }

    fn unknown_name(&self, name: &Name, span: Span) -> Value {
        let mut known = match self.scope {
            Scope::Frame(frame) => self.world.visible(frame),
            Scope::Kind(id) => self.kind_names(id),
        };
        known.extend(self.locals.iter().map(|(n, _)| n.clone()));
        let mut finding = Diagnostic::error("unknown-name", span, format!("there is no `{name}`"));
        if let Some(near) = nearest(name, known.iter().map(|n| &**n)) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), span, near);
        } else {
            finding = finding.help(format!("declare it, as `let {name} = ...`, or put it in quotes if it is a text"));
        }
        self.fail(finding)
    }
}

fn piece_span(piece: &Piece) -> Span {
    match piece {
        Piece::Value(expr) => expr.span,
        Piece::Chars(_) => Span::default(),
    }
}
