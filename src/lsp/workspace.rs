//! The projects that an editor's files belong to, and the newest analysis of each. Knows no request.

use super::convert::Columns;
use super::overlay::Overlay;
use super::templates::{Templates, Wish};
use crate::base::Span;
use crate::session::{
    Analysis, FileSystem, Memories, Options, Project, TemplateFile, analyse_environments, errors, find_sources, find_with, may_be_template,
    root,
};
use crate::types::Library;
use lsp_types::TextDocumentContentChangeEvent;
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files and what is known of them.
pub(super) struct Workspace {
    pub files: Overlay,
    pub templates: Templates,
    as_of: String,
    /// Counts changes: an analysis holds until the next.
    version: Cell<u64>,
    /// By the folder or the file that is checked.
    projects: RefCell<FxHashMap<PathBuf, Known>>,
}

/// A project that was analysed.
#[derive(Default)]
struct Known {
    memories: Memories,
    version: u64,
    analysis: Option<Arc<Analysis>>,
}

impl Workspace {
    pub fn new(as_of: String, wish: Wish) -> Workspace {
        Workspace { files: Overlay::default(), templates: Templates::new(wish), as_of, version: Cell::new(1), projects: RefCell::default() }
    }

    /// A file that the editor opened.
    pub fn put(&self, path: PathBuf, text: String) {
        self.files.put(path.clone(), text);
        self.changed(&path);
    }

    /// A file that the editor closed: the disk counts again.
    pub fn drop(&self, path: &Path) {
        self.files.drop(path);
        self.changed(path);
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
        self.typed(&path);
        self.files.put(path, text);
    }

    /// Something about a file is not as it was, on the disk or in the editor.
    pub fn changed(&self, path: &Path) {
        self.templates.changed(path);
        self.typed(path);
    }

    /// The text of an open file is not as it was. What is no source may stand beside one: everything is looked at anew.
    fn typed(&self, path: &Path) {
        self.version.set(self.version.get() + 1);
        if path.extension().is_none_or(|e| e != "purlin") {
            self.projects.borrow_mut().clear();
        }
    }

    /// Where the environments of a file's project set a setting.
    pub fn settings(&self, file: &Path, name: &str) -> Vec<(PathBuf, Span)> {
        let Some((project, _)) = self.project(&self.files, file) else { return Vec::new() };
        let Some((path, _)) = &project.config.file else { return Vec::new() };
        let set = project.config.environments.iter().flat_map(|(_, settings)| settings).filter(|(key, _)| &*key.value == name);
        set.map(|(key, _)| (path.clone(), key.span)).collect()
    }

    /// The project of a file, and the folder or the file that is checked.
    fn project(&self, files: &Overlay, file: &Path) -> Option<(Project, PathBuf)> {
        if Templates::is_foreign(file) {
            return self.of_template(files, file);
        }
        let folder = file.parent()?;
        // The files of a folder that the project does not name are a part of it.
        for at in [root(files, folder), folder.to_path_buf()] {
            let Ok(project) = find_sources(files, &at) else { continue };
            if project.files.iter().chain(&project.rules).any(|f| f == file) {
                // What `sources` names is all there is.
                let templates = match project.config.sources {
                    Some(_) => project.templates,
                    None => self.templates.of(files, &at).unwrap_or_default(),
                };
                return Some((Project { templates, ..project }, at));
            }
        }
        Some((find_sources(files, file).ok()?, file.to_path_buf()))
    }

    /// The same of a template: what is said of it is what a check of its whole project says.
    fn of_template(&self, files: &Overlay, file: &Path) -> Option<(Project, PathBuf)> {
        if self.templates.are_off() && may_be_template(file) {
            return None;
        }
        let home = self.templates.home(files, file);
        if let Some((home, templates)) = home.and_then(|home| Some((home.clone(), self.templates.of(files, &home)?))) {
            // A folder that holds no template and no source has nothing to be said of.
            return Some((find_with(files, &home, templates).ok()?, home));
        }
        let alone = TemplateFile { path: file.to_path_buf(), stack: None, named: false };
        let project = find_with(files, file.parent()?, vec![alone]).ok()?;
        Some((Project { files: Vec::new(), part: true, ..project }, file.to_path_buf()))
    }

    /// Whether what an analysis says of a file is shown: of a template only what the check of its own project says.
    pub fn shows(&self, analysed: &Path, file: &Path) -> bool {
        if !may_be_template(file) {
            return true;
        }
        // A part of a template that lies beside it belongs to the template.
        !self.templates.are_off() && (analysed == file || self.templates.home(&self.files, file).is_none_or(|home| home == analysed))
    }

    /// What is known of the project of a file.
    pub fn analysis(&self, file: &Path) -> Option<Arc<Analysis>> {
        self.analysed(file).map(|(analysis, _)| analysis)
    }

    /// The same with the folder or the file that is checked.
    pub fn analysed(&self, file: &Path) -> Option<(Arc<Analysis>, PathBuf)> {
        let files: Arc<dyn FileSystem> = Arc::new(self.files.clone());
        let (project, at) = self.project(&self.files, file)?;
        let mut projects = self.projects.borrow_mut();
        let known = projects.entry(at.clone()).or_default();
        if known.version != self.version.get() || known.analysis.is_none() {
            let options = Options { as_of: Some(self.as_of.clone()), ..Options::default() };
            known.analysis = analyse_environments(&mut known.memories, &files, &project, &options, true).ok().map(Arc::new);
            known.version = self.version.get();
        }
        known.analysis.clone().map(|analysis| (analysis, at))
    }

    /// How many errors the project of a file would have with other texts.
    pub fn errors_with(&self, file: &Path, changes: Vec<(PathBuf, String)>) -> Option<usize> {
        let overlay = self.files.with(changes);
        let (project, _) = self.project(&overlay, file)?;
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
