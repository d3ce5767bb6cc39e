//! The projects that an editor's files belong to, and the newest analysis of each. Knows no request.

use super::convert::Columns;
use super::overlay::Overlay;
use crate::session::{Analysis, FileSystem, Memory, Options, analyse_again, find};
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
    memory: Memory,
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

    /// The folder of a file's project: the nearest with a `purlin.toml`, or the file's own.
    fn folder(file: &Path) -> Option<&Path> {
        file.ancestors().skip(1).find(|f| f.join("purlin.toml").is_file()).or(file.parent())
    }

    /// What is known of the project of a file.
    pub fn analysis(&self, file: &Path) -> Option<Arc<Analysis>> {
        let folder = Self::folder(file)?;
        let files: Arc<dyn FileSystem> = Arc::new(self.files.clone());
        let mut project = find(&*files, folder).ok()?;
        let alone = !project.files.iter().chain(&project.rules).any(|f| f == file);
        if alone {
            // A file that the project does not name is looked at by itself.
            project.files = vec![file.to_path_buf()];
        }
        let key = (folder.to_path_buf(), alone.then(|| file.to_path_buf()));
        let mut projects = self.projects.borrow_mut();
        let known = projects.entry(key).or_default();
        if known.version != self.version.get() || known.analysis.is_none() {
            let options = Options { as_of: Some(self.as_of.clone()), ..Options::default() };
            known.analysis = analyse_again(&mut known.memory, &files, &project, &options).ok().map(Arc::new);
            known.version = self.version.get();
        }
        known.analysis.clone()
    }

    /// The kinds that a project knows: those of the standard library and its own.
    pub fn library(analysis: Option<&Analysis>) -> Arc<Library> {
        let of_stack = analysis.and_then(|a| a.stacks.first()).map(|s| s.graph.world.library.clone());
        of_stack.unwrap_or_else(|| Arc::new(Library::shared()))
    }
}
