//! Whether a value fits a type, and what it becomes: defaults of records, bounds, words. Knows nothing of declarations' meaning.

use super::deploy::choose;
use super::eval::Env;
use super::members::a_kind;
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::{Bounds, Deploy, Entry, Expr, Field, Node, Refinement, Type, Unit, Value};
use crate::names::nearest;
use std::sync::Arc;

impl Env<'_> {
    /// The value as one of a type, or a finding at the expression that gave it.
    pub fn conform(&self, value: Value, ty: &Type, expr: &Expr, what: &str) -> Value {
        match (&value, ty) {
            (Value::Type(..), Type::Any) => self.mismatch(&value, ty, expr, what),
            (Value::Missing, _) | (_, Type::Any | Type::Error) => value,
            (Value::Type(name, named), Type::Type) => match named.not_data() {
                Some(part) => self.no_data(name, part, expr),
                None => value,
            },
            (Value::None, Type::Optional(_)) => value,
            (_, Type::Optional(inner)) => self.conform(value, inner, expr, what),
            (Value::Deploy(deploy), _) => self.conform_deploy(&value, deploy, ty, expr, what),
            (_, Type::Refined(inner, refinement)) => {
                let value = self.conform(value, inner, expr, what);
                self.refine(&value, refinement, ty, expr.span, what);
                value
            }
            (Value::Int(n), Type::Float) => Value::Float(*n as f64),
            (Value::Str(text), Type::Words(words)) if !words.contains(text) => self.wrong_word(text, words, expr, what),
            (Value::List(values), Type::List(inner)) => self.conform_list(values, inner, expr, what),
            (Value::Record(fields), Type::Map(inner)) => {
                let entries = entries_of(expr);
                let conform = |(key, value): (&Name, &Value)| {
                    let at = entries.iter().find(|(k, ..)| k == key).map_or(expr, |(_, _, e)| e);
                    (key.clone(), self.conform(value.clone(), inner, at, key))
                };
                Value::record(fields.iter().map(conform).collect())
            }
            (Value::Record(fields), Type::Record(types)) => self.conform_record(fields, types, expr, what),
            (_, Type::OneOf(types)) => match types.iter().find(|ty| fits(self, &value, ty)) {
                Some(ty) => self.conform(value, ty, expr, what),
                None => self.mismatch(&value, ty, expr, what),
            },
            _ if fits(self, &value, ty) => value,
            _ => self.mismatch(&value, ty, expr, what),
        }
    }

    fn conform_deploy(&self, value: &Value, deploy: &Arc<Deploy>, ty: &Type, expr: &Expr, what: &str) -> Value {
        match &**deploy {
            Deploy::If(cond, then, otherwise) => {
                let (then_at, otherwise_at) = match &expr.node {
                    Node::If(a, _, Some(b)) => (&**a, &**b),
                    _ => (expr, expr),
                };
                let then = self.conform(then.clone(), ty, then_at, what);
                let otherwise =
                    if *otherwise == Value::None { Value::None } else { self.conform(otherwise.clone(), ty, otherwise_at, what) };
                choose(cond.clone(), then, otherwise)
            }
            Deploy::Param(name, given) if !assignable(given, ty) => {
                let message = format!("`{what}` is {}, and the parameter `{name}` is {}", shown(ty), shown(given));
                let finding = Diagnostic::error("type-mismatch", expr.span, message);
                self.fail(match (ty.bare(), &expr.node) {
                    (Type::List(_), Node::Name(name)) => finding.help(format!("write a list: `[{name}]`")),
                    _ => finding,
                })
            }
            Deploy::Param(name, given) => {
                let finding = self.leaves(name, given, ty, expr, what);
                finding.map_or_else(|| value.clone(), |finding| self.fail(self.sourced(finding)))
            }
            Deploy::Bool(_) if *ty.bare() != Type::Bool => self.mismatch(value, ty, expr, what),
            Deploy::Text(_) | Deploy::Pseudo(_) | Deploy::StackPart
                if !matches!(ty.bare(), Type::String | Type::Words(_) | Type::OneOf(_)) =>
            {
                self.mismatch(value, ty, expr, what)
            }
            _ => value.clone(),
        }
    }

    fn conform_list(&self, values: &[Value], inner: &Type, expr: &Expr, what: &str) -> Value {
        let written = match &expr.node {
            Node::List(elements) => elements.as_slice(),
            _ => &[],
        };
        let conform = |(at, value): (usize, &Value)| self.conform(value.clone(), inner, written.get(at).unwrap_or(expr), what);
        Value::list(values.iter().enumerate().map(conform).collect())
    }

    fn conform_record(&self, fields: &FxIndexMap<Name, Value>, types: &[Field], expr: &Expr, what: &str) -> Value {
        let entries = entries_of(expr);
        let mut result = FxIndexMap::with_capacity_and_hasher(types.len(), Default::default());
        let known = || types.iter().map(|t| &*t.name);
        // A field that is misspelt is not missing too.
        let misspelt = |name: &Name| fields.keys().filter(|k| known().all(|n| *n != ***k)).any(|k| nearest(k, known()) == Some(&**name));
        for field in types {
            let at = entries.iter().find(|(k, ..)| *k == field.name).map_or(expr, |(_, _, e)| e);
            let value = match (fields.get(&field.name), &field.default) {
                (Some(value), _) => self.conform(value.clone(), &field.ty, at, &field.name),
                (None, Some(default)) => self.conform(self.eval(default), &field.ty, default, &field.name),
                (None, None) if field.ty.optional() => Value::None,
                (None, None) if misspelt(&field.name) => Value::Missing,
                (None, None) => {
                    let message = format!("`{what}` has no `{}`", field.name);
                    self.fail(
                        Diagnostic::error("missing-property", expr.span, message)
                            .help(format!("add `{} = ...` ({})", field.name, field.ty)),
                    )
                }
            };
            result.insert(field.name.clone(), value);
        }
        for key in fields.keys().filter(|k| !types.iter().any(|t| t.name == **k)) {
            let span = entries.iter().find(|(k, ..)| k == key).map_or(expr.span, |(_, span, _)| *span);
            let mut finding = Diagnostic::error("unknown-property", span, format!("`{what}` has no `{key}`"));
            let names: Vec<&str> = types.iter().map(|t| &*t.name).collect();
            match nearest(key, names.iter().copied()) {
                Some(near) => finding = finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), span, near),
                None => finding = finding.help(format!("it has {}", names.join(", "))),
            }
            self.report(finding);
        }
        Value::record(result)
    }

    fn refine(&self, value: &Value, refinement: &Refinement, ty: &Type, span: Span, what: &str) {
        let finding = match refinement {
            Refinement::In(bounds) => match value.magnitude() {
                Some(n) if !within(n, bounds) => format!("`{what}` is {value}, outside of {bounds}"),
                _ => return,
            },
            Refinement::Len(bounds) => {
                let (length, unit) = match value {
                    Value::List(values) => (values.len(), "elements"),
                    Value::Str(text) => (text.chars().count(), "characters"),
                    Value::Record(fields) => (fields.len(), "entries"),
                    _ => return,
                };
                if within(length as f64, bounds) {
                    return;
                }
                format!("`{what}` has {length} {unit}, outside of {bounds}")
            }
            Refinement::Matching(pattern) => {
                let Some(text) = value.as_str() else { return };
                if pattern.accepts(text) {
                    return;
                }
                format!("`{what}` is {text:?}, which does not match {:?}", pattern.text)
            }
        };
        self.report(self.sourced(Diagnostic::error("out-of-range", span, finding).help(format!("it takes {}", shown(ty)))));
    }

    /// A finding with the page that the limit rests on.
    fn sourced(&self, finding: Diagnostic) -> Diagnostic {
        match self.source {
            Some(page) => finding.note(format!("source: {page}")),
            None => finding,
        }
    }

    fn wrong_word(&self, text: &Name, words: &[Name], expr: &Expr, what: &str) -> Value {
        let list: Vec<String> = words.iter().map(|w| format!("{w:?}")).collect();
        let mut finding = Diagnostic::error("unknown-word", expr.span, format!("`{what}` cannot be {text:?}"));
        finding = match nearest(text, words.iter().map(|w| &**w)) {
            Some(near) => {
                finding.help(format!("did you mean {near:?}?")).fix(format!("change it to {near:?}"), expr.span, format!("{near:?}"))
            }
            None => finding.help(format!("it is one of {}", list.join(", "))),
        };
        self.fail(self.sourced(finding))
    }

    fn mismatch(&self, value: &Value, ty: &Type, expr: &Expr, what: &str) -> Value {
        let given = self.describe(value);
        let finding = Diagnostic::error("type-mismatch", expr.span, format!("expected {} for `{what}`, found {given}", shown(ty)));
        self.fail(match (ty.bare(), value) {
            (Type::Quantity(unit), Value::Int(n)) => finding.help(format!("write a unit: `{n}{}`", likely_unit(*unit, *n, ty))),
            (Type::Ref(kinds), Value::Str(text)) => {
                finding.help(format!("name the declaration itself, as `{text}` without quotes ({})", kinds.join(" or ")))
            }
            (Type::String, Value::Int(_) | Value::Float(_) | Value::Bool(_)) => finding.help(format!("put it in quotes: \"{value}\"")),
            (Type::String, Value::Quantity(_, unit)) => {
                let (name, factor) =
                    unit.scales().iter().find(|(_, f)| matches!(value, Value::Quantity(n, _) if n % f == 0)).copied().unwrap_or(("s", 1));
                let amount = value.magnitude().unwrap_or_default() / factor as f64;
                finding.help(format!("say in which unit: `\"${{... as {name}}}\"` gives \"{amount}\""))
            }
            (Type::String | Type::Words(_), Value::Ref(_)) => finding.help("name one of its values, as `.arn` or `.name`"),
            (Type::List(_), _) => finding.help("write a list: `[...]`"),
            (Type::Type, _) => finding.help("declare it, as `type Order = { id: String, total: Int }`, and name it here"),
            _ => finding,
        })
    }

    /// A type that messages cannot be of.
    fn no_data(&self, name: &Name, part: &Type, expr: &Expr) -> Value {
        let message = format!("no message is of the type `{name}`: {} has no form in JSON", shown(part));
        let help = "use texts, numbers, `Bool`, enumerations, lists, maps and records; a quantity as a number, as `seconds: Int`";
        self.fail(Diagnostic::error("type-mismatch", expr.span, message).help(help))
    }

    /// What a value is, in words: `512MB (a Size)`.
    pub fn describe(&self, value: &Value) -> String {
        match value {
            Value::Ref(id) => {
                self.world.instance(*id).map_or_else(|| "a declaration".into(), |i| format!("{} (`{}`)", a_kind(i.kind_name()), i.name))
            }
            Value::Quantity(n, unit) => format!("{} ({})", unit.show(*n), Type::Quantity(*unit)),
            Value::Str(text) => format!("the text {text:?}"),
            Value::Int(_) | Value::Float(_) => format!("the number {value}"),
            Value::List(values) => format!("a list of {}", values.len()),
            Value::Record(_) => "a record".into(),
            Value::Deploy(_) => "a text that is known only when the stack is deployed".into(),
            Value::Resource(_) => "a CloudFormation resource".into(),
            Value::Type(name, _) => format!("the type `{name}`"),
            other => other.to_string(),
        }
    }
}

