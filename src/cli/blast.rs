//! `purlin blast`: what stops, what is tried again and what is lost if something fails.

use super::args::Blast;
use super::{CLEAN, FINDINGS, check, disk};
use crate::base::Severity;
use crate::session::{Analysis, Blow, blast, blast_joined, meant};
use std::fmt::Write as _;

/// Runs it.
pub(super) fn run(arguments: &Blast) -> Result<u8, String> {
    let analyses = disk::analyses_with_templates(&arguments.input)?;
    // What a rule finds does not hinder; a mistake leaves nothing that is known.
    let mistaken = |a: &Analysis| a.findings.iter().any(|f| f.severity == Severity::Error && !f.allowable);
    if analyses.iter().any(mistaken) {
        analyses.iter().for_each(|a| {
            check::show(a);
        });
        return Ok(FINDINGS);
    }
    let mut out = String::new();
    let mut foreign = Vec::new();
    for analysis in &analyses {
        declared(analysis, &arguments.name, &mut out);
        let Some(project) = &analysis.joined else { continue };
        let own = |name: &str| analysis.stacks.iter().any(|stack| *stack.name == *name);
        foreign.extend(meant(project, &arguments.name).into_iter().filter(|m| !own(&m.stack)).map(|m| (project, m)));
    }
    if foreign.len() > 1 {
        let names: Vec<String> = foreign.iter().map(|(_, m)| format!("`{}.{}`", m.stack, arguments.name)).collect();
        return Err(format!("`{}` is in several stacks: name one of {}", arguments.name, names.join(", ")));
    }
    for (project, found) in foreign {
        said(&found.label, blast_joined(project, found.id), &mut out);
    }
    if out.is_empty() {
        return Err(format!("there is no declaration or resource `{}`", arguments.name));
    }
    super::say(out.trim_end())?;
    Ok(CLEAN)
}

/// What follows if a declaration fails: in its own stack, and in the others.
fn declared(analysis: &Analysis, name: &str, out: &mut String) {
    for stack in &analysis.stacks {
        let short = name.strip_prefix(&*stack.name).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name);
        let Some(mut blows) = blast(stack, short) else { continue };
        if let Some(project) = &analysis.joined {
            let own = |of: &str| of.strip_prefix(&*stack.name).is_some_and(|rest| rest.starts_with('.'));
            let node = meant(project, &format!("{}.{short}", stack.name)).into_iter().next().filter(|_| project.stacks.len() > 1);
            blows.extend(node.into_iter().flat_map(|m| blast_joined(project, m.id)).filter(|blow| !own(&blow.of)));
        }
        said(name, blows, out);
    }
}

fn said(name: &str, blows: Vec<Blow>, out: &mut String) {
    let _ = writeln!(out, "If `{name}` fails:");
    if blows.is_empty() {
        let _ = writeln!(out, "  no effect on other declarations");
    }
    for Blow { what, why, .. } in blows {
        let _ = writeln!(out, "  {what}: {why}");
    }
}
