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
    /// The path, absolute and without symbolic links. File systems without links need not say anything.
    fn real(&self, path: &Path) -> std::io::Result<PathBuf> {
        Ok(super::path::normal(&std::path::absolute(path)?))
    }
    /// What a path leads to.
    fn kind(&self, path: &Path) -> std::io::Result<FileKind> {
        if self.is_folder(path) { Ok(FileKind::Folder) } else { self.read(path).map(|bytes| FileKind::File(bytes.len() as u64)) }
    }
    /// A file to look into, for those too large to be read whole.
    fn open(&self, path: &Path) -> std::io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(std::io::Cursor::new(self.read(path)?)))
    }
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file of this many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A pipe, a socket or a device.
    Other,
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

/// The id of a project's `purlin.toml`, which is none of its sources.
pub(super) const CONFIG: FileId = FileId(crate::types::STDLIB_FILES - 1);

/// The files of a session.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    config: Option<Source>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, path: PathBuf, text: Arc<str>) -> FileId {
        self.files.push(Source { path, text, starts: OnceLock::new() });
        FileId(self.files.len() as u32 - 1)
    }

    /// Adds the project's `purlin.toml`.
    pub fn set_config(&mut self, path: PathBuf, text: Arc<str>) {
        self.config = Some(Source { path, text, starts: OnceLock::new() });
    }

    /// The project's `purlin.toml` with its id.
    pub fn config(&self) -> Option<(FileId, &Source)> {
        self.config.as_ref().map(|config| (CONFIG, config))
    }

    fn file(&self, file: FileId) -> Option<&Source> {
        if file == CONFIG { self.config.as_ref() } else { self.files.get(file.0 as usize) }
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
        self.file(file).map(|s| (s.path.as_path(), &*s.text))
    }

    /// The text of a file, to keep.
    pub fn shared(&self, file: FileId) -> Arc<str> {
        match self.file(file) {
            Some(source) => source.text.clone(),
            None => self.get(file).map_or("", |(_, text)| text).into(),
        }
    }

    /// Where the lines of a file begin.
    pub fn starts(&self, file: FileId) -> Arc<[usize]> {
        match self.file(file) {
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
