//! OpenAPI descriptions: each operation is a route, and its integration says what it calls.

use super::action::{Action, Called};
use super::condition::both;
use super::reader::Reader;
use super::route::route;
use super::scope::Written;
use super::summary::{Edge, EdgeKind, End, May, Opaque};
use super::table::{Reads, Row, arrives};
use crate::base::Name;
use crate::document::Node;
use crate::model::{Cond, Mode};

impl Reader<'_> {
    pub(super) fn api(&mut self, at: usize, resource: &Written<'_>, _row: &Row, reads: &Reads) {
        let paths: Vec<&str> = reads.at.split(' ').collect();
        for path in paths {
            for (condition, node) in self.scope.select(&resource.properties, path).found {
                let body = self.scope.tree(&node).filter(|tree| tree.get("paths").is_some()).or_else(|| {
                    let (_, text) = self.scope.texts(&node).into_iter().next()?;
                    self.scope.neighbours.read(text.as_literal()?)
                });
                let condition = both(resource.condition.as_ref(), condition.as_ref());
                match body {
                    Some(body) => self.described(at, &body, condition.as_ref(), reads),
                    None => {
                        let why = "the description of the API cannot be read".to_string();
                        self.opaque(Opaque { at: End::Own(at), may: May::Trigger, why, span: node.span });
                    }
                }
            }
        }
    }

    fn described(&mut self, at: usize, body: &Node, condition: Option<&Cond>, reads: &Reads) {
        let paths = self.scope.part(body, "paths");
        for path in paths.as_ref().map(Node::entries).unwrap_or_default() {
            for (inner, operations) in self.scope.branches(&path.value) {
                for operation in operations.entries() {
                    let condition = both(condition, inner.as_ref());
                    self.operation(at, &path.key, operation, condition, (body, reads));
                }
            }
        }
        for scheme in ["components.securitySchemes", "securityDefinitions"] {
            let Some(schemes) = self.scope.part(body, scheme) else { continue };
            for entry in schemes.entries() {
                for (_, text, node) in self.scope.texts_at(&entry.value, "x-amazon-apigateway-authorizer.authorizerUri") {
                    let Some(to) = self.integrated(&text) else { continue };
                    let edge = self.plain(EdgeKind::Trigger(Mode::Sync), End::Own(at), to, node.span);
                    self.push(Edge { event: Some("requested".into()), condition: condition.cloned(), what: "asks".into(), ..edge });
                }
            }
        }
    }

    fn operation(
        &mut self,
        at: usize,
        path: &Name,
        operation: &crate::document::Entry,
        condition: Option<Cond>,
        (body, reads): (&Node, &Reads),
    ) {
        let Some(integration) = self.scope.part(&operation.value, "x-amazon-apigateway-integration") else { return };
        let kind = integration.get("type").and_then(Node::as_str).unwrap_or_default().to_ascii_lowercase();
        let kept = integration.clone();
        for (inner, text, node) in self.scope.texts_at(&kept, "uri") {
            let method = kept.get("httpMethod").and_then(Node::as_str);
            let invokes = super::action::invoked(&text).is_some();
            if let Some(action) = Action::read(&text, method, false).filter(|_| !invokes) {
                let mut edge = self.plain(EdgeKind::Trigger(Mode::Sync), End::Own(at), End::Own(at), operation.span);
                edge.event = Some("requested".into());
                edge.condition = both(condition.as_ref(), inner.as_ref());
                edge.takes = route(edge.takes, &operation.key, path);
                edge.facts = self.operation_facts(at, body, operation, &kept, reads.service.as_deref());
                let roles = self.scope.texts_at(&kept, "credentials");
                let roles = roles.into_iter().map(|(_, text, _)| self.names.end(&self.scope, &text, &[])).collect();
                self.act(&edge, Called { action, on: &kept, roles, span: node.span });
                continue;
            }
            let to = match self.integrated(&text) {
                Some(to) => to,
                // Anything else that is reached over HTTP is outside of AWS.
                None if kind.starts_with("http") || kind == "mock" => continue,
                None => {
                    let why = format!("the integration `{text}` cannot be read");
                    self.opaque(Opaque { at: End::Own(at), may: May::Trigger, why, span: node.span });
                    continue;
                }
            };
            let arrives = self.type_of(&to).as_deref().and_then(arrives).map(Name::from);
            let mut edge = self.plain(EdgeKind::Trigger(Mode::Sync), End::Own(at), to, operation.span);
            edge.event = Some("requested".into());
            edge.arrives = arrives;
            edge.condition = both(condition.as_ref(), inner.as_ref());
            edge.takes = route(edge.takes, &operation.key, path);
            edge.also.push((node.span, "the integration".into()));
            edge.facts = self.operation_facts(at, body, operation, &kept, reads.service.as_deref());
            self.push(edge);
        }
    }

    /// The resource of the template, or the function, that the address of an integration reaches.
    fn integrated(&mut self, text: &super::text::Text) -> Option<End> {
        let invokes = super::action::invoked(text).is_some();
        Some(self.names.end(&self.scope, text, &self.callable())).filter(|end| invokes || matches!(end, End::Own(_)))
    }

    fn callable(&self) -> Vec<String> {
        super::calls::calls().call.iter().filter(|row| row.mode == "sync").flat_map(|row| row.types.iter().cloned()).take(1).collect()
    }
}
