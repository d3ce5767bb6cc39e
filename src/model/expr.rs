//! Expressions as they were written, free of syntax. Knows nothing of what names mean.

use super::Value;
use crate::base::{Name, Span};

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Where.
    pub span: Span,
    /// How deep it nests.
    depth: u32,
    /// What.
    pub node: Node,
}

/// The forms of expressions.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Node {
    /// What could not be read; reported already.
    Missing,
    /// A literal.
    Literal(Value),
    /// A text with interpolations.
    Text(Vec<Piece>),
    /// A name.
    Name(Name),
    /// `a.b`
    Member(Box<Expr>, Name, Span),
    /// `f(a, name: b)`
    Call(Box<Expr>, Vec<Argument>),
    /// `a[i]`
    Index(Box<Expr>, Box<Expr>),
    /// `a as s`
    Cast(Box<Expr>, Name, Span),
    /// `!a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a + b`
    Binary(Op, Box<Expr>, Box<Expr>),
    /// `a can write b`, `b.created wakes a`, `a reaches b`
    Relation(super::rule::Relation, Box<Expr>, Box<Expr>),
    /// `a if c else b`; without `else` it is `none` when `c` is false.
    If(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `[a for x in xs if c]`; the second name takes the value of a map's entry.
    For { element: Box<Expr>, names: Vec<Name>, over: Box<Expr>, filter: Option<Box<Expr>> },
    /// `{ a = 1 }`
    Record(Vec<Entry>),
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub enum Piece {
    /// As it stands.
    Chars(Name),
    /// `${a}`
    Value(Expr),
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The parameter it is for, if named.
    pub name: Option<(Name, Span)>,
    /// The value.
    pub value: Expr,
}

/// A part of a record.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Entry {
    /// `key = value`
    Field { key: Name, key_span: Span, value: Expr },
    /// `"${key}" = value`
    Computed { key: Expr, value: Expr },
    /// `if c { ... } else { ... }`
    If(Expr, Vec<Entry>, Vec<Entry>),
    /// `for x in xs { ... }`
    For(Vec<Name>, Expr, Vec<Entry>),
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Op {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Otherwise,
}

const OPS: [(&str, Op, u8); 14] = [
    ("??", Op::Otherwise, 0),
    ("||", Op::Or, 1),
    ("&&", Op::And, 2),
    ("==", Op::Equal, 3),
    ("!=", Op::Unequal, 3),
    ("<", Op::Less, 4),
    ("<=", Op::LessEqual, 4),
    (">", Op::Greater, 4),
    (">=", Op::GreaterEqual, 4),
    ("+", Op::Add, 5),
    ("-", Op::Subtract, 5),
    ("*", Op::Multiply, 6),
    ("/", Op::Divide, 6),
    ("%", Op::Remainder, 6),
];

impl Op {
    /// The operator that a sign stands for, and how strongly it binds.
    pub fn of(sign: &str) -> Option<(Op, u8)> {
        OPS.iter().find(|(s, ..)| *s == sign).map(|(_, op, strength)| (*op, *strength))
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        OPS.iter().find(|(_, op, _)| *op == self).map_or("", |(sign, ..)| sign)
    }
}

impl Expr {
    /// An expression at a place.
    pub fn new(span: Span, node: Node) -> Self {
        let depth = node.depth() + 1;
        Expr { span, depth, node }
    }

    /// What could not be read.
    pub fn missing(span: Span) -> Self {
        Expr { span, depth: 1, node: Node::Missing }
    }

    /// How many expressions stand within one another in it.
    pub fn depth(&self) -> u32 {
        self.depth
    }
}

impl Node {
    /// The depth of the deepest expression within it.
    fn depth(&self) -> u32 {
        let of_entries = |entries: &[Entry]| entries.iter().map(Entry::depth).max().unwrap_or(0);
        match self {
            Node::Missing | Node::Literal(_) | Node::Name(_) => 0,
            Node::Text(pieces) => pieces.iter().map(|p| if let Piece::Value(e) = p { e.depth } else { 0 }).max().unwrap_or(0),
            Node::Member(a, ..) | Node::Cast(a, ..) | Node::Not(a) | Node::Negate(a) => a.depth,
            Node::Call(a, arguments) => arguments.iter().map(|a| a.value.depth).fold(a.depth, u32::max),
            Node::Index(a, b) | Node::Binary(_, a, b) | Node::Relation(_, a, b) => a.depth.max(b.depth),
            Node::If(a, b, c) => a.depth.max(b.depth).max(c.as_ref().map_or(0, |c| c.depth)),
            Node::List(elements) => elements.iter().map(|e| e.depth).max().unwrap_or(0),
            Node::For { element, over, filter, .. } => element.depth.max(over.depth).max(filter.as_ref().map_or(0, |f| f.depth)),
            Node::Record(entries) => of_entries(entries),
        }
    }
}

impl Entry {
    fn depth(&self) -> u32 {
        let of = |entries: &[Entry]| entries.iter().map(Entry::depth).max().unwrap_or(0);
        match self {
            Entry::Field { value, .. } => value.depth,
            Entry::Computed { key, value } => key.depth.max(value.depth),
            Entry::If(condition, then, otherwise) => condition.depth.max(of(then)).max(of(otherwise)),
            Entry::For(_, over, inner) => over.depth.max(of(inner)),
        }
    }
}
