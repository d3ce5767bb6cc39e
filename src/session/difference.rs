//! What two revisions of a project differ in, as data: declarations, edges, rights, what can be reached from outside,
//! limits, and what CloudFormation would replace or delete. Knows nothing of how it is shown.

use super::analysis::{Analysis, Stack};
use super::gauge::gauges;
use super::replaced::{Replaced, replaced};
use crate::graph::EdgeKind;
use crate::model::Mode;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What is there only in the new revision, and what only in the old one.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs)]
pub struct Change {
    pub gained: Vec<String>,
    pub lost: Vec<String>,
}

impl Change {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

/// How much of a limit is used, before and now.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Moved {
    pub limit: String,
    pub user: String,
    pub old: Option<String>,
    pub new: Option<String>,
    pub most: String,
}

/// The difference of a stack.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// Its name.
    pub stack: String,
    /// The declarations.
    pub declarations: Change,
    /// What wakes what, and who may do what with what.
    pub edges: Change,
    /// The actions that roles may do.
    pub rights: Change,
    /// What answers those outside, and what everybody may do.
    pub public: Change,
    /// The limits of which more or less is used.
    pub limits: Vec<Moved>,
    /// The resources that CloudFormation would replace or delete.
    pub replaced: Vec<Replaced>,
}

impl Difference {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        let changes = [&self.declarations, &self.edges, &self.rights, &self.public];
        changes.iter().all(|c| c.is_empty()) && self.limits.is_empty() && self.replaced.is_empty()
    }
}

/// The differences of two revisions, for each stack of either.
pub fn differences(old: &Analysis, new: &Analysis) -> Vec<Difference> {
    let names: BTreeSet<&str> = old.stacks.iter().chain(&new.stacks).map(|s| &*s.name).collect();
    let find = |analysis: &'_ Analysis, name: &str| analysis.stacks.iter().position(|s| &*s.name == name);
    let of = |name: &str| {
        let old = find(old, name).and_then(|at| old.stacks.get(at));
        let new = find(new, name).and_then(|at| new.stacks.get(at));
        difference(name, old, new)
    };
    names.into_iter().map(of).collect()
}

fn difference(name: &str, old: Option<&Stack>, new: Option<&Stack>) -> Difference {
    let change = |facts: fn(&Stack) -> BTreeSet<String>| {
        let (old, new) = (old.map(facts).unwrap_or_default(), new.map(facts).unwrap_or_default());
        Change { gained: new.difference(&old).cloned().collect(), lost: old.difference(&new).cloned().collect() }
    };
    let (might, may) = (old.map(rights).unwrap_or_default(), new.map(rights).unwrap_or_default());
    Difference {
        stack: name.to_string(),
        declarations: change(declarations),
        edges: change(edges),
        rights: Change { gained: told(may.difference(&might)), lost: told(might.difference(&may)) },
        public: change(public),
        limits: limits(old, new),
        replaced: replaced(old, new),
    }
}

fn declarations(stack: &Stack) -> BTreeSet<String> {
    stack.graph.world.instances.iter().map(|i| format!("{} {}", i.kind_name(), i.name)).collect()
}

fn edges(stack: &Stack) -> BTreeSet<String> {
    let world = &stack.graph.world;
    let name = |id| world.instance(id).map_or("", |i| &i.name);
    let told = stack.graph.edges.iter().filter(|edge| !edge.internal(world)).map(|edge| {
        let (actor, subject) = (name(edge.actor), name(edge.subject));
        let written = edge.spans.keys().filter_map(|key| Some(format!("{key}: {}", edge.arguments.get(key)?)));
        let written: Vec<String> = written.collect();
        let narrowed = if written.is_empty() { String::new() } else { format!(" ({})", written.join(", ")) };
        match edge.kind {
            EdgeKind::Trigger(_) => format!("{subject}.{}{narrowed} triggers {actor}", edge.name),
            EdgeKind::Capability => format!("{actor} can {} {subject}{narrowed}", edge.name),
        }
    });
    told.collect()
}

/// Who may do it, on what and when, and the action.
type Right = (String, String, String);

