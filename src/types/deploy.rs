//! Operations on what is known only when the stack is deployed. Knows nothing of where it is used.

use crate::model::{Cond, Deploy, Type, Value, can_hold};

/// Adds a part to a text, joining what is known.
pub(super) fn push_text(parts: &mut Vec<Value>, part: Value) {
    if let Value::Deploy(deploy) = &part
        && let Deploy::Text(inner) = &**deploy
    {
        for piece in inner {
            push_text(parts, piece.clone());
        }
        return;
    }
    if let (Some(Value::Str(last)), Value::Str(text)) = (parts.last(), &part) {
        let joined = format!("{last}{text}");
        parts.pop();
        parts.push(Value::text(joined));
        return;
    }
    parts.push(part);
}

/// Applies a function to a value, to both of them where a condition chooses.
pub(super) fn lift(value: &Value, apply: &mut dyn FnMut(&Value) -> Value) -> Value {
    if let Value::Deploy(deploy) = value
        && let Deploy::If(cond, then, otherwise) = &**deploy
    {
        let (then, otherwise) = (lift(then, apply), lift(otherwise, apply));
        return choose(cond.clone(), then, otherwise);
    }
    apply(value)
}

/// A text that holds choices as a choice of texts: CloudFormation cannot choose within what a condition compares. None if
/// there are too many choices.
pub(super) fn spread(value: &Value) -> Option<Value> {
    fn within(value: &Value, left: u8) -> Option<Value> {
        let Value::Deploy(deploy) = value else { return Some(value.clone()) };
        let Deploy::Text(parts) = &**deploy else { return Some(value.clone()) };
        let choice = parts.iter().enumerate().find_map(|(at, part)| match part {
            Value::Deploy(deploy) => match &**deploy {
                Deploy::If(cond, then, otherwise) => Some((at, cond.clone(), then.clone(), otherwise.clone())),
                _ => None,
            },
            _ => None,
        });
        let Some((at, cond, then, otherwise)) = choice else { return Some(value.clone()) };
        let left = left.checked_sub(1)?;
        let with = |chosen: &Value| {
            let mut text = Vec::with_capacity(parts.len());
            for (i, part) in parts.iter().enumerate() {
                push_text(&mut text, if i == at { chosen.clone() } else { part.clone() });
            }
            let whole = if text.len() == 1 { text.pop()? } else { Value::deploy(Deploy::Text(text)) };
            within(&whole, left)
        };
        Some(choose(cond, with(&then)?, with(&otherwise)?))
    }
    within(value, 6)
}

/// One value or another; just the value where both are the same.
pub(super) fn choose(cond: Cond, then: Value, otherwise: Value) -> Value {
    if then == otherwise {
        return then;
    }
    if let (Value::Bool(a), Value::Bool(_)) = (&then, &otherwise) {
        return Value::deploy(Deploy::Bool(if *a { cond } else { Cond::Not(cond.into()) }));
    }
    Value::deploy(Deploy::If(cond, then, otherwise))
}

/// A choice as the side that is left where a condition holds; any other value as it is.
pub(super) fn decided(value: &Value, assumed: &Cond) -> Value {
    let Value::Deploy(deploy) = value else { return value.clone() };
    let (cond, then, otherwise) = match &**deploy {
        Deploy::If(cond, then, otherwise) => (cond, then.clone(), otherwise.clone()),
        Deploy::Bool(cond) => (cond, Value::Bool(true), Value::Bool(false)),
        _ => return value.clone(),
    };
    if !can_hold(&[assumed, &Cond::Not(cond.clone().into())]) {
        decided(&then, assumed)
    } else if !can_hold(&[assumed, cond]) {
        decided(&otherwise, assumed)
    } else {
        value.clone()
    }
}

/// The condition that a deploy-time value is, if it is a true or false.
pub(super) fn condition(deploy: &Deploy) -> Option<Cond> {
    match deploy {
        Deploy::Bool(cond) => Some(cond.clone()),
        Deploy::Param(_, ty) if *ty.bare() == Type::Bool => Some(Cond::Equals(Value::deploy(deploy.clone()), Value::text("true"))),
        Deploy::If(cond, then, otherwise) => {
            let part = |value: &Value| match value {
                Value::Bool(b) => Some(Ok(*b)),
                Value::Deploy(deploy) => condition(deploy).map(Err),
                _ => None,
            };
            let yes = match part(then)? {
                Ok(true) => Some(cond.clone()),
                Ok(false) => None,
                Err(inner) => Some(Cond::And(vec![cond.clone(), inner])),
            };
            let no = Cond::Not(cond.clone().into());
            let no = match part(otherwise)? {
                Ok(true) => Some(no),
                Ok(false) => None,
                Err(inner) => Some(Cond::And(vec![no, inner])),
            };
            match (yes, no) {
                (Some(a), Some(b)) => Some(Cond::Or(vec![a, b])),
                (a, b) => a.or(b),
            }
        }
        _ => None,
    }
}
