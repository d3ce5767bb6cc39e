//! The leaves of a tree: every byte of the text, in order, once. Knows nothing of what a node means.

use super::{Kind, Node, Tree};
use crate::base::Span;

/// What a leaf is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeafKind {
    /// Blanks and line breaks.
    Whitespace,
    /// `// ...`, without its line break.
    Comment,
    /// `/// ...` or `//! ...`, without its line break.
    Doc,
    /// A word of the language.
    Keyword,
    /// A bracket, a quote or another sign.
    Punct,
    /// A node without children that is text: a name, a literal, stray text.
    Node,
}

/// A piece of text that has no parts.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'t> {
    /// What it is.
    pub kind: LeafKind,
    /// Its range of the file.
    pub span: Span,
    /// The node that it is; of the other kinds, the innermost node around it.
    pub node: Node<'t>,
}

impl<'t> Leaf<'t> {
    /// Its text.
    pub fn text(&self) -> &'t str {
        self.node.tree().text().get(self.span.range()).unwrap_or("")
    }

    /// Whether it is blank or a comment.
    pub fn is_trivia(&self) -> bool {
        matches!(self.kind, LeafKind::Whitespace | LeafKind::Comment | LeafKind::Doc)
    }
}

/// Walks the leaves of a tree.
pub struct Leaves<'t> {
    tree: &'t Tree,
    next: u32,
    at: u32,
    open: Vec<Node<'t>>,
}

impl<'t> Leaves<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Leaves { tree, next: 1, at: 0, open: vec![tree.root()] }
    }
}

impl<'t> Iterator for Leaves<'t> {
    type Item = Leaf<'t>;

    fn next(&mut self) -> Option<Leaf<'t>> {
        loop {
            let around = *self.open.last()?;
            let child = (self.next < around.behind()).then(|| self.tree.node(self.next));
            let limit = child.map_or(around.span().end, |c| c.span().start);
            if self.at < limit {
                return Some(self.gap(around, limit));
            }
            match child {
                Some(node) if is_text(node) => {
                    self.next = node.behind();
                    self.at = node.span().end;
                    return Some(Leaf { kind: LeafKind::Node, span: node.span(), node });
                }
                Some(node) => {
                    self.next += 1;
                    self.open.push(node);
                }
                None => {
                    self.open.pop();
                }
            }
        }
    }
}

impl<'t> Leaves<'t> {
    /// The first leaf of the text between two nodes.
    fn gap(&mut self, node: Node<'t>, limit: u32) -> Leaf<'t> {
        let file = self.tree.file();
        let text = self.tree.text().get(Span::new(file, self.at, limit).range()).unwrap_or("?");
        let (kind, len) = first(text);
        let span = Span::new(file, self.at, self.at + len as u32);
        self.at = span.end;
        Leaf { kind, span, node }
    }
}

/// Whether a node is text of its own.
fn is_text(node: Node<'_>) -> bool {
    use Kind::*;
    let whole = matches!(
        node.kind(),
        ident | kebab | name | literal | operator | unary | escape | chars | long_chars | bound | maybe | comma | head | stray | junk
    );
    whole && node.children().next().is_none() && !node.span().is_empty()
}

fn first(text: &str) -> (LeafKind, usize) {
    let run = |test: fn(char) -> bool| text.find(|c| !test(c)).unwrap_or(text.len());
    let blanks = run(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{FEFF}'));
    if blanks > 0 {
        return (LeafKind::Whitespace, blanks);
    }
    if text.starts_with("//") {
        let doc = text.starts_with("//!") || text.starts_with("///") && !text.starts_with("////");
        return (if doc { LeafKind::Doc } else { LeafKind::Comment }, run(|c| !matches!(c, '\n' | '\r')));
    }
    let word = run(|c| c.is_ascii_alphanumeric() || c == '_');
    if word > 0 {
        return (LeafKind::Keyword, word);
    }
    let sign = ["\"\"\"", "${", ".."].into_iter().find(|s| text.starts_with(s));
    (LeafKind::Punct, sign.map_or_else(|| text.chars().next().map_or(1, char::len_utf8), str::len))
}
