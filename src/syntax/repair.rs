//! Where a `}` that is missing belongs, told by the indentation. It is asked only of a text whose braces do not
//! match, so a text without a mistake may be indented in any way. Knows nothing of what a statement means.

use super::tree::Raw;
use super::{Kind, LeafKind, Node, Tree};

/// What is put in for a missing closer: on a line of its own, so that it closes whatever stands before it.
const CLOSER: &str = "\n}";

/// What tells the nesting of a text, in its order.
enum Event {
    /// A block begins, on a line of this indentation.
    Open(usize),
    /// A statement begins a line.
    Line(usize, u32),
    /// A block ends; its closer may begin a line.
    Close(Option<usize>, u32),
}

/// A text in which the missing closers stand, and where they were put.
pub(super) struct Repaired {
    /// The text.
    pub text: String,
    /// The places in the text without them.
    places: Vec<u32>,
}

/// The text with its missing closers, if the indentation tells where they belong.
pub(super) fn repair(tree: &Tree) -> Option<Repaired> {
    if !tree.root().descendants().any(|n| n.kind() == Kind::unclosed) {
        return None;
    }
    let missing = unclosed_blocks(tree);
    if missing == 0 {
        return None;
    }
    let mut events = Vec::new();
    collect(tree.root(), &mut events);
    let ends: Vec<u32> = tree.leaves().filter(|l| !l.is_trivia() && l.kind != LeafKind::Whitespace).map(|l| l.span.end).collect();
    let code_before = |at: u32| ends.get(..ends.partition_point(|end| *end <= at)).and_then(|e| e.last()).copied().unwrap_or(0);
    let mut open: Vec<usize> = Vec::new();
    let mut places: Vec<u32> = Vec::new();
    for event in events {
        match event {
            Event::Open(indent) => open.push(indent),
            Event::Line(indent, at) => {
                while open.last().is_some_and(|top| *top >= indent) {
                    open.pop();
                    places.push(code_before(at));
                }
            }
            Event::Close(indent, at) => {
                while indent.is_some_and(|indent| open.last().is_some_and(|top| *top > indent)) {
                    open.pop();
                    places.push(code_before(at));
                }
                open.pop();
            }
        }
    }
    let inside = !places.is_empty();
    let end = code_before(tree.text().len() as u32);
    places.extend(open.iter().map(|_| end));
    (inside && places.len() == missing).then(|| Repaired { text: put(tree.text(), &places), places })
}

/// How many blocks are never closed.
pub(super) fn unclosed_blocks(tree: &Tree) -> usize {
    let blocks = tree.root().descendants().filter(|n| n.kind() == Kind::block);
    blocks.filter(|b| b.children().last().is_some_and(|last| last.kind() == Kind::unclosed)).count()
}

/// Whether a `}` closes nothing.
pub(super) fn has_leftover(tree: &Tree) -> bool {
    tree.root().descendants().any(|n| n.kind() == Kind::junk && n.text() == "}")
}

fn put(text: &str, places: &[u32]) -> String {
    let mut out = String::with_capacity(text.len() + places.len() * CLOSER.len());
    let mut from = 0;
    for place in places {
        let to = *place as usize;
        out.push_str(text.get(from..to).unwrap_or(""));
        out.push_str(CLOSER);
        from = to;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

fn collect(node: Node<'_>, out: &mut Vec<Event>) {
    let holds = matches!(node.kind(), Kind::file | Kind::block);
    let span = node.span();
    let tall = node.kind() == Kind::block && node.text().contains('\n');
    if tall {
        let above = node.tree().text().get(..span.start as usize).unwrap_or("");
        let line = above.rsplit('\n').next().unwrap_or("");
        out.push(Event::Open(line.len() - line.trim_start().len()));
    }
    for child in node.children() {
        if holds && !child.span().is_empty() {
            let at = child.span().start;
            out.extend(indent(node.tree(), at).map(|blanks| Event::Line(blanks, at)));
        }
        collect(child, out);
    }
    let closed = node.children().last().is_none_or(|last| last.kind() != Kind::unclosed);
    if tall && closed {
        let at = span.end.saturating_sub(1);
        out.push(Event::Close(indent(node.tree(), at), at));
    }
}

/// How far a place is indented, if it is the first on its line.
fn indent(tree: &Tree, at: u32) -> Option<usize> {
    let above = tree.text().get(..at as usize)?;
    let before = above.trim_end_matches([' ', '\t']);
    (before.is_empty() || before.ends_with('\n')).then(|| above.len() - before.len())
}

impl Repaired {
    /// The nodes of the repaired text as nodes of the text without the closers.
    pub fn without(&self, nodes: &[Raw]) -> Vec<Raw> {
        let mut out: Vec<Raw> = Vec::with_capacity(nodes.len() + self.places.len());
        let mut open: Vec<(u32, usize)> = Vec::new();
        for (at, raw) in nodes.iter().enumerate() {
            self.close(at as u32, nodes, &mut open, &mut out);
            open.push((at as u32, out.len()));
            out.push(Raw { kind: raw.kind, start: self.place(raw.start), end: self.place(raw.end), next: 0 });
        }
        self.close(nodes.len() as u32, nodes, &mut open, &mut out);
        out
    }

    /// Ends the subtrees that end before a node; a block that one of the closers ended gets its mark.
    fn close(&self, at: u32, nodes: &[Raw], open: &mut Vec<(u32, usize)>, out: &mut Vec<Raw>) {
        while let Some((old, new)) = open.last().copied() {
            let Some(raw) = nodes.get(old as usize).filter(|raw| raw.next <= at) else { break };
            open.pop();
            if raw.kind == Kind::block && self.is_put(raw.end) {
                let place = self.place(raw.end);
                out.push(Raw { kind: Kind::unclosed, start: place, end: place, next: out.len() as u32 + 1 });
            }
            let next = out.len() as u32;
            if let Some(raw) = out.get_mut(new) {
                raw.next = next;
            }
        }
    }

    /// How many closers begin before a place of the repaired text, and where the last of them begins.
    fn before(&self, at: u32) -> (u32, Option<(u32, u32)>) {
        let len = CLOSER.len() as u32;
        // The closers are in the order of the text, each shifted by those before it.
        let (mut low, mut high) = (0, self.places.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let begins = self.places.get(middle).map_or(u32::MAX, |p| p + middle as u32 * len);
            if begins < at { low = middle + 1 } else { high = middle }
        }
        let last = low.checked_sub(1).and_then(|i| self.places.get(i).map(|p| (*p, p + i as u32 * len)));
        (low as u32, last)
    }

    /// A place of the repaired text as a place of the text.
    fn place(&self, at: u32) -> u32 {
        let len = CLOSER.len() as u32;
        match self.before(at) {
            (_, Some((place, begins))) if at < begins + len => place,
            (count, _) => at - count * len,
        }
    }

    /// Whether what ends here ends with one of the closers.
    fn is_put(&self, end: u32) -> bool {
        matches!(self.before(end), (_, Some((_, begins))) if end == begins + CLOSER.len() as u32)
    }
}
