//! `purlin event`: a sample event for each trigger of a declaration.

use super::args::Event;
use super::{CLEAN, FINDINGS, check, disk};
use crate::render::escape;
use crate::session::{Analysis, Sample, samples};
use std::fmt::Write as _;

/// Runs it.
pub(super) fn run(arguments: &Event) -> Result<u8, String> {
    let analyses = disk::analyses(&arguments.input)?;
    if analyses.iter().map(check::show).sum::<usize>() > 0 {
        return Ok(FINDINGS);
    }
    let mut found: Option<Vec<(&Analysis, Sample)>> = None;
    for analysis in &analyses {
        for all in analysis.stacks.iter().filter_map(|stack| samples(stack, &arguments.name)) {
            found.get_or_insert_default().extend(all.into_iter().map(|sample| (analysis, sample)));
        }
    }
    let found = found.ok_or_else(|| format!("there is no declaration `{}`", arguments.name))?;
    if found.is_empty() {
        return Err(format!("nothing triggers `{}`", arguments.name));
    }
    match &arguments.trigger {
        Some(trigger) => one(&found, trigger),
        None if found.len() > 1 => several(&found),
        None => found.first().map_or(Ok(()), |(_, sample)| json(sample)),
    }?;
    Ok(CLEAN)
}

/// The name of a sample: the trigger, and the type of its message where there are several.
fn name(sample: &Sample) -> String {
    sample.message.as_ref().map_or_else(|| sample.trigger.clone(), |ty| format!("{} {ty}", sample.trigger))
}

fn json(sample: &Sample) -> Result<(), String> {
    super::print(&escape::json(&format!("{:#}", sample.event)))
}

/// The first sample of a trigger, as JSON alone.
fn one(found: &[(&Analysis, Sample)], trigger: &str) -> Result<(), String> {
    match found.iter().find(|(_, sample)| name(sample) == trigger || sample.trigger == trigger) {
        Some((_, sample)) => json(sample),
        None => {
            let mut known: Vec<String> = found.iter().map(|(_, sample)| format!("`{}`", name(sample))).collect();
            known.dedup();
            Err(format!("there is no trigger `{trigger}`: there are {}", known.join(", ")))
        }
    }
}

/// All samples, each below its trigger.
fn several(found: &[(&Analysis, Sample)]) -> Result<(), String> {
    let mut out = String::new();
    for (analysis, sample) in found {
        let file = analysis.sources.get(sample.span.file).map(|(path, _)| path.display().to_string()).unwrap_or_default();
        let line = analysis.sources.position(sample.span).0;
        let _ = writeln!(out, "{} ({file}:{line})\n{}\n", name(sample), escape::json(&format!("{:#}", sample.event)));
    }
    super::say(out.trim_end())
}
