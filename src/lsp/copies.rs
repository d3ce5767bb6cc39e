//! Copies of the standard library that an editor can open. They are in a folder of this process alone: its name is random,
//! only this user may enter it, and it is removed at the end. Names that others could foresee could be links of theirs.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use tempfile::TempDir;

/// The copies that were written so far.
#[derive(Default)]
pub(super) struct Copies(RefCell<Option<Written>>);

struct Written {
    folder: TempDir,
    files: BTreeSet<PathBuf>,
}

impl Copies {
    /// The path of the copy of a file, by the name of the file in the library.
    ///
    /// # Errors
    /// If the copy cannot be written.
    pub fn path(&self, name: &str, text: &str) -> std::io::Result<PathBuf> {
        let mut written = self.0.borrow_mut();
        // A cleaner of temporary files may have removed some. The name of the folder is known by now: take a new one.
        let gone = written.as_ref().is_some_and(|w| w.files.iter().any(|file| !file.is_file()));
        if gone {
            *written = None;
        }
        let Written { folder, files } = match &mut *written {
            Some(written) => written,
            none => none.insert(Written { folder: private()?, files: BTreeSet::new() }),
        };
        let copy = folder.path().join(name);
        if !files.contains(&copy) {
            if let Some(parent) = copy.parent() {
                std::fs::create_dir_all(parent)?;
            }
            // `create_new` follows no link and overwrites nothing.
            std::fs::File::create_new(&copy)?.write_all(text.as_bytes())?;
            files.insert(copy.clone());
        }
        Ok(copy)
    }
}

fn private() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("purlin-").rand_bytes(16);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}
