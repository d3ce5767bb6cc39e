//! OpenAPI descriptions: each operation is a route, and its integration says what it calls.

use super::condition::both;
use super::reader::Reader;
use super::scope::Written;
use super::summary::{Edge, EdgeKind, End, May, Opaque};
use super::table::{Reads, Row, arrives};
use super::text::{Segment, Text};
use crate::base::Name;
use crate::document::Node;
use crate::flow::filter::{Glob, Matcher};
use crate::model::{Cond, Mode};

/// What follows the function's ARN in the address of an integration.
const INVOKED: &str = "/functions/";

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
                    Some(body) => self.described(at, &body, condition.as_ref()),
                    None => {
                        let why = "the description of the API cannot be read".to_string();
                        self.opaque(Opaque { at: End::Own(at), may: May::Trigger, why, span: node.span });
                    }
                }
            }
        }
    }

    fn described(&mut self, at: usize, body: &Node, condition: Option<&Cond>) {
        let paths = self.scope.part(body, "paths");
        for path in paths.as_ref().map(Node::entries).unwrap_or_default() {
            for (inner, operations) in self.scope.branches(&path.value) {
                for operation in operations.entries() {
                    let condition = both(condition, inner.as_ref());
                    self.operation(at, &path.key, operation, condition);
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

    fn operation(&mut self, at: usize, path: &Name, operation: &crate::document::Entry, condition: Option<Cond>) {
        let Some(integration) = self.scope.part(&operation.value, "x-amazon-apigateway-integration") else { return };
        let kind = integration.get("type").and_then(Node::as_str).unwrap_or_default().to_ascii_lowercase();
        let kept = integration.clone();
        for (inner, text, node) in self.scope.texts_at(&kept, "uri") {
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
            self.push(edge);
        }
    }

    /// What the address of an integration reaches: a function, or an action of a service.
    pub(super) fn integrated(&mut self, text: &Text) -> Option<End> {
        let function = between(text, INVOKED, "/invocations");
        if let Some(arn) = function {
            return Some(self.names.end(&self.scope, &arn, &self.callable()));
        }
        let only = text.segments().iter().any(|s| matches!(s, Segment::Literal(l) if l.contains("arn:") || l.contains(":path/")));
        match self.names.end(&self.scope, text, &[]) {
            own @ End::Own(_) => Some(own),
            End::Named(..) if only => None,
            End::Named(..) => None,
        }
    }

    fn callable(&self) -> Vec<String> {
        super::calls::calls().call.iter().filter(|row| row.mode == "sync").flat_map(|row| row.types.iter().cloned()).take(1).collect()
    }
}

/// A filter for one route.
pub(super) fn route(takes: crate::flow::filter::Filter, method: &str, path: &str) -> crate::flow::filter::Filter {
    let method = method.to_ascii_uppercase();
    let takes = match method.as_str() {
        "ANY" | "X-AMAZON-APIGATEWAY-ANY-METHOD" => takes,
        _ => takes.with("method", vec![Matcher::exact(&method)]),
    };
    takes.with("path", vec![Matcher::glob(Glob::iam(&masked(path)))])
}

/// A path with `*` for its variables, and without the slash at its beginning.
pub(super) fn masked(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path.trim_start_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// The part of a text between two others.
fn between(text: &Text, from: &str, to: &str) -> Option<Text> {
    let (mut out, mut inside) = (Text::default(), false);
    for segment in text.segments() {
        match segment {
            Segment::Literal(literal) => {
                let mut rest: &str = literal;
                if !inside && let Some((_, after)) = rest.split_once(from) {
                    inside = true;
                    rest = after;
                }
                if inside {
                    match rest.split_once(to) {
                        Some((before, _)) => {
                            out.push(Segment::Literal(before.into()));
                            return Some(out);
                        }
                        None => out.push(Segment::Literal(rest.into())),
                    }
                }
            }
            other if inside => out.push(other.clone()),
            _ => {}
        }
    }
    inside.then_some(out).filter(|t| !t.is_empty())
}
