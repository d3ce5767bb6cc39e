//! Writes one statement: on one line if it fits, else with its brackets or its operators broken.

use super::WIDTH;
use super::items;
use super::shape::{Part, has_record, hugs, loosest, row};
use super::spacing::spaced;
use super::tokens::{Token, Tokens, has_items, trimmed};
use crate::syntax::{Kind, Node};

/// Why something cannot be written on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It is too long.
    Long,
    /// It holds a comment, or something that has lines of its own.
    Tall,
}

/// A text that grows.
pub(super) struct Writer<'a, 't> {
    tokens: &'a Tokens<'t>,
    /// What is written so far.
    pub out: String,
    column: usize,
    indent: usize,
    last: Option<usize>,
    /// Whether all is to be on one line of at most this width.
    flat: Option<usize>,
    /// Why that did not succeed.
    stop: Option<Stop>,
    /// The place behind the last token that shares the line's item.
    end: usize,
    /// Whether no block may stand on one line.
    tall: bool,
    /// Whether a `-` may be part of a name, as in `@allow(some-rule)`.
    kebab: bool,
}

impl<'a, 't> Writer<'a, 't> {
    /// A text that begins at an indentation.
    pub fn new(tokens: &'a Tokens<'t>, indent: usize) -> Self {
        Writer { tokens, out: String::new(), column: indent, indent, last: None, flat: None, stop: None, end: 0, tall: false, kebab: false }
    }

    /// Writes a statement.
    pub fn statement(mut self, node: Node<'t>) -> String {
        self.end = self.tokens.of(node).end;
        // The branches of one `if` are all on one line, or none is.
        self.tall = node.kind() == Kind::if_stmt
            && node.child(Kind::else_clause).is_some()
            && (!self.tokens.on_one_line(self.inner(node)) || self.try_flat(node, 0).is_some());
        self.node(node);
        self.out
    }

    /// The places of a node's tokens but the first, whose line breaks are not its own.
    fn inner(&self, node: Node<'_>) -> std::ops::Range<usize> {
        let range = self.tokens.of(node);
        range.start + 1..range.end.max(range.start + 1)
    }

    fn node(&mut self, node: Node<'t>) {
        if self.stop.is_some() || node.span().is_empty() {
            return;
        }
        match node.kind() {
            Kind::string | Kind::long => self.parts(node, false),
            Kind::block => self.block(node),
            Kind::expr | Kind::plain | Kind::type_expr => self.chain(node),
            kind if has_items(kind) => self.brackets(node),
            // A condition and its message are one line, however long: a break would tear the sentence apart.
            Kind::when_clause => self.unbroken(node),
            Kind::record if self.is_empty(node) => {
                self.token(self.tokens.of(node).start);
                self.raw("}");
                self.last = Some(self.tokens.of(node).end.saturating_sub(1));
            }
            Kind::attribute => {
                self.kebab = true;
                self.parts(node, true);
                self.kebab = false;
            }
            _ => self.parts(node, true),
        }
    }

    /// Writes the tokens of a node and, between them, its children.
    fn parts(&mut self, node: Node<'t>, children: bool) {
        let range = self.tokens.of(node);
        let mut at = range.start;
        for child in node.children().filter(|c| children && !c.span().is_empty()) {
            let inner = self.tokens.of(child);
            (at..inner.start).for_each(|i| self.token(i));
            self.node(child);
            at = inner.end;
        }
        (at..range.end).for_each(|i| self.token(i));
    }

    fn token(&mut self, at: usize) {
        let Some(token) = self.tokens.get(at) else { return };
        let before = self.last.and_then(|i| self.tokens.get(i));
        let dashed =
            |b: &Token<'_>| self.kebab && (b.text == "-" || token.text == "-") && b.start as usize + b.text.len() == token.start as usize;
        if before.is_some_and(|b| spaced(b, token) && !dashed(b)) {
            self.raw(" ");
        }
        self.raw(token.text);
        self.last = Some(at);
        if self.flat.is_some() && (token.comment || token.text.contains('\n')) {
            self.stop = Some(Stop::Tall);
        }
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
        match text.rfind('\n') {
            Some(at) => self.column = text.len() - at - 1,
            None => self.column += text.chars().count(),
        }
        if self.stop.is_none() && self.flat.is_some_and(|width| self.column > width) {
            self.stop = Some(Stop::Long);
        }
    }

