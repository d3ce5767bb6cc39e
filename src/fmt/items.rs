//! The statements of a block or a file: one below the other, with their comments, blank lines and aligned signs.

use super::shape::{Part, row};
use super::tokens::{Tokens, trimmed};
use super::write::Writer;
use crate::syntax::{Kind, Node};
use std::ops::Range;

/// One statement, or several of one line that are copied as they stand.
pub(super) struct Unit<'t> {
    /// The statement, or the first of them.
    pub first: Node<'t>,
    /// The places of its tokens.
    pub tokens: Range<usize>,
    broken: bool,
}

impl Unit<'_> {
    /// Its text, if it is copied as it stands.
    pub fn whole<'t>(&self, tokens: &Tokens<'t>) -> Option<&'t str> {
        let start = tokens.get(self.tokens.start)?.start as usize;
        let last = tokens.get(self.tokens.end.saturating_sub(1))?;
        let text = tokens.tree.text().get(start..last.start as usize + last.text.len())?;
        self.broken.then(|| trimmed(text))
    }
}

/// What stands on lines of its own.
enum Item<'t> {
    Unit(Unit<'t>),
    Comment(usize),
}

/// A line or several, as they will stand.
struct Lines {
    text: String,
    /// Whether a blank line stands before it.
    blank: bool,
    /// What it is aligned with, and the column of the sign that is aligned.
    aligned: Option<(Kind, usize)>,
    /// Whether those before and behind it are aligned as if it were not there.
    passes: bool,
    /// The comment behind it.
    comment: Option<String>,
}

/// The whole text of a file, without the last line break.
pub(super) fn file(tokens: &Tokens<'_>) -> String {
    let mut lines = lines(tokens, items(tokens, tokens.tree.root()), 0, false);
    if let Some(first) = lines.first_mut() {
        first.blank = false;
    }
    let text = joined(&lines, 0);
    text.strip_prefix('\n').unwrap_or(&text).to_owned()
}

/// What stands between the braces of a block, from the first line break to before the last.
pub(super) fn block<'t>(tokens: &Tokens<'t>, node: Node<'t>, indent: usize) -> String {
    let mut items = items(tokens, node);
    let opening = match items.first() {
        Some(Item::Comment(at)) if tokens.get(*at).is_some_and(|t| t.breaks == 0) => tokens.get(*at),
        _ => None,
    };
    let mut out = String::new();
    if let Some(comment) = opening {
        out = format!(" {}", trimmed(comment.text));
        items.remove(0);
    }
    let mut lines = lines(tokens, items, indent, true);
    if let Some(first) = lines.first_mut() {
        first.blank = false;
    }
    out.push_str(&joined(&lines, indent));
    out
}

/// Whether a block cannot stand on one line, whatever its length.
pub(super) fn needs_lines<'t>(tokens: &Tokens<'t>, node: Node<'t>) -> bool {
    units(tokens, node).iter().any(|u| u.first.kind() == Kind::attribute)
}

/// The statements of a block.
pub(super) fn units<'t>(tokens: &Tokens<'t>, node: Node<'t>) -> Vec<Unit<'t>> {
    let units = items(tokens, node).into_iter();
    units.filter_map(|i| if let Item::Unit(unit) = i { Some(unit) } else { None }).collect()
}

fn items<'t>(tokens: &Tokens<'t>, node: Node<'t>) -> Vec<Item<'t>> {
    let mut out: Vec<Item<'t>> = Vec::new();
    for part in row(tokens, node) {
        let statement = match part {
            Part::Comment(at) => {
                let copied = matches!(out.last(), Some(Item::Unit(last)) if at < last.tokens.end);
                if !copied {
                    out.push(Item::Comment(at));
                }
                continue;
            }
            Part::Node(statement) => statement,
        };
        let mut range = tokens.of(statement);
        let broken = tokens.is_broken(statement);
        if broken {
            range = with_commas(tokens, range, last_end(&out));
            while matches!(out.last(), Some(Item::Comment(at)) if *at >= range.start) {
                out.pop();
            }
        }
        if let Some(Item::Unit(last)) = out.last_mut()
            && (broken || last.broken)
            && tokens.on_one_line(last.tokens.end..range.start + 1)
        {
            last.tokens.end = range.end;
            last.broken = true;
            continue;
        }
        out.push(Item::Unit(Unit { first: statement, tokens: range, broken }));
    }
    out
}

