//! Which edits of an analysis are made together, and what the texts are afterwards. Knows nothing of where they are
//! written.

use super::analysis::Analysis;
use crate::base::{Edit, FileId, Fix, Severity, Span};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The fixes that can be made at once: of each finding the first that is safe, unless another already edits the same
/// text. With `not_safe` also those that may change a meaning.
pub fn fixes(analysis: &Analysis, not_safe: bool) -> Vec<&Fix> {
    let mut taken: Vec<Span> = Vec::new();
    let overlap = |a: Span, b: Span| a.file == b.file && (a.start < b.end && b.start < a.end || a.start == b.start);
    let mut out = Vec::new();
    for fix in analysis.findings.iter().filter_map(|f| f.fixes.iter().find(|fix| fix.safe || not_safe)) {
        if !fix.edits.iter().any(|edit| taken.iter().any(|other| overlap(*other, edit.span))) {
            taken.extend(fix.edits.iter().map(|edit| edit.span));
            out.push(fix);
        }
    }
    out
}

/// The files that these fixes change, with their new text. A text with more syntax errors than before is not given, and
/// neither is a text of the standard library.
pub fn fixed(analysis: &Analysis, fixes: &[&Fix]) -> Vec<(PathBuf, String)> {
    let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| edits.entry(edit.span.file).or_default().push(edit));
    let mut out = Vec::new();
    let sources = analysis.sources.all().iter().enumerate().map(|(at, source)| (FileId(at as u32), source));
    for (file, source) in sources.chain(analysis.sources.config()) {
        let Some(mut edits) = edits.remove(&file) else { continue };
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let new = applied(&source.text, &edits);
        let is_purlin = source.path.extension().is_some_and(|e| e == "purlin");
        let faults = |text: &str| if is_purlin { crate::syntax::parse(FileId(0), text.into()).diagnostics.len() } else { 0 };
        if new != *source.text && faults(&new) <= faults(&source.text) {
            out.push((source.path.clone(), new));
        }
    }
    out
}

/// How many errors an analysis found.
pub fn errors(analysis: &Analysis) -> usize {
    analysis.findings.iter().filter(|f| f.severity == Severity::Error).count()
}

/// The largest set of fixes, found by halving, with which `holds` is true. `holds` gets each set that is tried.
pub fn largest<'a>(all: &[&'a Fix], holds: &mut dyn FnMut(&[&'a Fix]) -> Result<bool, String>) -> Result<Vec<&'a Fix>, String> {
    let mut accepted = Vec::new();
    grow(&mut accepted, all, holds)?;
    Ok(accepted)
}

fn grow<'a>(
    accepted: &mut Vec<&'a Fix>,
    more: &[&'a Fix],
    holds: &mut dyn FnMut(&[&'a Fix]) -> Result<bool, String>,
) -> Result<(), String> {
    if more.is_empty() {
        return Ok(());
    }
    let tried = [accepted.as_slice(), more].concat();
    if holds(&tried)? {
        *accepted = tried;
        return Ok(());
    }
    if more.len() > 1 {
        let (first, second) = more.split_at(more.len() / 2);
        grow(accepted, first, holds)?;
        grow(accepted, second, holds)?;
    }
    Ok(())
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
        // An edit that removes all that is on a line removes the line.
        let line_is_empty = out.rsplit('\n').next().is_some_and(|l| l.trim().is_empty());
        let rest = text.get(at..).unwrap_or("");
        if edit.text.is_empty() && line_is_empty && (rest.starts_with('\n') || rest.starts_with("\r\n")) {
            let kept = out.trim_end_matches([' ', '\t']).len();
            out.truncate(kept);
            at += if rest.starts_with('\r') { 2 } else { 1 };
        }
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}
