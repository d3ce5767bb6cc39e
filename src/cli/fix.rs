//! `purlin fix`: applies what findings say how to mend.

use super::args::Fix;
use super::{CLEAN, FINDINGS, check, disk, write};
use crate::base::{Edit, FileId, Span};
use crate::session::{Analysis, FileSystem};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// One mending can uncover another; a file is read this often at most.
const ROUNDS: usize = 8;

/// Runs it.
pub(super) fn run(arguments: &Fix) -> Result<u8, String> {
    let files = Arc::new(Mended::default());
    for _ in 0..ROUNDS {
        let analyses = disk::analyses_of(&(files.clone() as Arc<dyn FileSystem>), &arguments.input)?;
        let changes: Vec<(PathBuf, String)> = analyses.iter().flat_map(|a| mended(a, arguments.not_safe)).collect();
        if changes.is_empty() {
            break;
        }
        files.put(changes);
    }
    for (path, new) in files.all() {
        if !arguments.dry_run {
            write::whole(&path, &new)?;
            super::print(&path.display().to_string())?;
            continue;
        }
        let old = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let diff = similar::TextDiff::from_lines(&old, &new);
        let name = path.display().to_string();
        super::print(diff.unified_diff().header(&name, &name).to_string().trim_end())?;
    }
    if arguments.dry_run {
        return Ok(CLEAN);
    }
    let errors: usize = disk::analyses(&arguments.input)?.iter().map(check::show).sum();
    Ok(if errors > 0 { FINDINGS } else { CLEAN })
}

/// The disk with what was mended so far laid over it: nothing is written before the last round.
#[derive(Default)]
struct Mended(Mutex<BTreeMap<PathBuf, String>>);

impl Mended {
    fn put(&self, changes: Vec<(PathBuf, String)>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(changes);
    }

    fn all(&self) -> BTreeMap<PathBuf, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl FileSystem for Mended {
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
}

/// The files that change, with their new text. A change that would leave a file with more mistakes in its text than it
/// had is not made. A fix is made as a whole or not at all.
fn mended(analysis: &Analysis, not_safe: bool) -> Vec<(PathBuf, String)> {
    let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    let overlap = |a: Span, b: Span| a.start < b.end && b.start < a.end || a.start == b.start;
    for fix in analysis.findings.iter().filter_map(|f| f.fixes.iter().find(|fix| fix.safe || not_safe)) {
        let taken = |edit: &Edit| edits.get(&edit.span.file).is_some_and(|all| all.iter().any(|e| overlap(e.span, edit.span)));
        if !fix.edits.iter().any(taken) {
            fix.edits.iter().for_each(|edit| edits.entry(edit.span.file).or_default().push(edit));
        }
    }
    let mut out = Vec::new();
    for (at, source) in analysis.sources.all().iter().enumerate() {
        let Some(mut edits) = edits.remove(&FileId(at as u32)) else { continue };
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let new = applied(&source.text, &edits);
        let faults = |text: &str| crate::syntax::parse(FileId(0), text.into()).diagnostics.len();
        if new != *source.text && faults(&new) <= faults(&source.text) {
            out.push((source.path.clone(), new));
        }
    }
    out
}

/// The text with edits applied, none of which overlaps another.
fn applied(text: &str, edits: &[&Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        if range.start < at {
            continue;
        }
        out.push_str(text.get(at..range.start).unwrap_or(""));
        out.push_str(&edit.text);
        at = range.end;
        // What takes a whole statement away takes its line too.
        let line_is_empty = out.rsplit('\n').next().is_some_and(|l| l.trim().is_empty());
        if edit.text.is_empty() && line_is_empty && text.get(at..).is_some_and(|rest| rest.starts_with('\n')) {
            let kept = out.trim_end_matches([' ', '\t']).len();
            out.truncate(kept);
            at += 1;
        }
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}
