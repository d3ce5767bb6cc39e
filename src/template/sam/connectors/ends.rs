//! The two resources that a connector joins, and what is known of them.

use super::profiles::{PROFILES, Reached};
use crate::base::{Diagnostic, Name, Span};
use crate::document::Node;
use crate::template::sam::table::TABLE;
use crate::template::sam::work::{Source, Work};
use crate::template::sam::{edit, ids};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// One of the two resources that a connector joins.
pub(super) struct End {
    pub ty: Name,
    pub values: BTreeMap<String, Node>,
}

/// What is known of an end: by its logical id, or as the connector names it.
pub(super) fn end(work: &Work<'_>, connector: &Source, side: &Node, other: &Node) -> Result<End, Box<Diagnostic>> {
    let wrong = |span: Span, message: &str| {
        let finding = Diagnostic::error("sam-event-source", span, format!("`{}`: {message}", connector.id));
        Err(Box::new(finding))
    };
    let mut values = BTreeMap::new();
    for (property, name) in &TABLE.connectors.named {
        if let Some(value) = side.get(property) {
            values.insert(name.clone(), value.clone());
        }
    }
    let Some(id) = side.get("Id") else {
        let Some(ty) = side.get("Type").and_then(Node::as_str) else {
            return wrong(side.span, "each side needs an `Id`, or a `Type` with what is used of it");
        };
        return Ok(End { ty: made_of(ty), values });
    };
    let declared = id.as_str().and_then(|id| work.made.get(id).or_else(|| work.document.get("Resources")?.entry(id)));
    let Some(entry) = declared else { return wrong(id.span, "`Id` is the logical id of a resource of the same template") };
    let ty: Name = entry.value.get("Type").and_then(Node::as_str).unwrap_or_default().into();
    let Some(reached) = PROFILES.resources.get(&*ty) else { return Ok(End { ty, values }) };
    let logical = logical(connector.span, &entry.key);
    for (name, template) in &reached.values {
        values.entry(name.clone()).or_insert_with(|| logical(template));
    }
    if let Some(role) = role(reached, &entry.value, other).as_ref().and_then(ids::referenced) {
        values.insert("Role".into(), Node::call(connector.span, "Ref", Node::text(connector.span, role)));
    }
    Ok(End { ty, values })
}

/// The type that a type of SAM becomes; another type as it is.
fn made_of(ty: &str) -> Name {
    let thing = ty.strip_prefix(TABLE.prefix.as_str()).and_then(|kind| TABLE.resource.get(kind));
    thing.and_then(|t| t.make.iter().find(|m| m.main)).map_or(ty, |m| m.ty.as_str()).into()
}

fn role(reached: &Reached, resource: &Node, other: &Node) -> Option<Node> {
    let properties = resource.get("Properties")?;
    if let Some(property) = &reached.role {
        return properties.get(property).cloned();
    }
    let of = reached.role_of.as_ref()?;
    let id = other.get("Id").and_then(Node::scalar);
    let names = |entry: &&Node| {
        entry
            .get(&of.by)
            .is_some_and(|arn| id.is_some() && ids::referenced(arn) == id || other.get(&of.by).is_some_and(|given| edit::same(given, arn)))
    };
    properties.get(&of.list)?.items().iter().find(names)?.get(&of.role).cloned()
}

/// A value of a resource by its logical id.
fn logical(place: Span, id: &Name) -> impl Fn(&Json) -> Node {
    fn filled(template: &Json, id: &str) -> Json {
        match template {
            Json::String(text) => Json::String(text.replace("%{logicalId}", id)),
            Json::Array(items) => items.iter().map(|item| filled(item, id)).collect(),
            Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), filled(value, id))).collect(),
            other => other.clone(),
        }
    }
    move |template| Node::of_json(&filled(template, id), place)
}
