//! `purlin fix`: applies the edits that findings offer.

use super::args::Fix;
use super::{CLEAN, FINDINGS, check, disk, write};
use crate::session::{Analysis, FileKind, FileSystem, errors, fixed, fixes, largest};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// One fix can uncover another; a file is read this often at most.
const ROUNDS: usize = 8;

/// Runs it.
pub(super) fn run(arguments: &Fix) -> Result<u8, String> {
    let files = Arc::new(Fixed::default());
    let before = errors_of(&read(&files, arguments)?);
    // What a fix uncovers may be fixed in the next round. Only if errors remain that were not there, each round is held
    // to the number of errors that it began with.
    if errors_of(&rounds(&files, arguments, false)?) > before {
        files.clear();
        rounds(&files, arguments, true)?;
    }
    let changed = files.all();
    if !arguments.dry_run {
        write::all(&changed.iter().map(|(path, new)| (path.clone(), new.as_str())).collect::<Vec<_>>())?;
    }
    for (path, new) in &changed {
        if !arguments.dry_run {
            super::say(&path.display().to_string())?;
            continue;
        }
        let old = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let diff = similar::TextDiff::from_lines(&old, new);
        let name = path.display().to_string();
        super::say(diff.unified_diff().header(&name, &name).to_string().trim_end())?;
    }
    if arguments.dry_run {
        return Ok(CLEAN);
    }
    let errors: usize = disk::analyses(&arguments.input)?.iter().map(check::show).sum();
    Ok(if errors > 0 { FINDINGS } else { CLEAN })
}

fn read(files: &Arc<Fixed>, arguments: &Fix) -> Result<Vec<Analysis>, String> {
    disk::analyses_of(&(files.clone() as Arc<dyn FileSystem>), &arguments.input)
}

fn errors_of(analyses: &[Analysis]) -> usize {
    analyses.iter().map(errors).sum()
}

/// Fixes until nothing changes, in memory; gives what is found then. If `strict`, no round may end with more errors than
/// it began with.
fn rounds(files: &Arc<Fixed>, arguments: &Fix, strict: bool) -> Result<Vec<Analysis>, String> {
    let mut analyses = read(files, arguments)?;
    for _ in 0..ROUNDS {
        let mut changes: Vec<(PathBuf, String)> = Vec::new();
        for analysis in &analyses {
            let all = fixes(analysis, arguments.not_safe);
            let chosen = if strict { harmless(files, arguments, analysis, &all, errors_of(&analyses))? } else { all };
            changes.extend(fixed(analysis, &chosen));
        }
        if changes.is_empty() {
            break;
        }
        files.put(changes);
        analyses = read(files, arguments)?;
    }
    Ok(analyses)
}

/// The fixes of an analysis that leave no more errors than there are.
fn harmless<'a>(
    files: &Arc<Fixed>,
    arguments: &Fix,
    analysis: &'a Analysis,
    all: &[&'a crate::base::Fix],
    most: usize,
) -> Result<Vec<&'a crate::base::Fix>, String> {
    let kept = files.all();
    let chosen = largest(all, &mut |some| {
        files.put(fixed(analysis, some));
        let after = read(files, arguments).map(|analyses| errors_of(&analyses));
        files.clear();
        files.put(kept.clone().into_iter().collect());
        Ok(after? <= most)
    })?;
    Ok(chosen)
}

/// The disk with what was fixed so far in front of it: nothing is written before the last round.
#[derive(Default)]
struct Fixed(Mutex<BTreeMap<PathBuf, String>>);

impl Fixed {
    fn put(&self, changes: Vec<(PathBuf, String)>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(changes);
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn all(&self) -> BTreeMap<PathBuf, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl FileSystem for Fixed {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let changed = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(path).map(|text| text.clone().into_bytes());
        changed.map_or_else(|| disk::Disk.read(path), Ok)
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        disk::Disk.list(folder)
    }

    fn is_folder(&self, path: &Path) -> bool {
        disk::Disk.is_folder(path)
    }

    fn real(&self, path: &Path) -> std::io::Result<PathBuf> {
        disk::Disk.real(path)
    }

    fn kind(&self, path: &Path) -> std::io::Result<FileKind> {
        disk::Disk.kind(path)
    }
}