    fn is_empty(&self, node: Node<'t>) -> bool {
        node.child(Kind::block).is_some_and(|block| row(self.tokens, block).is_empty())
    }

    fn unbroken(&mut self, node: Node<'t>) {
        let mut trial = Writer { out: String::new(), flat: Some(usize::MAX), stop: None, tall: false, ..*self };
        trial.parts(node, true);
        match trial.stop {
            None => self.on_this_line(|w| w.parts(node, true)),
            Some(_) => self.parts(node, true),
        }
    }

    /// Whether a row goes on the rest of the line. What follows it counts only if a break would make room for it.
    fn fits(&self, node: Node<'t>) -> bool {
        let behind = self.behind(node);
        let helps = self.indent + 1 + behind <= WIDTH;
        self.try_flat(node, if helps { behind } else { 0 }).is_none()
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.out.push_str(&" ".repeat(self.indent));
        self.column = self.indent;
        self.last = None;
    }

    /// Why a node does not fit on the rest of the line, with so much behind it.
    fn try_flat(&self, node: Node<'t>, behind: usize) -> Option<Stop> {
        let width = WIDTH.saturating_sub(behind);
        let last = self.last;
        let mut trial = Writer { out: String::new(), flat: Some(width), stop: None, last, tall: false, ..*self };
        trial.node(node);
        trial.stop
    }

    /// How much must follow a node on its line: up to the next bracket that may be broken.
    fn behind(&self, node: Node<'t>) -> usize {
        let start = self.tokens.of(node).end;
        let mut width = 0;
        for at in start..self.end {
            let (Some(before), Some(token)) = (self.tokens.get(at.saturating_sub(1)), self.tokens.get(at)) else { break };
            if token.comment {
                break;
            }
            width += token.text.chars().count() + usize::from(spaced(before, token));
            if has_items(token.node.kind()) && matches!(token.text, "(" | "[" | "{") {
                break;
            }
        }
        width
    }

    /// Operands and operators: on one line, or each of the loosest operators on a line of its own.
    fn chain(&mut self, node: Node<'t>) {
        let loosest = loosest(node);
        // What has lines of its own breaks there, and not at the operators.
        let tall = |n: Node<'_>| n.kind() == Kind::block && n.children().next().is_some() || n.kind() == Kind::long;
        let whole = self.flat.is_some() || loosest.is_empty() || node.descendants().any(tall);
        let too_long = !whole && self.try_flat(node, 0) == Some(Stop::Long);
        if !too_long {
            return self.parts(node, true);
        }
        let outer = self.end;
        let range = self.tokens.of(node);
        let mut at = range.start;
        self.indent += 2;
        for child in node.children().filter(|c| !c.span().is_empty()) {
            let inner = self.tokens.of(child);
            for i in at..inner.start {
                // The bars of a union are signs, not nodes.
                if self.tokens.get(i).is_some_and(|t| t.text == "|") {
                    self.newline();
                }
                self.token(i);
            }
            if child.kind() == Kind::operator && loosest.contains(&child.text()) {
                self.newline();
            }
            self.end = inner.end;
            self.node(child);
            at = inner.end;
        }
        self.indent -= 2;
        self.end = outer;
    }

    /// A row between brackets.
    fn brackets(&mut self, node: Node<'t>) {
        let parts = row(self.tokens, node);
        if self.flat.is_some() || self.fits(node) {
            return self.on_this_line(|w| w.flat_row(node, &parts));
        }
        let range = self.tokens.of(node);
        self.token(range.start);
        if self.hugged(&parts) {
            return self.token(range.end.saturating_sub(1));
        }
        let outer = self.end;
        self.indent += 2;
        for (count, part) in parts.iter().enumerate() {
            match part {
                Part::Comment(at) => self.comment(*at, count == 0),
                Part::Node(item) => self.item(node, *item, count == 0),
            }
        }
        self.indent -= 2;
        self.end = outer;
        self.newline();
        self.token(range.end.saturating_sub(1));
    }

