//! The local names of an expression: what loops, `let`s and the language itself bind. Knows nothing of frames.

use crate::base::Name;
use crate::model::Value;
use std::sync::Arc;

/// Names with their values, the newest first. Cloning costs one counter: every step of every kind has its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Locals(Option<Arc<Local>>);

#[derive(Debug)]
struct Local {
    name: Name,
    value: Value,
    before: Locals,
}

impl Locals {
    /// Adds a name in front of all others.
    pub fn push(&mut self, name: Name, value: Value) {
        let before = std::mem::take(self);
        self.0 = Some(Arc::new(Local { name, value, before }));
    }

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter().find(|(n, _)| &***n == name).map(|(_, value)| value)
    }

    /// The names with their values, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Value)> {
        let mut at = self;
        std::iter::from_fn(move || {
            let local = at.0.as_deref()?;
            at = &local.before;
            Some((&local.name, &local.value))
        })
    }

    /// The names with their values, the oldest first.
    pub fn oldest_first(&self) -> Vec<(Name, Value)> {
        let mut all: Vec<_> = self.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        all.reverse();
        all
    }
}
