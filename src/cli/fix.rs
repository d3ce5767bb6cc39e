//! `purlin fix`: applies what findings say how to mend.

use super::args::Fix;
use super::{CLEAN, FINDINGS, check, disk, write};
use crate::base::{Edit, FileId};
use crate::session::Analysis;
use rustc_hash::FxHashMap;
use std::path::PathBuf;

/// One mending can uncover another; a file is read this often at most.
const ROUNDS: usize = 8;

/// Runs it.
pub(super) fn run(arguments: &Fix) -> Result<u8, String> {
    if arguments.dry_run {
        for analysis in disk::analyses(&arguments.input)? {
            for (path, old, new) in mended(&analysis) {
                let diff = similar::TextDiff::from_lines(&old, &new);
                let name = path.display().to_string();
                super::print(diff.unified_diff().header(&name, &name).to_string().trim_end())?;
            }
        }
        return Ok(CLEAN);
    }
    for _ in 0..ROUNDS {
        let mut changed = false;
        for analysis in disk::analyses(&arguments.input)? {
            for (path, _, new) in mended(&analysis) {
                write::whole(&path, &new)?;
                super::print(&path.display().to_string())?;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let errors: usize = disk::analyses(&arguments.input)?.iter().map(check::show).sum();
    Ok(if errors > 0 { FINDINGS } else { CLEAN })
}

/// The files that change: their path, their text and the new one. A change that would leave a file with more mistakes
/// in its text than it had is not made.
fn mended(analysis: &Analysis) -> Vec<(PathBuf, String, String)> {
    let mut edits: FxHashMap<FileId, Vec<&Edit>> = FxHashMap::default();
    for fix in analysis.findings.iter().filter_map(|f| f.fixes.first()).filter(|fix| fix.safe) {
        for edit in &fix.edits {
            edits.entry(edit.span.file).or_default().push(edit);
        }
    }
    let mut out = Vec::new();
    for (at, source) in analysis.sources.all().iter().enumerate() {
        let Some(mut edits) = edits.remove(&FileId(at as u32)) else { continue };
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let new = applied(&source.text, &edits);
        let faults = |text: &str| crate::syntax::parse(FileId(0), text.into()).diagnostics.len();
        if new != *source.text && faults(&new) <= faults(&source.text) {
            out.push((source.path.clone(), source.text.to_string(), new));
        }
    }
    out
}

/// The text with edits applied, of those that overlap the first.
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
