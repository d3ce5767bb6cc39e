//! Runs the recogniser and flattens what it read into the tree. Knows nothing of what a node means.

use super::grammar::{Grammar, Rule};
use super::repair;
use super::tree::{Raw, Tree};
use crate::base::{Diagnostic, FileId, Span};
use pest::iterators::Pairs;
use pest::{Parser, Token};
use std::sync::Arc;

/// What a text was read as: a tree whatever it was, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree, which covers every byte.
    pub tree: Tree,
    /// What is wrong with the text as text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The deepest nesting of brackets, interpolations and `else` that is read.
pub const DEEPEST: usize = 128;

/// Reads a text. Never fails: a mistake is a node.
pub fn parse(file: FileId, text: Arc<str>) -> Parsed {
    let mut diagnostics = Vec::new();
    let nodes = match Grammar::parse(Rule::file, &text) {
        Ok(pairs) => flatten(pairs, text.len()),
        // The grammar is total, so only the guard of the stack can end here.
        Err(_) => Err(deepest_bracket(&text)),
    };
    let nodes = nodes.unwrap_or_else(|at| {
        let at = at as u32;
        let message = format!("this is nested more than {DEEPEST} deep");
        let found = Diagnostic::error("nesting-too-deep", Span::new(file, at, at + 1), message);
        diagnostics.push(found.help("take the inner part out into a `let`, or close a bracket before it"));
        all_junk(text.len() as u32)
    });
    let tree = repaired(Tree::new(file, text, nodes));
    if diagnostics.is_empty() {
        super::mistakes::mistakes(&tree, &mut diagnostics);
    }
    super::mistakes::directions(&tree, &mut diagnostics);
    Parsed { tree, diagnostics }
}

/// Reads a part of a file that is known to be without mistakes: of the standard library.
pub fn parse_part(file: FileId, text: &str, start: u32) -> Tree {
    let pairs = Grammar::parse(Rule::file, text).ok();
    let nodes = pairs.and_then(|pairs| flatten(pairs, text.len()).ok()).unwrap_or_else(|| all_junk(text.len() as u32));
    Tree::new(file, Arc::from(text), nodes).starting_at(start)
}

/// The tree with its unclosed blocks ended where the indentation says, if it says so.
fn repaired(tree: Tree) -> Tree {
    let Some(repaired) = repair::repair(&tree) else { return tree };
    let Some(nodes) = Grammar::parse(Rule::file, &repaired.text).ok().and_then(|pairs| flatten(pairs, repaired.text.len()).ok()) else {
        return tree;
    };
    let (file, text) = (tree.file(), tree.shared_text());
    let trial = Tree::new(file, repaired.text.as_str().into(), nodes.clone());
    if repair::unclosed_blocks(&trial) > 0 || repair::has_leftover(&trial) && !repair::has_leftover(&tree) {
        return tree;
    }
    Tree::new(file, text, repaired.without(&nodes))
}

/// The nodes in pre-order; or the place where they nest too deep.
fn flatten(pairs: Pairs<'_, Rule>, bytes: usize) -> Result<Vec<Raw>, usize> {
    let mut nodes: Vec<Raw> = Vec::with_capacity(bytes / 3);
    let mut open: Vec<usize> = Vec::new();
    let mut depth = 0;
    for token in pairs.tokens() {
        match token {
            Token::Start { rule: Rule::EOI, .. } | Token::End { rule: Rule::EOI, .. } => {}
            Token::Start { rule, pos } => {
                depth += usize::from(nests(rule));
                if depth > DEEPEST {
                    return Err(pos.pos());
                }
                open.push(nodes.len());
                nodes.push(Raw { kind: rule, start: pos.pos() as u32, end: 0, next: 0 });
            }
            Token::End { rule, pos } => {
                depth -= usize::from(nests(rule));
                let next = nodes.len() as u32;
                if let Some(raw) = open.pop().and_then(|i| nodes.get_mut(i)) {
                    raw.end = pos.pos() as u32;
                    raw.next = next;
                }
            }
        }
    }
    Ok(nodes)
}

/// Whether a node can hold another of its kind, and that one another.
fn nests(rule: Rule) -> bool {
    use Rule::*;
    matches!(
        rule,
        block | params | list | paren | call | index | interpolation | type_list | type_paren | type_record | else_clause | otherwise
    )
}

fn all_junk(end: u32) -> Vec<Raw> {
    let mut nodes = vec![Raw { kind: Rule::file, start: 0, end, next: 1 }];
    if end > 0 {
        nodes.push(Raw { kind: Rule::junk, start: 0, end, next: 2 });
        nodes.iter_mut().for_each(|n| n.next = 2);
    }
    nodes
}

/// Where brackets first nest too deep, roughly: for a text that is too deep to be read at all.
fn deepest_bracket(text: &str) -> usize {
    let mut depth = 0usize;
    let mut places = text.bytes().enumerate().filter(|(_, byte)| {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    });
    places.next().map_or(0, |(at, _)| at)
}
