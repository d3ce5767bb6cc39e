//! `purlin check`

use super::args::Check;
use super::{CLEAN, FINDINGS, disk};
use crate::base::Severity;
use crate::session::Analysis;

/// Runs it.
pub(super) fn run(arguments: &Check) -> Result<u8, String> {
    let analyses = disk::analyses(&arguments.input)?;
    let errors: usize = analyses.iter().map(show).sum();
    // The process ends here: taking a large project apart again would cost a tenth of the whole.
    std::mem::forget(analyses);
    Ok(if errors > 0 { FINDINGS } else { CLEAN })
}

/// Prints the findings and gives the number of errors.
pub(super) fn show(analysis: &Analysis) -> usize {
    use std::io::IsTerminal as _;
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    eprint!("{}", crate::render::human(&analysis.findings, &analysis.sources, colour, 100));
    let count = |severity| analysis.findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings > 0 {
        eprintln!("{}, {}", plural(errors, "error"), plural(warnings, "warning"));
    }
    errors
}

/// "1 error", "2 errors".
pub(super) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
