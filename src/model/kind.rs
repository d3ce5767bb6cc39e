//! A kind of declaration: its properties, what it emits, what may wake it and what one can do with it.

use super::{Attribute, Entry, Expr, Parameter, TypeExpr};
use crate::base::{FxIndexMap, Name, Severity, Span};

/// A kind, as the standard library or a user declares it.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// Its name, as one writes it before a declaration's name.
    pub name: Name,
    /// What it is, from its documentation comment.
    pub doc: String,
    /// Where it is declared.
    pub span: Span,
    /// What one may set, in the order of declaration.
    pub properties: FxIndexMap<Name, Property>,
    /// What it gives to others.
    pub outs: FxIndexMap<Name, Out>,
    /// What others can do with it.
    pub verbs: FxIndexMap<Name, Verb>,
    /// What of it wakes others. A name stands once for each kind that it can wake.
    pub events: Vec<Event>,
    /// What it emits, checks and needs.
    pub steps: Vec<Step>,
}

/// A property that one may set.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// What it means.
    pub doc: String,
    /// Its type.
    pub ty: TypeExpr,
    /// What it is when left out. Without one it must be set, unless the type is optional.
    pub default: Option<Expr>,
    /// `@source(...)` and the like.
    pub attributes: Vec<Attribute>,
}

/// A value that a kind gives to others.
#[derive(Clone, Debug)]
pub struct Out {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// What it means.
    pub doc: String,
    /// Its type; a text if left out.
    pub ty: Option<TypeExpr>,
    /// Its value.
    pub value: Expr,
    /// Whether it is there for rules only: it does not travel with an export.
    pub internal: bool,
}

/// Something that one can do with a declaration of the kind.
#[derive(Clone, Debug)]
pub struct Verb {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// What it means.
    pub doc: String,
    /// What narrows it.
    pub parameters: Vec<Parameter>,
    /// The statements and resources that it adds. `actor` is who can.
    pub steps: Vec<Step>,
    /// `@wakes` and the like.
    pub attributes: Vec<Attribute>,
}

/// How an event reaches what it wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Somebody waits for the answer.
    Sync,
    /// Nobody waits; the service retries.
    Async,
    /// A poller reads batches.
    Poll,
}

impl Mode {
    /// The mode that a word names.
    pub fn of(word: &str) -> Option<Mode> {
        [Mode::Sync, Mode::Async, Mode::Poll].into_iter().find(|m| m.word() == word)
    }

    /// The word that stands in source.
    pub fn word(self) -> &'static str {
        match self {
            Mode::Sync => "sync",
            Mode::Async => "async",
            Mode::Poll => "poll",
        }
    }
}

/// Something of a kind that wakes a declaration of another.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// What it means.
    pub doc: String,
    /// What narrows and tunes it.
    pub parameters: Vec<Parameter>,
    /// How it reaches what it wakes.
    pub mode: Mode,
    /// The kind that it can wake.
    pub target: Name,
    /// The statements and resources that it adds. `target` is what it wakes.
    pub steps: Vec<Step>,
    /// `@key(...)` and the like.
    pub attributes: Vec<Attribute>,
}

impl Verb {
    /// Whether it is the kinds' own business: not something that one does, but what makes it possible.
    pub fn internal(&self) -> bool {
        self.attributes.iter().any(|a| &*a.name == "internal")
    }
}

/// A step of a kind, a verb or an event.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Step {
    /// One thing.
    Leaf(Leaf),
    /// `let x = ...`: for the steps behind it.
    Let(Name, Expr),
    /// `if c { ... } else { ... }`
    If(Expr, Vec<Step>, Vec<Step>),
    /// `for x in xs { ... }`; the expression behind `by` tells the turns apart.
    For { names: Vec<Name>, over: Expr, by: Option<Expr>, steps: Vec<Step> },
}

/// One thing that a kind, a verb or an event adds.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Leaf {
    /// A CloudFormation resource.
    Emit(Emit),
    /// A statement of the acting role.
    Grant(Grant),
    /// A capability that follows.
    Needs(Needs),
    /// An element of a list in another resource.
    Append { path: Vec<Name>, span: Span, value: Expr, attributes: Vec<Attribute> },
    /// What must not hold.
    Check(Check),
}

/// A CloudFormation resource.
#[derive(Clone, Debug)]
pub struct Emit {
    /// Its name within the kind; `main` takes the declaration's name alone.
    pub label: Name,
    /// Its CloudFormation type.
    pub resource: Name,
    /// Where the type stands.
    pub span: Span,
    /// Its properties.
    pub fields: Vec<Entry>,
    /// `@data`, `@on_demand`, `@after(...)`, `@hashed(...)`, `@principal(...)`.
    pub attributes: Vec<Attribute>,
}

/// A statement of the acting role.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Where.
    pub span: Span,
    /// The actions, a list of texts.
    pub actions: Expr,
    /// The resource or resources; `none` drops the statement.
    pub on: Expr,
    /// The IAM condition.
    pub condition: Option<Expr>,
}

/// A capability that follows from something else.
#[derive(Clone, Debug)]
pub struct Needs {
    /// Where.
    pub span: Span,
    /// The verb.
    pub verb: Name,
    /// What the verb is given.
    pub arguments: Vec<super::Argument>,
    /// On what; the event's source if left out.
    pub of: Option<Expr>,
}

/// What must not hold.
#[derive(Clone, Debug)]
pub struct Check {
    /// The rule's name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// How grave it is.
    pub severity: Severity,
    /// When it is a finding.
    pub when: Expr,
    /// What is wrong.
    pub message: Expr,
    /// `at`, `help`, `source`.
    pub fields: FxIndexMap<Name, Expr>,
    /// What it is about, from its documentation comment.
    pub doc: String,
}
