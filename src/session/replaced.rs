//! What CloudFormation would replace or delete of a stack, by the table of resource types: properties that can only be
//! set when a resource is made, and what refers to what is made anew. Knows nothing of how it is shown.

use super::analysis::Stack;
use crate::cfn;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// A resource that is made anew, or deleted.
#[derive(Clone, Debug, Serialize)]
pub struct Replaced {
    /// Its logical id.
    pub resource: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// The declaration it is of.
    pub of: String,
    /// `replaced`, `may be replaced` or `deleted`.
    pub how: &'static str,
    /// The property whose change asks for it.
    pub because: String,
    /// What becomes of the data in it; none if it holds none.
    pub data: Option<&'static str>,
}

/// What would be replaced or deleted.
pub(super) fn replaced(old: Option<&Stack>, new: Option<&Stack>) -> Vec<Replaced> {
    let Some(old) = old else { return Vec::new() };
    let (before, now) = (resources(old), new.map(resources).unwrap_or_default());
    let mut found: BTreeMap<&str, (&'static str, String)> = BTreeMap::new();
    // A replacement makes those anew that name the resource where it can only be set once: until nothing is added.
    loop {
        let known: BTreeSet<&str> = found.iter().filter(|(_, (how, _))| *how == "replaced").map(|(id, _)| *id).collect();
        let more: Vec<(&str, (&'static str, String))> = before
            .iter()
            .filter(|(id, _)| found.get(id.as_str()).is_none_or(|(how, _)| *how == "may be replaced"))
            .filter_map(|(id, was)| Some((id.as_str(), fate(was, now.get(id), &known)?)))
            .filter(|(id, fate)| found.get(id) != Some(fate))
            .collect();
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    let told = found.into_iter().filter_map(|(id, (how, because))| {
        let was = before.get(id)?;
        let word = |key: &str| was.get(key).and_then(Json::as_str).unwrap_or_default();
        let data = match (how, word("DeletionPolicy")) {
            (_, "") => None,
            ("deleted", "Retain" | "RetainExceptOnCreate") => Some("stays, outside of the stack"),
            (_, "Retain" | "RetainExceptOnCreate") => Some("stays in the old one, outside of the stack; the new one is empty"),
            (_, "Snapshot") => Some("is kept as a snapshot only"),
            _ => Some("is lost"),
        };
        let template = old.template.as_ref()?;
        let owner = template.resources.get(id).and_then(|r| old.graph.world.instance(r.owner));
        let of = owner.map_or_else(String::new, |i| i.name.to_string());
        Some(Replaced { resource: id.to_string(), ty: word("Type").to_string(), of, how, because, data })
    });
    told.collect()
}

/// The resources of a stack's template by logical id; none without a template.
pub(super) fn resources(stack: &Stack) -> Map<String, Json> {
    match stack.template.as_ref().map(|t| t.json().get_mut("Resources").map(Json::take).unwrap_or_default()) {
        Some(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

/// What becomes of a resource, and why.
fn fate(was: &Json, is: Option<&Json>, replaced: &BTreeSet<&str>) -> Option<(&'static str, String)> {
    let Some(is) = is else { return Some(("deleted", "removed in the new revision".into())) };
    let ty = was.get("Type").and_then(Json::as_str)?;
    if is.get("Type").and_then(Json::as_str) != Some(ty) {
        return Some(("replaced", "its type changes".into()));
    }
    let schema = cfn::schema(ty)?;
    let at = |json: &Json, path: &str| json.get("Properties").and_then(|p| p.pointer(&format!("/{path}"))).cloned();
    let changed = |paths: &[String]| {
        // Below a list the whole list is compared.
        let paths = paths.iter().map(|path| path.split("/*").next().unwrap_or(path));
        paths.filter(|path| at(was, path) != at(is, path)).map(str::to_string).next()
    };
    if let Some(path) = changed(schema.create_only()) {
        return Some(("replaced", format!("`{}` changes", path.replace('/', "."))));
    }
    for path in schema.create_only() {
        let named = at(is, path).and_then(|value| replaced.iter().find(|id| names(&value, id)).map(ToString::to_string));
        if let Some(id) = named {
            return Some(("replaced", format!("`{}` names `{id}`, which is replaced", path.replace('/', "."))));
        }
    }
    changed(schema.conditional_create_only()).map(|path| ("may be replaced", format!("`{}` changes", path.replace('/', "."))))
}

/// Whether a value refers to a resource.
fn names(value: &Json, id: &str) -> bool {
    match value {
        Json::Object(map) => map.iter().any(|(key, inner)| match (key.as_str(), inner) {
            ("Ref", Json::String(name)) => name == id,
            ("Fn::GetAtt", Json::Array(path)) => path.first().is_some_and(|first| first == id),
            ("Fn::GetAtt", Json::String(path)) => path.split('.').next() == Some(id),
            ("Fn::Sub", Json::String(text)) => text.contains(&format!("${{{id}}}")) || text.contains(&format!("${{{id}.")),
            _ => names(inner, id),
        }),
        Json::Array(items) => items.iter().any(|item| names(item, id)),
        _ => false,
    }
}
