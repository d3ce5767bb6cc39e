//! The standard library, and the kinds that a project declares itself. Knows nothing of instances.

use super::resolve::{Types, resolve};
use super::standard::texts;
use crate::base::{Diagnostic, FileId, FxIndexMap, Name};
use crate::model::rule::Rule;
use crate::model::{Expr, Item, ItemNode, Kind, Parameter, Type, TypeExpr, Value};
use crate::{names, syntax};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// The first file id of the standard library's files.
pub const STDLIB_FILES: u32 = 1 << 24;

/// A kind with its types resolved.
#[derive(Debug)]
pub struct KindInfo {
    /// The kind as declared.
    pub kind: Arc<Kind>,
    /// The types of its properties, in their order.
    pub properties: Vec<Type>,
    /// The types of its verbs' parameters.
    pub verbs: FxHashMap<Name, Vec<Type>>,
    /// The types of its events' parameters, in the order of events.
    pub events: Vec<Vec<Type>>,
}

impl KindInfo {
    /// Whether it emits a resource under a label.
    pub fn has_label(&self, label: &str) -> bool {
        super::steps::has_label(&self.kind.steps, label)
    }
}

/// All kinds, by name. Those of the standard library are read when they are first asked for.
#[derive(Debug, Default)]
pub struct Library {
    kinds: FxIndexMap<Name, Entry<Arc<KindInfo>>>,
    constants: FxHashMap<Name, (Entry<Option<Expr>>, OnceLock<Value>)>,
    aliases: FxHashMap<Name, Entry<Option<TypeExpr>>>,
    rules: Vec<RuleEntry>,
    /// What it goes on from: the standard library, which a process reads once.
    base: Option<&'static Library>,
    /// What is wrong with the standard library itself: nothing, says a test.
    found: Mutex<Vec<Diagnostic>>,
}

/// Something of the library: where it stands in the standard library, and what it is once it was read.
#[derive(Debug)]
struct Entry<T> {
    part: Part,
    read: OnceLock<T>,
}

/// A rule of the standard library.
#[derive(Debug)]
struct RuleEntry {
    /// The kinds that it asks for: where none of them is declared it finds nothing. None if it asks for all.
    over: Vec<&'static str>,
    entry: Entry<Option<Arc<Rule>>>,
}

/// A declaration of the standard library: its file and its place there.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    file: u32,
    start: u32,
    end: u32,
}

impl Part {
    fn text(self) -> &'static str {
        let file = texts().files.get(self.file as usize);
        file.and_then(|(_, text)| text.get(self.start as usize..self.end as usize)).unwrap_or("")
    }

    fn item(self, out: &mut Vec<Diagnostic>) -> Option<Item> {
        let tree = syntax::parse_part(FileId(STDLIB_FILES + self.file), self.text(), self.start);
        names::collect(&tree, out).items.pop()
    }
}

impl Library {
    /// The standard library as it was built in.
    pub fn standard() -> Library {
        let mut library = Library::default();
        for (word, name, file, start, end) in texts().items.iter().copied() {
            let part = Part { file, start, end };
            match word {
                "kind" => drop(library.kinds.insert(name.into(), Entry { part, read: OnceLock::new() })),
                "type" => drop(library.aliases.insert(name.into(), Entry { part, read: OnceLock::new() })),
                "rule" => library.rules.push(RuleEntry { over: runs_over(part.text()), entry: Entry { part, read: OnceLock::new() } }),
                _ => drop(library.constants.insert(name.into(), (Entry { part, read: OnceLock::new() }, OnceLock::new()))),
            }
        }
        library
    }

    /// A library that a project adds its own kinds to. What is read of the standard library is read once in a process.
    pub fn shared() -> Library {
        static STANDARD: OnceLock<Library> = OnceLock::new();
        Library { base: Some(STANDARD.get_or_init(Library::standard)), ..Library::default() }
    }

    /// What is wrong with what was read of the standard library.
    pub fn take_findings(&self) -> Vec<Diagnostic> {
        self.found.lock().map(|mut found| std::mem::take(&mut *found)).unwrap_or_default()
    }