fn last_end(items: &[Item<'_>]) -> usize {
    let last = items.iter().rev().find_map(|i| if let Item::Unit(unit) = i { Some(unit.tokens.end) } else { None });
    last.unwrap_or(0)
}

/// The places of a mistake with the commas before and behind it: it may begin or end because of them.
fn with_commas(tokens: &Tokens<'_>, range: Range<usize>, from: usize) -> Range<usize> {
    let comment = |at: &usize| tokens.get(*at).is_some_and(|t| t.comment);
    let comma = |at: &usize| tokens.get(*at).is_some_and(|t| t.node.kind() == Kind::comma && t.text == ",");
    let before = (from..range.start).rev().find(|at| !comment(at)).filter(comma);
    let behind = (range.end..).find(|at| !comment(at)).filter(comma);
    before.unwrap_or(range.start)..behind.map_or(range.end, |at| at + 1)
}

fn lines(tokens: &Tokens<'_>, items: Vec<Item<'_>>, indent: usize, nested: bool) -> Vec<Lines> {
    let mut out: Vec<Lines> = Vec::new();
    for item in items {
        match item {
            Item::Comment(at) => {
                let Some(token) = tokens.get(at) else { continue };
                let text = trimmed(token.text).to_owned();
                match out.last_mut().filter(|last| token.breaks == 0 && last.comment.is_none()) {
                    Some(last) if nested || at > 0 => last.comment = Some(text),
                    _ => out.push(Lines { text, blank: token.breaks > 1, aligned: None, passes: true, comment: None }),
                }
            }
            Item::Unit(unit) => {
                let blank = tokens.get(unit.tokens.start).is_some_and(|t| t.breaks > 1);
                let (text, aligned) = match unit.whole(tokens) {
                    Some(text) => (text.to_owned(), None),
                    None => {
                        let text = Writer::new(tokens, indent).statement(unit.first);
                        let aligned = aligned(unit.first, &text);
                        (text, aligned)
                    }
                };
                let block = unit.first.kind() == Kind::entry && unit.first.child(Kind::block).is_some();
                let passes = block && !text.contains('\n') && unit.whole(tokens).is_none();
                out.push(Lines { text, blank, aligned, passes, comment: None });
            }
        }
    }
    align(&mut out);
    out
}

/// What a statement is aligned with, and where.
fn aligned(node: Node<'_>, text: &str) -> Option<(Kind, usize)> {
    let kind = match node.kind() {
        Kind::on_stmt | Kind::can_stmt => return Some((Kind::on_stmt, text.find(' ')?)),
        Kind::keyed => Kind::entry,
        kind @ (Kind::entry | Kind::out_stmt | Kind::let_stmt | Kind::output_stmt | Kind::export_stmt) => kind,
        _ => return None,
    };
    let typed = node.child(Kind::typed).is_some_and(|t| kind != Kind::out_stmt || t.text().contains('='));
    let start = node.child(Kind::string).map_or(0, |key| key.text().len());
    let at = text.get(start..)?.lines().next()?.find(" = ")? + start;
    (node.child(Kind::assign).is_some() && !typed).then_some((kind, at))
}

/// Aligns the signs of neighbours of one kind, and the comments behind neighbours.
fn align(lines: &mut [Lines]) {
    let mut run: Vec<usize> = Vec::new();
    for at in 0..lines.len() {
        let Some(line) = lines.get(at) else { break };
        let kind = line.aligned.map(|(kind, _)| kind);
        let same = |other: &usize| lines.get(*other).and_then(|l| l.aligned).map(|(kind, _)| kind) == kind;
        if line.blank || !line.passes && !run.first().is_some_and(same) {
            pad(lines, &std::mem::take(&mut run));
        }
        let Some(line) = lines.get(at).filter(|l| l.aligned.is_some()) else { continue };
        run.push(at);
        if line.text.contains('\n') && kind != Some(Kind::on_stmt) {
            pad(lines, &std::mem::take(&mut run));
        }
    }
    pad(lines, &run);
    for run in lines.chunk_by_mut(|a, b| !b.blank && a.comment.is_some() && b.comment.is_some()) {
        let width = |l: &Lines| l.text.chars().count();
        let one = run.iter().all(|l| !l.text.contains('\n'));
        let widest = run.iter().map(width).max().unwrap_or(0);
        for line in run {
            let pad = if one { widest - width(line) } else { 0 };
            if let Some(comment) = line.comment.take() {
                line.text.push_str(&" ".repeat(pad + 1));
                line.text.push_str(&comment);
            }
        }
    }
}

/// Brings the signs of some lines to one column.
fn pad(lines: &mut [Lines], run: &[usize]) {
    let column = |l: &Lines| l.aligned.and_then(|(_, at)| l.text.get(..at)).map_or(0, |t| t.chars().count());
    let widest = run.iter().filter_map(|at| lines.get(*at)).map(column).max().unwrap_or(0);
    for at in run {
        if let Some(line) = lines.get_mut(*at) {
            let blanks = " ".repeat(widest - column(line));
            if let Some((_, at)) = line.aligned {
                line.text.insert_str(at, &blanks);
            }
        }
    }
}

fn joined(lines: &[Lines], indent: usize) -> String {
    let mut out = String::new();
    for line in lines {
        if line.blank {
            out.push('\n');
        }
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        out.push_str(&line.text);
    }
    out
}
