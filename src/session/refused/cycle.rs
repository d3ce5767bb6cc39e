//! Declarations that need one another, so that CloudFormation can create none of them first. The finding stands where
//! each of them names the next. Knows nothing of how circles are found.
//!
//! source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html, read 2026-11-25

use super::super::analysis::Stack;
use super::written;
use crate::base::{Diagnostic, Span};
use crate::emit::{Resource, Template, resources_in};
use crate::model::Value;
use crate::types::Instance;

/// A declaration that needs another, and where it says so.
struct Need<'s> {
    of: &'s Instance,
    on: &'s Instance,
    span: Span,
}

/// The finding on a circle, given by its ids in the template.
pub(super) fn finding(stack: &Stack, template: &Template, circle: &[String]) -> Option<Diagnostic> {
    let world = &stack.graph.world;
    let resources: Vec<&Resource> = circle.iter().map(|id| template.resource(id)).collect::<Option<_>>()?;
    let next = resources.iter().cycle().skip(1);
    let mut needs = Vec::new();
    for (from, to) in resources.iter().zip(next).filter(|(from, to)| from.owner != to.owner) {
        let (of, on) = (world.instance(from.owner)?, world.instance(to.owner)?);
        needs.push(Need { of, on, span: place(stack, template, from, to) });
    }
    let (first, others) = match needs.split_first() {
        Some(all) => all,
        None => return within_one(stack, &resources),
    };
    let names: Vec<String> = needs.iter().map(|need| format!("`{}`", need.of.name)).collect();
    let message = match names.as_slice() {
        [a, b] => format!("{a} and {b} need each other: CloudFormation can create neither of them first"),
        _ => format!("{} need one another in a circle: CloudFormation can create none of them first", names.join(", ")),
    };
    let label = |number: usize, need: &Need<'_>| format!("{number}. `{}` needs `{}`", need.of.name, need.on.name);
    let mut finding = Diagnostic::error("dependency-cycle", first.span, message).label(label(1, first));
    for (at, need) in others.iter().enumerate() {
        finding = finding.also(need.span, label(at + 2, need));
    }
    let help = format!("remove one of these references, or let it name something that does not need `{}`", first.of.name);
    Some(finding.help(help).note(format!("in the template: {}", arrows(&resources))))
}

/// The circle of the resources of one declaration: of a kind of the project, or through `raw`.
fn within_one(stack: &Stack, resources: &[&Resource]) -> Option<Diagnostic> {
    let owner = stack.graph.world.instance(resources.first()?.owner)?;
    let span = crate::types::written(&owner.decl, "raw").map_or(owner.decl.name_span, |raw| raw.span);
    let message = format!("the resources of `{}` need one another in a circle: CloudFormation can create none of them first", owner.name);
    let help = "remove one of these references; a name that is written as text needs nothing";
    Some(Diagnostic::error("dependency-cycle", span, message).help(help).note(format!("in the template: {}", arrows(resources))))
}

fn arrows(resources: &[&Resource]) -> String {
    let ids: Vec<&str> = resources.iter().chain(resources.first()).map(|resource| &*resource.id).collect();
    ids.join(" -> ")
}

/// The line that makes one resource need another: what adds to it, an edge, a right, or a property.
fn place(stack: &Stack, template: &Template, from: &Resource, to: &Resource) -> Span {
    let names = |value: &Value| {
        let mut found = Vec::new();
        resources_in(value, &mut found);
        found.contains(&to.id)
    };
    if let Some(asked) = from.asked.iter().find(|asked| names(&asked.value)) {
        return asked.span;
    }
    let mut rights = template.statements.get(&from.id).into_iter().flatten();
    let right = rights.find(|s| s.resources.iter().chain(&s.condition).any(names));
    if let Some(span) = right.and_then(|right| right.spans.first()) {
        return *span;
    }
    let Some(instance) = stack.graph.world.instance(from.owner) else { return from.span };
    if from.span != instance.decl.name_span {
        return from.span;
    }
    let mut found = None;
    written::each(&stack.graph.world, instance, &mut |written| {
        if refers(template, &written.value, to) {
            found = Some(written.expr.span);
        }
    });
    found.unwrap_or(from.span)
}

/// Whether a value names a declaration, or a resource of it.
fn refers(template: &Template, value: &Value, to: &Resource) -> bool {
    match value {
        Value::Ref(id) => *id == to.owner,
        Value::List(values) => values.iter().any(|value| refers(template, value, to)),
        Value::Record(fields) => fields.values().any(|value| refers(template, value, to)),
        other => {
            let mut found = Vec::new();
            resources_in(other, &mut found);
            found.iter().any(|id| template.resources.get(id).is_some_and(|resource| resource.owner == to.owner))
        }
    }
}
