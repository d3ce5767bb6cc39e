//! `purlin build`

use super::args::Build;
use super::{CLEAN, FINDINGS, check, disk};
use std::io::Write as _;
use std::path::Path;

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
        super::print(text(&template.json)?.trim_end())?;
        return Ok(CLEAN);
    }
    for template in templates {
        let path = arguments.output.join(format!("{}.json", template.stack));
        write(&path, &text(&template.json)?)?;
        println!("{}", path.display());
    }
    Ok(CLEAN)
}

fn text(json: &serde_json::Value) -> Result<String, String> {
    serde_json::to_string_pretty(json).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// Writes a file whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
