//! `purlin iam`

use super::args::Iam;
use super::{CLEAN, FINDINGS, check, disk};
use crate::session::Analysis;
use std::fmt::Write as _;

/// Runs it.
pub(super) fn run(arguments: &Iam) -> Result<u8, String> {
    let analyses = disk::analyses(&arguments.input)?;
    if analyses.iter().map(check::show).sum::<usize>() > 0 {
        return Ok(FINDINGS);
    }
    let mut found = false;
    for analysis in &analyses {
        let text = statements(analysis, &arguments.name, arguments.why);
        found |= !text.is_empty();
        super::say(text.trim_end())?;
    }
    if found { Ok(CLEAN) } else { Err(format!("no declaration `{}` has a role", arguments.name)) }
}

/// The statements of the roles of a declaration, each with the lines that asked for it.
fn statements(analysis: &Analysis, name: &str, why: bool) -> String {
    let mut out = String::new();
    for stack in &analysis.stacks {
        let Some(template) = &stack.template else { continue };
        let own = |id| stack.graph.world.instance(id).is_some_and(|i| &*i.name == name);
        for (role, statements) in template.statements.iter().filter(|(role, _)| template.resources.get(*role).is_some_and(|r| own(r.owner)))
        {
            let _ = writeln!(out, "{role}");
            for statement in statements {
                let _ = writeln!(out, "  {}\n    on {}", statement.actions.join(", "), statement.resource_texts().join(", "));
                if let Some(condition) = &statement.condition {
                    let _ = writeln!(out, "    where {condition}");
                }
                for span in statement.spans.iter().filter(|_| why) {
                    let Some((path, text)) = analysis.sources.get(span.file) else { continue };
                    let line = text.get(span.range()).unwrap_or("").lines().next().unwrap_or("");
                    let _ = writeln!(out, "    because of {}:{}: {line}", path.display(), analysis.sources.position(*span).0);
                }
            }
        }
    }
    out
}
