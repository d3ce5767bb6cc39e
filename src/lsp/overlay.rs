//! Files as the editor has them, over those on the disk.

use crate::session::{FileKind, FileSystem};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

/// The disk with what is open in the editor in front of it.
#[derive(Clone, Default)]
pub(super) struct Overlay(Arc<RwLock<BTreeMap<PathBuf, String>>>);

impl Overlay {
    /// A file as the editor has it now.
    pub fn put(&self, path: PathBuf, text: String) {
        if let Ok(mut open) = self.0.write() {
            open.insert(path, text);
        }
    }

    /// A file that the editor closed: the disk counts again.
    pub fn drop(&self, path: &Path) {
        if let Ok(mut open) = self.0.write() {
            open.remove(path);
        }
    }

    /// A file's text.
    pub fn text(&self, path: &Path) -> Option<String> {
        self.read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// The same files with other texts for some of them; what is changed in one is not changed in the other.
    pub fn with(&self, changes: Vec<(PathBuf, String)>) -> Overlay {
        let mut open = self.0.read().map(|open| open.clone()).unwrap_or_default();
        open.extend(changes);
        Overlay(Arc::new(RwLock::new(open)))
    }

    pub fn is_open(&self, path: &Path) -> bool {
        self.0.read().is_ok_and(|open| open.contains_key(path))
    }

    /// The files that are open.
    pub fn open(&self) -> Vec<PathBuf> {
        self.0.read().map(|open| open.keys().cloned().collect()).unwrap_or_default()
    }
}

impl FileSystem for Overlay {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if let Ok(open) = self.0.read()
            && let Some(text) = open.get(path)
        {
            return Ok(text.clone().into_bytes());
        }
        std::fs::read(path)
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        let on_disk = std::fs::read_dir(folder).map(|entries| entries.filter_map(|e| e.ok().map(|e| e.path())).collect::<Vec<_>>());
        let mut all = on_disk.unwrap_or_default();
        all.extend(self.open().into_iter().filter(|p| p.parent() == Some(folder)));
        all.sort();
        all.dedup();
        Ok(all)
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    /// A file that is open and not yet on the disk is where it will be written.
    fn real(&self, path: &Path) -> std::io::Result<PathBuf> {
        let on_disk = path.canonicalize();
        match (&on_disk, path.parent(), path.file_name()) {
            (Err(_), Some(folder), Some(name)) if self.is_open(path) => Ok(folder.canonicalize()?.join(name)),
            _ => on_disk,
        }
    }

    fn kind(&self, path: &Path) -> std::io::Result<FileKind> {
        if self.is_open(path) {
            return Ok(FileKind::File(0));
        }
        let data = std::fs::metadata(path)?;
        Ok(if data.is_dir() {
            FileKind::Folder
        } else if data.is_file() {
            FileKind::File(data.len())
        } else {
            FileKind::Other
        })
    }
}
