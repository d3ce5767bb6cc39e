//! The body of an API: what the template or a file beside it says, with the places that events take.

use super::edit;
use super::fill::Scope;
use super::table::Body;
use super::work::{Routed, Work};
use crate::base::Name;
use crate::document::{Data, Entry, Node};

/// The body of an API; none if it is somewhere else.
pub(super) fn body(work: &Work<'_>, id: &Name, scope: &Scope<'_>, body: &Body) -> Option<Node> {
    let written = scope.find(&body.property).or_else(|| scope.find("file")).map(|node| included(&node, work));
    let merge = body.merge.as_ref().is_some_and(|path| scope.holds(path));
    let elsewhere = written.is_none() && scope.find(&body.elsewhere).is_some();
    if elsewhere {
        return None;
    }
    let mut all = written.clone().unwrap_or_else(|| Node::map(scope.place, [(body.paths.as_str(), Node::map::<&str>(scope.place, []))]));
    for (key, template) in &body.operation {
        if let Some(value) = scope.fill(template) {
            all = edit::at(&all, &[&body.paths], &|paths| on_operations(paths, key, &value, scope));
        }
    }
    for route in work.routes.iter().filter(|r| r.api == *id && (written.is_none() || merge || r.into_written)) {
        all = edit::at(&all, &[&body.paths, &route.path, &route.method], &|_| operation(route));
    }
    for (key, template) in &body.set {
        let Some(value) = scope.fill(template) else { continue };
        let keys: Vec<&str> = key.split('.').collect();
        all = edit::at(&all, &keys, &|found| match found.filter(|n| !n.is_null()) {
            Some(found) => edit::merged(found, &value),
            None => value.clone(),
        });
    }
    Some(all)
}

/// What happens at a place, under the condition of what it reaches.
fn operation(route: &Routed) -> Node {
    match &route.condition {
        None => route.operation.clone(),
        Some(condition) => {
            let nothing = Node::call(route.place, "Ref", Node::text(route.place, "AWS::NoValue"));
            let parts = vec![Node::text(route.place, condition.clone()), route.operation.clone(), nothing];
            Node::call(route.place, "Fn::If", Node::list(route.place, parts))
        }
    }
}

/// Gives a value to each operation of the paths that has none.
fn on_operations(paths: Option<&Node>, key: &str, value: &Node, scope: &Scope<'_>) -> Node {
    let Some(paths) = paths else { return Node::map::<&str>(scope.place, []) };
    let operation = |e: &Entry| {
        let has = e.value.get(key).is_some() || !matches!(e.value.data, Data::Map(_)) || e.key.eq_ignore_ascii_case("options");
        let given = Entry { key: key.into(), span: e.span, value: Node::of_json(&value.to_json(), e.span) };
        Entry { value: if has { e.value.clone() } else { edit::with(&e.value, given) }, ..e.clone() }
    };
    let path =
        |e: &Entry| Entry { value: Node::new(e.value.span, Data::Map(e.value.entries().iter().map(operation).collect())), ..e.clone() };
    Node::new(paths.span, Data::Map(paths.entries().iter().map(path).collect()))
}

/// A document with what `AWS::Include` names, where that is a file beside the template.
pub(super) fn included(node: &Node, work: &Work<'_>) -> Node {
    let location = node
        .get("Fn::Transform")
        .filter(|t| t.get("Name").and_then(Node::as_str) == Some("AWS::Include"))
        .and_then(|t| t.at("Parameters.Location"))
        .and_then(Node::as_str);
    let Some(file) = location.and_then(|path| work.neighbours.read(path)) else { return node.clone() };
    edit::merged(&file, &edit::without(node, "Fn::Transform"))
}

/// When an API is there that SAM makes for its events: always, or under any of their conditions.
pub(super) fn condition_of(work: &mut Work<'_>, id: &Name, place: crate::base::Span) -> Option<Name> {
    let mut conditions: Vec<Name> = Vec::new();
    for route in work.routes.iter().filter(|r| r.api == *id) {
        let condition = route.condition.clone()?;
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    let refer = |name: &Name| Node::map(place, [("Condition", Node::text(place, name.clone()))]);
    match conditions.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        // `Fn::Or` takes ten.
        many => {
            let mut groups: Vec<Node> = many.iter().map(refer).collect();
            while groups.len() > 10 {
                groups = groups.chunks(10).map(|some| or(place, some)).collect();
            }
            let name = format!("{id}Condition");
            let either = or(place, &groups);
            work.condition(&name, either);
            Some(name.into())
        }
    }
}

fn or(place: crate::base::Span, parts: &[Node]) -> Node {
    match parts {
        [one] => one.clone(),
        many => Node::call(place, "Fn::Or", Node::list(place, many.to_vec())),
    }
}
