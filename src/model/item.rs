//! What a file declares, free of syntax. Knows nothing of what names mean.

use super::{Entry, Expr, Kind, Node, Op, TypeExpr, Value};
use crate::base::{FileId, Name, Span};
use std::sync::Arc;

/// A file's declarations.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// What it declares, in the order of the text.
    pub items: Vec<Item>,
    /// Every `@allow`, with the text that it is about.
    pub allows: Vec<(Attribute, Span)>,
}

/// `@name(arguments)`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// Its arguments.
    pub arguments: Vec<super::Argument>,
}

impl Attribute {
    /// The rule that an `@allow` names.
    pub fn rule(&self) -> Option<String> {
        (&*self.name == "allow").then_some(())?;
        rule_name(&self.arguments.iter().find(|a| a.name.is_none())?.value)
    }
}

/// A rule's name is kebab-case, which reads as a subtraction of words.
fn rule_name(expr: &Expr) -> Option<String> {
    match &expr.node {
        Node::Name(name) => Some(name.to_string()),
        Node::Literal(Value::Str(name)) => Some(name.to_string()),
        Node::Literal(Value::Int(n)) => Some(n.to_string()),
        Node::Binary(Op::Subtract, left, right) => Some(format!("{}-{}", rule_name(left)?, rule_name(right)?)),
        _ => None,
    }
}

/// One declaration of a file.
#[derive(Clone, Debug)]
pub struct Item {
    /// Where it stands, whole.
    pub span: Span,
    /// Its documentation comment.
    pub doc: String,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// What it is.
    pub node: ItemNode,
}

/// A parameter of a component, a verb or an event.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// Its type.
    pub ty: Option<TypeExpr>,
    /// What it is when left out.
    pub default: Option<Expr>,
}

/// The forms of declarations.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum ItemNode {
    /// `stack orders { ... }`
    Stack { name: Name, name_span: Span, fields: Vec<Entry> },
    /// `use "./x.purlin" as x`
    Use { path: Expr, alias: Option<(Name, Span)> },
    /// `import_stack "./x.purlin" as x`
    Import { path: Expr, alias: Option<(Name, Span)> },
    /// `param x: T = d { ... }`
    Param { name: Name, name_span: Span, ty: Option<TypeExpr>, default: Option<Expr>, fields: Vec<Entry> },
    /// `setting x: T = d`
    Setting { name: Name, name_span: Span, ty: Option<TypeExpr>, default: Option<Expr> },
    /// `let x: T = e`
    Let { name: Name, name_span: Span, ty: Option<TypeExpr>, value: Expr },
    /// `type x = T`
    Type { name: Name, name_span: Span, ty: TypeExpr },
    /// `component x(...) { ... }`
    Component { name: Name, name_span: Span, parameters: Vec<Parameter>, items: Arc<Vec<Item>> },
    /// `output x = e`, `export x = e`
    Output { name: Name, name_span: Span, value: Expr, export: bool },
    /// `kind name { ... }`, `existing kind name { ... }`, `resource "..." name { ... }`
    Decl(Arc<Decl>),
    /// `for x in xs by k { ... }`
    For { names: Vec<Name>, over: Expr, by: Option<Expr>, items: Arc<Vec<Item>> },
    /// `if c { ... } else { ... }`
    If { condition: Expr, then: Arc<Vec<Item>>, otherwise: Arc<Vec<Item>> },
    /// `kind x { ... }`
    Kind(Arc<Kind>),
    /// `rule x error { ... }`, `assert "..." { ... }`
    Rule(Arc<super::rule::Rule>),
}

/// A declaration of a kind.
#[derive(Clone, Debug)]
pub struct Decl {
    /// The kind's name, with the module's alias if any: `queue`, `workers.pool`.
    pub kind: Name,
    /// Where the kind's name stands.
    pub kind_span: Span,
    /// Its own name.
    pub name: Name,
    /// Where that stands.
    pub name_span: Span,
    /// Where the whole stands.
    pub span: Span,
    /// Its documentation comment.
    pub doc: String,
    /// Whether another stack owns it.
    pub existing: bool,
    /// Whether it stands for what the stack of another file exports, or for what that names.
    pub imported: bool,
    /// The CloudFormation type, of a `resource`.
    pub resource: Option<(Name, Span)>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its fields and edges.
    pub body: Vec<Body>,
}

/// A part of a declaration's body.
#[derive(Clone, Debug)]
pub enum Body {
    /// A field, or fields under `if` and `for`.
    Entry(Entry, Vec<Attribute>),
    /// An edge.
    Edge(Arc<Edge>),
    /// `if c { ... } else { ... }` around edges.
    If(Expr, Vec<Body>, Vec<Body>),
    /// `for x in xs { ... }` around edges.
    For(Vec<Name>, Expr, Vec<Body>),
}

/// `on x.event(...)` or `can verb x(...)`
#[derive(Clone, Debug)]
pub struct Edge {
    /// Where it stands.
    pub span: Span,
    /// The verb of a capability; none for a trigger.
    pub verb: Option<(Name, Span)>,
    /// The source with its event, or the target; with the arguments.
    pub subject: Expr,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}
