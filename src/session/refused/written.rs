//! The values that a declaration writes, each with its expression and its path. Knows nothing of what is looked for.

use crate::base::Name;
use crate::model::{Body, Entry, Expr, Node, Value};
use crate::types::{Env, Instance, World};

/// A value as it is written.
pub(in crate::session) struct Written<'a> {
    /// The names of the fields that lead to it: `cors.methods`.
    pub path: &'a str,
    pub expr: &'a Expr,
    pub value: Value,
}

type Visit<'v> = &'v mut dyn FnMut(&Written<'_>);

/// Visits every field of a declaration, and in it every field and element that is written out: outer ones first.
pub(in crate::session) fn each(world: &World, instance: &Instance, visit: Visit<'_>) {
    bodies(&Env::frame(world, instance.frame), &instance.decl.body, visit);
}

fn bodies(env: &Env<'_>, body: &[Body], visit: Visit<'_>) {
    for part in body {
        match part {
            Body::Entry(entry, _) => one_entry(env, entry, "", visit),
            // Which branch holds is not asked: both are written.
            Body::If(_, then, otherwise) => [then, otherwise].into_iter().for_each(|body| bodies(env, body, visit)),
            Body::For(names, over, inner) => rounds(env, names, over).iter().for_each(|env| bodies(env, inner, visit)),
            Body::Edge(_) => {}
        }
    }
}

fn one_entry(env: &Env<'_>, entry: &Entry, path: &str, visit: Visit<'_>) {
    match entry {
        Entry::Field { key, value, .. } => {
            let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
            expression(env, value, &path, visit);
        }
        Entry::Computed { value, .. } => expression(env, value, path, visit),
        Entry::If(_, then, otherwise) => then.iter().chain(otherwise).for_each(|inner| one_entry(env, inner, path, visit)),
        Entry::For(names, over, inner) => {
            rounds(env, names, over).iter().for_each(|env| inner.iter().for_each(|entry| one_entry(env, entry, path, visit)));
        }
    }
}

fn expression(env: &Env<'_>, expr: &Expr, path: &str, visit: Visit<'_>) {
    visit(&Written { path, expr, value: env.eval(expr) });
    match &expr.node {
        Node::List(elements) => elements.iter().for_each(|element| expression(env, element, path, visit)),
        Node::Record(entries) => entries.iter().for_each(|entry| one_entry(env, entry, path, visit)),
        Node::If(then, _, otherwise) => {
            [Some(then), otherwise.as_ref()].into_iter().flatten().for_each(|branch| expression(env, branch, path, visit));
        }
        _ => {}
    }
}

/// The environments of the rounds of a loop over a list; of another loop none.
fn rounds<'a>(env: &Env<'a>, names: &[Name], over: &Expr) -> Vec<Env<'a>> {
    match (names, env.eval(over)) {
        ([name], Value::List(values)) => values.iter().map(|value| env.with(name, value.clone())).collect(),
        _ => Vec::new(),
    }
}
