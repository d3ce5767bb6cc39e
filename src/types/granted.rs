//! What an edge gives its actor, for rules that ask: actions, and resources. Knows no service, and not how edges are found.

use super::eval::Env;
use crate::base::Span;
use crate::model::{Event, Leaf, Step, Value};

/// The built-in `actions`: each action that an edge grants to its actor, once, in the order of the kind. What the edge
/// `needs` is a capability of its own and is not part of it.
pub(super) fn actions(env: &Env<'_>, arguments: &[Value], _: Span) -> Option<Value> {
    collected(env, arguments, |env, leaf| match leaf {
        // A statement on `none` is dropped.
        Leaf::Grant(grant) if env.eval(&grant.on) != Value::None => env.eval(&grant.actions).as_list().map(<[Value]>::to_vec),
        _ => None,
    })
}

/// The built-in `added`: the type of each resource that an edge adds to the template, once.
pub(super) fn added(env: &Env<'_>, arguments: &[Value], _: Span) -> Option<Value> {
    collected(env, arguments, |_, leaf| match leaf {
        Leaf::Emit(emit) => Some(vec![Value::text(&*emit.resource)]),
        _ => None,
    })
}

/// What the steps of an edge come to. The edge is a record of `capabilities`, `users`, `triggers` or `woken`.
fn collected(env: &Env<'_>, arguments: &[Value], read: fn(&Env<'_>, &Leaf) -> Option<Vec<Value>>) -> Option<Value> {
    let [Value::Record(link)] = arguments else { return None };
    let end = |name: &str| if let Some(Value::Ref(id)) = link.get(name) { Some(*id) } else { None };
    let (source, target) = (end("source")?, end("target")?);
    let (subject, role, actor) = if link.contains_key("verb") { (target, "actor", source) } else { (source, "target", target) };
    let kind = &env.world.instance(subject)?.kind()?.kind;
    let steps: Vec<&[Step]> = match (link.get("verb"), link.get("event")) {
        (Some(Value::Str(verb)), _) => vec![&kind.verbs.get(verb)?.steps],
        (_, Some(Value::Str(event))) => {
            let to = env.world.instance(actor)?.kind_name();
            let fits = |e: &&Event| e.name == *event && *e.target == *to;
            kind.events.iter().filter(fits).map(|e| e.steps.as_slice()).collect()
        }
        _ => return None,
    };
    // What is wrong with the edge is reported where it is emitted.
    let mut env = Env::kind(env.world, subject).lenient();
    env.set(&role.into(), Value::Ref(actor));
    for (name, value) in link.get("with").and_then(Value::as_record).into_iter().flatten() {
        env.set(name, value.clone());
    }
    let mut out = Vec::new();
    for steps in steps {
        env.walk(steps, &mut |placed| {
            for value in read(&placed.env, placed.leaf).unwrap_or_default() {
                if !out.contains(&value) {
                    out.push(value);
                }
            }
        });
    }
    Some(Value::list(out))
}