/// The unit that was probably meant by a bare number: the commonest with which it is within the type's bounds.
fn likely_unit(unit: Unit, n: i64, ty: &Type) -> &'static str {
    let order: &[&str] = match unit {
        Unit::Time => &["s", "m", "h", "d", "ms"],
        Unit::Size => &["MB", "GB", "KB", "B"],
        Unit::Percent => &["%"],
    };
    let fits =
        |name: &&&str| Unit::of(name).is_some_and(|(_, factor)| bounds(ty).is_none_or(|b| within(n.saturating_mul(factor) as f64, b)));
    order.iter().find(fits).or(order.first()).copied().unwrap_or("")
}

/// The bounds of a type, if it has some.
pub(super) fn bounds(ty: &Type) -> Option<&Bounds> {
    match ty {
        Type::Refined(_, Refinement::In(bounds)) => Some(bounds),
        Type::Refined(inner, _) | Type::Optional(inner) => bounds(inner),
        _ => None,
    }
}

/// A type in words, with an article where it needs one.
fn shown(ty: &Type) -> String {
    match ty {
        Type::Ref(kinds) if !kinds.is_empty() => kinds.iter().map(|k| a_kind(k)).collect::<Vec<_>>().join(" or "),
        Type::Optional(inner) => shown(inner),
        Type::Int => "an Int".into(),
        Type::Type => "a type".into(),
        Type::Words(_) | Type::OneOf(_) => format!("one of {ty}"),
        _ => format!("a {ty}"),
    }
}

