//! What a node is made of, as far as its layout depends on it.

use super::tokens::Tokens;
use crate::syntax::{Kind, Node};

/// A part of a row of items.
#[derive(Clone, Copy)]
pub(super) enum Part<'t> {
    /// A node.
    Node(Node<'t>),
    /// A comment, by the place of its token.
    Comment(usize),
}

/// The items and comments of a row, in the order of the text.
pub(super) fn row<'t>(tokens: &Tokens<'t>, node: Node<'t>) -> Vec<Part<'t>> {
    let range = tokens.of(node);
    let mut at = range.start;
    let mut out = Vec::new();
    let comments = |at: usize, to: usize, out: &mut Vec<Part<'t>>| {
        out.extend((at..to).filter(|i| tokens.get(*i).is_some_and(|t| t.comment)).map(Part::Comment));
    };
    for child in node.children().filter(|c| !c.span().is_empty() && (c.kind() != Kind::comma || c.text() == ";")) {
        let inner = tokens.of(child);
        comments(at, inner.start, &mut out);
        out.push(Part::Node(child));
        at = inner.end;
    }
    comments(at, range.end, &mut out);
    out
}

/// The operators at which an expression is broken: the loosest that it has.
pub(super) fn loosest(node: Node<'_>) -> &'static [&'static str] {
    const LEVELS: [&[&str]; 3] = [&["&&", "||"], &["+", "-", "??"], &["|"]];
    let has = |signs: &&[&str]| node.all(Kind::operator).any(|o| signs.contains(&o.text()));
    if node.kind() == Kind::type_expr && node.all(Kind::type_atom).nth(1).is_some() {
        return &["|"];
    }
    LEVELS.into_iter().find(has).unwrap_or(&[])
}

/// Whether the only item of a row keeps its brackets next to the row's: `[{ ... }]`.
pub(super) fn hugs(item: Node<'_>) -> bool {
    let mut inner = item;
    while let Some(child) = only_child(inner) {
        match child.kind() {
            Kind::record | Kind::list | Kind::type_record => return true,
            Kind::expr | Kind::argument => inner = child,
            _ => return false,
        }
    }
    // `f(g( ... ))`
    let mut children = inner.children();
    inner.kind() == Kind::expr
        && children.next().is_some_and(|c| c.kind() == Kind::name)
        && children.next().is_some_and(|c| c.kind() == Kind::call)
        && children.next().is_none()
}

/// Whether an item is a record and nothing else.
pub(super) fn has_record(item: Node<'_>) -> bool {
    only_child(item).is_some_and(|child| child.kind() == Kind::record)
}

fn only_child(node: Node<'_>) -> Option<Node<'_>> {
    let mut children = node.children();
    let only = children.next()?;
    children.next().is_none().then_some(only)
}
