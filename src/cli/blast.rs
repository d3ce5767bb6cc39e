//! `purlin blast`: what stops, what is tried again and what is lost if something fails.

use super::args::Blast;
use super::{CLEAN, FINDINGS, check, disk};
use crate::session::{Blow, blast};
use std::fmt::Write as _;

/// Runs it.
pub(super) fn run(arguments: &Blast) -> Result<u8, String> {
    let analyses = disk::analyses(&arguments.input)?;
    if analyses.iter().map(check::show).sum::<usize>() > 0 {
        return Ok(FINDINGS);
    }
    let mut out = String::new();
    for stack in analyses.iter().flat_map(|a| &a.stacks) {
        let Some(blows) = blast(stack, &arguments.name) else { continue };
        let _ = writeln!(out, "If `{}` fails:", arguments.name);
        if blows.is_empty() {
            let _ = writeln!(out, "  no effect on other declarations");
        }
        for Blow { what, why } in blows {
            let _ = writeln!(out, "  {what}: {why}");
        }
    }
    if out.is_empty() {
        return Err(format!("there is no declaration `{}`", arguments.name));
    }
    super::say(out.trim_end())?;
    Ok(CLEAN)
}
