//! The files of a session by their ids. Knows nothing of what is in them.

use crate::base::{FileId, Span};
use crate::types::Library;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The only door to files.
pub trait FileSystem: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>>;
    /// The entries of a folder, sorted.
    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>>;
    /// Whether it is a folder.
    fn is_folder(&self, path: &Path) -> bool;
    /// A file to look into, for those too large to be read whole.
    fn open(&self, path: &Path) -> std::io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(std::io::Cursor::new(self.read(path)?)))
    }
}

/// What can be read from any place on.
pub trait ReadSeek: std::io::Read + std::io::Seek {}

impl<T: std::io::Read + std::io::Seek> ReadSeek for T {}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is, as the user would write it.
    pub path: PathBuf,
    /// Its text.
    pub text: Arc<str>,
    /// Where its lines begin.
    starts: OnceLock<Arc<[usize]>>,
}

impl Source {
    /// Where its lines begin.
    pub fn starts(&self) -> &Arc<[usize]> {
        self.starts.get_or_init(|| starts(&self.text))
    }
}

/// Where the lines of a text begin.
fn starts(text: &str) -> Arc<[usize]> {
    std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1)).collect()
}

/// The files of a session.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, path: PathBuf, text: Arc<str>) -> FileId {
        self.files.push(Source { path, text, starts: OnceLock::new() });
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

    /// The text of a file, to keep.
    pub fn shared(&self, file: FileId) -> Arc<str> {
        match self.files.get(file.0 as usize) {
            Some(source) => source.text.clone(),
            None => self.get(file).map_or("", |(_, text)| text).into(),
        }
    }

    /// Where the lines of a file begin.
    pub fn starts(&self, file: FileId) -> Arc<[usize]> {
        match self.files.get(file.0 as usize) {
            Some(source) => source.starts().clone(),
            None => starts(self.get(file).map_or("", |(_, text)| text)),
        }
    }

    /// The line and the column (both from 1, in characters) where a span begins.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let text = self.get(span.file).map_or("", |(_, t)| t);
        let starts = self.starts(span.file);
        let line = starts.partition_point(|start| *start <= span.start as usize);
        let start = line.checked_sub(1).and_then(|at| starts.get(at)).copied().unwrap_or(0);
        let column = text.get(start..span.start as usize).map_or(0, |before| before.chars().count()) + 1;
        (line, column)
    }
}
