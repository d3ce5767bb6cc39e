//! The lossless tree: a flat array of nodes in pre-order over the text. Knows nothing of what a node means.

use super::{Kind, Leaves};
use crate::base::{FileId, Span};

/// One node: 16 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
    /// The index behind the last node of its subtree.
    pub next: u32,
}

/// The tree of one file. Node 0 is the file itself.
#[derive(Clone, Debug)]
pub struct Tree {
    file: FileId,
    text: std::sync::Arc<str>,
    /// Where the text begins in its file.
    start: u32,
    nodes: Vec<Raw>,
}

impl Tree {
    pub(super) fn new(file: FileId, text: std::sync::Arc<str>, nodes: Vec<Raw>) -> Self {
        Tree { file, text, start: 0, nodes }
    }

    /// The same tree, of a part of a file that begins here.
    pub(super) fn starting_at(mut self, start: u32) -> Self {
        self.start = start;
        self
    }

    /// The text between two places of the file.
    pub fn slice(&self, from: u32, to: u32) -> &str {
        let at = |place: u32| place.saturating_sub(self.start) as usize;
        self.text.get(at(from)..at(to)).unwrap_or("")
    }

    /// The text it was made from, whole.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text it was made from, to share.
    pub(super) fn shared_text(&self) -> std::sync::Arc<str> {
        self.text.clone()
    }

    /// The file it was made from.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The node of the whole file.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, index: 0 }
    }

    /// Every byte of the text, in order, once: trivia, words, signs and the nodes that are text.
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves::new(self)
    }

    pub(super) fn node(&self, index: u32) -> Node<'_> {
        Node { tree: self, index }
    }

    /// How many nodes it has.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has no node but the file's.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() < 2
    }

    fn raw(&self, index: u32) -> Raw {
        const NONE: Raw = Raw { kind: Kind::file, start: 0, end: 0, next: u32::MAX };
        self.nodes.get(index as usize).copied().unwrap_or(NONE)
    }
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.kind(), self.text())
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.tree, other.tree)
    }
}

impl<'t> Node<'t> {
    /// What it is.
    pub fn kind(self) -> Kind {
        self.tree.raw(self.index).kind
    }

    /// Its place in the pre-order array.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Its range of the file.
    pub fn span(self) -> Span {
        let raw = self.tree.raw(self.index);
        Span::new(self.tree.file, self.tree.start + raw.start, self.tree.start + raw.end)
    }

    /// The index behind the last node below it.
    pub(super) fn behind(self) -> u32 {
        self.tree.raw(self.index).next
    }

    /// Its range without the blanks at its end.
    pub fn trimmed(self) -> Span {
        let span = self.span();
        Span::new(span.file, span.start, span.start + self.text().trim_end().len() as u32)
    }

    /// The documentation directly above it: the text of the `///` lines, attributes between them skipped.
    pub fn doc(self) -> Option<String> {
        let above = self.tree.slice(self.tree.start, self.span().start);
        let mut above = above.rsplit('\n').map(str::trim);
        let mut lines: Vec<&str> = Vec::new();
        if !above.next()?.is_empty() {
            return None;
        }
        for line in above {
            match line.strip_prefix("///").filter(|rest| !rest.starts_with('/')) {
                Some(text) => lines.push(text.strip_prefix(' ').unwrap_or(text)),
                None if line.starts_with('@') && lines.is_empty() => {}
                None => break,
            }
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Its text.
    pub fn text(self) -> &'t str {
        self.tree.slice(self.span().start, self.span().end)
    }

    /// The tree it is of.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its children, in the order of the text.
    pub fn children(self) -> impl Iterator<Item = Node<'t>> + Clone {
        let end = self.tree.raw(self.index).next;
        let mut at = self.index.saturating_add(1);
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let node = Node { tree: self.tree, index: at };
                at = self.tree.raw(at).next;
                node
            })
        })
    }

    /// Its first child of a kind.
    pub fn child(self, kind: Kind) -> Option<Node<'t>> {
        self.children().find(|c| c.kind() == kind)
    }

    /// Its children of a kind.
    pub fn all(self, kind: Kind) -> impl Iterator<Item = Node<'t>> + Clone {
        self.children().filter(move |c| c.kind() == kind)
    }

    /// Every node below it and itself, in pre-order.
    pub fn descendants(self) -> impl Iterator<Item = Node<'t>> + Clone {
        let end = self.tree.raw(self.index).next;
        let tree = self.tree;
        (self.index..end).map(move |index| Node { tree, index })
    }
}
