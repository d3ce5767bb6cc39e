//! The files of a revision, read from Git without checking it out.

use crate::session::{FileKind, FileSystem};
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A revision of the repository that the working folder is in.
pub(super) struct Revision {
    commit: String,
}

impl Revision {
    /// The revision that a name means.
    pub(super) fn of(name: &str) -> std::result::Result<Revision, String> {
        let commit = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")])
            .map_err(|_| format!("`{name}` is neither a path nor a revision that Git knows here"))?;
        Ok(Revision { commit: String::from_utf8_lossy(&commit).trim().to_string() })
    }

    /// What Git calls a path in it: relative to the working folder.
    fn name(&self, path: &Path) -> String {
        let path = path.to_string_lossy().replace('\\', "/");
        let path = path.trim_start_matches("./").trim_end_matches('/');
        format!("{}:./{}", self.commit, if path == "." { "" } else { path })
    }
}

impl FileSystem for Revision {
    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        git(&["cat-file", "blob", &self.name(path)])
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        // The tree is named relative to the working folder; what is listed of it must not be once more.
        let names = git(&["ls-tree", "-z", "--name-only", "--full-tree", &self.name(folder)])?;
        let names = String::from_utf8_lossy(&names);
        let mut entries: Vec<PathBuf> = names.split('\0').filter(|n| !n.is_empty()).map(|n| folder.join(n)).collect();
        entries.sort();
        Ok(entries)
    }

    /// A symbolic link is not followed: what it leads to may be of no revision.
    fn kind(&self, path: &Path) -> Result<FileKind> {
        if self.is_folder(path) {
            return Ok(FileKind::Folder);
        }
        let (folder, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default().to_string_lossy());
        let entries = git(&["ls-tree", "-z", "--full-tree", &self.name(folder)])?;
        let entries = String::from_utf8_lossy(&entries);
        let entry = entries.split('\0').find(|entry| entry.split_once('\t').is_some_and(|(_, of)| of == name));
        match entry {
            None => Err(Error::new(ErrorKind::NotFound, "there is no such file")),
            Some(link) if link.starts_with("120000") => Ok(FileKind::Other),
            Some(_) => Ok(FileKind::File(0)),
        }
    }

    fn is_folder(&self, path: &Path) -> bool {
        git(&["cat-file", "-t", &self.name(path)]).is_ok_and(|kind| kind.starts_with(b"tree"))
    }
}

fn git(arguments: &[&str]) -> Result<Vec<u8>> {
    let done = Command::new("git").args(arguments).output()?;
    if done.status.success() { Ok(done.stdout) } else { Err(Error::new(ErrorKind::NotFound, String::from_utf8_lossy(&done.stderr).trim())) }
}
