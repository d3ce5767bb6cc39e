//! Reads files and what they use. Knows nothing of what names mean.

use super::boundary::{IRREGULAR, OUTSIDE};
use super::memory::{Memory, Rests};
use super::path::normal;
use super::sources::{FileKind, FileSystem, Sources};
use crate::base::{Diagnostic, FileId, FxIndexMap, FxIndexSet, Name, Span};
use crate::model::{Expr, Item, ItemNode, Module, Node, Value};
use crate::{names, syntax};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file with what it uses.
pub(super) struct Loaded {
    pub module: Arc<Module>,
    /// The files that it uses, by alias.
    pub uses: Vec<(Name, Span, PathBuf)>,
    /// The files whose stacks' exports it imports, by alias.
    pub imports: Vec<(Name, Span, PathBuf)>,
}

/// Every file that was read, by its normal path.
#[derive(Default)]
pub(super) struct Modules {
    pub loaded: FxIndexMap<PathBuf, Loaded>,
    /// Files that were read ahead, and are not asked for yet.
    ready: FxHashMap<PathBuf, Arc<Module>>,
    /// The settings that are given from outside.
    pub settings: FxHashMap<Name, Value>,
    /// The path by which each file is known here, by its real path: links and spellings lead to one file.
    names: FxHashMap<PathBuf, PathBuf>,
}

/// The longest file that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// Why a file is not read.
#[derive(Debug)]
pub(super) struct Unread {
    /// As a sentence about the file: "it is a folder".
    pub why: String,
    /// Whether it is there and may not be read: it is outside of the project, too large, or no regular file.
    pub refused: bool,
}

impl Unread {
    fn plain(why: impl Into<String>) -> Unread {
        Unread { why: why.into(), refused: false }
    }

    /// The finding on a place that names the file.
    pub fn finding(&self, written: &str, span: Span) -> Diagnostic {
        if self.why == OUTSIDE {
            let finding = Diagnostic::error("path-leaves-project", span, format!("`{written}` leads out of the project"));
            return finding.help("move the file into the project's folder");
        }
        Diagnostic::error("unreadable-file", span, format!("`{written}` cannot be read: {}", self.why))
    }
}