    /// Writes the only item of a row next to its brackets, if that reads well: `[{ ... }]`.
    fn hugged(&mut self, parts: &[Part<'t>]) -> bool {
        let (only, behind) = match parts {
            [Part::Node(only)] => (*only, None),
            [Part::Node(only), Part::Node(behind)] if behind.kind() == Kind::comprehension => (*only, Some(*behind)),
            _ => return false,
        };
        if !hugs(only) {
            return false;
        }
        if let Some(behind) = behind {
            let short = Writer { column: self.indent + 2, ..Writer::new(self.tokens, self.indent) }.try_flat(behind, self.behind(behind));
            if short.is_some() || !has_record(only) {
                return false;
            }
        }
        self.node(only);
        if let Some(behind) = behind {
            self.node(behind);
        }
        true
    }

    fn item(&mut self, row: Node<'t>, item: Node<'t>, first: bool) {
        let inner = self.tokens.of(item);
        if !first && self.tokens.get(inner.start).is_some_and(|t| t.breaks > 1) {
            self.out.push('\n');
        }
        self.newline();
        self.end = inner.end;
        self.node(item);
        let commas = row.kind() != Kind::type_record && row.child(Kind::comprehension).is_none();
        if commas {
            self.raw(",");
        }
    }

    fn comment(&mut self, at: usize, first: bool) {
        let Some(token) = self.tokens.get(at) else { return };
        if token.breaks == 0 {
            self.raw(" ");
        } else {
            if !first && token.breaks > 1 {
                self.out.push('\n');
            }
            self.newline();
        }
        self.raw(trimmed(token.text));
    }

    /// Writes something that is known to fit, and all within it.
    fn on_this_line(&mut self, write: impl FnOnce(&mut Self)) {
        let outer = self.flat;
        self.flat = outer.or(Some(usize::MAX));
        write(self);
        self.flat = outer;
    }

    fn flat_row(&mut self, node: Node<'t>, parts: &[Part<'t>]) {
        let range = self.tokens.of(node);
        self.token(range.start);
        for (count, part) in parts.iter().enumerate() {
            let Part::Node(item) = part else {
                self.stop = Some(Stop::Tall);
                return;
            };
            if count > 0 && item.kind() != Kind::comprehension {
                self.raw(", ");
                self.last = None;
            }
            self.node(*item);
            if self.stop.is_some() {
                return;
            }
        }
        self.token(range.end.saturating_sub(1));
    }

    /// A block: on one line if it was and fits, else each statement on lines of its own.
    fn block(&mut self, node: Node<'t>) {
        let range = self.tokens.of(node);
        let empty = row(self.tokens, node).is_empty();
        let one = empty || !self.tall && self.tokens.on_one_line(self.inner(node)) && !items::needs_lines(self.tokens, node);
        if self.flat.is_some() && !one {
            self.stop = Some(Stop::Tall);
            return;
        }
        if empty || self.flat.is_some() || one && self.fits(node) {
            return self.on_this_line(|w| w.flat_block(node));
        }
        self.token(range.start);
        let inner = items::block(self.tokens, node, self.indent + 2);
        self.raw(&inner);
        self.newline();
        self.token(range.end.saturating_sub(1));
    }

    fn flat_block(&mut self, node: Node<'t>) {
        let range = self.tokens.of(node);
        self.token(range.start);
        for (count, unit) in items::units(self.tokens, node).into_iter().enumerate() {
            self.raw(if count > 0 { ", " } else { " " });
            self.last = None;
            match unit.whole(self.tokens) {
                Some(text) => self.raw(text),
                None => self.node(unit.first),
            }
            self.last = Some(unit.tokens.end.saturating_sub(1));
        }
        self.token(range.end.saturating_sub(1));
    }
}
