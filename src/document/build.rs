//! Builds the tree of a document from what a parser reports in the order of the text: beginnings, ends, scalars and
//! aliases. Duplicate keys, merge keys and budgets are decided here, for every notation.

use super::entries::Entries;
use super::node::{Data, Entry, Node};
use super::problem;
use super::tags::{self, Tag};
use crate::base::{Diagnostic, FileId, Name, Span, budget};
use std::collections::{HashMap, HashSet};

/// A tree in the making.
pub(super) struct Builder {
    file: FileId,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Option<Built>>,
    names: HashSet<Name>,
    findings: Vec<Diagnostic>,
    /// Nothing more is read: a budget is exceeded or the text is not a document.
    stopped: bool,
}

/// A finished part, with how deep it is and how many parts it has, each alias counted as what it repeats.
#[derive(Clone)]
struct Built {
    node: Node,
    depth: usize,
    size: usize,
}

/// A list or a map that is not closed yet.
struct Open {
    start: u32,
    end: u32,
    about: About,
    parts: Parts,
    depth: usize,
    size: usize,
}

/// What is written before a value.
#[derive(Clone, Default)]
pub(super) struct About {
    /// The tag.
    pub tag: Option<Tag>,
    /// The number of its anchor, or 0.
    pub anchor: usize,
}

enum Parts {
    List(Vec<Node>),
    Map(Map),
}

#[derive(Default)]
struct Map {
    entries: Entries,
    key: Key,
    merged: Vec<Built>,
}

/// The key whose value comes next.
#[derive(Default)]
enum Key {
    /// The next part is a key.
    #[default]
    Next,
    /// The next part is the value of this key.
    Of(Name, Span),
    /// The next part is merged into the map.
    Merge,
    /// The next part has a key that cannot be one: it is read and dropped. A finding says so.
    Invalid,
}

/// More findings than this in one document are not listed one by one.
const FINDINGS: usize = 100;

impl Builder {
    pub(super) fn new(file: FileId) -> Builder {
        Builder { file, open: Vec::new(), root: None, anchors: HashMap::new(), names: HashSet::new(), findings: Vec::new(), stopped: false }
    }

