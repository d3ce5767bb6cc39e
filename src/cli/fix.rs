//! `purlin fix`: applies the edits that findings offer.

use super::args::Fix;
use super::{CLEAN, FINDINGS, check, disk, write};
use crate::session::mended;
use std::sync::Arc;

/// Runs it.
pub(super) fn run(arguments: &Fix) -> Result<u8, String> {
    let reading = |files: &_| disk::sources_everywhere(files, &arguments.input);
    let changed = mended(Arc::new(disk::Disk), arguments.not_safe, &reading)?;
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
