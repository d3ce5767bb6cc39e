//! What follows if a declaration fails: who stops with it, what is tried again, what is lost.
//! Knows nothing of how it is shown.

use super::analysis::Stack;
use crate::base::Name;
use crate::graph::EdgeKind;
use crate::model::{InstanceId, Mode, Value};
use crate::types::Env;
use std::collections::VecDeque;

/// One thing that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blow {
    /// `stops`, `is tried again`, `is lost`, `fills`.
    pub what: String,
    /// Of what, and why.
    pub why: String,
    /// The declaration or the resource that it happens to.
    pub of: Name,
}

/// What follows if the declaration of a name fails; nothing if there is none.
pub fn blast(stack: &Stack, name: &str) -> Option<Vec<Blow>> {
    let world = &stack.graph.world;
    let failed = world.instances.iter().find(|i| &*i.name == name)?.id;
    let called = |id: InstanceId| world.instance(id).map_or_else(String::new, |i| i.name.to_string());
    let mut blows = Vec::new();
    let mut seen = vec![failed];
    let mut queue = VecDeque::from([failed]);
    while let Some(at) = queue.pop_front() {
        // Who needs it cannot do its work.
        for edge in stack.graph.edges.iter().filter(|e| e.kind == EdgeKind::Capability && e.subject == at && !e.internal(world)) {
            if !seen.contains(&edge.actor) {
                seen.push(edge.actor);
                queue.push_back(edge.actor);
                blows.push(Blow {
                    what: "stops".into(),
                    why: format!("`{}`, which must {} `{}`", called(edge.actor), edge.name, called(at)),
                    of: called(edge.actor).into(),
                });
            }
        }
        // What wakes it finds nobody.
        for edge in stack.graph.edges.iter().filter(|e| e.actor == at) {
            let EdgeKind::Trigger(mode) = edge.kind else { continue };
            blows.push(unanswered(stack, at, edge, mode, &called));
        }
    }
    // What it would have woken is not woken.
    for edge in stack.graph.edges.iter().filter(|e| e.subject == failed && matches!(e.kind, EdgeKind::Trigger(_))) {
        blows.push(Blow {
            what: "is not triggered".into(),
            why: format!("`{}`, by {}.{}", called(edge.actor), called(failed), edge.name),
            of: called(edge.actor).into(),
        });
    }
    Some(blows)
}

fn unanswered(stack: &Stack, at: InstanceId, edge: &crate::graph::Edge, mode: Mode, called: &dyn Fn(InstanceId) -> String) -> Blow {
    let world = &stack.graph.world;
    let env = Env::kind(world, at);
    let told = |names: [&str; 2]| {
        names.iter().find_map(|name| match edge.arguments.get(*name).cloned().unwrap_or_else(|| env.property(at, &Name::from(*name))) {
            Value::Ref(id) => Some(called(id)),
            _ => None,
        })
    };
    let event = format!("what comes of {}.{}", called(edge.subject), edge.name);
    let (what, why) = match (mode, told(["on_failure", "dead_letter"])) {
        (Mode::Sync, _) => ("fails", format!("{event}: the caller gets an error")),
        (Mode::Async, Some(queue)) => ("is kept", format!("{event}: tried again, then put into `{queue}`")),
        (Mode::Async, None) => ("is lost", format!("{event}: tried again twice, then dropped")),
        (Mode::Poll, told) => {
            let source = Env::kind(world, edge.subject).property(edge.subject, &"dead_letter".into());
            match (told, source) {
                (Some(queue), _) => ("is tried again", format!("{event}: then sent to `{queue}`")),
                (None, Value::Ref(id)) => ("is tried again", format!("{event}: then put into `{}`", called(id))),
                (None, _) => ("is tried again", format!("{event}: until it expires")),
            }
        }
    };
    Blow { what: what.into(), why: format!("{why} (`{}`)", called(at)), of: called(at).into() }
}
