//! SAM as plain CloudFormation: what the transform of AWS makes of a template, from the table
//! `stdlib/templates/sam.toml`. Every part of the result is at the user's own line. What reads CloudFormation knows nothing
//! of SAM.

mod api;
mod connectors;
mod edit;
mod events;
mod fill;
mod globals;
mod ids;
mod known;
mod named;
mod policies;
mod role;
mod table;
mod work;

use super::Neighbours;
use crate::base::{Diagnostic, Name, Span};
use crate::document::{Data, Entry, Node};
use fill::Scope;
use policies::Policies;
use table::{TABLE, Thing};
use work::{Change, Source, Work};

/// A document of SAM as a document of CloudFormation; another document as it is. What SAM does not know is reported, and
/// left out.
pub fn expand(document: &Node, neighbours: &dyn Neighbours, findings: &mut Vec<Diagnostic>) -> Node {
    let resources = document.get("Resources").map(Node::entries).unwrap_or_default();
    let serverless: Vec<&Entry> = resources.iter().filter(|e| kind(&e.value).is_some()).collect();
    let connected = resources.iter().find(|e| e.value.get(&TABLE.connectors.attribute).is_some());
    let Some(first) = serverless.first().copied().or(connected) else { return document.clone() };
    check_transform(document, first, serverless.len(), findings);
    globals::check(document, findings);
    let mut work = Work {
        document,
        neighbours,
        findings,
        sources: Default::default(),
        made: Default::default(),
        conditions: Vec::new(),
        named: Default::default(),
        edits: Vec::new(),
        routes: Vec::new(),
    };
    for entry in serverless {
        let kind = kind(&entry.value).unwrap_or_default();
        match TABLE.resource.get(kind) {
            Some(_) => {
                let resource = globals::merged(document, kind, &entry.value);
                work.sources.insert(entry.key.clone(), Source { id: entry.key.clone(), span: entry.span, resource });
            }
            None => {
                let ty = entry.value.get("Type").unwrap_or(&entry.value);
                work.findings.push(known::unknown_type(kind, ty));
            }
        }
    }
    implicit_apis(&mut work);
    let sources: Vec<Source> = work.sources.values().cloned().collect();
    // The places that events take in an API must be known before the API is made.
    for with_body in [false, true] {
        for source in &sources {
            if let Some(thing) = kind(&source.resource).and_then(|k| TABLE.resource.get(k)).filter(|t| t.body.is_some() == with_body) {
                one(&mut work, source, thing);
            }
        }
    }
    connectors::expand(&mut work);
    finish(work)
}

/// The type of a resource after SAM's prefix.
fn kind(resource: &Node) -> Option<&str> {
    resource.get("Type")?.as_str()?.strip_prefix(TABLE.prefix.as_str())
}

fn check_transform(document: &Node, first: &Entry, count: usize, findings: &mut Vec<Diagnostic>) {
    let transforms = document.get("Transform").map(Node::one_or_many).unwrap_or_default();
    if !transforms.iter().any(|t| t.as_str() == Some(TABLE.transform.as_str())) {
        let ty = first.value.get("Type").unwrap_or(&first.value);
        let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        let message = format!("`{}` is a resource of SAM{more}, but the template does not name SAM's transform", first.key);
        findings.push(
            Diagnostic::error("sam-without-transform", ty.span, message)
                .help(format!("write `Transform: {}` at the top of the template", TABLE.transform)),
        );
    }
}

