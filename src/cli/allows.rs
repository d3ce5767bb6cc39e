//! `purlin allows`

use super::args::Allows;
use super::{CLEAN, disk};
use crate::session::expired;
use std::fmt::Write as _;

/// Runs it.
pub(super) fn run(arguments: &Allows) -> Result<u8, String> {
    let day = arguments.input.as_of.clone().unwrap_or_else(disk::today);
    let mut out = String::new();
    for analysis in disk::analyses_with_templates(&arguments.input)? {
        for allow in &analysis.allows {
            let (line, _) = analysis.sources.position(allow.span);
            let path = analysis.sources.get(allow.span.file).map_or_else(String::new, |(p, _)| p.display().to_string());
            let until = allow.until.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
            let state = match (expired(allow, Some(&day)), allow.used) {
                (true, _) => " [ended]",
                (false, false) => " [of no use]",
                (false, true) => "",
            };
            let _ = writeln!(out, "{path}:{line}: {}{until}: {}{state}", allow.rule, allow.reason);
        }
    }
    super::say(out.trim_end())?;
    Ok(CLEAN)
}
