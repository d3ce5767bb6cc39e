//! The role that SAM makes of the policies of a resource, and of what its events need.

use super::edit;
use super::fill::{Scope, is_no_value};
use super::policies::Policies;
use super::table::{Role, TABLE};
use super::work::{Missing, Source, Work};
use crate::base::Name;
use crate::document::{Entry, Node};
use serde_json::Value as Json;

/// Makes the role, unless the resource names one.
pub(super) fn make(work: &mut Work<'_>, source: &Source, scope: &Scope<'_>, role: &Role, mut policies: Policies) {
    if role.when.as_ref().is_some_and(|when| !scope.holds(when)) {
        return;
    }
    let condition = match work.where_missing(source, scope, &role.property) {
        Missing::No => return,
        Missing::Always => None,
        Missing::If(condition) => Some(condition),
    };
    if let Some(written) = scope.own.get(&TABLE.policies.property) {
        policies.read(written, work.findings);
    }
    let documents = policies.documents.iter().enumerate().filter_map(|(at, document)| wrapped(scope, at, document)).collect();
    let scope = scope.with("managed", Node::list(scope.place, policies.managed)).with("policies", Node::list(scope.place, documents));
    let Some(id) = scope.text(&role.id) else { return };
    let properties = role.set.iter().filter_map(|(key, template)| {
        let value = scope.fill(template)?;
        Some(Entry { key: Name::from(key.as_str()), span: value.span, value })
    });
    let mut resource = work.resource(source, scope.place, &role.ty, properties.collect(), false);
    if let Some(condition) = condition {
        resource = edit::with(&resource, Entry { key: "Condition".into(), span: scope.place, value: Node::text(scope.place, condition) });
    }
    work.put(Entry { key: id.into(), span: scope.place, value: resource });
}

/// A document as one of the policies of a role; the branches of `Fn::If` each.
fn wrapped(scope: &Scope<'_>, at: usize, document: &Node) -> Option<Node> {
    if let Some(("Fn::If", arguments)) = document.as_call() {
        let branches = arguments.items().iter().enumerate().map(|(i, branch)| match i > 0 && !is_no_value(branch) {
            true => wrapped(scope, at, branch).unwrap_or_else(|| branch.clone()),
            false => branch.clone(),
        });
        return Some(Node::call(document.span, "Fn::If", Node::list(document.span, branches.collect())));
    }
    let mut scope = scope.with("item", document.clone()).with("index", Node::text(document.span, at.to_string()));
    scope.place = document.span;
    scope.fill(&Json::Object(TABLE.policies.wrap.clone()))
}
