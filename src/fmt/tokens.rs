//! The words, signs and comments of a tree in a row, each with the line breaks before it.

use crate::syntax::{Kind, LeafKind, Node, Tree};

/// A word, a sign, a whole string or a comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    /// Its text.
    pub text: &'t str,
    /// The node that it is, or the innermost node around it.
    pub node: Node<'t>,
    /// Its first byte.
    pub start: u32,
    /// Whether it is a comment.
    pub comment: bool,
    /// How many line breaks stand before it.
    pub breaks: usize,
}

/// The tokens of a tree.
pub(super) struct Tokens<'t> {
    /// The tree.
    pub tree: &'t Tree,
    all: Vec<Token<'t>>,
    /// By the index of a node: whether it is a statement that is copied as it stands.
    broken: Vec<bool>,
}

impl<'t> Tokens<'t> {
    /// Reads the tokens of a tree.
    pub fn new(tree: &'t Tree) -> Self {
        let mut tokens = Tokens { tree, all: row(tree), broken: vec![false; tree.len()] };
        tokens.mark(tree.root(), None);
        tokens
    }

    /// The token at a place.
    pub fn get(&self, at: usize) -> Option<&Token<'t>> {
        self.all.get(at)
    }

    /// The places of the tokens of a node.
    pub fn of(&self, node: Node<'_>) -> std::ops::Range<usize> {
        let span = node.span();
        let start = self.all.partition_point(|t| t.start < span.start);
        let len = self.all.get(start..).unwrap_or(&[]).partition_point(|t| t.start < span.end);
        start..start + len
    }

    /// Whether a statement is copied as it stands.
    pub fn is_broken(&self, statement: Node<'_>) -> bool {
        self.broken.get(statement.index() as usize).copied().unwrap_or(false)
    }

    /// Whether nothing but blanks separates the tokens of a range.
    pub fn on_one_line(&self, range: std::ops::Range<usize>) -> bool {
        let mut all = self.all.get(range).unwrap_or(&[]).iter();
        all.all(|t| t.breaks == 0 && !t.text.contains('\n'))
    }

    /// Marks the statements that hold a fault, or a comment where none is expected, outside of their blocks.
    fn mark(&mut self, node: Node<'t>, statement: Option<Node<'t>>) {
        let holds = matches!(node.kind(), Kind::file | Kind::block);
        for child in node.children() {
            let inner = if holds { Some(child) } else { statement };
            let semicolon = child.kind() == Kind::comma && child.text() == ";";
            if is_fault(child.kind()) || semicolon {
                self.copy(inner);
            }
            self.mark(child, inner);
        }
        if !has_items(node.kind()) && statement.is_some() {
            let odd = self.of(node).any(|i| self.get(i).is_some_and(|t| t.comment && t.node == node));
            if odd {
                self.copy(statement);
            }
        }
    }

    fn copy(&mut self, statement: Option<Node<'t>>) {
        if let Some(flag) = statement.and_then(|s| self.broken.get_mut(s.index() as usize)) {
            *flag = true;
        }
    }
}

/// Whether a node is a row of items, between which comments may stand.
pub(super) fn has_items(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, file | block | list | call | params | type_record)
}

/// A text without the blanks at its end.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_end_matches([' ', '\t', '\n', '\r'])
}

fn is_fault(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, hole | unclosed | missing_comma | extra | junk | stray | head)
}

fn row(tree: &Tree) -> Vec<Token<'_>> {
    let mut all: Vec<Token<'_>> = Vec::new();
    let mut breaks = 0;
    let mut behind = 0;
    for leaf in tree.leaves() {
        if leaf.span.start < behind {
            continue;
        }
        if leaf.kind == LeafKind::Whitespace {
            breaks += lines(leaf.text());
            continue;
        }
        let whole = matches!(leaf.node.kind(), Kind::string | Kind::long);
        let span = if whole { leaf.node.span() } else { leaf.span };
        let comment = matches!(leaf.kind, LeafKind::Comment | LeafKind::Doc);
        let text = tree.text().get(span.range()).unwrap_or("");
        // Commas come and go: the line breaks before one belong to what follows it.
        breaks = all.last().filter(|t| t.text == ",").map_or(0, |t| t.breaks).max(breaks);
        all.push(Token { text, node: leaf.node, start: span.start, comment, breaks });
        breaks = 0;
        behind = span.end;
    }
    all
}

/// How many line breaks a text holds; `\r\n` is one.
fn lines(text: &str) -> usize {
    text.matches('\n').count() + text.replace("\r\n", "").matches('\r').count()
}