    /// Reads something of the standard library, and keeps what is wrong with it.
    fn read<T>(&self, part: Part, make: impl FnOnce(Option<ItemNode>, &mut Vec<Diagnostic>) -> T) -> T {
        let mut out = Vec::new();
        let item = part.item(&mut out);
        let made = make(item.map(|item| item.node), &mut out);
        if let Ok(mut found) = self.found.lock() {
            found.extend(out);
        }
        made
    }

    /// The path and the text of a file of the standard library.
    pub fn file(file: FileId) -> Option<(&'static str, &'static str)> {
        texts().files.get(file.0.checked_sub(STDLIB_FILES)? as usize).copied()
    }

    /// The texts of the standard library's files.
    pub fn texts() -> impl Iterator<Item = &'static str> {
        texts().files.iter().map(|(_, text)| *text)
    }

    /// The text of a place in the standard library.
    pub fn source_of(span: crate::base::Span) -> &'static str {
        Library::file(span.file).and_then(|(_, text)| text.get(span.range())).unwrap_or("")
    }

    /// Adds kinds, which may name each other.
    pub fn add(&mut self, kinds: Vec<Arc<Kind>>, out: &mut Vec<Diagnostic>) {
        for kind in &kinds {
            if self.is_kind(&kind.name) {
                let first = self.kind(&kind.name).map_or(kind.span, |first| first.kind.span);
                let message = format!("the kind `{}` is declared twice", kind.name);
                out.push(Diagnostic::error("duplicate-name", kind.span, message).also(first, "declared here first"));
            }
            // Its name must be known before the types are resolved that name it.
            self.kinds.insert(kind.name.clone(), Entry { part: Part::default(), read: OnceLock::new() });
        }
        for kind in kinds {
            let info = Arc::new(self.resolved(kind.clone(), out));
            if let Some(entry) = self.kinds.get(&kind.name) {
                let _ = entry.read.set(info);
            }
        }
    }

    fn resolved(&self, kind: Arc<Kind>, out: &mut Vec<Diagnostic>) -> KindInfo {
        let mut of = |ty: &TypeExpr| resolve(ty, self, out);
        let properties = kind.properties.values().map(|p| of(&p.ty)).collect();
        let mut parameters = |ps: &[Parameter]| ps.iter().map(|p| p.ty.as_ref().map_or(Type::Any, &mut of)).collect::<Vec<_>>();
        let verbs = kind.verbs.values().map(|v| (v.name.clone(), parameters(&v.parameters))).collect();
        let events = kind.events.iter().map(|e| parameters(&e.parameters)).collect();
        KindInfo { kind, properties, verbs, events }
    }

    /// A kind by its name.
    pub fn kind(&self, name: &str) -> Option<&Arc<KindInfo>> {
        let Some(entry) = self.kinds.get(name) else { return self.base?.kind(name) };
        Some(entry.read.get_or_init(|| {
            self.read(entry.part, |item, out| {
                let kind = if let Some(ItemNode::Kind(kind)) = item { kind } else { Arc::default() };
                Arc::new(self.resolved(kind, out))
            })
        }))
    }

    /// A constant of the standard library: a table of facts that kinds look things up in.
    pub(super) fn constant(&self, name: &str, compute: impl FnOnce(&Expr) -> Value) -> Option<Value> {
        if let Some(base) = self.base {
            return base.constant(name, compute);
        }
        let (entry, value) = self.constants.get(name)?;
        if let Some(known) = value.get() {
            return Some(known.clone());
        }
        let read = |item| if let Some(ItemNode::Let { value, .. }) = item { Some(value) } else { None };
        let expr = entry.read.get_or_init(|| self.read(entry.part, |item, _| read(item)));
        let computed = compute(expr.as_ref()?);
        Some(value.get_or_init(|| computed).clone())
    }

    /// The rules over the whole graph that are written in Purlin.
    pub fn rules(&self) -> Vec<&Arc<Rule>> {
        self.rules_over(&|_| true)
    }

    /// Those that have something to say where some kinds are declared.
    pub fn rules_over(&self, declared: &dyn Fn(&str) -> bool) -> Vec<&Arc<Rule>> {
        if let Some(base) = self.base {
            return base.rules_over(declared);
        }
        let speaks = |rule: &&RuleEntry| rule.over.is_empty() || rule.over.iter().any(|kind| declared(kind));
        self.rules.iter().filter(speaks).filter_map(|rule| self.rule(&rule.entry)).collect()
    }

    fn rule<'a>(&'a self, entry: &'a Entry<Option<Arc<Rule>>>) -> Option<&'a Arc<Rule>> {
        let read = |item| if let Some(ItemNode::Rule(rule)) = item { Some(rule) } else { None };
        entry.read.get_or_init(|| self.read(entry.part, |item, _| read(item))).as_ref()
    }

    /// The names of all kinds.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.base.iter().flat_map(|base| base.kinds.keys()).chain(self.kinds.keys())
    }

    /// All kinds; those of the standard library are read for it.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<KindInfo>> {
        self.names().filter_map(|name| self.kind(name))
    }
}

