//! Where a blank stands between two tokens of one line.

use super::tokens::Token;
use crate::syntax::{Kind, Node};

/// Whether a blank stands between two neighbours.
pub(super) fn spaced(before: &Token<'_>, after: &Token<'_>) -> bool {
    match (before.text, after.text) {
        ("{", "}") => return before.node.kind() == Kind::block,
        ("(" | "[" | "." | ".." | "@", _) | (_, ")" | "]" | "," | "." | ".." | ":") => return false,
        ("{", _) => return !is_map(before.node),
        (_, "}") => return !is_map(after.node),
        _ => {}
    }
    match after.node.kind() {
        Kind::call | Kind::params if after.text == "(" => return false,
        Kind::index if after.text == "[" => return false,
        Kind::maybe => return false,
        _ => {}
    }
    before.node.kind() != Kind::unary
}

/// Whether a type is a map, `{String: Int}`, and no record: its only key is the name of a type.
fn is_map(node: Node<'_>) -> bool {
    let mut fields = node.all(Kind::type_field);
    let key = fields.next().filter(|_| node.kind() == Kind::type_record);
    key.is_some_and(|key| key.text().starts_with(|c: char| c.is_ascii_uppercase())) && fields.next().is_none()
}
