//! What is kept from one analysis to the next, so that an edit costs what it touches: files whose text is the same, and
//! stacks whose files are. A stack holds 500 resources at most, so that one is never large. Knows nothing of what is found.

use super::analysis::Stack;
use super::modules::Loaded;
use crate::base::{Diagnostic, FileId, FxIndexMap, Name, Span};
use crate::emit::Template;
use crate::model::{ItemNode, Kind, Module, Value};
use crate::template::Summary;
use crate::types::Library;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// What is kept. What stands beside the sources, such as packages, is taken to be as it was: [`Memory::default`] where it
/// may not be.
#[derive(Clone, Default)]
pub struct Memory {
    files: FxHashMap<PathBuf, Known>,
    library: Option<Kinds>,
    around: Around,
    faulty: FxHashSet<Span>,
    stacks: FxHashMap<Name, Kept>,
    found: FxHashMap<(Pass, PathBuf), Found>,
}

/// The kinds that files declare, the library with them, and what is wrong with them.
type Kinds = (Vec<Arc<Kind>>, Arc<Library>, Vec<Diagnostic>);

/// A file that was read.
#[derive(Clone)]
struct Known {
    text: Arc<str>,
    module: Arc<Module>,
    found: Vec<Diagnostic>,
}

/// What every stack depends on besides its files.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Around {
    pub places: FxHashMap<Name, Span>,
    pub limits: FxHashMap<Name, Value>,
    pub as_of: Option<String>,
    pub root: PathBuf,
    pub rules: Vec<PathBuf>,
}

/// The files that something rests on, and the values that are given for the settings that they declare. It is the same
/// as long as they are.
#[derive(Clone, Default)]
pub(super) struct Rests {
    pub modules: Vec<Arc<Module>>,
    pub settings: Vec<(Name, Value)>,
}

impl PartialEq for Rests {
    fn eq(&self, other: &Rests) -> bool {
        let same = |a: &[Arc<Module>], b: &[Arc<Module>]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b));
        same(&self.modules, &other.modules) && self.settings == other.settings
    }
}

/// A stack with all that was found in it.
#[derive(Clone)]
pub(super) struct Kept {
    pub rests: Rests,
    pub stack: Stack,
    pub found: Arc<Vec<Diagnostic>>,
    /// What was made of it, once it was made.
    pub emitted: Arc<OnceLock<Emitted>>,
}

/// What is made of a stack without errors.
pub(super) struct Emitted {
    /// Its template.
    pub template: Arc<Template>,
    /// What is found in that.
    pub findings: Vec<Diagnostic>,
    /// The template read back.
    pub summary: Arc<Summary>,
}

/// What looks at files one by one, besides stacks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Pass {
    /// What no stack reaches.
    Unreached,
    /// Mistakes in rules.
    Rules,
}

/// What a pass found in a file.
#[derive(Clone, PartialEq)]
pub(super) struct Depends {
    pub rests: Rests,
    /// The places that it looked at, and those that it passed over.
    pub places: Vec<Span>,
}

#[derive(Clone)]
struct Found {
    depends: Depends,
    found: Vec<Diagnostic>,
}

impl Memory {
    /// A file that was read before, if its text and its place among the files are the same.
    pub(super) fn file(&self, path: &PathBuf, file: FileId, text: &str) -> Option<(Arc<Module>, Vec<Diagnostic>)> {
        let known = self.files.get(path).filter(|known| known.module.file == file && *known.text == *text)?;
        Some((known.module.clone(), known.found.clone()))
    }

    /// Keeps a file that was read.
    pub(super) fn keep_file(&mut self, path: PathBuf, text: Arc<str>, module: Arc<Module>, found: Vec<Diagnostic>) {
        self.files.insert(path, Known { text, module, found });
    }

    /// The standard library with the kinds that files declare, and what is wrong with these.
    pub(super) fn library(&mut self, loaded: &FxIndexMap<PathBuf, Loaded>, out: &mut Vec<Diagnostic>) -> Arc<Library> {
        let kinds = loaded.values().flat_map(|l| &l.module.items).filter_map(|item| match &item.node {
            ItemNode::Kind(kind) => Some(kind.clone()),
            _ => None,
        });
        let kinds: Vec<Arc<Kind>> = kinds.collect();
        let same = |old: &[Arc<Kind>]| old.len() == kinds.len() && old.iter().zip(&kinds).all(|(a, b)| Arc::ptr_eq(a, b));
        if !self.library.as_ref().is_some_and(|(old, ..)| same(old)) {
            let (mut library, mut found) = (Library::shared(), Vec::new());
            library.add(kinds.clone(), &mut found);
            self.library = Some((kinds, Arc::new(library), found));
            self.stacks.clear();
            self.found.clear();
        }
        self.library.as_ref().map_or_else(
            || Arc::new(Library::shared()),
            |(_, library, found)| {
                out.extend(found.iter().cloned());
                library.clone()
            },
        )
    }

    /// Forgets everything that depends on what is around the files, if that is not as it was.
    pub(super) fn around(&mut self, around: Around) {
        if self.around != around {
            self.around = around;
            self.stacks.clear();
            self.found.clear();
        }
    }

    /// Forgets the stacks if other rules are wrong themselves than before.
    pub(super) fn faulty(&mut self, faulty: &FxHashSet<Span>) {
        if self.faulty != *faulty {
            self.faulty.clone_from(faulty);
            self.stacks.clear();
        }
    }

    /// A stack that was made before, if it rests on the same.
    pub(super) fn stack(&self, name: &Name, span: Span, rests: &Rests) -> Option<Kept> {
        self.stacks.get(name).filter(|kept| kept.stack.span == span && kept.rests == *rests).cloned()
    }

    /// Keeps these stacks, and no others.
    pub(super) fn keep_stacks(&mut self, stacks: &[Kept]) {
        self.stacks = stacks.iter().map(|kept| (kept.stack.name.clone(), kept.clone())).collect();
    }

    /// What a pass found in a file before, if it depends on the same.
    pub(super) fn found(&self, pass: Pass, path: &std::path::Path, depends: &Depends) -> Option<Vec<Diagnostic>> {
        self.found.get(&(pass, path.to_path_buf())).filter(|f| f.depends == *depends).map(|f| f.found.clone())
    }

    /// Keeps what a pass found in its files, and nothing else of that pass.
    pub(super) fn keep_found(&mut self, pass: Pass, found: Vec<(PathBuf, Depends, Vec<Diagnostic>)>) {
        self.found.retain(|(of, _), _| *of != pass);
        self.found.extend(found.into_iter().map(|(path, depends, found)| ((pass, path), Found { depends, found })));
    }
}