/// The text of a file, or what is wrong with it.
pub(super) fn text(files: &dyn FileSystem, path: &Path) -> Result<Arc<str>, Unread> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Unread::plain("there is no such file"),
        std::io::ErrorKind::PermissionDenied if error.get_ref().is_some() => Unread { why: error.to_string(), refused: true },
        _ => Unread::plain(error.to_string()),
    };
    let too_large = |size: usize| Unread { why: format!("it has {size} bytes, and the most is {LARGEST}"), refused: true };
    match files.kind(path).map_err(failed)? {
        FileKind::Folder => return Err(Unread::plain("it is a folder")),
        FileKind::File(size) if size > LARGEST as u64 => return Err(too_large(size as usize)),
        FileKind::Other => return Err(Unread { why: IRREGULAR.into(), refused: true }),
        FileKind::File(_) => {}
    }
    let bytes = files.read(path).map_err(failed)?;
    if bytes.len() > LARGEST {
        return Err(too_large(bytes.len()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => Err(Unread::plain(format!("it is not UTF-8: byte {} is not part of a character", error.utf8_error().valid_up_to()))),
    }
}

/// The declarations of a text, and what is wrong with it.
fn read(file: FileId, text: Arc<str>) -> (Arc<Module>, Vec<Diagnostic>) {
    let parsed = syntax::parse(file, text);
    let mut out = parsed.diagnostics;
    let module = names::collect(&parsed.tree, &mut out);
    (Arc::new(module), out)
}

impl Modules {
    /// Reads the files of a project, several at a time. `unread` gets each that cannot be read; what it returns ends it.
    pub fn read_ahead(
        &mut self,
        files: &dyn FileSystem,
        sources: &mut Sources,
        paths: &[PathBuf],
        memory: &mut Memory,
        out: &mut Vec<Diagnostic>,
        unread: &mut dyn FnMut(&Path, &Unread, &mut Sources) -> Result<Diagnostic, String>,
    ) -> Result<(), String> {
        let mut texts = Vec::new();
        for path in paths {
            match text(files, path) {
                Ok(text) => texts.push((path, sources.add(path.clone(), text.clone()), text)),
                Err(error) => out.push(unread(path, &error, sources)?),
            }
        }
        let known = &*memory;
        let modules: Vec<_> = texts
            .into_par_iter()
            .map(|(path, file, text)| match known.file(path, file, &text) {
                Some(known) => (path, known, None),
                None => (path, read(file, text.clone()), Some(text)),
            })
            .collect();
        for (path, (module, found), new) in modules {
            if let Some(text) = new {
                memory.keep_file(path.clone(), text, module.clone(), found.clone());
            }
            out.extend(found);
            self.ready.insert(path.clone(), module);
        }
        Ok(())
    }

    /// The path by which a file is known here.
    pub fn name(&mut self, files: &dyn FileSystem, path: &Path) -> PathBuf {
        let path = normal(path);
        match files.real(&path) {
            Ok(real) => self.names.entry(real).or_insert(path).clone(),
            // What is not there is known as it is written.
            Err(_) => path,
        }
    }

    /// Reads a file and what it uses.
    pub fn load(
        &mut self,
        files: &dyn FileSystem,
        sources: &mut Sources,
        path: &Path,
        memory: &mut Memory,
        out: &mut Vec<Diagnostic>,
    ) -> Result<(), Unread> {
        let path = self.name(files, path);
        if self.loaded.contains_key(&path) {
            return Ok(());
        }
        let module = match self.ready.remove(&path) {
            Some(module) => module,
            None => {
                let text = text(files, &path)?;
                let file = sources.add(path.clone(), text.clone());
                let (module, found) = memory.file(&path, file, &text).unwrap_or_else(|| {
                    let (module, found) = read(file, text.clone());
                    memory.keep_file(path.clone(), text, module.clone(), found.clone());
                    (module, found)
                });
                out.extend(found);
                module
            }
        };
        let (mut uses, mut imports) = (Vec::new(), Vec::new());
        for item in &module.items {
            let (ItemNode::Use { path: written, alias } | ItemNode::Import { path: written, alias }) = &item.node else { continue };
            let Some(target) = target(files, written, &path, out).map(|target| self.name(files, &target)) else { continue };
            let stem = target.file_stem().map(|s| s.to_string_lossy().replace('-', "_")).unwrap_or_default();
            let (name, span) = alias.clone().unwrap_or((stem.into(), written.span));
            let list = if matches!(item.node, ItemNode::Import { .. }) { &mut imports } else { &mut uses };
            list.push((name, span, target));
        }
        let targets: Vec<(Span, PathBuf)> = uses.iter().chain(&imports).map(|(_, span, target)| (*span, target.clone())).collect();
        self.loaded.insert(path, Loaded { module, uses, imports });
        for (span, target) in targets {
            if let Err(error) = self.load(files, sources, &target, memory, out) {
                let message = format!("`{}` cannot be used: {}", target.display(), error.why);
                out.push(Diagnostic::error("unreadable-file", span, message));
            }
        }
        Ok(())
    }

    /// The files in the order in which they must be made real: what is used first. Reports cycles.
    pub fn order(&self, main: &Path, out: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
        let mut order = FxIndexSet::default();
        let mut open = Vec::new();
        self.visit(&normal(main), &mut open, &mut order, out);
        order.into_iter().collect()
    }

    fn visit(&self, path: &Path, open: &mut Vec<PathBuf>, order: &mut FxIndexSet<PathBuf>, out: &mut Vec<Diagnostic>) {
        if order.contains(path) {
            return;
        }
        let Some(loaded) = self.loaded.get(path) else { return };
        open.push(path.to_path_buf());
        for (_, span, target) in &loaded.uses {
            if let Some(at) = open.iter().position(|p| p == target) {
                let names: Vec<String> = open.iter().skip(at).chain([target]).map(|p| p.display().to_string()).collect();
                let message = format!("files use each other in a circle: {}", names.join(" -> "));
                out.push(Diagnostic::error("circular-use", *span, message).help("move what both need into a third file"));
                continue;
            }
            self.visit(target, open, order, out);
        }
        open.pop();
        order.insert(path.to_path_buf());
    }

    /// What a file rests on: itself, what it uses over any number of files, the files of rules, and what the
    /// stacks rest on that those import.
    pub fn rests(&self, path: &Path, rules: &[PathBuf]) -> Rests {
        let files = self.reached(path, rules);
        let modules: Vec<Arc<Module>> = files.iter().filter_map(|path| self.loaded.get(path)).map(|l| l.module.clone()).collect();
        let mut settings = Vec::new();
        let mut add = |name: &Name| settings.extend(self.settings.get(name).map(|value| (name.clone(), value.clone())));
        modules.iter().for_each(|module| declared(&module.items, &mut |name, _| add(name)));
        Rests { modules, settings }
    }

    /// Whether a file's stack rests on another file: it uses it, or imports from a stack that does.
    pub fn leads_to(&self, path: &Path, to: &Path) -> bool {
        self.reached(path, &[]).contains(&normal(to))
    }

    fn reached(&self, path: &Path, rules: &[PathBuf]) -> FxIndexSet<PathBuf> {
        let mut files: FxIndexSet<PathBuf> = self.order(path, &mut Vec::new()).into_iter().chain(rules.iter().cloned()).collect();
        let mut at = 0;
        while let Some(loaded) = files.get_index(at).map(|path| self.loaded.get(path)) {
            let imports = loaded.iter().flat_map(|l| &l.imports).map(|(.., target)| target);
            let others: Vec<PathBuf> = imports.flat_map(|target| self.order(target, &mut Vec::new())).collect();
            files.extend(others);
            at += 1;
        }
        files
    }

    /// The file of a path.
    pub fn file(&self, path: &Path) -> Option<FileId> {
        self.loaded.get(path).map(|l| l.module.file)
    }
}

fn target(files: &dyn FileSystem, written: &Expr, from: &Path, out: &mut Vec<Diagnostic>) -> Option<PathBuf> {
    let Node::Literal(Value::Str(text)) = &written.node else {
        if !matches!(written.node, Node::Missing) {
            out.push(Diagnostic::error("computed-path", written.span, "the path of a file must be written as it is"));
        }
        return None;
    };
    let path = normal(&from.parent().unwrap_or(Path::new("")).join(&**text));
    if files.real(&path).is_err_and(|error| error.to_string() == OUTSIDE) {
        out.push(Unread { why: OUTSIDE.into(), refused: true }.finding(text, written.span));
        return None;
    }
    Some(path)
}

/// Visits the settings that some items declare: their names and places.
pub(super) fn declared<'a>(items: &'a [Item], visit: &mut dyn FnMut(&'a Name, Span)) {
    for item in items {
        match &item.node {
            ItemNode::Setting { name, name_span, .. } => visit(name, *name_span),
            ItemNode::Component { items, .. } | ItemNode::For { items, .. } => declared(items, visit),
            ItemNode::If { then, otherwise, .. } => {
                declared(then, visit);
                declared(otherwise, visit);
            }
            _ => {}
        }
    }
}
