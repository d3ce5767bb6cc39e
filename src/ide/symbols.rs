//! What a file declares, and what can be folded.

use crate::base::Span;
use crate::syntax::{Kind, Node, Tree};

/// Something that a file declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is: `queue`, `let`, `component`.
    pub what: String,
    /// Where it stands, whole.
    pub span: Span,
    /// Where its name stands.
    pub name_span: Span,
    /// What stands inside it.
    pub children: Vec<Symbol>,
}

/// What a file declares, in its order.
pub fn symbols(tree: &Tree) -> Vec<Symbol> {
    inside(tree.root())
}

fn inside(block: Node<'_>) -> Vec<Symbol> {
    let mut out = Vec::new();
    for node in block.children() {
        let named = match node.kind() {
            Kind::entry => node.child(Kind::named),
            Kind::if_stmt | Kind::for_stmt => {
                out.extend(node.children().filter(|c| c.kind() == Kind::block).flat_map(inside));
                continue;
            }
            Kind::attribute | Kind::comma | Kind::junk | Kind::hole => continue,
            _ => Some(node),
        };
        let Some(named) = named else { continue };
        let Some(name) = named.all(Kind::ident).next() else { continue };
        let what = node.child(Kind::path).or_else(|| node.child(Kind::kind_ref)).map(|n| n.text().to_string());
        let what = what.unwrap_or_else(|| node.text().split_whitespace().next().unwrap_or("").to_string());
        let declares = !matches!(node.kind(), Kind::on_stmt | Kind::can_stmt | Kind::use_stmt | Kind::import_stmt);
        if !declares {
            continue;
        }
        let children =
            if node.kind() == Kind::component_stmt { node.child(Kind::block).map(inside).unwrap_or_default() } else { Vec::new() };
        out.push(Symbol { name: name.text().into(), what, span: node.trimmed(), name_span: name.span(), children });
    }
    out
}

/// The blocks and lists of several lines.
pub fn folds(tree: &Tree) -> Vec<Span> {
    let folds = tree.root().descendants().filter(|n| matches!(n.kind(), Kind::block | Kind::list | Kind::record | Kind::call));
    let mut spans: Vec<Span> = folds.filter(|n| n.text().contains('\n')).map(|n| n.trimmed()).collect();
    spans.dedup();
    spans
}
