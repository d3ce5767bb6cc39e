//! A place of a text with what stands around it. Knows nothing of what names mean beyond the kinds of declarations.

use crate::base::{FileId, Span};
use crate::syntax::{Kind, Node, Tree, parse};

/// A place of a text.
pub struct Place {
    tree: Tree,
    /// The byte.
    pub at: usize,
}

impl Place {
    /// A place of a text.
    pub fn new(text: &str, at: usize) -> Place {
        Place { tree: parse(FileId(0), text.into()).tree, at: at.min(text.len()) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.tree.text()
    }

    /// The nodes that hold the place, the outermost first.
    pub fn around(&self) -> Vec<Node<'_>> {
        let at = self.at as u32;
        let holds = |n: &Node<'_>| n.span().start <= at && at <= n.span().end;
        self.tree.root().descendants().filter(holds).collect()
    }

    /// The word at the place, with its range.
    pub fn word(&self) -> Option<(&str, Span)> {
        let text = self.text();
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let start = text.get(..self.at)?.char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(self.at, |(i, _)| i);
        let length: usize = text.get(self.at..)?.chars().take_while(|c| part(*c)).map(char::len_utf8).sum();
        let end = self.at + length;
        let word = text.get(start..end).filter(|w| !w.is_empty())?;
        Some((word, Span::new(FileId(0), start as u32, end as u32)))
    }

    /// The line before the place.
    pub fn before(&self) -> &str {
        let before = self.text().get(..self.at).unwrap_or("");
        before.rsplit('\n').next().unwrap_or("")
    }

    /// Whether the place is in the name of a field: what stands before `=`, `:` or a block.
    pub fn names_field(&self) -> bool {
        let at = self.at as u32;
        let entry = self.around().into_iter().rev().find(|n| n.kind() == Kind::entry);
        let path = entry.filter(|n| n.child(Kind::named).is_none()).and_then(|n| n.child(Kind::path));
        path.is_some_and(|p| p.span().start <= at && at <= p.span().end)
    }

    /// The declaration around the place: its kind and its node.
    pub fn declaration(&self) -> Option<(&str, Node<'_>)> {
        let mut found = None;
        for node in self.around() {
            let named = match node.kind() {
                Kind::entry => node.child(Kind::named),
                Kind::existing_stmt => Some(node),
                _ => None,
            };
            let inside = named.and_then(|n| n.child(Kind::block)).is_some_and(|b| b.span().start < self.at as u32);
            if inside {
                let kind = node.child(Kind::path).or_else(|| node.child(Kind::kind_ref))?;
                found = Some((kind.text(), node));
            }
        }
        found
    }
}
