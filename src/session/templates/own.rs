//! The templates of the project's own stacks, read back: what `raw`, `resource`, statements and managed policies do is in
//! them, as it is in templates of others.

use super::super::analysis::Stack;
use crate::base::{Name, Span};
use crate::document::{Data, Entry, Node};
use crate::emit::Template;
use crate::template::{Alone, Summary, summary};
use serde_json::Value as Json;

/// The summary of a stack's template. Its places are those of the lines that asked for each resource.
pub(in crate::session) fn read_back(stack: &Stack, template: &Template, json: &Json) -> Summary {
    let world = &stack.graph.world;
    let place = |id: &str| template.resource(id).map_or(stack.span, |resource| resource.span);
    let entries = json.as_object().into_iter().flatten().map(|(section, value)| {
        let value = match (section.as_str(), value) {
            ("Resources", Json::Object(resources)) => {
                let resources = resources.iter().map(|(id, body)| entry(id, body, place(id)));
                Node::new(stack.span, Data::Map(resources.collect()))
            }
            _ => Node::of_json(value, stack.span),
        };
        (section.as_str(), value)
    });
    let node = Node::map(stack.span, entries);
    let mut summary = summary(&node, stack.name.clone(), &Alone);
    summary.declared = true;
    for resource in &mut summary.resources {
        let owner = template.resource(&resource.id).and_then(|own| world.instance(own.owner).map(|i| (own, i)));
        if let Some((_, instance)) = owner.filter(|(own, instance)| own.id == instance.logical) {
            resource.label = instance.name.clone();
        }
    }
    summary
}

fn entry(id: &str, body: &Json, span: Span) -> Entry {
    Entry { key: Name::from(id), span, value: Node::of_json(body, span) }
}
