//! `purlin check`

use super::args::{Check, Deny, Format};
use super::{CLEAN, FINDINGS, disk, write};
use crate::base::Severity;
use crate::render;
use crate::session::{Analysis, Baseline, Record, records, rules_of};

/// Runs it.
pub(super) fn run(arguments: &Check) -> Result<u8, String> {
    let mut analyses = disk::analyses_everywhere(&arguments.input)?;
    let mut all: Vec<Record> = analyses.iter().flat_map(records).collect();
    if let Some(path) = &arguments.write_baseline {
        write::whole(path, &Baseline::of(&all).text())?;
    }
    if let Some(path) = &arguments.baseline {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let baseline = Baseline::read(&text).map_err(|error| format!("{} is not a baseline: {error}", path.display()))?;
        let known = baseline.fingerprints();
        for analysis in &mut analyses {
            // A record for each finding, in their order, and behind them one for each that is allowed.
            let fingerprints: Vec<Record> = records(analysis);
            let mut fingerprints = fingerprints.iter();
            analysis.findings.retain(|_| fingerprints.next().is_none_or(|record| !known.contains(record.fingerprint.as_str())));
        }
        all.retain(|record| record.allowed.is_some() || !known.contains(record.fingerprint.as_str()));
    }
    match arguments.format {
        Format::Human => {
            for analysis in &analyses {
                show(analysis);
            }
        }
        Format::Json => super::print(&render::json(&all))?,
        Format::Sarif => super::print(&render::sarif(&all, &analyses.iter().flat_map(rules_of).collect()))?,
        Format::Junit => super::print(render::junit(&all, &files(&analyses))?.trim_end())?,
        Format::Github => super::print(render::github(&all).trim_end())?,
        Format::Gitlab => super::print(&render::gitlab(&all))?,
    }
    let least = match arguments.deny {
        None => Severity::Error,
        Some(Deny::Warnings) => Severity::Warning,
        Some(Deny::Advice) => Severity::Advice,
    };
    let denied = analyses.iter().flat_map(|a| &a.findings).any(|f| f.severity >= least);
    // The process ends here: taking a large project apart again would cost a tenth of the whole.
    std::mem::forget(analyses);
    Ok(if denied && arguments.write_baseline.is_none() { FINDINGS } else { CLEAN })
}

fn files(analyses: &[Analysis]) -> Vec<String> {
    analyses.iter().flat_map(|a| a.sources.all()).map(|source| source.path.display().to_string().replace('\\', "/")).collect()
}

/// Prints the findings and gives the number of errors.
pub(super) fn show(analysis: &Analysis) -> usize {
    super::complain_escaped(&render::human(&analysis.findings, &analysis.sources, super::colour::wanted(), 100));
    let count = |severity| analysis.findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings > 0 {
        super::complain(&format!("{}, {}\n", plural(errors, "error"), plural(warnings, "warning")));
    }
    errors
}

/// "1 error", "2 errors".
pub(super) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
