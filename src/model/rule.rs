//! Rules and assertions that are written in Purlin. Knows nothing of how they are held against a graph.

use super::{Expr, TypeExpr};
use crate::base::{FxIndexMap, Name, Severity, Span};

/// `rule name severity { ... }`, or `assert "text" { ... }`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name; of an assertion, `failed-assertion`.
    pub name: Name,
    /// Where that stands.
    pub span: Span,
    /// How grave it is.
    pub severity: Severity,
    /// Its documentation comment.
    pub doc: String,
    /// What is asserted, of an assertion.
    pub asserts: Option<Expr>,
    /// What it looks for.
    pub steps: Vec<RuleStep>,
}

/// A step of a rule.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum RuleStep {
    /// `let x = ...`: for the steps behind it.
    Let(Name, Expr),
    /// `for f: function, b: bucket where c { ... }`
    Each { binders: Vec<Binder>, filter: Option<Expr>, steps: Vec<RuleStep> },
    /// `for x in xs { ... }`
    For { names: Vec<Name>, over: Expr, steps: Vec<RuleStep> },
    /// `if c { ... } else { ... }`
    If(Expr, Vec<RuleStep>, Vec<RuleStep>),
    /// `report at f.timeout: "..." { help = "..." }`
    Report(Report),
}

/// `f: function`
#[derive(Clone, Debug)]
pub struct Binder {
    /// The name.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// Over the declarations of which kinds it runs.
    pub ty: TypeExpr,
}

/// What is found, and where.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where it stands.
    pub span: Span,
    /// What is at fault.
    pub at: Expr,
    /// What is wrong.
    pub message: Expr,
    /// `help`, `also`, `source`; `value` and `limit`, of which it is a finding only if the one exceeds the other.
    pub fields: FxIndexMap<Name, Expr>,
}

/// How two declarations stand to each other.
#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    /// `a can verb b`
    Can(Name, Span),
    /// `a.event wakes b`, `a wakes b`
    Wakes,
    /// `a reaches b`: something that wakes `a` can lead to `b`, over any number of hops.
    Reaches,
}
