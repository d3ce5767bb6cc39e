//! `purlin build`

use super::args::Build;
use super::{CLEAN, FINDINGS, check, disk, write};

/// Runs it.
pub(super) fn run(arguments: &Build) -> Result<u8, String> {
    let analyses = disk::analyses(&arguments.input)?;
    let errors: usize = analyses.iter().map(check::show).sum();
    if errors > 0 {
        return Ok(FINDINGS);
    }
    let templates: Vec<_> = analyses.iter().flat_map(|a| &a.stacks).filter_map(|s| s.template.as_ref()).collect();
    if arguments.stdout {
        let [template] = templates.as_slice() else {
            let names: Vec<&str> = templates.iter().map(|t| &*t.stack).collect();
            return Err(format!("--stdout prints one template, and there are {} stacks ({}); use --output", names.len(), names.join(", ")));
        };
        super::print(template.text.trim_end())?;
        return Ok(CLEAN);
    }
    let texts: Vec<_> = templates.iter().map(|t| (arguments.output.join(format!("{}.json", t.stack)), t.text.as_ref())).collect();
    write::all(&texts)?;
    for (path, _) in texts {
        super::say(&path.display().to_string())?;
    }
    Ok(CLEAN)
}