impl Types for Library {
    fn alias(&self, name: &str) -> Option<TypeExpr> {
        let Some(entry) = self.aliases.get(name) else { return self.base?.alias(name) };
        let read = |item| if let Some(ItemNode::Type { ty, .. }) = item { Some(ty) } else { None };
        entry.read.get_or_init(|| self.read(entry.part, |item, _| read(item))).clone()
    }

    fn is_kind(&self, name: &str) -> bool {
        self.kinds.contains_key(name) || self.base.is_some_and(|base| base.is_kind(name))
    }

    fn known(&self) -> Vec<Name> {
        let aliases = self.base.iter().flat_map(|base| base.aliases.keys());
        self.names().chain(aliases).chain(self.aliases.keys()).cloned().collect()
    }
}

/// The kinds that a rule asks for: of each outermost `for x: kind`, those of its first name. Where none of them is
/// declared the rule finds nothing. None of them if it has an outermost statement of another form. The files are laid out
/// by `purlin fmt`: outermost statements of a rule begin two blanks in. A test compares this with the parsed rules.
fn runs_over(text: &'static str) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("  ")) {
        let word: &str = line.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
        let of_kinds = line.strip_prefix("for ").and_then(|rest| rest.split_once(": ")).filter(|(name, _)| !name.contains(' '));
        match (word, of_kinds) {
            ("for", Some((_, rest))) => {
                let first = rest.split([',', '{']).next().unwrap_or("").split(" where").next().unwrap_or("");
                kinds.extend(first.split('|').map(str::trim).filter(|kind| !kind.is_empty()));
            }
            // What goes on from a statement: deeper lines, and those that close a bracket. A constant reports nothing.
            ("", _) | ("let", _) => {}
            _ => return Vec::new(),
        }
    }
    kinds
}

/// The same of a parsed rule.
#[cfg(test)]
fn asks_for(rule: &Rule) -> Vec<String> {
    use crate::model::TypeNode;
    use crate::model::rule::RuleStep;
    fn named(ty: &TypeExpr, out: &mut Vec<String>) {
        match &ty.node {
            TypeNode::Named(name) => out.push(name.to_string()),
            TypeNode::Union(parts) => parts.iter().for_each(|part| named(part, out)),
            _ => {}
        }
    }
    let mut kinds = Vec::new();
    for step in &rule.steps {
        match step {
            RuleStep::Each { binders, .. } => binders.first().into_iter().for_each(|b| named(&b.ty, &mut kinds)),
            RuleStep::Let(..) => {}
            _ => return Vec::new(),
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::{Library, asks_for};

    #[test]
    fn rules_run_over_all_that_they_ask_for() {
        let library = Library::standard();
        assert!(library.rules.len() > 50);
        for entry in &library.rules {
            let rule = library.rule(&entry.entry).map(std::sync::Arc::as_ref);
            let asked = rule.map(asks_for).unwrap_or_default();
            assert_eq!(entry.over, asked, "{:?}", rule.map(|r| &r.name));
        }
    }
}
