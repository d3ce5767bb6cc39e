//! Reads files and what they use. Knows nothing of what names mean.

use super::memory::{Memory, Rests};
use super::sources::{FileSystem, Sources};
use crate::base::{Diagnostic, FileId, FxIndexMap, FxIndexSet, Name, Span};
use crate::model::{Expr, ItemNode, Module, Node, Value};
use crate::{names, syntax};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::path::{Component, Path, PathBuf};
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
}

/// The longest file that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// The text of a file, or what is wrong with it.
pub(super) fn text(files: &dyn FileSystem, path: &Path) -> Result<Arc<str>, String> {
    if files.is_folder(path) {
        return Err("it is a folder".into());
    }
    let bytes = files.read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        _ => error.to_string(),
    })?;
    if bytes.len() > LARGEST {
        return Err(format!("it has {} bytes, and the most is {LARGEST}", bytes.len()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => Err(format!("it is not UTF-8: byte {} is not part of a character", error.utf8_error().valid_up_to())),
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
    /// Reads the files of a project, several at a time.
    pub fn read_ahead(
        &mut self,
        files: &dyn FileSystem,
        sources: &mut Sources,
        paths: &[PathBuf],
        memory: &mut Memory,
        out: &mut Vec<Diagnostic>,
    ) -> Result<(), String> {
        let mut texts = Vec::new();
        for path in paths {
            let text = text(files, path).map_err(|error| format!("{}: {error}", path.display()))?;
            texts.push((path, sources.add(path.clone(), text.clone()), text));
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

    /// Reads a file and what it uses.
    pub fn load(
        &mut self,
        files: &dyn FileSystem,
        sources: &mut Sources,
        path: &Path,
        root: &Path,
        memory: &mut Memory,
        out: &mut Vec<Diagnostic>,
    ) -> Result<(), String> {
        let path = normal(path);
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
            let Some(target) = target(written, &path, root, out) else { continue };
            let stem = target.file_stem().map(|s| s.to_string_lossy().replace('-', "_")).unwrap_or_default();
            let (name, span) = alias.clone().unwrap_or((stem.into(), written.span));
            let list = if matches!(item.node, ItemNode::Import { .. }) { &mut imports } else { &mut uses };
            list.push((name, span, target));
        }
        let targets: Vec<(Span, PathBuf)> = uses.iter().chain(&imports).map(|(_, span, target)| (*span, target.clone())).collect();
        self.loaded.insert(path, Loaded { module, uses, imports });
        for (span, target) in targets {
            if let Err(error) = self.load(files, sources, &target, root, memory, out) {
                let message = format!("`{}` cannot be used: {error}", target.display());
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
        Rests(files.iter().filter_map(|path| self.loaded.get(path)).map(|l| l.module.clone()).collect())
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

fn target(written: &Expr, from: &Path, root: &Path, out: &mut Vec<Diagnostic>) -> Option<PathBuf> {
    let Node::Literal(Value::Str(text)) = &written.node else {
        if !matches!(written.node, Node::Missing) {
            out.push(Diagnostic::error("computed-path", written.span, "the path of a file must be written as it is"));
        }
        return None;
    };
    let path = normal(&from.parent().unwrap_or(Path::new("")).join(&**text));
    let inside = !root.as_os_str().is_empty() && path.starts_with(normal(root))
        || root.as_os_str().is_empty() && !path.starts_with("..") && path.is_relative();
    if !inside {
        let message = format!("`{text}` leads out of the project");
        out.push(Diagnostic::error("path-leaves-project", written.span, message).help("move the file into the project's folder"));
        return None;
    }
    Some(path)
}

/// A path without `.` and `..`.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
