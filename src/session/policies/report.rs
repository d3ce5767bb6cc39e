//! The finding on a statement, at the line that writes it. Knows nothing of how it is found.

use super::super::analysis::Stack;
use super::super::refused::written;
use super::{Fault, Kind, foreign};
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::emit::{Resource, Template};
use crate::model::Value;

pub(super) fn finding(stack: &Stack, template: &Template, resource: &Resource, fault: &Fault) -> Diagnostic {
    let owner = stack.graph.world.instance(resource.owner);
    let of = owner.map_or_else(|| resource.id.to_string(), |owner| owner.name.to_string());
    let (message, help) = match &fault.kind {
        Kind::Missing(keys, when) => {
            let key = keys.first().copied().unwrap_or_default();
            let always = format!("a statement of `{of}` has no `{key}`");
            let name = match key {
                "Action" => "name the actions, as `Action = \"service:Action\"`",
                _ => "name what it is about, as `Resource = \"*\"`",
            };
            match when {
                None => (always, name.to_string()),
                Some(when) => (
                    format!("{always} unless {when}: IAM refuses a statement without one"),
                    format!(
                        "give it a value in both cases, as `{key} = a if c else b`, or make the whole statement conditional, as `[{{ ... }}] if c`"
                    ),
                ),
            }
        }
        Kind::Both(keys) => (
            format!("a statement of `{of}` has both `{}`", keys.join("` and `")),
            "keep one of them: each says what the other excludes".to_string(),
        ),
        Kind::Shape(key, expected) => (format!("`{key}` of a statement of `{of}` is not valid"), format!("write {expected}")),
        Kind::Character(c) => (
            format!("a statement of `{of}` has the character \"{c}\" (U+{:04X}), which IAM does not take in a policy", u32::from(*c)),
            "IAM takes characters up to U+00FF; in a pattern, write `?` for the character".to_string(),
        ),
    };
    Diagnostic::error("incomplete-statement", place(stack, template, resource, fault), message).help(help)
}

/// Where a statement is written, or what asked for it.
fn place(stack: &Stack, template: &Template, resource: &Resource, fault: &Fault) -> Span {
    let world = &stack.graph.world;
    let Some(instance) = world.instance(resource.owner) else { return resource.span };
    let mut found = None;
    written::each(world, instance, &mut |written| {
        let fits = match (&fault.kind, &written.value) {
            (Kind::Character(c), value) => foreign(value) == Some(*c),
            (_, Value::Record(fields)) => *fields.as_ref() == fault.statement || same(fields, &fault.statement),
            (Kind::Shape(key, _), value) => fault.statement.get(*key) == Some(value),
            _ => false,
        };
        if fits {
            found = Some(written.expr.span);
        }
    });
    let action = fault.statement.get("Action");
    let asked = template.statements.get(&resource.id).into_iter().flatten().find(|s| {
        let actions: Vec<Value> = s.actions.iter().map(|action| Value::Str(action.clone())).collect();
        action.is_some_and(|action| *action == Value::list(actions.clone()) || actions.as_slice() == std::slice::from_ref(action))
    });
    let all = crate::types::written(&instance.decl, "statements").map(|all| all.span);
    found.or_else(|| asked?.spans.first().copied()).or(all).unwrap_or(resource.span)
}

/// Whether a record of the program became a statement: it has the same keys with the same values, and others are nothing.
fn same(written: &FxIndexMap<Name, Value>, statement: &FxIndexMap<Name, Value>) -> bool {
    written.contains_key("Effect") && written.iter().all(|(key, value)| statement.get(key).unwrap_or(&Value::None) == value)
}