    /// A range of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        // The text is within the budget of bytes, so that both fit.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, place(start), place(end))
    }

    /// Whether to stop reading.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether a whole document has been read.
    pub(super) fn is_complete(&self) -> bool {
        self.root.is_some()
    }

    /// Reports a mistake after which reading goes on.
    pub(super) fn report(&mut self, finding: Diagnostic) {
        if self.findings.len() < FINDINGS {
            self.findings.push(finding);
        } else if let Some(last) = self.findings.last_mut().filter(|last| last.notes.last().is_none_or(|n| n != MORE)) {
            last.notes.push(MORE.to_owned());
        }
    }

    /// Reports a mistake after which there is no tree.
    pub(super) fn stop(&mut self, finding: Diagnostic) {
        self.stopped = true;
        self.root = None;
        self.findings = vec![finding];
    }

    /// The tree with what is wrong with it.
    pub(super) fn finish(self) -> (Option<Node>, Vec<Diagnostic>) {
        (self.root, self.findings)
    }

    /// A list begins.
    pub(super) fn open_list(&mut self, start: Span, about: About) {
        self.open(start, about, Parts::List(Vec::new()));
    }

    /// A map begins.
    pub(super) fn open_map(&mut self, start: Span, about: About) {
        self.open(start, about, Parts::Map(Map::default()));
    }

    fn open(&mut self, start: Span, about: About, parts: Parts) {
        if self.open.len() >= budget::DOCUMENT_DEPTH {
            return self.stop(problem::too_large(start, "levels", budget::DOCUMENT_DEPTH));
        }
        if about.anchor > 0 {
            self.anchors.insert(about.anchor, None);
        }
        self.open.push(Open { start: start.start, end: start.end, about, parts, depth: 0, size: 1 });
    }

    /// The innermost list or map ends. `end` is behind its closing bracket, if it has one.
    pub(super) fn close(&mut self, end: Option<usize>) {
        let Some(open) = self.open.pop() else { return };
        let end = end.map_or(open.end, |end| self.span(end, end).end);
        let span = Span::new(self.file, open.start, end.max(open.start));
        let data = match open.parts {
            Parts::List(items) => Data::List(items.into()),
            Parts::Map(map) => Data::Map(self.entries(map).into()),
        };
        self.add(Built { node: Node::new(span, data), depth: open.depth + 1, size: open.size }, open.about, false);
    }

    /// A scalar that is no key, or a key if one comes next. `plain` is whether it has no quotes; a key keeps the text
    /// that is written.
    pub(super) fn scalar(&mut self, span: Span, written: &str, data: impl FnOnce() -> Data, about: About, plain: bool) {
        if about.tag.is_none() && self.expects_key() {
            let name = self.name(written);
            if about.anchor > 0 {
                let node = Node::new(span, Data::Text(name.clone()));
                self.anchors.insert(about.anchor, Some(Built { node, depth: 1, size: 1 }));
            }
            self.touch(span);
            return self.set_key(if plain && written == "<<" { Key::Merge } else { Key::Of(name, span) });
        }
        self.add(Built { node: Node::new(span, data()), depth: 1, size: 1 }, about, plain);
    }

    /// An alias: the same part at another place.
    pub(super) fn alias(&mut self, span: Span, anchor: usize) {
        match self.anchors.get(&anchor) {
            Some(Some(built)) => {
                let built = Built { node: Node::new(span, built.node.data.clone()), ..built.clone() };
                self.add(built, About::default(), false);
            }
            Some(None) => {
                self.report(problem::syntax(span, "this alias is part of what it repeats").help("give the alias another anchor"));
                self.add(Built { node: Node::new(span, Data::Null), depth: 1, size: 1 }, About::default(), false);
            }
            None => self.unknown_alias(span, "this alias"),
        }
    }

    /// An alias without an anchor.
    pub(super) fn unknown_alias(&mut self, span: Span, written: &str) {
        self.report(
            problem::syntax(span, format!("no anchor before this place has the name `{written}`"))
                .help("an alias `*name` repeats a value that is marked with `&name`; put a text that begins with `*` in quotes"),
        );
        self.add(Built { node: Node::new(span, Data::Null), depth: 1, size: 1 }, About::default(), false);
    }

    /// Puts a finished part where it belongs.
    fn add(&mut self, mut built: Built, about: About, plain: bool) {
        if let Some(tag) = &about.tag {
            let mut findings = Vec::new();
            built.node = tags::apply(tag, built.node, plain, &mut findings);
            built.depth += tags::ADDED as usize;
            built.size += 2 * tags::ADDED as usize;
            findings.into_iter().for_each(|finding| self.report(finding));
        }
        let span = built.node.span;
        if self.open.len() + built.depth > budget::DOCUMENT_DEPTH + 1 {
            return self.stop(problem::too_large(span, "levels", budget::DOCUMENT_DEPTH));
        }
        if about.anchor > 0 {
            self.anchors.insert(about.anchor, Some(built.clone()));
        }
        self.touch(span);
        let Some(open) = self.open.last_mut() else {
            self.root = Some(built.node);
            return;
        };
        open.size += built.size;
        open.depth = open.depth.max(built.depth);
        if open.size > budget::DOCUMENT_NODES {
            return self.stop(problem::too_large(span, "values, each alias counted as what it repeats", budget::DOCUMENT_NODES));
        }
        match &mut open.parts {
            Parts::List(items) => items.push(built.node),
            Parts::Map(map) => match std::mem::take(&mut map.key) {
                Key::Next => self.key(&built.node),
                Key::Of(key, span) => self.entry(Entry { key, span, value: built.node }),
                Key::Merge => map.merged.push(built),
                Key::Invalid => {}
            },
        }
    }

    /// A part that is no plain text of its own where a key comes next: an alias, a tagged text, a list or a map.
    fn key(&mut self, node: &Node) {
        let key = match node.scalar() {
            Some(text) => Key::Of(text, node.span),
            None => {
                let finding = problem::syntax(node.span, "a key must be a text").help("put a text that begins with `{` or `[` in quotes");
                self.report(finding);
                Key::Invalid
            }
        };
        self.set_key(key);
    }

    fn entry(&mut self, entry: Entry) {
        let Some(Open { parts: Parts::Map(map), .. }) = self.open.last_mut() else { return };
        if let Some(before) = map.entries.get_mut(&entry.key) {
            let finding = problem::duplicate_key(&entry.key, before.span, entry.span);
            *before = entry;
            return self.report(finding);
        }
        map.entries.push(entry);
    }

    /// The entries of a map: its own, and those merged into it that it does not have.
    fn entries(&mut self, map: Map) -> Vec<Entry> {
        let Map { mut entries, merged, .. } = map;
        for built in merged {
            let mut invalid = Vec::new();
            for part in built.node.one_or_many() {
                if !matches!(part.data, Data::Map(_)) {
                    invalid.push(part.span);
                }
                for entry in part.entries() {
                    if entries.get_mut(&entry.key).is_none() {
                        entries.push(entry.clone());
                    }
                }
            }
            for span in invalid {
                self.report(problem::syntax(span, "the merge key `<<` takes a map or a list of maps"));
            }
        }
        entries.into()
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { parts: Parts::Map(Map { key: Key::Next, .. }), .. }))
    }

    fn set_key(&mut self, key: Key) {
        if let Some(Open { parts: Parts::Map(map), .. }) = self.open.last_mut() {
            map.key = key;
        }
    }

    /// The innermost list or map reaches as far as its parts.
    fn touch(&mut self, span: Span) {
        if let Some(open) = self.open.last_mut() {
            open.end = open.end.max(span.end);
        }
    }

    /// A key, of which each text is kept once.
    fn name(&mut self, text: &str) -> Name {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name = Name::from(text);
        self.names.insert(name.clone());
        name
    }
}

const MORE: &str = "further mistakes of this document are not listed";