fn rights(stack: &Stack) -> BTreeSet<Right> {
    let Some(template) = &stack.template else { return BTreeSet::new() };
    let mut out = BTreeSet::new();
    for (role, statements) in &template.statements {
        let owner = template.resources.get(role).and_then(|r| stack.graph.world.instance(r.owner));
        let owner = owner.map_or_else(|| role.to_string(), |i| i.name.to_string());
        for statement in statements {
            let condition = statement.condition.as_ref().map(|c| format!(" where {c}")).unwrap_or_default();
            for resource in &statement.resources {
                let on = resource.as_str().map_or_else(|| resource.to_string(), str::to_string) + &condition;
                out.extend(statement.actions.iter().map(|action| (owner.clone(), on.clone(), action.to_string())));
            }
        }
    }
    out
}

/// Rights as lines: all actions of one on one thing together.
fn told<'r>(rights: impl Iterator<Item = &'r Right>) -> Vec<String> {
    let mut together: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (owner, on, action) in rights {
        together.entry((owner, on)).or_default().push(action);
    }
    together.into_iter().map(|((owner, on), actions)| format!("{owner} may {} on {on}", actions.join(", "))).collect()
}

/// What waits outside for an answer, and each policy that is public (`Principal: \"*\"`).
fn public(stack: &Stack) -> BTreeSet<String> {
    let world = &stack.graph.world;
    let name = |id| world.instance(id).map_or("", |i| &i.name);
    let mut out = BTreeSet::new();
    for edge in stack.graph.edges.iter().filter(|e| e.kind == EdgeKind::Trigger(Mode::Sync)) {
        let words = edge.arguments.iter().filter_map(|(key, value)| Some(format!("{key}: {}", value.as_str()?)));
        let words: Vec<String> = words.collect();
        out.insert(format!("{}.{}({}) is answered by {}", name(edge.subject), edge.name, words.join(", "), name(edge.actor)));
    }
    for (id, resource) in super::replaced::resources(stack) {
        if open_to_all(&resource) {
            out.insert(format!("{id} is public (`Principal: \"*\"`)"));
        }
    }
    out
}

/// Whether a policy in it has `*` for its principal and no condition.
fn open_to_all(json: &Json) -> bool {
    match json {
        Json::Object(map) => {
            let everybody = map.get("Principal").is_some_and(|p| p == "*" || p.get("AWS").is_some_and(|a| a == "*"));
            let allowed = map.get("Effect").is_none_or(|e| e == "Allow");
            everybody && allowed && !map.contains_key("Condition") || map.values().any(open_to_all)
        }
        Json::Array(items) => items.iter().any(open_to_all),
        _ => false,
    }
}

type Used = BTreeMap<(String, String), (String, String)>;

fn limits(old: Option<&Stack>, new: Option<&Stack>) -> Vec<Moved> {
    let (mut old, mut new) = (used(old), used(new));
    // What only one uses on either side is the stack's own: who uses most of it may change with every edit.
    let names: BTreeSet<String> = old.keys().chain(new.keys()).map(|key| key.0.clone()).collect();
    for name in names {
        let alone = |used: &Used| used.keys().filter(|key| key.0 == name).count() == 1;
        if alone(&old) && alone(&new) {
            anonymous(&mut old, &name);
            anonymous(&mut new, &name);
        }
    }
    let keys: BTreeSet<&(String, String)> = old.keys().chain(new.keys()).collect();
    let moved = keys.into_iter().filter_map(|key| {
        let (before, now) = (old.get(key), new.get(key));
        if before.map(|v| &v.0) == now.map(|v| &v.0) {
            return None;
        }
        let most = now.or(before).map(|v| v.1.clone()).unwrap_or_default();
        let value = |v: Option<&(String, String)>| v.map(|v| v.0.clone());
        Some(Moved { limit: key.0.clone(), user: key.1.clone(), old: value(before), new: value(now), most })
    });
    moved.collect()
}

fn used(stack: Option<&Stack>) -> Used {
    stack.into_iter().flat_map(gauges).filter(|g| !g.of_text).map(|g| ((g.what, g.user), (g.value, g.limit))).collect()
}

fn anonymous(used: &mut Used, name: &str) {
    let Some(key) = used.keys().find(|key| key.0 == name).cloned() else { return };
    if let Some(value) = used.remove(&key) {
        used.insert((key.0, String::new()), value);
    }
}
