//! Written types to resolved ones. Knows nothing of values.

use crate::base::budget::{TYPE_DEPTH, TYPE_PARTS};
use crate::base::{Diagnostic, Name, Span};
use crate::model::{Bounds, Field, Pattern, Refinement, Type, TypeExpr, TypeNode, Unit, Value};
use crate::names::nearest;
use std::sync::Arc;

/// What a written type may name.
pub trait Types {
    /// A type that was given a name.
    fn alias(&self, name: &str) -> Option<TypeExpr>;
    /// Whether it is a kind of declaration.
    fn is_kind(&self, name: &str) -> bool;
    /// Every name, for "did you mean".
    fn known(&self) -> Vec<Name>;
}

const BUILT_IN: [(&str, Type); 12] = [
    ("Bool", Type::Bool),
    ("Int", Type::Int),
    ("Float", Type::Float),
    ("String", Type::String),
    ("Duration", Type::Quantity(Unit::Time)),
    ("Size", Type::Quantity(Unit::Size)),
    ("Percent", Type::Quantity(Unit::Percent)),
    ("Cidr", Type::Cidr),
    ("Date", Type::Date),
    ("Type", Type::Type),
    ("Any", Type::Any),
    ("Json", Type::Any),
];

/// A type of the language by its name.
pub(super) fn built_in(name: &str) -> Option<Type> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, ty)| ty.clone())
}

/// Resolves a written type.
pub fn resolve(ty: &TypeExpr, types: &dyn Types, out: &mut Vec<Diagnostic>) -> Type {
    let mut resolver = Resolver { types, out, inside: Vec::new(), span: ty.span, parts: 0, spent: false };
    let resolved = resolver.resolve(ty);
    if resolver.spent { Type::Error } else { resolved }
}

struct Resolver<'a> {
    types: &'a dyn Types,
    out: &'a mut Vec<Diagnostic>,
    /// The aliases that are being resolved, to find those that hold themselves.
    inside: Vec<Name>,
    /// Where the whole type stands.
    span: Span,
    /// The parts that were resolved.
    parts: usize,
    /// Whether it was said that there are too many.
    spent: bool,
}

impl Resolver<'_> {
    fn resolve(&mut self, ty: &TypeExpr) -> Type {
        self.parts += 1;
        if self.parts > TYPE_PARTS || self.inside.len() > TYPE_DEPTH {
            if !std::mem::replace(&mut self.spent, true) {
                let message = format!("a type has more than {TYPE_PARTS} parts, or names others in a chain of more than {TYPE_DEPTH}");
                self.out.push(Diagnostic::error("budget-exceeded", self.span, message).help("write a smaller type"));
            }
            return Type::Error;
        }
        match &ty.node {
            TypeNode::Missing => Type::Error,
            TypeNode::Named(name) => self.named(name, ty),
            TypeNode::Word(word) => Type::Words(Arc::new([word.clone()])),
            TypeNode::Union(parts) => self.union(parts),
            TypeNode::List(inner) => Type::List(Arc::new(self.resolve(inner))),
            TypeNode::Map(inner) => Type::Map(Arc::new(self.resolve(inner))),
            TypeNode::Optional(inner) => Type::Optional(Arc::new(self.resolve(inner))),
            TypeNode::Record(fields) => {
                let field = |(name, span, ty, default): &(Name, _, TypeExpr, Option<_>)| Field {
                    name: name.clone(),
                    span: *span,
                    ty: self.resolve(ty),
                    default: default.clone().map(Arc::new),
                };
                Type::Record(fields.iter().map(field).collect())
            }
            TypeNode::In(inner, bounds) => self.bounded(ty, inner, bounds),
            TypeNode::Len(inner, bounds) => refined(self.resolve(inner), Refinement::Len(Arc::new(bounds.clone()))),
            TypeNode::Matching(inner, pattern) => {
                let pattern = Pattern::new(pattern.clone());
                // Those of the standard library are held to it by a test, and compiled only when asked.
                if ty.span.file.0 < super::library::STDLIB_FILES
                    && let Err(error) = pattern.check()
                {
                    self.out.push(Diagnostic::error("bad-pattern", ty.span, format!("invalid regular expression: {error}")));
                }
                refined(self.resolve(inner), Refinement::Matching(Arc::new(pattern)))
            }
        }
    }

    fn bounded(&mut self, ty: &TypeExpr, inner: &TypeExpr, bounds: &Bounds) -> Type {
        let base = self.resolve(inner);
        for bound in [&bounds.least, &bounds.most].into_iter().flatten() {
            let fits = match (base.bare(), bound) {
                (Type::Quantity(unit), Value::Quantity(_, other)) => unit == other,
                (Type::Int, Value::Int(_)) | (Type::Float, Value::Int(_) | Value::Float(_)) | (Type::Error | Type::Any, _) => true,
                _ => false,
            };
            if !fits {
                self.out.push(Diagnostic::error("type-mismatch", ty.span, format!("`{bound}` cannot bound a {base}")));
            }
        }
        refined(base, Refinement::In(Arc::new(bounds.clone())))
    }

    fn named(&mut self, name: &Name, ty: &TypeExpr) -> Type {
        if let Some(built_in) = built_in(name) {
            return built_in;
        }
        if let Some(alias) = self.types.alias(name) {
            if self.inside.contains(name) {
                let message = format!("the type `{name}` is recursive");
                self.out.push(Diagnostic::error("recursive-type", ty.span, message));
                return Type::Error;
            }
            self.inside.push(name.clone());
            let resolved = self.resolve(&alias);
            self.inside.pop();
            return resolved;
        }
        if self.types.is_kind(name) {
            return Type::Ref(Arc::new([name.clone()]));
        }
        if &**name == "any" {
            return Type::Ref(Arc::new([]));
        }
        let mut finding = Diagnostic::error("unknown-type", ty.span, format!("there is no type or kind `{name}`"));
        let known = self.types.known();
        let names = BUILT_IN.iter().map(|(n, _)| *n).chain(known.iter().map(|n| &**n));
        if let Some(near) = nearest(name, names) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), ty.span, near);
        }
        self.out.push(finding);
        Type::Error
    }

    fn union(&mut self, parts: &[TypeExpr]) -> Type {
        let (mut words, mut kinds, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let mut optional = false;
        for part in parts {
            let mut part = self.resolve(part);
            if let Type::Optional(inner) = part {
                optional = true;
                part = (*inner).clone();
            }
            match part {
                Type::Words(more) => words.extend(more.iter().cloned()),
                Type::Ref(more) => kinds.extend(more.iter().cloned()),
                Type::OneOf(more) => others.extend(more.iter().cloned()),
                other => others.push(other),
            }
        }
        if !words.is_empty() {
            others.push(Type::Words(words.into()));
        }
        if !kinds.is_empty() {
            others.push(Type::Ref(kinds.into()));
        }
        let union = match (others.pop(), others.is_empty()) {
            (Some(only), true) => only,
            (Some(last), false) => {
                others.push(last);
                Type::OneOf(others.into())
            }
            (None, _) => Type::Error,
        };
        if optional { Type::Optional(Arc::new(union)) } else { union }
    }
}

/// A refined type; `T?` is refined inside, so that `none` still fits.
fn refined(ty: Type, refinement: Refinement) -> Type {
    match ty {
        Type::Optional(inner) => Type::Optional(Arc::new(refined((*inner).clone(), refinement))),
        other => Type::Refined(Arc::new(other), refinement),
    }
}
