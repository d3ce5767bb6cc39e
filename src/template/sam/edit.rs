//! Changed copies of parts of a document.

use crate::base::Name;
use crate::document::{Data, Entry, Node};

/// The map with the entries of another; where both have a key, the other's value.
pub(super) fn merged(node: &Node, other: &Node) -> Node {
    other.entries().iter().fold(node.clone(), |all, entry| with(&all, entry.clone()))
}

/// The map with an entry, in the place of one with the same key.
pub(super) fn with(node: &Node, entry: Entry) -> Node {
    let mut entries = node.entries().to_vec();
    match entries.iter_mut().find(|e| e.key == entry.key) {
        Some(found) => *found = entry,
        None => entries.push(entry),
    }
    Node::new(node.span, Data::Map(entries.into()))
}

/// The map without a key.
pub(super) fn without(node: &Node, key: &str) -> Node {
    Node::new(node.span, Data::Map(node.entries().iter().filter(|e| &*e.key != key).cloned().collect()))
}

/// The document with something else at the end of a path of keys; maps that are missing on the way are made. What is no map
/// on the way stays as it is.
pub(super) fn at(node: &Node, path: &[&str], change: &dyn Fn(Option<&Node>) -> Node) -> Node {
    let Some((first, rest)) = path.split_first() else { return change(Some(node)) };
    if !matches!(node.data, Data::Map(_)) {
        return node.clone();
    }
    let key: Name = (*first).into();
    let value = match (node.get(first).filter(|n| !n.is_null()), rest.is_empty()) {
        (found, true) => change(found),
        (Some(found), false) => at(found, rest, change),
        (None, false) => {
            let made = at(&Node::map::<Name>(node.span, []), rest, change);
            // What is made is at the place of what was written into it.
            let place = made.entries().first().map_or(made.span, |e| e.span);
            Node::new(place, made.data)
        }
    };
    let span = node.entry(first).map_or(value.span, |e| e.span);
    with(node, Entry { key, span, value })
}

/// Whether two parts say the same, wherever they are.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (&a.data, &b.data) {
        (Data::Null, Data::Null) => true,
        (Data::Bool(a), Data::Bool(b)) => a == b,
        (Data::Number(a), Data::Number(b)) | (Data::Text(a), Data::Text(b)) => a == b,
        (Data::List(a), Data::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Data::Map(a), Data::Map(_)) => {
            a.len() == b.entries().len() && a.iter().all(|e| b.get(&e.key).is_some_and(|other| same(&e.value, other)))
        }
        _ => false,
    }
}
