//! What is wrong with a text as text, in the words of the person who wrote it: one mistake, one message.
//! Knows nothing of names, types or AWS.

mod directions;
mod fault;
mod missing;
mod slips;
mod unclosed;

use super::{Kind, Node, Tree};
use crate::base::{Diagnostic, Span};
use fault::{Fault, faults};

pub use directions::directions;
pub use slips::foreign_word;

/// Adds what is wrong with a text as text: missing parts, missing closers, stray text.
pub fn mistakes(tree: &Tree, out: &mut Vec<Diagnostic>) {
    let all = faults(tree);
    let mut rest: &[Fault<'_>] = &all;
    let mut heads: Vec<usize> = Vec::new();
    while let Some((first, behind)) = rest.split_first() {
        let len = 1 + together(tree, first, behind);
        let group = rest.get(..len).unwrap_or(rest);
        rest = rest.get(len..).unwrap_or(&[]);
        if leftover(group, &mut heads, out) {
            continue;
        }
        let found = told(group, first);
        if found.rule.as_ref() == "missing-block" {
            heads.push(out.len());
        }
        out.push(found);
    }
}

/// How many of the faults behind the first follow from the same mistake: they touch it, or
/// stand on the rest of a line that stray text or an open bracket has already spoilt.
fn together(tree: &Tree, first: &Fault<'_>, behind: &[Fault<'_>]) -> usize {
    let mut last = first;
    let mut spoilt = first.spoils();
    let until = slips::inside(first);
    for (count, fault) in behind.iter().enumerate() {
        let between = tree.text().get(last.end() as usize..fault.start() as usize).unwrap_or("");
        let ends: &[char] = if spoilt { &['\n', '\r'] } else { &['\n', '\r', ',', ';', '{', '}'] };
        let follows = fault.start() < until || slips::is_item(fault) && between.trim().is_empty();
        if !follows && fault.start() > last.end() && between.contains(ends) {
            return count;
        }
        spoilt |= fault.spoils();
        last = fault;
    }
    behind.len()
}

/// A `}` that closes nothing because the `{` of its block is missing belongs to that mistake.
fn leftover(group: &[Fault<'_>], heads: &mut Vec<usize>, out: &mut [Diagnostic]) -> bool {
    let [only] = group else { return false };
    if only.node.text() != "}" {
        return false;
    }
    let Some(found) = heads.pop().and_then(|i| out.get_mut(i)) else { return false };
    found.related.push(crate::base::Label { span: only.node.span(), text: "then this `}` is unmatched".to_owned() });
    true
}

/// The message of a group of faults.
fn told(group: &[Fault<'_>], first: &Fault<'_>) -> Diagnostic {
    let stray = group.iter().find(|f| f.is_stray());
    if let Some(found) = slips::slip(first, stray) {
        return found;
    }
    match first.node.kind() {
        Kind::unclosed => unclosed::unclosed(first, stray),
        Kind::hole => missing::missing(first, stray),
        Kind::missing_comma => missing::comma(first),
        Kind::extra => missing::extra(first),
        Kind::comma => missing::nothing_before(first),
        Kind::keyed => Diagnostic::error("long-key", first.span(), "a key is a string of one line"),
        _ => missing::stray(first),
    }
}

/// The first line of a text, cut to a length that reads well in a message.
fn short(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or("").trim_end();
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}...", line.get(..at).unwrap_or(line).trim_end()),
        None => line.to_owned(),
    }
}

/// The first byte of a node as a span.
fn opener(node: Node<'_>, len: u32) -> Span {
    let span = node.span();
    Span::new(span.file, span.start, (span.start + len).min(span.end))
}