pub(super) fn within(n: f64, bounds: &Bounds) -> bool {
    let at_least = bounds.least.as_ref().and_then(Value::magnitude).is_none_or(|least| n >= least);
    at_least && bounds.most.as_ref().and_then(Value::magnitude).is_none_or(|most| n <= most)
}

/// Whether a value is of a type, without a word about why not.
fn fits(env: &Env<'_>, value: &Value, ty: &Type) -> bool {
    match (value, ty) {
        (Value::Missing, _) | (_, Type::Any | Type::Error) => true,
        (Value::None, ty) => ty.optional(),
        (_, Type::Optional(inner) | Type::Refined(inner, _)) => fits(env, value, inner),
        (Value::Bool(_), Type::Bool) | (Value::Int(_), Type::Int | Type::Float) | (Value::Float(_), Type::Float) => true,
        (Value::Quantity(_, a), Type::Quantity(b)) => a == b,
        (Value::Str(_), Type::String) | (Value::Cidr(_), Type::Cidr) | (Value::Date(_), Type::Date) => true,
        (Value::Str(text), Type::Words(words)) => words.contains(text),
        (Value::List(values), Type::List(inner)) => values.iter().all(|v| fits(env, v, inner)),
        (Value::Record(fields), Type::Map(inner)) => fields.values().all(|v| fits(env, v, inner)),
        (Value::Record(fields), Type::Record(types)) => fields.keys().all(|k| types.iter().any(|t| t.name == *k)),
        (Value::Type(..), Type::Type) => true,
        (Value::Ref(id), Type::Ref(kinds)) => {
            env.world.instance(*id).is_some_and(|i| kinds.is_empty() || kinds.iter().any(|k| **k == *i.kind_name()) || i.kind_name() == "?")
        }
        (_, Type::OneOf(types)) => types.iter().any(|t| fits(env, value, t)),
        (Value::Deploy(_), _) => true,
        _ => false,
    }
}

/// Whether a parameter of one type may stand where another is wanted.
fn assignable(given: &Type, wanted: &Type) -> bool {
    match (given.bare(), wanted.bare()) {
        (_, Type::Any | Type::Error) | (Type::Error, _) => true,
        (Type::Words(given), Type::Words(wanted)) => given.iter().all(|w| wanted.contains(w)),
        (Type::Words(_), Type::String) | (Type::Int, Type::Float) => true,
        (given, Type::OneOf(types)) => types.iter().any(|t| assignable(given, t)),
        (given, wanted) => given == wanted,
    }
}

/// The fields that a record expression writes.
fn entries_of(expr: &Expr) -> Vec<(Name, Span, Expr)> {
    let Node::Record(entries) = &expr.node else { return Vec::new() };
    let field = |entry: &Entry| match entry {
        Entry::Field { key, key_span, value } => Some((key.clone(), *key_span, value.clone())),
        _ => None,
    };
    entries.iter().filter_map(field).collect()
}
