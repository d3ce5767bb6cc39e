//! What rules ask of an operation of an OpenAPI description: how long it waits, and whether anybody may call it.

use super::reader::Reader;
use super::summary::{End, Fact, FactValue};
use super::text::Text;
use crate::base::{Name, Span};
use crate::document::{Entry, Node};
use std::collections::BTreeMap;

/// Keys of an operation or a description that restrict who may call.
const RESTRICTED: [&str; 2] = ["x-amazon-apigateway-auth", "x-amazon-apigateway-policy"];

impl Reader<'_> {
    /// The facts of an operation: `body` is the description that it is in.
    pub(super) fn operation_facts(
        &self,
        at: usize,
        body: &Node,
        operation: &Entry,
        integration: &Node,
        service: Option<&str>,
    ) -> BTreeMap<Name, Fact> {
        let mut facts = BTreeMap::new();
        let mut add = |name: &str, value: FactValue, span: Span| drop(facts.insert(name.into(), Fact { value, span, written: true }));
        add("by", FactValue::Ends(vec![End::Own(at)]), operation.span);
        if let Some(timeout) = integration.get("timeoutInMillis") {
            add("timeout", timeout.as_f64().map_or(FactValue::Unknown, FactValue::Number), timeout.span);
        }
        if let Some(role) = self.scope.texts_at(integration, "credentials").into_iter().next() {
            let end = self.names.end(&self.scope, &role.1, &[]);
            add("role", FactValue::Ends(vec![end]), role.2.span);
        }
        if let Some(service) = service {
            add("service", FactValue::Text(Text::literal(service)), operation.span);
        }
        add("method", FactValue::Text(Text::literal(operation.key.to_ascii_uppercase())), operation.span);
        let restricted = |node: &Node| RESTRICTED.iter().any(|key| node.get(key).is_some_and(|found| !found.is_null()));
        let secured = match operation.value.get("security") {
            Some(own) => asks(own),
            None => body.get("security").is_some_and(asks),
        };
        add("public", FactValue::Bool(!secured && !restricted(&operation.value) && !restricted(body)), operation.span);
        facts
    }
}

/// Whether a list of requirements demands something: `[]` and `[{}]` do not, and neither does what SAM calls `NONE`.
fn asks(security: &Node) -> bool {
    // What cannot be read may demand something.
    let demands = |item: &Node| item.as_call().is_some() || item.entries().iter().any(|e| &*e.key != "NONE");
    security.as_call().is_some() || !security.items().is_empty() && security.items().iter().all(demands)
}
