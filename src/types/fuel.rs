//! What a stack has used of its budgets while it is evaluated. Knows nothing of what is computed.

use super::eval::Env;
use super::world::World;
use crate::base::budget::{ITERATIONS, MADE_BYTES, VALUE_BYTES, VALUE_DEPTH, VALUE_NODES};
use crate::base::{Diagnostic, Span};
use crate::model::{Deploy, Value};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// The counters of a world. One thread evaluates a world; what others ask of it later is not exact.
#[derive(Debug, Default)]
pub(super) struct Fuel {
    spent: AtomicBool,
    iterations: AtomicUsize,
    bytes: AtomicUsize,
    declarations: AtomicUsize,
}

impl World {
    /// Whether a budget is exceeded, so that nothing more is evaluated.
    pub fn spent(&self) -> bool {
        self.fuel.spent.load(Relaxed)
    }

    /// Reports, once in a world, that a budget is exceeded.
    pub fn exceeded(&self, span: Span, message: &str, help: &str) {
        if !self.fuel.spent.swap(true, Relaxed) {
            self.report(Diagnostic::error("budget-exceeded", span, message).help(help));
        }
    }

    /// Whether one more declaration may be made by a loop or a component.
    pub(super) fn may_declare(&self, span: Span) -> bool {
        let most = crate::base::budget::DECLARATIONS;
        if !add(&self.fuel.declarations, 1, most) {
            let message = format!("loops and components make more than {most} declarations here");
            self.exceeded(span, &message, "a template holds 500 resources: shorten the lists, or use fewer components within components");
        }
        !self.spent()
    }
}

/// Adds to a counter; whether it is within its limit.
fn add(counter: &AtomicUsize, more: usize, most: usize) -> bool {
    let now = counter.load(Relaxed).saturating_add(more);
    counter.store(now, Relaxed);
    now <= most
}

/// What of a value is left to be counted.
struct Left {
    nodes: usize,
    bytes: usize,
}

/// Counts a value as a tree, until a limit is passed: a value that holds another twice may be far larger than the memory
/// that it takes.
fn weigh(value: &Value, depth: u32, left: &mut Left) -> Result<(), String> {
    if depth > VALUE_DEPTH {
        return Err(format!("a value nests more than {VALUE_DEPTH} deep"));
    }
    left.nodes = left.nodes.checked_sub(1).ok_or_else(|| format!("a value has more than {VALUE_NODES} elements"))?;
    let mut text = |length: usize| match left.bytes.checked_sub(length) {
        Some(rest) => {
            left.bytes = rest;
            Ok(())
        }
        None => Err(format!("a value has more than {VALUE_BYTES} bytes of text")),
    };
    match value {
        Value::Str(t) => text(t.len()),
        Value::List(values) => values.iter().try_for_each(|v| weigh(v, depth + 1, left)),
        Value::Record(fields) => fields.values().try_for_each(|v| weigh(v, depth + 1, left)),
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Text(parts) => parts.iter().try_for_each(|v| weigh(v, depth + 1, left)),
            Deploy::If(_, a, b) => weigh(a, depth + 1, left).and_then(|()| weigh(b, depth + 1, left)),
            Deploy::Call(_, argument) => weigh(argument, depth + 1, left),
            Deploy::Param(..) | Deploy::Pseudo(_) | Deploy::StackPart | Deploy::Attr(..) | Deploy::Bool(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The functions whose result can be longer than each of their arguments, or that visit all of them.
const COPYING: [&str; 12] =
    ["json", "join", "concat", "flatten", "replace", "replace_matches", "merge", "map", "short_hash", "unique", "sort", "base64"];

/// The most bytes that a function makes of some arguments.
fn made(arguments: &[Value]) -> usize {
    fn size(value: &Value) -> usize {
        match value {
            Value::Str(text) => text.len(),
            Value::List(values) => values.iter().map(size).sum::<usize>() + 16 * values.len(),
            _ => 16,
        }
    }
    match arguments {
        // Each match may be replaced by the whole third text.
        [Value::Str(text), Value::Str(from), with] => {
            let matches = if from.is_empty() { text.len() + 1 } else { text.len() / from.len() };
            text.len().saturating_add(matches.saturating_mul(size(with)))
        }
        // Each element is followed by the separator.
        [Value::Str(separator), Value::List(values)] => {
            values.iter().map(size).sum::<usize>().saturating_add(separator.len().saturating_mul(values.len()))
        }
        values => values.iter().map(size).sum(),
    }
}

impl Env<'_> {
    /// Whether a function may be called with some arguments: what it visits and makes is within the budgets.
    pub(super) fn may_call(&self, name: &str, arguments: &[Value], span: Span) -> bool {
        !COPYING.contains(&name) || (self.fits_in(arguments, span) && self.may_make(made(arguments), span))
    }

    /// A value that gets a name, if it is within the budgets.
    pub(super) fn weighed(&self, value: Value, span: Span) -> Value {
        if self.fits_in(std::slice::from_ref(&value), span) { value } else { Value::Missing }
    }

    /// Whether some values together are within the budget of one.
    pub(super) fn fits_in(&self, values: &[Value], span: Span) -> bool {
        let mut left = Left { nodes: VALUE_NODES, bytes: VALUE_BYTES };
        match values.iter().try_for_each(|value| weigh(value, 0, &mut left)) {
            Ok(()) => true,
            Err(message) => {
                self.world.exceeded(span, &message, "compute less here, or read it from a file with `read_json`");
                false
            }
        }
    }

    /// Whether so many bytes of a text, or elements of sixteen bytes, may be made.
    pub(super) fn may_make(&self, bytes: usize, span: Span) -> bool {
        if bytes > VALUE_BYTES || !add(&self.world.fuel.bytes, bytes, MADE_BYTES) {
            let message = format!("more than {VALUE_BYTES} bytes of text would be made at once, or {MADE_BYTES} in all");
            self.world.exceeded(span, &message, "compute less here, or read it from a file with `read_text`");
            return false;
        }
        !self.world.spent()
    }

    /// Whether so many more iterations may be taken.
    pub(super) fn may_iterate(&self, count: usize, span: Span) -> bool {
        if !add(&self.world.fuel.iterations, count, ITERATIONS) {
            let message = format!("the loops over values take more than {ITERATIONS} iterations");
            self.world.exceeded(span, &message, "shorten the lists that this loop and those around it run over");
        }
        !self.world.spent()
    }
}
