//! What a declaration becomes: its resources in the template, as JSON.

use crate::session::Stack;
use crate::types::Instance;
use serde_json::{Map, Value};

/// The resources of a declaration by logical id, with the ids that they have in the template.
pub fn emitted(stack: &Stack, instance: &Instance) -> Option<String> {
    // While a project has errors there is no template to deploy: this is what it would be without them.
    let made = match &stack.template {
        Some(_) => None,
        None => Some(crate::emit::template(&stack.graph).0),
    };
    let template = made.as_ref().or(stack.template.as_deref())?;
    let json = template.json();
    let all = json.get("Resources")?.as_object()?;
    let own = template.resources.values().filter(|r| r.owner == instance.id);
    let mut out = Map::new();
    for resource in own {
        // A hashed id goes on behind the resource's own.
        let found = all.get(&*resource.id).map(|v| (resource.id.to_string(), v)).or_else(|| {
            all.iter().find(|(id, _)| id.strip_prefix(&*resource.id).is_some_and(|r| r.len() == 10)).map(|(id, v)| (id.clone(), v))
        });
        if let Some((id, value)) = found {
            out.insert(id, value.clone());
        }
    }
    serde_json::to_string_pretty(&Value::Object(out)).ok()
}
