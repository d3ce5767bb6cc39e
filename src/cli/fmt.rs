//! `purlin fmt`

use super::args::Fmt;
use super::{CLEAN, FINDINGS, disk, write};
use crate::base::FileId;
use crate::session::FileSystem as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Runs it.
pub(super) fn run(arguments: &Fmt) -> Result<u8, String> {
    if arguments.paths == [PathBuf::from("-")] {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| format!("standard input cannot be read: {error}"))?;
        super::print(formatted(&text).trim_end_matches('\n'))?;
        return Ok(CLEAN);
    }
    let mut changed = Vec::new();
    for path in files(&arguments.paths)? {
        let bytes = disk::Disk.read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let text = String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", path.display()))?;
        let new = formatted(&text);
        if new != text {
            changed.push((path, new));
        }
    }
    if !arguments.check {
        write::all(&changed.iter().map(|(path, new)| (path.clone(), new.as_str())).collect::<Vec<_>>())?;
    }
    for (path, _) in &changed {
        super::say(&path.display().to_string())?;
    }
    Ok(if arguments.check && !changed.is_empty() { FINDINGS } else { CLEAN })
}

fn formatted(text: &str) -> String {
    crate::fmt::format(&crate::syntax::parse(FileId(0), text.into()).tree)
}

/// The `.purlin` files that paths name, those of folders with all that are below.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            below(path, &mut found, 0)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn below(folder: &Path, found: &mut Vec<PathBuf>, depth: u8) -> Result<(), String> {
    for path in disk::Disk.list(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        // A link may lead back up.
        if path.is_dir() && !path.is_symlink() && !hidden && depth < 32 {
            below(&path, found, depth + 1)?;
        } else if path.extension().is_some_and(|e| e == "purlin") && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}
