//! Conditions on parameters that another stack of the project gives: two nested stacks that get one parameter of the stack
//! around them depend on the same.

use super::global::Globals;
use crate::base::Name;
use crate::model::{Cond, Deploy, Value};
use crate::template::{Segment, Summary};
use std::sync::Arc;

/// Puts what other stacks give into the conditions of all stacks.
pub(super) fn fill(stacks: &mut [Summary], globals: &Globals) {
    for (at, stack) in stacks.iter_mut().enumerate().filter(|(at, _)| globals.is_given(*at)) {
        let given = Given { globals, at, prefix: format!("{}:", stack.name) };
        let resources = stack.resources.iter_mut().map(|r| &mut r.condition);
        let edges = stack.edges.iter_mut().map(|e| &mut e.condition);
        let rights = stack.rights.iter_mut().chain(&mut stack.bounds).map(|r| &mut r.condition);
        for condition in resources.chain(edges).chain(rights).flatten() {
            *condition = given.condition(condition);
        }
    }
}

/// What a stack is given.
struct Given<'g> {
    globals: &'g Globals,
    at: usize,
    /// How the names of its parameters begin in conditions.
    prefix: String,
}

impl Given<'_> {
    fn condition(&self, condition: &Cond) -> Cond {
        let each = |all: &[Cond]| all.iter().map(|one| self.condition(one)).collect();
        match condition {
            Cond::Equals(a, b) => Cond::Equals(self.value(a), self.value(b)),
            Cond::Not(inner) => Cond::Not(Arc::new(self.condition(inner))),
            Cond::And(all) => Cond::And(each(all)),
            Cond::Or(all) => Cond::Or(each(all)),
        }
    }

    /// A parameter of the stack as the text or the parameter that it is given. What is built of more stays its own.
    fn value(&self, value: &Value) -> Value {
        let Value::Deploy(deploy) = value else { return value.clone() };
        let Deploy::Param(name, ty) = &**deploy else { return value.clone() };
        let Some((stack, text)) = name.strip_prefix(&*self.prefix).and_then(|name| self.globals.given(self.at, name)) else {
            return value.clone();
        };
        match text.segments() {
            [Segment::Literal(text)] => Value::text(text),
            [Segment::Parameter(name)] => Value::deploy(Deploy::Param(Name::from(format!("{stack}:{name}")), ty.clone())),
            _ => value.clone(),
        }
    }
}
