//! The properties that several resources of SAM share. A map is united with the resource's own, a list put before it,
//! anything else used where the resource says nothing.

use super::edit;
use super::known;
use super::table::TABLE;
use crate::base::Diagnostic;
use crate::document::{Data, Entry, Node};

/// A resource with the properties that the template shares among all of its type.
pub(super) fn merged(document: &Node, kind: &str, resource: &Node) -> Node {
    let table = &TABLE.globals;
    let Some(shared) = document.get(&table.section).and_then(|globals| globals.get(kind)) else { return resource.clone() };
    let ignored = resource.get(&table.ignored_by);
    if ignored.and_then(Node::as_str) == Some("*") {
        return resource.clone();
    }
    let ignored: Vec<&str> = ignored.map(|list| list.one_or_many().iter().filter_map(Node::as_str).collect()).unwrap_or_default();
    let replaced = table.replaced.get(kind).map(Vec::as_slice).unwrap_or_default();
    edit::at(resource, &["Properties"], &|own| {
        let empty = Node::map::<&str>(resource.span, []);
        let own = own.filter(|n| !n.is_null()).unwrap_or(&empty);
        let shared = shared.entries().iter().filter(|e| !ignored.contains(&&*e.key));
        let mut all = Node::new(own.span, Data::Map(shared.cloned().collect()));
        for entry in own.entries() {
            let value = match all.get(&entry.key) {
                Some(global) if !replaced.iter().any(|r| **r == *entry.key) => united(global, &entry.value),
                _ => entry.value.clone(),
            };
            all = edit::with(&all, Entry { value, ..entry.clone() });
        }
        all
    })
}

fn united(global: &Node, local: &Node) -> Node {
    match (&global.data, &local.data) {
        (Data::List(first), Data::List(rest)) => Node::new(local.span, Data::List(first.iter().chain(rest.iter()).cloned().collect())),
        // A call of an intrinsic function is one value.
        (Data::Map(_), Data::Map(entries)) if global.as_call().is_none() && local.as_call().is_none() => {
            entries.iter().fold(Node::new(local.span, global.data.clone()), |all, entry| {
                let value = all.get(&entry.key).map_or_else(|| entry.value.clone(), |shared| united(shared, &entry.value));
                edit::with(&all, Entry { value, ..entry.clone() })
            })
        }
        _ => local.clone(),
    }
}

/// Reports what the section cannot have.
pub(super) fn check(document: &Node, findings: &mut Vec<Diagnostic>) {
    let Some(section) = document.get(&TABLE.globals.section) else { return };
    for kind in section.entries() {
        let Some(takes) = TABLE.globals.takes.get(&*kind.key) else {
            let message = format!("`{}` cannot have properties for `{}`", TABLE.globals.section, kind.key);
            findings.push(known::unknown("sam-unknown-property", kind.span, message, &kind.key, TABLE.globals.takes.keys()));
            continue;
        };
        for property in kind.value.entries().iter().filter(|p| !takes.iter().any(|t| **t == *p.key)) {
            let message = format!("`{}` cannot have `{}` for every {}", TABLE.globals.section, property.key, kind.key);
            findings.push(known::unknown("sam-unknown-property", property.span, message, &property.key, takes));
        }
    }
}
