//! Paths and addresses in a text that lead somewhere: files that are used, pages that are named as sources.

use crate::base::Span;
use crate::syntax::{Kind, LeafKind, Tree};

/// Where something leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// To a file, by its path from the source.
    File(Span, String),
    /// To a page.
    Page(Span, String),
}

/// The links of a text.
pub fn links(tree: &Tree) -> Vec<Link> {
    let mut out = Vec::new();
    for node in tree.root().descendants() {
        let named = match node.kind() {
            Kind::use_stmt | Kind::import_stmt => node.child(Kind::string),
            Kind::entry if node.child(Kind::path).is_some_and(|p| p.text() == "code") => {
                node.child(Kind::assign).and_then(|a| a.child(Kind::expr)).and_then(|e| e.child(Kind::string))
            }
            Kind::expr => read(node),
            _ => None,
        };
        let Some(string) = named else { continue };
        if let [only] = string.children().collect::<Vec<_>>().as_slice()
            && only.kind() == Kind::chars
        {
            out.push(Link::File(only.span(), only.text().to_string()));
        }
    }
    for leaf in tree.leaves().filter(|l| matches!(l.kind, LeafKind::Doc | LeafKind::Comment)) {
        let text = leaf.text();
        let Some(at) = text.find("https://") else { continue };
        let page: String = text.get(at..).unwrap_or("").chars().take_while(|c| !c.is_whitespace()).collect();
        let start = leaf.span.start + at as u32;
        out.push(Link::Page(Span::new(tree.file(), start, start + page.len() as u32), page));
    }
    out
}

/// The path in `read_text("...")` and `read_json("...")`.
fn read<'t>(expr: crate::syntax::Node<'t>) -> Option<crate::syntax::Node<'t>> {
    let name = expr.child(Kind::name).filter(|n| matches!(n.text(), "read_text" | "read_json"))?;
    let call = expr.children().skip_while(|n| n.index() != name.index()).nth(1).filter(|n| n.kind() == Kind::call)?;
    call.child(Kind::argument)?.child(Kind::expr)?.child(Kind::string)
}
