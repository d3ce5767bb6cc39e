//! The files of a session by their ids. Knows nothing of what is in them.

use crate::base::{FileId, Span};
use crate::types::Library;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The only door to files.
pub trait FileSystem: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>>;
    /// The entries of a folder, sorted.
    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>>;
    /// Whether it is a folder.
    fn is_folder(&self, path: &Path) -> bool;
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is, as the user would write it.
    pub path: PathBuf,
    /// Its text.
    pub text: Arc<str>,
}

/// The files of a session.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, path: PathBuf, text: Arc<str>) -> FileId {
        self.files.push(Source { path, text });
        FileId(self.files.len() as u32 - 1)
    }

    /// The files, in the order in which they were read.
    pub fn all(&self) -> &[Source] {
        &self.files
    }

    /// The path and the text of a file; of the standard library too.
    pub fn get(&self, file: FileId) -> Option<(&Path, &str)> {
        if let Some((path, text)) = Library::file(file) {
            return Some((Path::new(path), text));
        }
        self.files.get(file.0 as usize).map(|s| (s.path.as_path(), &*s.text))
    }

    /// The line and the column (both from 1, in characters) where a span begins.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let text = self.get(span.file).map_or("", |(_, t)| t);
        let before = text.get(..span.start as usize).unwrap_or(text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}
