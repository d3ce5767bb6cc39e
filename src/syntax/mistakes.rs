//! What is wrong with a text as text, in the words of the person who wrote it. Knows nothing of names, types or AWS.
use super::{Kind, Tree};
use crate::base::Diagnostic;

/// What is wrong with a text as text: missing parts, missing closers, stray text.
pub fn mistakes(tree: &Tree, out: &mut Vec<Diagnostic>) {
    for node in tree.root().descendants() {
        match node.kind() {
            Kind::hole => out.push(Diagnostic::error("syntax", node.span(), "something is missing here")),
            Kind::unclosed => out.push(Diagnostic::error("syntax", node.span(), "a closing bracket or quote is missing here")),
            Kind::missing_comma => out.push(Diagnostic::error("missing-comma", node.span(), "a comma is missing here")),
            Kind::junk | Kind::stray | Kind::head | Kind::extra => out.push(Diagnostic::error("syntax", node.span(), format!("`{}` cannot stand here", node.text().trim()))),
            _ => {}
        }
    }
}
