//! What the simple built-in functions compute. Each gives nothing for arguments that it does not take.

use super::deploy::lift;
use super::eval::Env;
use crate::base::{Name, Span};
use crate::model::{Deploy, Value};

pub(super) fn length(value: &Value) -> Option<usize> {
    match value {
        Value::List(v) => Some(v.len()),
        Value::Record(m) => Some(m.len()),
        Value::Str(t) => Some(t.chars().count()),
        Value::None => Some(0),
        // Of a text that is known only at deployment, as much as is known.
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Text(parts) => Some(parts.iter().filter_map(length).sum()),
            Deploy::If(_, a, b) => Some(length(a)?.min(length(b)?)),
            _ => Some(0),
        },
        _ => None,
    }
}

pub(super) fn text(value: &Value, apply: impl Fn(&str) -> String) -> Option<Value> {
    let mut failed = false;
    let result = lift(value, &mut |v| match v.as_str() {
        Some(t) => Value::text(apply(t)),
        None => {
            failed = true;
            Value::Missing
        }
    });
    (!failed).then_some(result)
}

pub(super) fn test(arguments: &[Value], apply: fn(&str, &str) -> bool) -> Option<Value> {
    match arguments {
        [a, b] => Some(Value::Bool(apply(a.as_str()?, b.as_str()?))),
        _ => None,
    }
}

/// `GET /orders/{id}` as `GET/orders/*`, `ANY /x` as `*/x`.
pub(super) fn request_pattern(route: &str) -> String {
    let (method, path) = route.split_once(' ').map_or((route, ""), |(method, path)| (if method == "ANY" { "*" } else { method }, path));
    let mut out = method.to_string();
    let mut rest = path;
    while let Some((before, (_, after))) = rest.split_once('{').and_then(|(before, open)| Some((before, open.split_once('}')?))) {
        out.push_str(before);
        out.push('*');
        rest = after;
    }
    out + rest
}

pub(super) fn sum(values: &[Value]) -> Option<Value> {
    let Some((first, rest)) = values.split_first() else { return Some(Value::Int(0)) };
    rest.iter().try_fold(first.clone(), |total, value| match (total, value) {
        (Value::Int(a), Value::Int(b)) => a.checked_add(*b).map(Value::Int),
        (Value::Quantity(a, u), Value::Quantity(b, v)) if u == *v => a.checked_add(*b).map(|sum| Value::Quantity(sum, u)),
        (a, b) => Some(Value::Float(a.magnitude()? + b.magnitude()?)),
    })
}

pub(super) fn extreme(arguments: &[Value], greatest: bool) -> Option<Value> {
    let values = match arguments {
        [Value::List(values)] => values.as_slice(),
        values => values,
    };
    let mut best = values.first()?.clone();
    for value in values {
        if (value.magnitude()? > best.magnitude()?) == greatest && value.magnitude() != best.magnitude() {
            best = value.clone();
        }
    }
    Some(best)
}

pub(super) fn join(_: &Env<'_>, arguments: &[Value], _: Span) -> Option<Value> {
    let [Value::Str(separator), Value::List(values)] = arguments else { return None };
    let mut parts = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            super::deploy::push_text(&mut parts, Value::Str(separator.clone()));
        }
        let part = match value {
            Value::Str(_) | Value::Deploy(_) => value.clone(),
            Value::Ref(_) | Value::List(_) | Value::Record(_) => return None,
            other => Value::text(other.to_string()),
        };
        super::deploy::push_text(&mut parts, part);
    }
    Some(match parts.len() {
        0 => Value::text(""),
        1 => parts.pop()?,
        _ => Value::deploy(Deploy::Text(parts)),
    })
}

pub(super) fn subnet(_: &Env<'_>, arguments: &[Value], _: Span) -> Option<Value> {
    let [Value::Cidr(range), Value::Int(length), Value::Int(at)] = arguments else { return None };
    let range: ipnet::Ipv4Net = range.parse().ok()?;
    let part = range.subnets(u8::try_from(*length).ok()?).ok().and_then(|mut parts| parts.nth(usize::try_from(*at).ok()?));
    Some(part.map_or(Value::None, |part| Value::Cidr(part.to_string().into())))
}

pub(super) fn of_instance(env: &Env<'_>, value: &Value, get: fn(&super::world::Instance) -> Name) -> Option<Value> {
    match value {
        Value::Ref(id) => Some(Value::Str(get(env.world.instance(*id)?))),
        Value::List(values) => values.iter().map(|v| of_instance(env, v, get)).collect::<Option<_>>().map(Value::list),
        _ => None,
    }
}
