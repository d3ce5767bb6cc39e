//! Names that no declaration may have, because the language gives them a meaning.

use super::collect::Collector;
use crate::base::{Diagnostic, Name, Span};
use crate::model::ItemNode;
use crate::syntax::{Kind, Node};

/// The words that begin or continue an expression, its literals, and the names that are always there.
const RESERVED: [&str; 19] = [
    "if", "else", "for", "in", "as", "when", "where", "on", "of", "by", "can", "let", "true", "false", "none", "self", "aws", "stack",
    "any",
];

impl Collector<'_> {
    /// Reports the name of an item if it is reserved; and those of a loop or of parameters.
    pub(super) fn reserved(&mut self, node: Node<'_>, item: &ItemNode) {
        match item {
            ItemNode::Decl(decl) => self.reserve(&decl.name, decl.name_span),
            ItemNode::Param { name, name_span, .. }
            | ItemNode::Setting { name, name_span, .. }
            | ItemNode::Let { name, name_span, .. }
            | ItemNode::Type { name, name_span, .. } => self.reserve(name, *name_span),
            ItemNode::Component { name, name_span, parameters, .. } => {
                self.reserve(name, *name_span);
                parameters.iter().for_each(|p| self.reserve(&p.name, p.span));
            }
            ItemNode::Kind(kind) => self.reserve(&kind.name, kind.span),
            ItemNode::For { .. } => {
                let second = node.child(Kind::second).and_then(|s| s.child(Kind::ident));
                node.child(Kind::ident).into_iter().chain(second).for_each(|n| self.reserve(&n.text().into(), n.span()));
            }
            ItemNode::Use { alias: Some((name, span)), .. } | ItemNode::Import { alias: Some((name, span)), .. } => {
                self.reserve(name, *span);
            }
            _ => {}
        }
    }

    fn reserve(&mut self, name: &Name, span: Span) {
        if RESERVED.contains(&&**name) {
            let message = format!("`{name}` is a word of the language and cannot name a declaration");
            self.report(Diagnostic::error("reserved-name", span, message).help(format!("choose another name, as `my_{name}`")));
        }
    }
}
