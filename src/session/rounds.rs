//! Fixes made in rounds, in memory: one fix can uncover another. Knows nothing of where the result is written.

use super::analysis::Analysis;
use super::mend::{errors, fixed, fixes, largest};
use super::sources::{FileKind, FileSystem};
use crate::base::Fix;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// One fix can uncover another; a file is read this often at most.
const ROUNDS: usize = 8;

/// Analyses everything that was asked for, of these files.
pub type Reading<'a> = dyn Fn(&Arc<dyn FileSystem>) -> Result<Vec<Analysis>, String> + 'a;

/// The files that fixes change, with their new texts: the safe fixes, and with `not_safe` also those that may change a
/// meaning. There are never more errors afterwards than before. An error is one of `reading`.
pub fn mended(files: Arc<dyn FileSystem>, not_safe: bool, reading: &Reading<'_>) -> Result<BTreeMap<PathBuf, String>, String> {
    let rounds = Rounds { files: Arc::new(Fixed { changed: Mutex::default(), files }), not_safe, reading };
    let before = total(&rounds.read()?);
    // What a fix uncovers may be fixed in the next round. Only if errors remain that were not there, each round is held
    // to the number of errors that it began with.
    if total(&rounds.run(false)?) > before {
        rounds.files.clear();
        rounds.run(true)?;
    }
    Ok(rounds.files.all())
}

fn total(analyses: &[Analysis]) -> usize {
    analyses.iter().map(errors).sum()
}

struct Rounds<'a> {
    files: Arc<Fixed>,
    not_safe: bool,
    reading: &'a Reading<'a>,
}

impl Rounds<'_> {
    fn read(&self) -> Result<Vec<Analysis>, String> {
        (self.reading)(&(self.files.clone() as Arc<dyn FileSystem>))
    }

    /// Fixes until nothing changes; gives what is found then. If `strict`, no round may end with more errors than it
    /// began with.
    fn run(&self, strict: bool) -> Result<Vec<Analysis>, String> {
        let mut analyses = self.read()?;
        for _ in 0..ROUNDS {
            let mut changes: Vec<(PathBuf, String)> = Vec::new();
            for analysis in &analyses {
                let all = fixes(analysis, self.not_safe);
                let chosen = if strict { self.harmless(analysis, &all, total(&analyses))? } else { all };
                changes.extend(fixed(analysis, &chosen));
            }
            if changes.is_empty() {
                break;
            }
            self.files.put(changes);
            analyses = self.read()?;
        }
        Ok(analyses)
    }

    /// The fixes of an analysis that leave no more errors than there are.
    fn harmless<'f>(&self, analysis: &'f Analysis, all: &[&'f Fix], most: usize) -> Result<Vec<&'f Fix>, String> {
        let kept = self.files.all();
        largest(all, &mut |some| {
            self.files.put(fixed(analysis, some));
            let after = self.read().map(|analyses| total(&analyses));
            self.files.clear();
            self.files.put(kept.clone().into_iter().collect());
            Ok(after? <= most)
        })
    }
}

/// Files with what was fixed so far in front of them: nothing is written before the last round.
struct Fixed {
    changed: Mutex<BTreeMap<PathBuf, String>>,
    files: Arc<dyn FileSystem>,
}

impl Fixed {
    fn put(&self, changes: Vec<(PathBuf, String)>) {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).extend(changes);
    }

    fn clear(&self) {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn all(&self) -> BTreeMap<PathBuf, String> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl FileSystem for Fixed {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner).get(path).map(|text| text.clone().into_bytes());
        changed.map_or_else(|| self.files.read(path), Ok)
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        self.files.list(folder)
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.files.is_folder(path)
    }

    fn real(&self, path: &Path) -> std::io::Result<PathBuf> {
        self.files.real(path)
    }

    fn kind(&self, path: &Path) -> std::io::Result<FileKind> {
        self.files.kind(path)
    }
}
