//! Whether every value that a parameter may take is a value of what it is given to. CloudFormation takes what the
//! parameter allows, and only then the service refuses it.

use super::conform::{bounds, within};
use super::eval::Env;
use crate::base::{Diagnostic, Name};
use crate::model::{Bounds, Expr, Refinement, Type, Value};

impl Env<'_> {
    /// The finding on a parameter that may have values which a type does not take.
    pub(super) fn leaves(&self, name: &Name, given: &Type, wanted: &Type, expr: &Expr, what: &str) -> Option<Diagnostic> {
        // A parameter of a component has the values of its uses, and each of them is checked.
        let param = self.world.params.iter().find(|param| param.name == *name)?;
        let own = &param.declared;
        let (message, ty) = narrower(given, wanted, own, what).or_else(|| {
            let default = param.default.as_ref()?;
            let refused = refinements(wanted).into_iter().any(|refinement| !takes(refinement, default));
            refused.then(|| (format!("`{what}` is {}, and {default}, the default of the parameter `{own}`, is not", article(wanted)), None))
        })?;
        let mut finding = Diagnostic::error("parameter-out-of-range", expr.span, message);
        if param.span != expr.span {
            finding = finding.also(param.span, format!("`{own}` is declared here"));
        }
        let Some(ty) = ty else { return Some(finding.help(format!("give `{own}` another default"))) };
        let fits = |default: &Value| refinements(&ty).into_iter().all(|refinement| takes(refinement, default));
        let other = param.default.as_ref().is_some_and(|default| !fits(default));
        let and_default = if other { ", with another default" } else { "" };
        finding = finding.help(format!("declare it as `param {own}: {ty}`{and_default}"));
        Some(match param.type_span.filter(|_| !other) {
            Some(span) => finding.fix(format!("declare `{own}` as `{ty}`"), span, ty.to_string()),
            None => finding,
        })
    }
}

/// What is wrong with the values of a parameter's type, and the type that it should have.
fn narrower(given: &Type, wanted: &Type, own: &Name, what: &str) -> Option<(String, Option<Type>)> {
    for refinement in refinements(wanted) {
        match (refinement, given.bare()) {
            (Refinement::In(limits), _) => {
                let open = Bounds { least: None, most: None };
                let may = bounds(given).unwrap_or(&open);
                if !covers(limits, may) {
                    let all = if *may == open { format!("any {}", given.bare()) } else { format!("in {may}") };
                    let ty = Type::Refined(given.bare().clone().into(), Refinement::In(common(limits, may).into()));
                    return Some((format!("`{what}` is in {limits}, and the parameter `{own}` may be {all}"), Some(ty)));
                }
            }
            (refinement, Type::Words(words)) => {
                if let Some(word) = words.iter().find(|word| !takes(refinement, &Value::Str((*word).clone()))) {
                    return Some((format!("`{what}` is {}, and the parameter `{own}` may be {word:?}", article(wanted)), None));
                }
            }
            (Refinement::Len(limits), _) => {
                let lengths = refinements(given).into_iter().find_map(|r| match r {
                    Refinement::Len(bounds) => Some(bounds),
                    _ => None,
                });
                if let Some(may) = lengths.filter(|may| !covers(limits, may)) {
                    let ty = Type::Refined(given.bare().clone().into(), Refinement::Len(common(limits, may).into()));
                    let message = format!("`{what}` has {limits} characters, and the parameter `{own}` may have {may}");
                    return Some((message, Some(ty)));
                }
            }
            // Whether one pattern allows only what another does is not decided.
            (Refinement::Matching(_), _) => {}
        }
    }
    None
}

fn article(ty: &Type) -> String {
    format!("a {ty}")
}

/// The refinements of a type, the outermost first.
fn refinements(ty: &Type) -> Vec<&Refinement> {
    match ty {
        Type::Optional(inner) => refinements(inner),
        Type::Refined(inner, refinement) => std::iter::once(refinement).chain(refinements(inner)).collect(),
        _ => Vec::new(),
    }
}

/// Whether a refinement takes a value. What is not known, it takes.
fn takes(refinement: &Refinement, value: &Value) -> bool {
    match refinement {
        Refinement::In(bounds) => value.magnitude().is_none_or(|n| within(n, bounds)),
        Refinement::Len(bounds) => value.as_str().is_none_or(|text| within(text.chars().count() as f64, bounds)),
        Refinement::Matching(pattern) => value.as_str().is_none_or(|text| pattern.accepts(text)),
    }
}

/// Whether everything within some bounds is within others.
fn covers(limits: &Bounds, may: &Bounds) -> bool {
    let number = |bound: &Option<Value>| bound.as_ref().and_then(Value::magnitude);
    let least = number(&limits.least).is_none_or(|limit| number(&may.least).is_some_and(|least| least >= limit));
    let most = number(&limits.most).is_none_or(|limit| number(&may.most).is_some_and(|most| most <= limit));
    least && most
}

/// What is within both bounds; the limits alone if nothing is.
fn common(limits: &Bounds, may: &Bounds) -> Bounds {
    let tighter = |a: &Option<Value>, b: &Option<Value>, larger: bool| match (a, b) {
        (Some(a), Some(b)) => Some(if (a.magnitude() > b.magnitude()) == larger { a.clone() } else { b.clone() }),
        (a, b) => a.clone().or_else(|| b.clone()),
    };
    let both = Bounds { least: tighter(&limits.least, &may.least, true), most: tighter(&limits.most, &may.most, false) };
    let empty = both.least.as_ref().zip(both.most.as_ref()).is_some_and(|(least, most)| least.magnitude() > most.magnitude());
    if empty { limits.clone() } else { both }
}
