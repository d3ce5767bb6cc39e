//! `purlin diff`

use super::args::{Diff, DiffFormat, Input};
use super::revision::Revision;
use super::{CLEAN, FINDINGS, check, disk};
use crate::render::{difference as render, escape};
use crate::session::{Analysis, FileSystem, differences};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs it.
pub(super) fn run(arguments: &Diff) -> Result<u8, String> {
    let old = analysis(arguments, Some(&arguments.old))?;
    let new = analysis(arguments, arguments.new.as_deref())?;
    if old.has_errors() || new.has_errors() {
        for (name, analysis) in [("old", &old), ("new", &new)] {
            if analysis.has_errors() {
                super::complain(&format!("the {name} revision has errors:\n"));
                check::show(analysis);
            }
        }
        return Ok(FINDINGS);
    }
    let differences = differences(&old, &new);
    let text = match arguments.format {
        DiffFormat::Text => escape::printed(&render::text(&differences)),
        DiffFormat::Markdown => escape::printed(&render::markdown(&differences)),
        DiffFormat::Json => {
            serde_json::to_string_pretty(&differences).map(|text| escape::json(&text)).map_err(|error| error.to_string())?
        }
    };
    super::print(text.trim_end())?;
    Ok(CLEAN)
}

/// The project at a path or a revision; without a name, the files as they are.
fn analysis(arguments: &Diff, name: Option<&str>) -> Result<Analysis, String> {
    let path = name.map(Path::new).filter(|path| path.exists());
    let files: Arc<dyn FileSystem> = match (name, path) {
        (Some(name), None) => Arc::new(Revision::of(name)?),
        _ => Arc::new(disk::Disk),
    };
    let paths = vec![path.map_or_else(|| arguments.path.clone(), PathBuf::from)];
    let input = Input { paths, env: arguments.env.clone(), set: arguments.set.clone(), as_of: arguments.as_of.clone() };
    disk::analyses_of(&files, &input)?.pop().ok_or_else(|| "no project was read".into())
}
