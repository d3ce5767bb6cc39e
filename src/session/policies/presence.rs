//! When a value is there: always, never, or under a condition. Knows nothing of policies.

use crate::model::{Cond, Deploy, Value};

/// Whether a value is there.
pub(super) enum Presence {
    Always,
    When(Cond),
    Never,
}

pub(super) fn presence(value: Option<&Value>) -> Presence {
    match value {
        None | Some(Value::None) => Presence::Never,
        Some(Value::List(values)) => {
            let mut conditions = Vec::new();
            for value in values.iter() {
                match presence(Some(value)) {
                    Presence::Always => return Presence::Always,
                    Presence::When(condition) => conditions.push(condition),
                    Presence::Never => {}
                }
            }
            if conditions.is_empty() { Presence::Never } else { Presence::When(Cond::Or(conditions)) }
        }
        Some(Value::Deploy(deploy)) => match &**deploy {
            Deploy::If(condition, then, otherwise) => either(condition, &presence(Some(then)), &presence(Some(otherwise))),
            _ => Presence::Always,
        },
        Some(_) => Presence::Always,
    }
}

/// When one of two values is there.
fn either(condition: &Cond, then: &Presence, otherwise: &Presence) -> Presence {
    let not = Cond::Not(condition.clone().into());
    let both = |a: &Cond, b: &Cond| Cond::And(vec![a.clone(), b.clone()]);
    let there = |side: &Cond, presence: &Presence| match presence {
        Presence::Always => Some(side.clone()),
        Presence::When(inner) => Some(both(side, inner)),
        Presence::Never => None,
    };
    match (there(condition, then), there(&not, otherwise)) {
        (Some(_), Some(_)) if matches!((then, otherwise), (Presence::Always, Presence::Always)) => Presence::Always,
        (Some(a), Some(b)) => Presence::When(Cond::Or(vec![a, b])),
        (Some(one), None) | (None, Some(one)) => Presence::When(one),
        (None, None) => Presence::Never,
    }
}
