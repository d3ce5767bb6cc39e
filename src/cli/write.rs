//! Writes files whole or not at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Writes a file by renaming a finished one into its place; one that would not change is left alone.
pub(super) fn whole(path: &Path, text: &str) -> Result<(), String> {
    all(&[(path.to_path_buf(), text)])
}

/// Writes files: all are finished beside their places before the first is put into its own, so that a full disk, a folder
/// that cannot be written or a file that is read-only leaves every one as it was.
pub(super) fn all(files: &[(PathBuf, &str)]) -> Result<(), String> {
    let mut finished = Vec::new();
    for (path, text) in files {
        let failed = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
        if std::fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
            continue;
        }
        let target = target(path)?;
        let mut file = beside(&target).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        finished.push((path, target, file));
    }
    for (path, target, file) in finished {
        file.persist(&target).map_err(|error| format!("cannot write {}: {}", path.display(), error.error))?;
    }
    Ok(())
}

/// The file that is written where a path is named: a symbolic link stays, and the file that it leads to changes, if that is
/// in the project.
fn target(path: &Path) -> Result<PathBuf, String> {
    let failed = |error: &dyn std::fmt::Display| format!("cannot write {}: {error}", path.display());
    let target = if path.is_symlink() {
        let target = path.canonicalize().map_err(|error| failed(&error))?;
        // The search for the project goes upwards: it needs the whole path.
        let folder = folder(path).canonicalize().map_err(|error| failed(&error))?;
        let root = crate::session::root(&super::disk::Disk, &folder);
        if !target.starts_with(&root) {
            return Err(failed(&"it is a symbolic link that leads outside the project"));
        }
        target
    } else {
        path.to_path_buf()
    };
    match std::fs::metadata(&target) {
        Ok(old) if old.is_dir() => Err(failed(&"it is a folder")),
        Ok(old) if !old.is_file() => Err(failed(&"it is not a regular file")),
        Ok(old) if old.permissions().readonly() => Err(failed(&"it is read-only")),
        _ => Ok(target),
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file beside the one that it will replace, with the same permissions, or those of any new file.
fn beside(target: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = folder(target);
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder)?;
    if let Ok(old) = std::fs::metadata(target) {
        file.as_file().set_permissions(old.permissions())?;
    }
    Ok(file)
}
