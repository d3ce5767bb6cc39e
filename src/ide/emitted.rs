//! What a declaration becomes: its resources in the template, as JSON.

use crate::model::InstanceId;
use crate::session::Stack;
use crate::types::Instance;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

/// The resources of a declaration by the ids that they have in the template.
pub fn emitted(stack: &Stack, instance: &Instance) -> Option<String> {
    let own = emitted_all(stack).remove(&instance.id).unwrap_or_default();
    serde_json::to_string_pretty(&Value::Object(own)).ok()
}

/// The same of every declaration of a stack.
pub fn emitted_all(stack: &Stack) -> FxHashMap<InstanceId, Map<String, Value>> {
    // While a project has errors there is no template to deploy: this is what it would be without them.
    let made = match &stack.template {
        Some(_) => None,
        None => Some(crate::emit::template(&stack.graph).0),
    };
    let mut out: FxHashMap<InstanceId, Map<String, Value>> = FxHashMap::default();
    let Some(template) = made.as_ref().or(stack.template.as_deref()) else { return out };
    let mut json = template.json();
    let Some(Value::Object(all)) = json.get_mut("Resources").map(Value::take) else { return out };
    for (id, value) in all {
        if let Some(owner) = template.resource(&id).map(|r| r.owner) {
            out.entry(owner).or_default().insert(id, value);
        }
    }
    out
}
