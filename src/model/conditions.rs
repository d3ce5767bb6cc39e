//! Whether conditions on parameters can hold together. A condition that is not understood may hold.

use super::{Cond, Deploy, Type, Value};

/// The most assignments of parameters that are tried.
const MOST_ASSIGNMENTS: usize = 4_096;

/// Whether some choice of parameters makes all of some conditions true.
pub fn can_hold(conditions: &[&Cond]) -> bool {
    let mut choices: Vec<(Value, Vec<Value>)> = Vec::new();
    conditions.iter().for_each(|c| atoms(c, &mut choices));
    let all = choices.iter().fold(1usize, |n, (_, values)| n.saturating_mul(values.len()));
    if all > MOST_ASSIGNMENTS {
        return true;
    }
    (0..all).any(|number| {
        let mut rest = number;
        let mut chosen = Vec::with_capacity(choices.len());
        for (of, values) in &choices {
            let value = values.get(rest % values.len().max(1)).unwrap_or(&Value::None);
            rest /= values.len().max(1);
            chosen.push((of, value));
        }
        conditions.iter().all(|c| holds(c, &chosen))
    })
}

/// What is compared in a condition, each with the values that matter.
fn atoms(condition: &Cond, out: &mut Vec<(Value, Vec<Value>)>) {
    match condition {
        Cond::Equals(a, b) => {
            for (of, with) in [(a, b), (b, a)] {
                if !of.is_deploy() {
                    continue;
                }
                let at = out.iter().position(|(known, _)| known == of).unwrap_or_else(|| {
                    out.push((of.clone(), first(of)));
                    out.len() - 1
                });
                if let Some((_, values)) = out.get_mut(at)
                    && !with.is_deploy()
                    && !values.contains(with)
                {
                    values.push(with.clone());
                }
            }
        }
        Cond::Not(inner) => atoms(inner, out),
        Cond::And(all) | Cond::Or(all) => all.iter().for_each(|c| atoms(c, out)),
    }
}

/// The values of a parameter that has few, or one that differs from every other.
fn first(of: &Value) -> Vec<Value> {
    match of {
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Param(_, ty) => match ty.bare() {
                Type::Words(words) => words.iter().map(|w| Value::text(&**w)).collect(),
                Type::Bool => vec![Value::text("true"), Value::text("false")],
                _ => vec![Value::None],
            },
            _ => vec![Value::None],
        },
        _ => Vec::new(),
    }
}

fn holds(condition: &Cond, chosen: &[(&Value, &Value)]) -> bool {
    let value = |of: &Value| chosen.iter().find(|(known, _)| *known == of).map_or_else(|| of.clone(), |(_, value)| (*value).clone());
    match condition {
        Cond::Equals(a, b) => value(a) == value(b),
        Cond::Not(inner) => !holds(inner, chosen),
        Cond::And(all) => all.iter().all(|c| holds(c, chosen)),
        Cond::Or(all) => all.iter().any(|c| holds(c, chosen)),
    }
}
