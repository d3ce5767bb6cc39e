//! Every place of a tree where the grammar had to make do, with what stands around it.

use super::super::{Kind, Node, Tree};
use crate::base::Span;

/// A place where the grammar had to make do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault<'t> {
    /// The hole, the missing closer or the stray text.
    pub node: Node<'t>,
    /// What it is a part of.
    pub parent: Node<'t>,
    /// Which child of its parent it is.
    pub index: usize,
    /// The statement that it is, or is in.
    pub statement: Node<'t>,
    /// The statement before that, in the same block.
    pub before: Option<Node<'t>>,
}

impl<'t> Fault<'t> {
    /// Whether it is text that cannot stand where it stands.
    pub fn is_stray(&self) -> bool {
        matches!(self.node.kind(), Kind::junk | Kind::stray | Kind::head) || self.is_semicolon()
    }

    /// Whether it is a `;`.
    pub fn is_semicolon(&self) -> bool {
        self.node.kind() == Kind::comma && self.node.text() == ";"
    }

    /// Whether what follows on its line says little.
    pub fn spoils(&self) -> bool {
        matches!(self.node.kind(), Kind::unclosed | Kind::extra) || self.is_stray() && !self.is_semicolon() && !self.is_block()
    }

    /// Whether it is a block without a head.
    pub fn is_block(&self) -> bool {
        self.node.kind() == Kind::junk && self.node.children().next().is_some()
    }

    /// Where it begins.
    pub fn start(&self) -> u32 {
        self.node.span().start
    }

    /// Where it ends; a block without a head is only its opener, an `else` only its word.
    pub fn end(&self) -> u32 {
        match self.node.kind() {
            Kind::entry | Kind::keyed => self.node.children().next().map_or(self.start(), |word| word.span().end),
            _ if self.is_block() => self.start() + 1,
            _ => self.node.span().end,
        }
    }

    /// Its text, without blanks at the end.
    pub fn text(&self) -> &'t str {
        self.source().get(self.start() as usize..self.end() as usize).unwrap_or("").trim_end()
    }

    /// The whole text of the file.
    pub fn source(&self) -> &'t str {
        self.node.tree().text()
    }

    /// The text before it.
    pub fn above(&self) -> &'t str {
        self.source().get(..self.start() as usize).unwrap_or("")
    }

    /// The text behind it, as much of it as a message could be about.
    pub fn below(&self) -> &'t str {
        let rest = self.source().get(self.end() as usize..).unwrap_or("");
        let end = (400..404).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or(rest)
    }

    /// Where something missing belongs: directly behind what stands before it.
    pub fn place(&self) -> Span {
        let end = match self.node.kind() {
            // Comments may stand between the last statement and where the closer is missed.
            Kind::unclosed if self.parent.kind() == Kind::block => {
                let last = self.parent.children().take_while(|c| *c != self.node).last();
                last.map_or(self.parent.span().start + 1, |l| l.trimmed().end)
            }
            _ => self.above().trim_end().len() as u32,
        };
        Span::new(self.node.span().file, end, end)
    }

    /// Its text as a span, without blanks at the end.
    pub fn span(&self) -> Span {
        Span::new(self.node.span().file, self.start(), self.start() + self.text().len() as u32)
    }

    /// Whether its statement stands on the line of the statement before it, with nothing between them.
    pub fn is_glued(&self) -> bool {
        self.before.is_some_and(|before| {
            let between = self.source().get(before.span().end as usize..self.statement.span().start as usize);
            before.kind() != Kind::comma && between.is_some_and(|b| b.chars().all(|c| matches!(c, ' ' | '\t')))
        })
    }
}

/// How many faults are looked at: who has more mends these first.
const MOST: usize = 4096;

/// The faults of a tree, in the order of the text.
pub(super) fn faults(tree: &Tree) -> Vec<Fault<'_>> {
    let mut out = Vec::new();
    if tree.root().descendants().any(|n| is_fault(n, None)) {
        Walk { out: &mut out, statement: tree.root(), before: None }.children(tree.root());
        out.sort_by_key(Fault::start);
    }
    out
}

struct Walk<'o, 't> {
    out: &'o mut Vec<Fault<'t>>,
    statement: Node<'t>,
    before: Option<Node<'t>>,
}

impl<'t> Walk<'_, 't> {
    fn children(&mut self, parent: Node<'t>) {
        let outer = (self.statement, self.before);
        let holds = matches!(parent.kind(), Kind::file | Kind::block);
        let mut last = None;
        for (index, node) in parent.children().enumerate() {
            if holds {
                (self.statement, self.before) = (node, last);
            }
            if self.out.len() >= MOST {
                break;
            }
            if is_fault(node, Some(last)) {
                let Walk { statement, before, .. } = *self;
                self.out.push(Fault { node, parent, index, statement, before });
            }
            self.children(node);
            last = Some(node);
        }
        (self.statement, self.before) = outer;
    }
}

/// Whether a word continues an `if`, in Purlin or in another language.
pub(super) fn is_else(word: &str) -> bool {
    matches!(word, "else" | "elif" | "elsif" | "elseif")
}

/// Whether the grammar made do here. A comma is a fault only by what stands before it, if that is known.
fn is_fault(node: Node<'_>, before: Option<Option<Node<'_>>>) -> bool {
    match node.kind() {
        Kind::hole | Kind::unclosed | Kind::missing_comma | Kind::extra | Kind::junk | Kind::stray | Kind::head => true,
        Kind::comma => match before {
            Some(before) => node.text() == ";" || before.is_none_or(|b| b.kind() == Kind::comma),
            None => true,
        },
        // A key of several lines; its parent begins where it does.
        Kind::keyed => node.child(Kind::long).is_some(),
        Kind::entry => match before {
            Some(before) => before.is_some_and(|b| b.kind() == Kind::if_stmt) && node.child(Kind::path).is_some_and(|p| is_else(p.text())),
            None => node.child(Kind::path).is_some_and(|p| is_else(p.text())),
        },
        _ => false,
    }
}
