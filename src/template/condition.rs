//! The conditions of a template as conditions on its parameters, each qualified by the name of the stack.

use super::scope::Scope;
use crate::document::Node;
use crate::model::{Cond, Deploy, Type, Value};
use std::sync::Arc;

/// How deep conditions may name one another.
const DEPTH: usize = 32;

/// Both, where either may be none.
pub fn both(a: Option<&Cond>, b: Option<&Cond>) -> Option<Cond> {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Some(a.clone()),
        (Some(Cond::And(all)), Some(b)) if all.contains(b) => Some(Cond::And(all.clone())),
        (Some(Cond::And(all)), Some(b)) => Some(Cond::And(all.iter().chain([b]).cloned().collect())),
        (Some(a), Some(b)) => Some(Cond::And(vec![a.clone(), b.clone()])),
        (a, b) => a.or(b).cloned(),
    }
}

/// Whether a condition and what holds already exclude each other plainly: one is the other's negation.
pub fn excluded(held: Option<&Cond>, by: &Cond) -> bool {
    let not = |a: &Cond, b: &Cond| matches!(a, Cond::Not(inner) if **inner == *b) || matches!(b, Cond::Not(inner) if **inner == *a);
    match held {
        Some(Cond::And(all)) => all.iter().any(|one| not(one, by)),
        Some(one) => not(one, by),
        None => false,
    }
}

/// The negation of a condition.
pub fn negated(of: &Cond) -> Cond {
    match of {
        Cond::Not(inner) => (**inner).clone(),
        other => Cond::Not(Arc::new(other.clone())),
    }
}

impl Scope<'_> {
    /// The condition of a name.
    pub fn condition(&self, name: &str) -> Cond {
        self.named(name, DEPTH)
    }

    fn named(&self, name: &str, depth: usize) -> Cond {
        match self.conditions.get(name).filter(|_| depth > 0) {
            Some(node) => self.cond(node, depth - 1),
            None => self.atom(&format!("condition {name}")),
        }
    }

    /// A condition that is not understood: it may hold or not.
    fn atom(&self, what: &str) -> Cond {
        Cond::Equals(Value::deploy(Deploy::Param(self.qualified(what), Type::Bool)), Value::text("true"))
    }

    fn cond(&self, node: &Node, depth: usize) -> Cond {
        let Some((function, argument)) = node.as_call().filter(|_| depth > 0) else {
            return match node.as_bool() {
                Some(b) => Cond::Equals(Value::text("true"), Value::text(if b { "true" } else { "false" })),
                None => self.atom(&node.to_json().to_string()),
            };
        };
        let parts = || argument.items().iter().map(|part| self.cond(part, depth - 1)).collect::<Vec<_>>();
        match (function, argument.items()) {
            ("Condition", _) => argument.as_str().map_or_else(|| self.atom("condition"), |name| self.named(name, depth - 1)),
            ("Fn::Equals", [a, b]) => Cond::Equals(self.compared(a), self.compared(b)),
            ("Fn::Not", [inner]) => negated(&self.cond(inner, depth - 1)),
            ("Fn::And", [_, ..]) => Cond::And(parts()),
            ("Fn::Or", [_, ..]) => Cond::Or(parts()),
            _ => self.atom(&node.to_json().to_string()),
        }
    }

    /// What is compared in a condition: a text, a parameter with the values that it may have, or anything else by how it
    /// is written.
    fn compared(&self, node: &Node) -> Value {
        if let Some(text) = node.scalar() {
            return Value::Str(text);
        }
        match self.texts(node).as_slice() {
            [(None, text)] => match text.as_literal() {
                Some(literal) => Value::text(literal),
                None => self.unknown(&text.to_string()),
            },
            _ => self.unknown(&node.to_json().to_string()),
        }
    }

    /// A value that is known at deployment, by how it is written: `${Stage}`.
    pub fn unknown(&self, written: &str) -> Value {
        let parameter = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let allowed = parameter.and_then(|name| self.parameters.get(name)?.get("AllowedValues"));
        let words: Vec<_> = allowed.map(|a| a.items().iter().filter_map(Node::scalar).collect()).unwrap_or_default();
        let ty = if words.is_empty() { Type::String } else { Type::Words(words.into()) };
        Value::deploy(Deploy::Param(self.qualified(parameter.unwrap_or(written)), ty))
    }
}
