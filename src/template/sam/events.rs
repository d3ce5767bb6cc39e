//! The events of a function or a state machine.

use super::fill::Scope;
use super::ids;
use super::known;
use super::policies::Policies;
use super::table::{Route, TABLE, Thing};
use super::work::{Routed, Source, Work};
use crate::base::{Diagnostic, Name};
use crate::document::{Entry, Node};

/// Expands the events of a resource, and collects what they add to its role.
pub(super) fn expand(work: &mut Work<'_>, source: &Source, scope: &Scope<'_>, kind: &str, policies: &mut Policies) {
    let Some(types) = TABLE.event.get(kind) else { return };
    let Some(events) = scope.find("Events") else { return };
    for event in events.entries() {
        let Some(ty) = event.value.get("Type") else {
            let message = format!("the event `{}` of `{}` has no `Type`", event.key, source.id);
            work.findings.push(Diagnostic::error("sam-unknown-event", event.span, message));
            continue;
        };
        let name = ty.as_str().unwrap_or_default();
        let Some(thing) = types.get(name) else {
            let message = format!("SAM has no event `{name}` for a {kind}");
            work.findings.push(known::unknown("sam-unknown-event", ty.span, message, name, types.keys()));
            continue;
        };
        one(work, source, scope, event, thing, policies);
    }
}

fn one(work: &mut Work<'_>, source: &Source, parent: &Scope<'_>, event: &Entry, thing: &'static Thing, policies: &mut Policies) {
    let what = format!("the event `{}` of `{}`", event.key, source.id);
    let own = event.value.get("Properties").cloned().unwrap_or_else(|| Node::map::<&str>(event.span, []));
    known::check(thing, &what, event.span, &own, work.findings);
    let id = format!("{}{}", source.id, event.key);
    let mut names = vec![(Name::from("id"), Node::text(event.span, id)), ("event".into(), Node::text(event.span, event.key.clone()))];
    names.push(("parent".into(), Node::text(event.span, source.id.clone())));
    names.push(("of".into(), parent.own.clone()));
    names.extend(parent.find("condition").map(|value| ("condition".into(), value)));
    for shared in parent.lets.iter().flat_map(|lets| lets.keys()) {
        names.extend(parent.find(shared).map(|value| (Name::from(shared.as_str()), at(&value, event, thing))));
    }
    let mut scope = Scope { place: event.span, own, names, lets: Some(&thing.lets), parameters: parent.parameters };
    if let Some(route) = &thing.route {
        scope = route_of(work, source, scope, route, parent);
    }
    for invalid in thing.invalid.iter().filter(|i| scope.holds(&i.when)) {
        let place = scope.own.entry(&invalid.at).map_or(event.span, |e| e.span);
        work.findings.push(Diagnostic::error("sam-invalid-property", place, format!("{what}: {}", invalid.message)));
    }
    work.make(source, &scope, thing);
    work.edit(&scope, &thing.edit, &what);
    work.rights(&scope, thing, policies);
}

/// A reference to the target, at the place of the event.
fn at(value: &Node, event: &Entry, thing: &Thing) -> Node {
    let own = event.value.get("Properties");
    // The line of its source, which it needs, or which the table names first.
    let line = thing.required.iter().chain(&thing.properties).filter_map(|name| own?.get(name)).map(|node| node.span).next();
    Node::of_json(&value.to_json(), line.unwrap_or(event.span))
}

/// Notes the place in an API that an event takes, and gives the scope what is known of the API.
fn route_of<'s>(work: &mut Work<'_>, source: &Source, scope: Scope<'s>, route: &Route, parent: &Scope<'_>) -> Scope<'s> {
    let api_of = |own: &Node| own.get(&route.api).map_or_else(|| Some(Name::from(route.implicit.as_str())), ids::referenced);
    let written = scope.own.get(&route.api).cloned();
    let reference = written.unwrap_or_else(|| Node::call(scope.place, "Ref", Node::text(scope.place, route.implicit.as_str())));
    let api = api_of(&scope.own);
    let known = api.as_ref().and_then(|id| work.sources.get(id)).filter(|api| {
        api.resource.get("Type").and_then(Node::as_str).and_then(|ty| ty.strip_prefix(TABLE.prefix.as_str())) == Some(route.of.as_str())
    });
    let properties = known.and_then(|api| api.resource.get("Properties")).cloned();
    let mut scope = scope.with("reference", reference.clone());
    if known.is_some() {
        scope = scope.with("api", properties.unwrap_or_else(|| Node::map::<&str>(scope.place, [])));
    } else {
        let message = format!("`{}` must refer to an `{}{}` of the same template", route.api, TABLE.prefix, route.of);
        work.findings.push(Diagnostic::error("sam-event-source", reference.span, message));
    }
    if let Some(whole) = &route.whole {
        let siblings = parent.find("Events").unwrap_or_else(|| Node::map::<&str>(scope.place, []));
        let covers = |e: &&Entry| {
            let Some(own) = e.value.get("Properties") else { return false };
            let any = |path: &str, text: &str| own.get(path).is_none_or(|v| v.as_str().is_some_and(|v| v.eq_ignore_ascii_case(text)));
            e.span != scope.place && own.get("Path").and_then(Node::as_str) == Some(whole) && any("Method", "any") && api_of(own) == api
        };
        if siblings.entries().iter().any(|e| covers(&e)) {
            scope = scope.with("covered", Node::new(scope.place, crate::document::Data::Bool(true)));
        }
    }
    if let (Some(api), Some(path), Some(method)) =
        (api.filter(|id| work.sources.contains_key(id)), scope.text(&route.path), scope.text(&route.method))
        && let Some(operation) = scope.fill(&route.operation)
    {
        let condition = source.resource.get("Condition").and_then(Node::scalar);
        let (path, method) = (Name::from(path), Name::from(method));
        // The line of the path is the line of the route.
        let line = scope.own.get("Path").map_or(scope.place, |node| node.span);
        let operation = Node::new(line, operation.data);
        let earlier = work.routes.iter().find(|r| r.api == api && r.path == path && r.method == method);
        if let Some(earlier) = earlier {
            let message = format!("`{} {path}` of `{api}` is taken by two events", method.to_uppercase());
            work.findings.push(Diagnostic::error("sam-route-taken", scope.place, message).also(earlier.place, "the other event"));
        } else {
            work.routes.push(Routed { api, path, method, operation, condition, place: scope.place, into_written: route.into_written });
        }
    }
    scope
}
