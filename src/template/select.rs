//! The parts of a resource that a path of the table leads to, with the condition under which each is there.

use super::condition::both;
use super::scope::Scope;
use super::value::Alternatives;
use crate::document::{Data, Node};

/// What a path leads to.
#[derive(Default)]
pub struct Selected {
    /// The parts.
    pub found: Alternatives<Node>,
    /// Parts on the way that are neither a list nor a map, and so may hold anything.
    pub missed: Vec<Node>,
    /// Those of them that are functions where the path ends with a list: each may be a text, as the only item.
    calls: Alternatives<Node>,
}

impl Scope<'_> {
    /// The parts that a path leads to: keys separated by dots, `*` for each item of a list, `[K=V]`
    /// for those whose key `K` has the value `V`.
    pub fn select(&self, from: &Node, path: &str) -> Selected {
        let mut at: Alternatives<Node> = self.branches(from);
        let (mut missed, mut calls) = (Vec::new(), Vec::new());
        for key in path.split('.').filter(|key| !key.is_empty()) {
            let mut next = Vec::new();
            calls.clear();
            for (condition, node) in at {
                let held = |inner: Alternatives<Node>| {
                    inner.into_iter().map(|(c, n)| (both(condition.as_ref(), c.as_ref()), n)).collect::<Vec<_>>()
                };
                match &node.data {
                    _ if node.as_call().is_some() => {
                        missed.push(node.clone());
                        calls.extend((key == "*").then_some((condition, node)));
                    }
                    Data::List(items) if key == "*" => items.iter().for_each(|item| next.extend(held(self.branches(item)))),
                    Data::List(items) if key.starts_with('[') => {
                        let wanted = key.trim_matches(['[', ']']).split_once('=');
                        let is = |item: &&Node| wanted.is_some_and(|(k, v)| item.get(k).and_then(Node::scalar).is_some_and(|s| *s == *v));
                        items.iter().filter(is).for_each(|item| next.extend(held(self.branches(item))));
                    }
                    // One item where a list is expected.
                    _ if key == "*" => next.push((condition, node.clone())),
                    Data::Map(_) => next.extend(node.get(key).map(|value| held(self.branches(value))).unwrap_or_default()),
                    Data::List(_) | Data::Text(_) | Data::Number(_) | Data::Bool(_) => missed.push(node.clone()),
                    Data::Null => {}
                }
            }
            at = next;
        }
        Selected { found: at, missed, calls }
    }

    /// The only part that a path leads to, whatever its condition.
    pub fn part(&self, from: &Node, path: &str) -> Option<Node> {
        self.select(from, path).found.into_iter().next().map(|(_, node)| node)
    }

    /// The texts that a path leads to.
    pub fn texts_at(&self, from: &Node, path: &str) -> Vec<(Option<crate::model::Cond>, super::text::Text, Node)> {
        let selected = self.select(from, path);
        let mut all = Vec::new();
        for (condition, node) in selected.found.into_iter().chain(selected.calls) {
            for (inner, text) in self.texts(&node) {
                all.push((both(condition.as_ref(), inner.as_ref()), text, node.clone()));
            }
        }
        all
    }

    /// Whether the conditions on parts hold: `x` is there, `!x` is not, `x=y` has the value `y`, `x!=y` has not.
    pub fn holds(&self, base: &Node, root: &Node, conditions: &[String]) -> bool {
        let part = |path: &str| match path.strip_prefix('^') {
            Some(path) => self.part(root, path),
            None => self.part(base, path),
        };
        conditions.iter().all(|condition| {
            if let Some((path, value)) = condition.split_once("!=") {
                part(path).and_then(|n| n.scalar()).is_none_or(|s| *s != *value)
            } else if let Some((path, value)) = condition.split_once('=') {
                part(path).and_then(|n| n.scalar()).is_some_and(|s| *s == *value)
            } else if let Some(path) = condition.strip_prefix('!') {
                part(path).is_none()
            } else {
                part(condition).is_some()
            }
        })
    }
}