/// Adds the APIs that SAM makes for events that name none.
fn implicit_apis(work: &mut Work<'_>) {
    let mut needed: Vec<(&str, &str, Span)> = Vec::new();
    for source in work.sources.values() {
        let Some(types) = kind(&source.resource).and_then(|k| TABLE.resource.get(k)?.events.as_ref()).and_then(|e| TABLE.event.get(e))
        else {
            continue;
        };
        for event in source.resource.at("Properties.Events").map(Node::entries).unwrap_or_default() {
            let route = event.value.get("Type").and_then(Node::as_str).and_then(|ty| types.get(ty)?.route.as_ref());
            let Some(route) = route else { continue };
            let named = event.value.get("Properties").is_some_and(|p| p.get(&route.api).is_some());
            if !named && !needed.iter().any(|(id, ..)| **id == route.implicit) {
                needed.push((&route.implicit, &route.of, event.span));
            }
        }
    }
    for (id, kind, place) in needed {
        let Some(body) = TABLE.resource.get(kind).and_then(|t| t.body.as_ref()) else { continue };
        let scope = Scope { place, own: Node::map::<&str>(place, []), names: Vec::new(), lets: None, parameters: None };
        let properties = scope.fill(&serde_json::Value::Object(body.implicit.clone())).unwrap_or_else(|| Node::map::<&str>(place, []));
        let ty = Node::text(place, format!("{}{kind}", TABLE.prefix));
        let resource = Node::map(place, [("Type", ty), ("Properties", properties)]);
        let resource = globals::merged(work.document, kind, &resource);
        work.sources.insert(id.into(), Source { id: id.into(), span: place, resource });
    }
}

/// Makes what a resource of SAM becomes.
fn one(work: &mut Work<'_>, source: &Source, thing: &'static Thing) {
    let mut source = source.clone();
    let what = format!("`{}`", source.id);
    let mut scope = work.scope(&source, thing);
    known::check(thing, &what, source.span, &scope.own, work.findings);
    for invalid in thing.invalid.iter().filter(|i| scope.holds(&i.when)) {
        let place = scope.own.entry(&invalid.at).map_or(source.span, |e| e.span);
        work.findings.push(Diagnostic::error("sam-invalid-property", place, format!("{what}: {}", invalid.message)));
    }
    if let Some(body) = &thing.body {
        let declared = work.document.get("Resources").is_some_and(|r| r.get(&source.id).is_some());
        if !declared && let Some(condition) = api::condition_of(work, &source.id, source.span) {
            let value = Node::text(source.span, condition);
            source.resource = edit::with(&source.resource, Entry { key: "Condition".into(), span: source.span, value });
            scope = work.scope(&source, thing);
        }
        if let Some(body) = api::body(work, &source.id, &scope, body) {
            scope = scope.with("body", body);
        }
    }
    work.make(&source, &scope, thing);
    work.edit(&scope, &thing.edit, &what);
    let mut policies = Policies::default();
    work.rights(&scope, thing, &mut policies);
    if let Some(events) = &thing.events {
        events::expand(work, &source, &scope, events, &mut policies);
    }
    if let Some(role) = &thing.role {
        role::make(work, &source, &scope, role, policies);
    }
}

/// The document with what was made.
fn finish(work: Work<'_>) -> Node {
    let place = work.document.get("Resources").map_or(work.document.span, |r| r.span);
    let declared = work.document.get("Resources").map(Node::entries).unwrap_or_default();
    let mut resources: Vec<Entry> = declared.iter().filter(|e| kind(&e.value).is_none()).cloned().collect();
    for entry in &mut resources {
        entry.value = edit::without(&entry.value, &TABLE.connectors.attribute);
    }
    resources.extend(work.made.into_values());
    for (id, path, change) in work.edits {
        let keys: Vec<&str> = path.split('.').collect();
        if let Some(entry) = resources.iter_mut().find(|e| e.key == id) {
            entry.value = edit::at(&entry.value, &keys, &|found| changed(found, &change));
        }
    }
    let mut document = edit::without(work.document, &TABLE.globals.section);
    document = edit::without(&document, "Transform");
    document = edit::at(&document, &["Resources"], &|_| Node::new(place, Data::Map(resources.clone().into())));
    if !work.conditions.is_empty() {
        document = edit::at(&document, &["Conditions"], &|found| {
            let empty = Node::map::<Name>(place, []);
            work.conditions.iter().fold(found.unwrap_or(&empty).clone(), |all, entry| edit::with(&all, entry.clone()))
        });
    }
    named::resolved(&document, &work.named)
}

fn changed(found: Option<&Node>, change: &Change) -> Node {
    match change {
        Change::Set(value) => value.clone(),
        Change::Add(part) => {
            let found = found.filter(|n| !n.is_null());
            let mut parts = found.map(|list| list.one_or_many().to_vec()).unwrap_or_default();
            if !parts.iter().any(|other| edit::same(other, part)) {
                parts.push(part.clone());
            }
            Node::list(found.map_or(part.span, |list| list.span), parts)
        }
    }
}
