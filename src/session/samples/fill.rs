//! Fills the places of a sample event in.

use super::encode::{base64, gzip};
use serde_json::{Map, Value as Json};

/// What a name stands for.
pub(super) type Scope<'s> = dyn Fn(&str) -> Option<Json> + 's;

/// An event with its places filled in; nothing if one has no value.
pub(super) fn fill(json: &Json, scope: &Scope<'_>) -> Option<Json> {
    match json {
        Json::String(text) => filled(text, scope),
        Json::Array(values) => Some(Json::Array(values.iter().filter_map(|v| fill(v, scope)).collect())),
        Json::Object(fields) => {
            let mut out = Map::new();
            for (key, value) in fields {
                let (key, holds) = match key.split_once(" ?") {
                    Some((key, condition)) => (key, is_so(condition, scope)),
                    None => (key.as_str(), true),
                };
                if let (true, Some(Json::String(key)), Some(value)) = (holds, filled(key, scope), fill(value, scope)) {
                    out.insert(key, value);
                }
            }
            Some(Json::Object(out))
        }
        other => Some(other.clone()),
    }
}

/// Whether `argument=a|b` is so, or `argument` has a value.
fn is_so(condition: &str, scope: &Scope<'_>) -> bool {
    let Some((name, values)) = condition.split_once('=') else { return scope(condition).is_some() };
    scope(name).is_some_and(|value| values.split('|').any(|v| v == text(&value)))
}

fn filled(written: &str, scope: &Scope<'_>) -> Option<Json> {
    if let Some(place) = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).filter(|place| !place.contains("${")) {
        return resolved(place, scope);
    }
    let mut out = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("${") {
        let (place, after) = after.split_once('}')?;
        out.push_str(before);
        out.push_str(&text(&resolved(place, scope)?));
        rest = after;
    }
    out.push_str(rest);
    Some(Json::String(out))
}

fn resolved(place: &str, scope: &Scope<'_>) -> Option<Json> {
    let Some((name, form)) = place.split_once('|') else { return scope(place) };
    let value = scope(name)?;
    let text = text(&value);
    match form {
        "text" => Some(text.into()),
        "base64" => Some(base64(text.as_bytes()).into()),
        "gzip" => Some(base64(&gzip(text.as_bytes())).into()),
        _ => part(&text, form),
    }
}

/// A value as text: JSON, unless it is one.
pub(super) fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}

/// A part of a route: "GET /orders/{id}", or "$default".
fn part(route: &str, form: &str) -> Option<Json> {
    let (method, resource) = route.split_once(' ').unwrap_or(("ANY", "/"));
    let value = |name: &str| if name.ends_with('+') { "example/path" } else { "example" };
    let mut path = String::new();
    let mut variables = Map::new();
    let mut rest = resource;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        path.push_str(before);
        path.push_str(value(name));
        variables.insert(name.trim_end_matches('+').to_string(), value(name).into());
        rest = after;
    }
    path.push_str(rest);
    match form {
        "method" => Some(if method == "ANY" { "GET" } else { method }.into()),
        "resource" => Some(resource.into()),
        "path" => Some(path.into()),
        "variables" => (!variables.is_empty()).then_some(Json::Object(variables)),
        "parameters" => Some(if variables.is_empty() { Json::Null } else { Json::Object(variables) }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fill;
    use serde_json::json;

    #[test]
    fn places_are_filled_in() {
        let scope = |name: &str| match name {
            "key" => Some(json!("ANY /a/{id}/{rest+}")),
            "record" => Some(json!({ "a": 1 })),
            _ => None,
        };
        let shape = json!({ "p": "${key|path}", "v": "${key|variables}", "r": "${record}", "t": "${record|text}", "no": "x${none}",
            "b ?key=x": 1, "c ?none": 1, "d ?key": 1, "${none}": 2, "list": ["${none}", 3] });
        let filled = json!({ "p": "/a/example/example/path", "v": { "id": "example", "rest": "example/path" }, "r": { "a": 1 },
            "t": "{\"a\":1}", "d": 1, "list": [3] });
        assert_eq!(fill(&shape, &scope), Some(filled));
    }
}
