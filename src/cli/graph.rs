//! `purlin graph`

use super::args::{Graph, GraphFormat};
use super::{CLEAN, FINDINGS, check, disk};
use crate::base::Severity;
use crate::render::{escape, graph as render};
use crate::session::Analysis;

/// Runs it.
pub(super) fn run(arguments: &Graph) -> Result<u8, String> {
    let analyses = disk::analyses_with_templates(&arguments.input)?;
    // What a rule finds is drawn; a mistake leaves nothing to draw.
    let mistaken = |a: &Analysis| a.findings.iter().any(|f| f.severity == Severity::Error && !f.allowable);
    if analyses.iter().any(mistaken) {
        analyses.iter().for_each(|a| {
            check::show(a);
        });
        return Ok(FINDINGS);
    }
    for analysis in &analyses {
        let own = analysis.stacks.iter().map(|stack| crate::session::marked(stack, analysis));
        for picture in own.chain(crate::session::pictures_of_templates(analysis)) {
            let text = match arguments.format {
                GraphFormat::Json => {
                    serde_json::to_string_pretty(&picture).map(|text| escape::json(&text)).map_err(|error| error.to_string())?
                }
                GraphFormat::Dot => render::dot(&picture),
                GraphFormat::Svg => crate::render::svg(&picture),
                GraphFormat::Mermaid => render::mermaid(&picture),
            };
            super::print(&text)?;
        }
    }
    Ok(CLEAN)
}
