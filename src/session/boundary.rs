//! The border of a project: every file of it is read through here, and none outside of its folder, whatever symbolic
//! links say and however a path is written. Knows nothing of what is read.

use super::sources::{FileKind, FileSystem, ReadSeek};
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files of a project.
pub(super) struct Bounded {
    files: Arc<dyn FileSystem>,
    /// The project's folder, without symbolic links.
    root: PathBuf,
}

impl Bounded {
    /// The files below a folder.
    pub fn new(files: &Arc<dyn FileSystem>, root: &Path) -> Bounded {
        // A folder that does not exist holds no file: no path is below it.
        let root = files.real(here(root)).unwrap_or_else(|_| here(root).to_path_buf());
        Bounded { files: files.clone(), root }
    }

    fn inside(&self, path: &Path) -> Result<PathBuf> {
        match self.files.real(here(path)) {
            Ok(real) if real.starts_with(&self.root) => Ok(real),
            Ok(_) => Err(Error::new(ErrorKind::PermissionDenied, OUTSIDE)),
            // What does not exist is judged by where it would be: nothing is told of what is outside.
            Err(_) if !self.would_be(path).starts_with(&self.root) => Err(Error::new(ErrorKind::PermissionDenied, OUTSIDE)),
            Err(error) => Err(error),
        }
    }

    /// Where a path that leads nowhere would lead: below the nearest folder that exists.
    fn would_be(&self, path: &Path) -> PathBuf {
        let mut rest = Vec::new();
        let mut at = path;
        loop {
            if let Ok(real) = self.files.real(here(at)) {
                rest.reverse();
                return rest.into_iter().fold(real, |path: PathBuf, part| path.join(part));
            }
            let (Some(name), Some(above)) = (at.file_name(), at.parent()) else { return path.to_path_buf() };
            rest.push(name);
            at = above;
        }
    }

    /// A regular file inside: a pipe or a device has no end.
    fn regular(&self, path: &Path) -> Result<()> {
        self.inside(path)?;
        match self.files.kind(path)? {
            FileKind::Other => Err(Error::new(ErrorKind::PermissionDenied, IRREGULAR)),
            _ => Ok(()),
        }
    }
}

/// What is said of a path that leads out of the project.
pub(super) const OUTSIDE: &str = "it is outside the project";
/// What is said of a pipe, a socket or a device.
pub(super) const IRREGULAR: &str = "it is not a regular file";

/// The empty path is the working folder.
fn here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

impl FileSystem for Bounded {
    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        self.regular(path)?;
        self.files.read(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        self.inside(folder)?;
        self.files.list(folder)
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.inside(path).is_ok() && self.files.is_folder(path)
    }

    fn open(&self, path: &Path) -> Result<Box<dyn ReadSeek>> {
        self.regular(path)?;
        self.files.open(path)
    }

    fn real(&self, path: &Path) -> Result<PathBuf> {
        self.inside(path)
    }

    fn kind(&self, path: &Path) -> Result<FileKind> {
        self.inside(path)?;
        self.files.kind(path)
    }
}
