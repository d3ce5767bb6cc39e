//! What each piece of a text is, for colours. From the tree alone, so that it is the same for what is half written.

use crate::base::Span;
use crate::syntax::{Kind, LeafKind, Node, Tree};
use crate::types::BUILTINS;
use rustc_hash::FxHashSet;

/// The kinds of tokens, by the names that the protocol has for them.
pub const TOKENS: [&str; 16] = [
    "comment",
    "keyword",
    "string",
    "number",
    "operator",
    "type",
    "class",
    "variable",
    "property",
    "function",
    "method",
    "event",
    "parameter",
    "decorator",
    "namespace",
    "macro",
];

/// What is said of a token besides, by the names that the protocol has for it: one bit each.
pub const MODIFIERS: [&str; 3] = ["declaration", "documentation", "defaultLibrary"];
const DECLARATION: u32 = 1;
const DOCUMENTATION: u32 = 2;
const LIBRARY: u32 = 4;

/// A token. One of several lines is told whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where.
    pub span: Span,
    /// What: an index of [`TOKENS`].
    pub kind: usize,
    /// Bits of [`MODIFIERS`].
    pub modifiers: u32,
}

/// The tokens of a text, in order.
pub fn tokens(tree: &Tree) -> Vec<Token> {
    let around = Around::of(tree);
    let builtins: FxHashSet<&str> = BUILTINS.iter().map(|b| b.name).collect();
    let mut out: Vec<Token> = Vec::new();
    for leaf in tree.leaves() {
        let (word, modifiers) = match leaf.kind {
            LeafKind::Whitespace => continue,
            LeafKind::Comment => ("comment", 0),
            LeafKind::Doc => ("comment", DOCUMENTATION),
            LeafKind::Keyword => ("keyword", 0),
            LeafKind::Punct if matches!(leaf.node.kind(), Kind::string | Kind::long) => ("string", 0),
            LeafKind::Punct if leaf.node.kind() == Kind::attribute => ("decorator", 0),
            LeafKind::Punct => continue,
            LeafKind::Node => match role(leaf.node, &around, &builtins) {
                Some(role) => role,
                None => continue,
            },
        };
        let Some(kind) = TOKENS.iter().position(|t| *t == word) else { continue };
        match out.last_mut() {
            // A text is one token as far as nothing is put into it.
            Some(last) if word == "string" && last.kind == kind && last.span.end == leaf.span.start => last.span.end = leaf.span.end,
            _ if !leaf.span.is_empty() => out.push(Token { span: leaf.span, kind, modifiers }),
            _ => {}
        }
    }
    out
}

/// The nodes around each node, nearest first, as far as a token's meaning depends on them.
struct Around<'t> {
    parents: Vec<Option<Node<'t>>>,
}

impl<'t> Around<'t> {
    fn of(tree: &'t Tree) -> Around<'t> {
        let mut parents = vec![None; tree.len()];
        let mut open: Vec<Node<'t>> = Vec::new();
        for node in tree.root().descendants() {
            while open
                .last()
                .is_some_and(|o| !(o.span().start <= node.span().start && node.span().end <= o.span().end && o.index() != node.index()))
            {
                open.pop();
            }
            if let Some(slot) = parents.get_mut(node.index() as usize) {
                *slot = open.last().copied();
            }
            if node.children().next().is_some() {
                open.push(node);
            }
        }
        Around { parents }
    }

    fn parent(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.parents.get(node.index() as usize).copied().flatten()
    }
}

fn role<'t>(node: Node<'t>, around: &Around<'t>, builtins: &FxHashSet<&str>) -> Option<(&'static str, u32)> {
    let parent = around.parent(node);
    let above = parent.and_then(|p| around.parent(p));
    Some(match node.kind() {
        Kind::literal | Kind::bound => ("number", 0),
        Kind::chars | Kind::long_chars | Kind::escape => ("string", 0),
        Kind::operator | Kind::unary | Kind::maybe => ("operator", 0),
        Kind::kebab => ("function", DECLARATION),
        Kind::name => named(node, parent?, builtins),
        Kind::ident => of_ident(node, parent?, above)?,
        _ => return None,
    })
}

/// A name in an expression.
fn named<'t>(node: Node<'t>, parent: Node<'t>, builtins: &FxHashSet<&str>) -> (&'static str, u32) {
    let next = parent.children().skip_while(|n| n.index() != node.index()).nth(1);
    let called = next.is_some_and(|n| n.kind() == Kind::call);
    if called && builtins.contains(node.text()) {
        return ("function", LIBRARY);
    }
    if node.text() == "self" || node.text() == "target" || node.text() == "actor" { ("macro", 0) } else { ("variable", 0) }
}

fn of_ident<'t>(node: Node<'t>, parent: Node<'t>, above: Option<Node<'t>>) -> Option<(&'static str, u32)> {
    let first = parent.all(Kind::ident).next().is_some_and(|n| n.index() == node.index());
    Some(match parent.kind() {
        Kind::path => match above.map(|a| (a.kind(), a)) {
            Some((Kind::entry, entry)) if entry.child(Kind::named).is_some() => ("class", 0),
            Some((Kind::entry, entry)) if entry.child(Kind::typed).is_some() => ("property", DECLARATION),
            Some((Kind::entry | Kind::append_stmt, _)) => ("property", 0),
            Some((Kind::kind_ref, _)) => ("class", 0),
            Some((Kind::type_atom, _)) => ("type", 0),
            _ => ("variable", 0),
        },
        Kind::named | Kind::let_stmt | Kind::setting_stmt | Kind::param_stmt | Kind::existing_stmt | Kind::resource_stmt => {
            ("variable", DECLARATION)
        }
        Kind::output_stmt | Kind::export_stmt | Kind::out_stmt | Kind::type_field | Kind::emit_stmt => ("property", DECLARATION),
        Kind::stack_stmt | Kind::alias => ("namespace", DECLARATION),
        Kind::component_stmt | Kind::kind_stmt => ("class", DECLARATION),
        Kind::type_stmt => ("type", DECLARATION),
        Kind::verb_stmt => ("method", DECLARATION),
        Kind::event_stmt if first => ("event", DECLARATION),
        Kind::event_stmt | Kind::cast | Kind::check_stmt | Kind::rule_stmt => ("keyword", 0),
        Kind::for_stmt | Kind::comprehension | Kind::second | Kind::param | Kind::binder => ("parameter", DECLARATION),
        Kind::label => ("parameter", 0),
        Kind::can_stmt | Kind::relation | Kind::needs_stmt => ("method", 0),
        Kind::attribute => ("decorator", 0),
        Kind::member => {
            let expr = above?;
            let called = expr.children().skip_while(|n| n.index() != parent.index()).nth(1).is_some_and(|n| n.kind() == Kind::call);
            (if called { "event" } else { "property" }, 0)
        }
        _ => return None,
    })
}
