//! The projects that an editor's files belong to, and the newest analysis of each. Knows no request.

use super::convert::Columns;
use super::overlay::Overlay;
use crate::session::{Analysis, FileSystem, Memories, Options, Project, analyse_environments, errors, find_sources, root};
use crate::types::Library;
use lsp_types::TextDocumentContentChangeEvent;
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files and what is known of them.
pub(super) struct Workspace {
    pub files: Overlay,
    as_of: String,
    /// Counts changes: an analysis holds until the next.
    version: Cell<u64>,
    projects: RefCell<FxHashMap<(PathBuf, Option<PathBuf>), Known>>,
}

/// A project that was analysed.
#[derive(Default)]
struct Known {
    memories: Memories,
    version: u64,
    analysis: Option<Arc<Analysis>>,
}

impl Workspace {
    pub fn new(as_of: String) -> Workspace {
        Workspace { files: Overlay::default(), as_of, version: Cell::new(1), projects: RefCell::default() }
    }

    /// A file as the editor has it now.
    pub fn put(&self, path: PathBuf, text: String) {
        self.changed(&path);
        self.files.put(path, text);
    }

    /// A file that the editor closed: the disk counts again.
    pub fn drop(&self, path: &Path) {
        self.changed(path);
        self.files.drop(path);
    }

    /// Changes a file as the editor says: each change on top of the one before.
    pub fn edit(&self, path: PathBuf, changes: Vec<TextDocumentContentChangeEvent>, columns: Columns) {
        let mut text = self.files.text(&path).unwrap_or_default();
        for change in changes {
            match change.range {
                Some(range) => {
                    let (start, end) = (columns.byte(&text, range.start), columns.byte(&text, range.end));
                    text.replace_range(start.min(end)..end.max(start), &change.text);
                }
                None => text = change.text,
            }
        }
        self.put(path, text);
    }

    /// Something about a file is not as it was. What is no source may stand beside one: everything is looked at anew.
    pub fn changed(&self, path: &Path) {
        self.version.set(self.version.get() + 1);
        if path.extension().is_none_or(|e| e != "purlin") {
            self.projects.borrow_mut().clear();
        }
    }

    /// The project of a file, and whether it is looked at by itself.
    fn project(files: &Overlay, file: &Path) -> Option<(Project, bool)> {
        let folder = file.parent()?;
        let mut project = find_sources(files, &root(files, folder)).ok();
        let named = |p: &Project| p.files.iter().chain(&p.rules).any(|f| f == file);
        if !project.as_ref().is_some_and(named) {
            // The files of a folder that the project does not name are a part of it.
            project = find_sources(files, folder).ok().filter(named);
        }
        match project {
            Some(project) => Some((project, false)),
            None => Some((find_sources(files, file).ok()?, true)),
        }
    }

    /// What is known of the project of a file.
    pub fn analysis(&self, file: &Path) -> Option<Arc<Analysis>> {
        let files: Arc<dyn FileSystem> = Arc::new(self.files.clone());
        let (project, alone) = Self::project(&self.files, file)?;
        let part = if alone { Some(file) } else { file.parent().filter(|_| !project.others.is_empty()) };
        let key = (project.root.clone(), part.map(Path::to_path_buf));
        let mut projects = self.projects.borrow_mut();
        let known = projects.entry(key).or_default();
        if known.version != self.version.get() || known.analysis.is_none() {
            let options = Options { as_of: Some(self.as_of.clone()), ..Options::default() };
            known.analysis = analyse_environments(&mut known.memories, &files, &project, &options, true).ok().map(Arc::new);
            known.version = self.version.get();
        }
        known.analysis.clone()
    }

    /// How many errors the project of a file would have with other texts.
    pub fn errors_with(&self, file: &Path, changes: Vec<(PathBuf, String)>) -> Option<usize> {
        let overlay = self.files.with(changes);
        let (project, _) = Self::project(&overlay, file)?;
        let options = Options { as_of: Some(self.as_of.clone()), ..Options::default() };
        let files: Arc<dyn FileSystem> = Arc::new(overlay);
        analyse_environments(&mut Memories::default(), &files, &project, &options, true).ok().map(|analysis| errors(&analysis))
    }

    /// The kinds that a project knows: those of the standard library and its own.
    pub fn library(analysis: Option<&Analysis>) -> Arc<Library> {
        let of_stack = analysis.and_then(|a| a.stacks.first()).map(|s| s.graph.world.library.clone());
        of_stack.unwrap_or_else(|| Arc::new(Library::shared()))
    }
}
