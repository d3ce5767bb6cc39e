//! Published things follow deploy-time values. The logical id of a version follows the text of the template; a value that is
//! known only at deployment reaches it through a property whose change replaces it.
//!
//! source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html

use super::collect::Collected;
use crate::base::{Diagnostic, Name};
use crate::types::World;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value as Json, json};

/// `@stamped(main, into: "Description", source: "Code")` of an emitted resource.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The resources whose parameters it follows.
    pub follows: Vec<Name>,
    /// The property that holds the values, of this resource and of those that it follows.
    pub into: Name,
    /// The property of those that it follows whose change is none of their configuration: the place of the code.
    pub source: Name,
    /// The properties that are no part of what is published.
    pub except: Vec<Name>,
}

/// Writes the parameters into the resources that are stamped. `id` gives the id of a resource in the template.
pub(super) fn stamp(
    world: &World,
    collected: &Collected,
    id: &dyn Fn(&Name) -> String,
    conditions: &Map<String, Json>,
    resources: &mut Map<String, Json>,
) {
    for resource in collected.resources.values() {
        let Some(stamp) = &resource.stamped else { continue };
        let mut all = Vec::new();
        for followed in &stamp.follows {
            let (mut published, mut source) = (Vec::new(), Vec::new());
            let properties = resources.get(&id(followed)).and_then(|r| r.get("Properties")).and_then(Json::as_object);
            for (name, value) in properties.into_iter().flatten().filter(|(name, _)| !stamp.except.iter().any(|e| **e == ***name)) {
                referenced(value, conditions, &mut published);
                if **name == *stamp.source {
                    referenced(value, conditions, &mut source);
                }
            }
            let source = follow(world, source, resource.span, false);
            // A package under another key may have the same bytes: without a change of the configuration Lambda would
            // refuse to publish it.
            write(resources.get_mut(&id(followed)), &stamp.into, &source);
            all.extend(follow(world, published, resource.span, true));
        }
        write(resources.get_mut(&id(&resource.id)), &stamp.into, &all);
    }
}

/// The parameters among some names, each once. Of one that is a secret nothing may be seen: it is reported.
fn follow(world: &World, names: Vec<String>, span: crate::base::Span, say: bool) -> Vec<String> {
    let mut seen = FxHashSet::default();
    let implicit = crate::types::implicit_params();
    names
        .into_iter()
        .filter(|name| seen.insert(name.clone()))
        .filter(|name| match world.params.iter().find(|param| *param.name == **name) {
            Some(param) if param.secret => {
                if say {
                    let message = format!("a new value of the secret parameter `{name}` does not publish a new version");
                    let finding = Diagnostic::warning("version-ignores-parameter", param.span, message).also(span, "published here");
                    world.report(finding.help("read the secret when the code runs, from a `secret` with `can read`"));
                }
                false
            }
            Some(_) => true,
            None => implicit.iter().any(|param| *param.name == **name),
        })
        .collect()
}

/// Adds the values of parameters to a property.
fn write(resource: Option<&mut Json>, into: &str, parameters: &[String]) {
    let Some(resource) = resource.and_then(Json::as_object_mut).filter(|_| !parameters.is_empty()) else { return };
    let values: Vec<String> = parameters.iter().map(|name| format!("${{{name}}}")).collect();
    let values = values.join(" / ");
    let properties = resource.entry("Properties").or_insert_with(|| json!({}));
    let Some(properties) = properties.as_object_mut() else { return };
    let text = match properties.get(into) {
        None => json!({ "Fn::Sub": values }),
        Some(Json::String(text)) => json!({ "Fn::Sub": format!("{} ({values})", text.replace("${", "${!")) }),
        Some(other) => json!({ "Fn::Join": [" ", [other, { "Fn::Sub": format!("({values})") }]] }),
    };
    properties.insert(into.into(), text);
}

/// The names that a value refers to, through conditions too.
fn referenced(value: &Json, conditions: &Map<String, Json>, out: &mut Vec<String>) {
    match value {
        Json::Array(values) => values.iter().for_each(|v| referenced(v, conditions, out)),
        Json::Object(fields) => {
            for (key, inner) in fields {
                match (key.as_str(), inner) {
                    ("Ref", Json::String(name)) => out.push(name.clone()),
                    ("Fn::Sub", Json::String(text)) => substituted(text, out),
                    ("Fn::Sub", Json::Array(parts)) => {
                        parts.first().and_then(Json::as_str).into_iter().for_each(|text| substituted(text, out));
                        parts.iter().skip(1).for_each(|part| referenced(part, conditions, out));
                    }
                    ("Fn::If", Json::Array(parts)) => {
                        parts.first().and_then(Json::as_str).into_iter().for_each(|name| condition(name, conditions, out));
                        parts.iter().skip(1).for_each(|part| referenced(part, conditions, out));
                    }
                    ("Condition", Json::String(name)) => condition(name, conditions, out),
                    _ => referenced(inner, conditions, out),
                }
            }
        }
        _ => {}
    }
}

fn condition(name: &str, conditions: &Map<String, Json>, out: &mut Vec<String>) {
    if let Some(condition) = conditions.get(name) {
        referenced(condition, conditions, out);
    }
}

/// The names between `${` and `}` of a text.
fn substituted(text: &str, out: &mut Vec<String>) {
    for part in text.split("${").skip(1).filter(|part| !part.starts_with('!')) {
        out.extend(part.split_once('}').map(|(name, _)| name.to_string()));
    }
}
