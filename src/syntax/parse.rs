//! Runs the recogniser and flattens what it read into the tree. Knows nothing of what a node means.

use super::grammar::{Grammar, Rule};
use super::tree::{Raw, Tree};
use crate::base::{Diagnostic, FileId, Span};
use pest::Parser;
use std::sync::Arc;

/// What a text was read as: a tree whatever it was, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree, which covers every byte.
    pub tree: Tree,
    /// What is wrong with the text as text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The deepest nesting of brackets that is read; deeper text is one piece of junk.
pub const DEEPEST: usize = 128;

/// Reads a text. Never fails: a mistake is a node.
pub fn parse(file: FileId, text: Arc<str>) -> Parsed {
    let mut diagnostics = Vec::new();
    if let Some(at) = too_deep(&text) {
        let span = Span::new(file, at, at + 1);
        let message = format!("brackets are nested more than {DEEPEST} deep here");
        diagnostics.push(Diagnostic::error("nesting-too-deep", span, message).help("take the inner part out into a `let`"));
        return Parsed { tree: all_junk(file, text), diagnostics };
    }
    let Ok(pairs) = Grammar::parse(Rule::file, &text) else {
        let span = Span::new(file, 0, 0);
        diagnostics.push(Diagnostic::error("unreadable", span, "this file could not be read as Purlin").help("please report this text: every text should be readable"));
        return Parsed { tree: all_junk(file, text), diagnostics };
    };
    let mut nodes: Vec<Raw> = Vec::with_capacity(text.len() / 4);
    let mut open: Vec<usize> = Vec::new();
    for token in pairs.tokens() {
        match token {
            pest::Token::Start { rule, pos } => {
                if rule == Rule::EOI {
                    continue;
                }
                open.push(nodes.len());
                nodes.push(Raw { kind: rule, start: pos.pos() as u32, end: 0, next: 0 });
            }
            pest::Token::End { rule, pos } => {
                if rule == Rule::EOI {
                    continue;
                }
                let next = nodes.len() as u32;
                if let Some(raw) = open.pop().and_then(|i| nodes.get_mut(i)) {
                    raw.end = pos.pos() as u32;
                    raw.next = next;
                }
            }
        }
    }
    let tree = Tree::new(file, text, nodes);
    super::ast::mistakes(&tree, &mut diagnostics);
    Parsed { tree, diagnostics }
}

fn all_junk(file: FileId, text: Arc<str>) -> Tree {
    let end = text.len() as u32;
    let nodes = vec![Raw { kind: Rule::file, start: 0, end, next: 2 }, Raw { kind: Rule::junk, start: 0, end, next: 2 }];
    Tree::new(file, text, nodes)
}

/// Where brackets first nest too deep. Brackets in strings count too: that only makes it stricter.
fn too_deep(text: &str) -> Option<u32> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(at as u32);
        }
    }
    None
}
