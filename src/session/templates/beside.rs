//! Files that a template names: definitions of state machines, bodies of APIs, included parts, nested templates.

use super::super::modules::text;
use super::super::path::normal;
use super::super::sources::{FileSystem, Sources};
use crate::base::Diagnostic;
use crate::document::{Form, Node, read};
use crate::template::Neighbours;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// All documents that are read besides the templates that were named.
pub(super) struct Documents<'a> {
    pub files: &'a dyn FileSystem,
    pub sources: RefCell<&'a mut Sources>,
    /// What is wrong with them as documents.
    pub findings: RefCell<Vec<Diagnostic>>,
    known: RefCell<FxHashMap<PathBuf, Option<Node>>>,
}

impl<'a> Documents<'a> {
    pub fn new(files: &'a dyn FileSystem, sources: &'a mut Sources) -> Documents<'a> {
        Documents { files, sources: RefCell::new(sources), findings: RefCell::default(), known: RefCell::default() }
    }

    /// The document of a path, read once. None if there is no such file: whoever asks says what then is not known.
    pub fn read(&self, path: &Path) -> Option<Node> {
        if let Some(known) = self.known.borrow().get(path) {
            return known.clone();
        }
        let node = text(self.files, path).ok().and_then(|text| {
            let file = self.sources.borrow_mut().add(path.to_path_buf(), text.clone());
            let (node, found) = read(&text, file, Form::of(&path.display().to_string(), &text));
            self.findings.borrow_mut().extend(found);
            node
        });
        self.known.borrow_mut().insert(path.to_path_buf(), node.clone());
        node
    }
}

/// What lies beside one template.
pub(super) struct Beside<'a, 'd> {
    pub documents: &'d Documents<'a>,
    /// The folder of the template.
    pub folder: &'d Path,
}

impl Beside<'_, '_> {
    /// Where a file that the template names is; none for what is no file of this machine.
    pub fn path(&self, written: &str) -> Option<PathBuf> {
        let elsewhere = written.is_empty() || written.contains("://") || written.contains("${");
        (!elsewhere).then(|| normal(&self.folder.join(written)))
    }
}

impl Neighbours for Beside<'_, '_> {
    fn read(&self, written: &str) -> Option<Node> {
        self.documents.read(&self.path(written)?)
    }
}
