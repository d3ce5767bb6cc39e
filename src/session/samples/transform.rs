//! What a trigger makes of an event before it sends it.

use super::fill::text;
use super::table::Shape;
use crate::graph::{Edge, json_of};
use crate::model::Value;
use serde_json::Value as Json;

/// The event as its trigger sends it: a part of it, or a template with parts of it.
pub(super) fn transformed(edge: &Edge, shape: &Shape, event: Json) -> Json {
    let argument = |name: &Option<String>| edge.arguments.get(name.as_deref()?).filter(|v| **v != Value::None).map(json_of);
    if let Some(Json::String(path)) = argument(&shape.part) {
        return selected(&event, &path).unwrap_or_default();
    }
    match argument(&shape.transform) {
        Some(transform) => {
            let paths = transform.get("paths").and_then(Json::as_object).into_iter().flatten();
            let values: Vec<(String, Json)> = paths
                .filter_map(|(name, path)| Some((format!("<{name}>"), selected(&event, path.as_str()?).unwrap_or_default())))
                .collect();
            replaced(transform.get("template").unwrap_or(&Json::Null), &values)
        }
        None => event,
    }
}

/// What is at a path, as `$.detail.lines[0].sku`.
fn selected(event: &Json, path: &str) -> Option<Json> {
    let mut at = vec![event];
    for step in path.strip_prefix('$')?.split('.').filter(|step| !step.is_empty()) {
        let (field, element) = step.split_once('[').map_or((step, None), |(field, rest)| (field, rest.strip_suffix(']')));
        at = at.into_iter().filter_map(|value| value.get(field)).collect();
        at = match element {
            None => at,
            Some("*") => at.into_iter().filter_map(Json::as_array).flatten().collect(),
            Some(number) => at.into_iter().filter_map(|value| value.get(number.parse::<usize>().ok()?)).collect(),
        };
    }
    match at.as_slice() {
        [] => None,
        [one] if !path.contains('*') => Some((*one).clone()),
        several => Some(Json::Array(several.iter().map(|v| (*v).clone()).collect())),
    }
}

fn replaced(template: &Json, values: &[(String, Json)]) -> Json {
    match template {
        Json::String(written) => values.iter().fold(written.clone(), |out, (name, value)| out.replace(name, &text(value))).into(),
        Json::Array(inner) => inner.iter().map(|v| replaced(v, values)).collect(),
        Json::Object(fields) => Json::Object(fields.iter().map(|(k, v)| (k.clone(), replaced(v, values))).collect()),
        other => other.clone(),
    }
}
