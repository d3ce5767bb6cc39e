//! Types: as written, and resolved. Knows nothing of how they are inferred.

use super::{Expr, Unit, Value};
use crate::base::budget::PATTERN_BYTES;
use crate::base::{Matcher, MatcherFault, Name, Span};
use std::sync::Arc;

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Where.
    pub span: Span,
    /// What.
    pub node: TypeNode,
}

/// The forms of written types.
#[derive(Clone, Debug)]
pub enum TypeNode {
    /// Could not be read.
    Missing,
    /// `String`, `queue`, `my_type`
    Named(Name),
    /// `"dev"`
    Word(Name),
    /// `A | B`
    Union(Vec<TypeExpr>),
    /// `[T]`
    List(Box<TypeExpr>),
    /// `{String: T}`
    Map(Box<TypeExpr>),
    /// `{ a: T = x }`
    Record(Vec<(Name, Span, TypeExpr, Option<Expr>)>),
    /// `T?`
    Optional(Box<TypeExpr>),
    /// `T in a..b`
    In(Box<TypeExpr>, Bounds),
    /// `T len a..b`
    Len(Box<TypeExpr>, Bounds),
    /// `T matching "..."`
    Matching(Box<TypeExpr>, Name),
}

/// Inclusive bounds, either of which may be open.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// The least.
    pub least: Option<Value>,
    /// The greatest.
    pub most: Option<Value>,
}

/// A resolved type.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Type {
    /// What follows from a mistake; fits everything.
    Error,
    /// Anything: of `raw` and `resource`.
    Any,
    Bool,
    Int,
    Float,
    String,
    Quantity(Unit),
    Cidr,
    Date,
    /// A type of data: what messages are made of.
    Type,
    /// One of some words.
    Words(Arc<[Name]>),
    List(Arc<Type>),
    Map(Arc<Type>),
    Record(Arc<[Field]>),
    /// Or `none`.
    Optional(Arc<Type>),
    /// A declaration of one of some kinds; of any kind if empty.
    Ref(Arc<[Name]>),
    /// One of several types.
    OneOf(Arc<[Type]>),
    Refined(Arc<Type>, Refinement),
}

/// A field of a record type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// Its type.
    pub ty: Type,
    /// What it is when left out.
    pub default: Option<Arc<Expr>>,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.ty == other.ty
    }
}

/// A regular expression that a text must match, whole.
#[derive(Debug)]
pub struct Pattern {
    /// As written.
    pub text: Name,
    matcher: Matcher,
}

impl Pattern {
    /// For a pattern as written.
    pub fn new(text: Name) -> Pattern {
        let matcher = Matcher::new(format!("^(?:{text})$")).within(PATTERN_BYTES);
        Pattern { text, matcher }
    }

    /// Whether it is one: what is wrong with it, otherwise.
    pub fn check(&self) -> Result<(), String> {
        match Matcher::new(&*self.text).within(PATTERN_BYTES).check() {
            Ok(()) => Ok(()),
            Err(MatcherFault::TooLarge) => Err(format!("its automaton has more than {PATTERN_BYTES} bytes; repeat less")),
            Err(MatcherFault::Wrong(error)) => Err(error),
        }
    }

    /// Whether a text matches; a pattern that is none, which was said where it stands, lets every text pass.
    pub fn accepts(&self, text: &str) -> bool {
        self.matcher.is_match(text).unwrap_or(true)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What narrows a type.
#[derive(Clone, Debug, PartialEq)]
pub enum Refinement {
    /// Its value is within bounds.
    In(Arc<Bounds>),
    /// Its length is within bounds.
    Len(Arc<Bounds>),
    /// Its text matches a regular expression, whole.
    Matching(Arc<Pattern>),
}

impl Type {
    /// Whether `none` fits.
    pub fn optional(&self) -> bool {
        matches!(self, Type::Optional(_) | Type::Any | Type::Error)
    }

    /// Whether a value of it is a type, or has a part that is one.
    pub fn of_types(&self) -> bool {
        match self {
            Type::Type => true,
            Type::List(inner) | Type::Map(inner) | Type::Optional(inner) | Type::Refined(inner, _) => inner.of_types(),
            Type::Record(fields) => fields.iter().any(|field| field.ty.of_types()),
            Type::OneOf(types) => types.iter().any(Type::of_types),
            _ => false,
        }
    }

    /// A part of it that no message in JSON has: a declaration, a quantity, a type.
    pub fn not_data(&self) -> Option<&Type> {
        match self {
            Type::Ref(_) | Type::Quantity(_) | Type::Type => Some(self),
            Type::List(inner) | Type::Map(inner) | Type::Optional(inner) | Type::Refined(inner, _) => inner.not_data(),
            Type::Record(fields) => fields.iter().find_map(|field| field.ty.not_data()),
            Type::OneOf(types) => types.iter().find_map(Type::not_data),
            _ => None,
        }
    }

    /// The type without `?` and refinements.
    pub fn bare(&self) -> &Type {
        match self {
            Type::Optional(inner) | Type::Refined(inner, _) => inner.bare(),
            other => other,
        }
    }
}

impl std::fmt::Display for Bounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let show = |v: &Option<Value>| v.as_ref().map(Value::to_string).unwrap_or_default();
        write!(f, "{}..{}", show(&self.least), show(&self.most))
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let join = |f: &mut std::fmt::Formatter<'_>, parts: Vec<String>| f.write_str(&parts.join(" | "));
        match self {
            Type::Error => f.write_str("?"),
            Type::Any => f.write_str("Any"),
            Type::Bool => f.write_str("Bool"),
            Type::Int => f.write_str("Int"),
            Type::Float => f.write_str("Float"),
            Type::String => f.write_str("String"),
            Type::Quantity(Unit::Time) => f.write_str("Duration"),
            Type::Quantity(Unit::Size) => f.write_str("Size"),
            Type::Quantity(Unit::Percent) => f.write_str("Percent"),
            Type::Cidr => f.write_str("Cidr"),
            Type::Date => f.write_str("Date"),
            Type::Type => f.write_str("Type"),
            Type::Words(words) => join(f, words.iter().map(|w| format!("{w:?}")).collect()),
            Type::List(inner) => write!(f, "[{inner}]"),
            Type::Map(inner) => write!(f, "{{String: {inner}}}"),
            Type::Record(fields) => {
                let parts: Vec<String> = fields.iter().map(|x| format!("{}: {}", x.name, x.ty)).collect();
                write!(f, "{{ {} }}", parts.join(", "))
            }
            Type::Optional(inner) => match **inner {
                Type::Words(_) | Type::OneOf(_) => write!(f, "({inner})?"),
                _ => write!(f, "{inner}?"),
            },
            Type::Ref(kinds) if kinds.is_empty() => f.write_str("any declaration"),
            Type::Ref(kinds) => join(f, kinds.iter().map(|k| k.to_string()).collect()),
            Type::OneOf(types) => join(f, types.iter().map(Type::to_string).collect()),
            Type::Refined(inner, Refinement::In(bounds)) => write!(f, "{inner} in {bounds}"),
            Type::Refined(inner, Refinement::Len(bounds)) => write!(f, "{inner} len {bounds}"),
            Type::Refined(inner, Refinement::Matching(pattern)) => write!(f, "{inner} matching {:?}", pattern.text),
        }
    }
}
