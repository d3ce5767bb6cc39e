//! What CloudFormation would refuse of a template, at the lines that ask for it. Knows nothing of how it is found.

mod cycle;
mod repeated;
pub(super) mod written;

use super::analysis::Stack;
use crate::base::{Diagnostic, Span};
use crate::cfn::check::{PathSegment, ProblemKind, TemplateProblem, TemplateProblemKind};
use crate::emit::{Resource, Template};
use crate::model::{Decl, Entry, Node};
use serde_json::Value as Json;

/// The findings on what CloudFormation would refuse.
pub(super) fn refused(stack: &Stack, template: &Template, json: &Json) -> Vec<Diagnostic> {
    let found = crate::cfn::check::template(json).iter().map(|problem| finding(stack, template, json, problem)).collect();
    // Expressions were evaluated once more to find their places: what is wrong with them is reported already.
    stack.graph.world.take_findings();
    found
}

fn finding(stack: &Stack, template: &Template, json: &Json, problem: &TemplateProblem) -> Diagnostic {
    let resource = resource(template, &problem.path);
    let own = match (&problem.kind, resource) {
        (TemplateProblemKind::Cycle { resources }, _) => cycle::finding(stack, template, resources),
        (TemplateProblemKind::Value(ProblemKind::DuplicateItem { keys, .. }), Some(resource)) => {
            repeated::finding(stack, template, json, &repeated::Repetition { resource, path: &problem.path, keys })
        }
        _ => None,
    };
    own.unwrap_or_else(|| other(stack, resource, problem))
}

/// The resource that a path leads into.
fn resource<'t>(template: &'t Template, path: &[PathSegment]) -> Option<&'t Resource> {
    let mut keys = keys(path);
    (keys.next() == Some("Resources")).then(|| keys.next()).flatten().and_then(|id| template.resource(id))
}

fn keys(path: &[PathSegment]) -> impl Iterator<Item = &str> {
    path.iter().filter_map(|segment| match segment {
        PathSegment::Key(key) => Some(key.as_str()),
        PathSegment::Index(_) => None,
    })
}

fn other(stack: &Stack, resource: Option<&Resource>, problem: &TemplateProblem) -> Diagnostic {
    let Some(resource) = resource else {
        return Diagnostic::error("refused-template", stack.span, format!("CloudFormation would refuse the template: {problem}"));
    };
    let message = format!("CloudFormation would refuse {} ({}): {problem}", resource.id, resource.ty);
    let instance = stack.graph.world.instance(resource.owner);
    // Of a `resource` and of `raw`, the property stands in the source by its own name.
    let span =
        keys(&problem.path).nth(3).zip(instance).and_then(|(name, instance)| own_name(&instance.decl, name)).unwrap_or(resource.span);
    Diagnostic::error("refused-template", span, message)
}

fn own_name(decl: &Decl, property: &str) -> Option<Span> {
    if decl.resource.is_some() {
        return Some(crate::types::place(decl, property));
    }
    let Node::Record(entries) = &crate::types::written(decl, "raw")?.node else { return None };
    entries.iter().find_map(|entry| match entry {
        Entry::Field { key, key_span, value } if **key == *property => Some(key_span.to(value.span)),
        _ => None,
    })
}
