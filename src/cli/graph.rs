//! `purlin graph`

use super::args::{Graph, GraphFormat};
use super::{CLEAN, FINDINGS, check, disk};
use crate::render::graph as render;

/// Runs it.
pub(super) fn run(arguments: &Graph) -> Result<u8, String> {
    let analyses = disk::analyses(&arguments.input)?;
    if analyses.iter().any(crate::session::Analysis::has_errors) {
        analyses.iter().for_each(|a| {
            check::show(a);
        });
        return Ok(FINDINGS);
    }
    for analysis in &analyses {
        for stack in &analysis.stacks {
            let picture = crate::session::picture(stack, &analysis.sources);
            let text = match arguments.format {
                GraphFormat::Json => serde_json::to_string_pretty(&picture).map_err(|error| error.to_string())?,
                GraphFormat::Dot => render::dot(&picture),
                GraphFormat::Mermaid => render::mermaid(&picture),
            };
            super::print(&text)?;
        }
    }
    Ok(CLEAN)
}
