//! Tree to canonical text. There is one format and no option. Knows nothing of names or types.
//!
//! Only blanks, line breaks and optional commas change: every other sign keeps its place, and so does every
//! comment. All lines end as the first does, with `\n` or with `\r\n`. What the grammar could not read is copied as it stands.

mod items;
mod shape;
mod spacing;
mod tokens;
mod write;

use crate::base::{Edit, Span, line_ends};
use crate::syntax::{Kind, Node, Tree};
use tokens::Tokens;

/// The widest line that is still one line.
const WIDTH: usize = 100;

/// The text of a tree in the canonical format.
pub fn format(tree: &Tree) -> String {
    let text = laid_out(tree);
    let same = gaps(tree, &text).is_some();
    debug_assert!(same, "more than blanks and commas changed\n--- from\n{}\n--- to\n{text}", tree.text());
    if same { text } else { tree.text().to_owned() }
}

/// The smallest edits that bring a text to its canonical format; each replaces blanks and commas between two words.
pub fn edits(tree: &Tree) -> Vec<Edit> {
    gaps(tree, &laid_out(tree)).unwrap_or_default()
}

fn laid_out(tree: &Tree) -> String {
    if tree.root().descendants().any(swallows) {
        return tree.text().to_owned();
    }
    let tokens = Tokens::new(tree);
    let mut out = items::file(&tokens);
    if !out.is_empty() {
        out.push('\n');
    }
    line_ends::like(&out, tree.text())
}

/// Whether a mistake makes it unsure what belongs to what in the rest of the file.
fn swallows(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::block => node.all(Kind::unclosed).next().is_some(),
        Kind::long => node.all(Kind::unclosed).next().is_some(),
        Kind::junk => node.text() == "}" || node.span().len() as usize == node.tree().text().len(),
        _ => false,
    }
}

/// The differences between a text and its new form, if they differ in blanks and commas only.
fn gaps(tree: &Tree, new: &str) -> Option<Vec<Edit>> {
    let old = tree.text();
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    loop {
        let (from, to) = (gap(old.get(i..)?), gap(new.get(j..)?));
        if from != to {
            let span = Span::new(tree.file(), i as u32, (i + from.len()) as u32);
            out.push(Edit { span, text: to.to_owned() });
        }
        i += from.len();
        j += to.len();
        let (from, to) = (old.get(i..)?.chars().next(), new.get(j..)?.chars().next());
        if from != to {
            return None;
        }
        let Some(sign) = from else { return Some(out) };
        i += sign.len_utf8();
        j += sign.len_utf8();
    }
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | ',' | '\u{FEFF}')
}

fn gap(text: &str) -> &str {
    text.get(..text.find(|c| !is_gap(c)).unwrap_or(text.len())).unwrap_or("")
}
