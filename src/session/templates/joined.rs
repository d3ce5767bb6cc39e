//! All stacks of a project as one graph, and what is found in it beyond what is found in each stack alone.

use super::super::analysis::Stack;
use super::super::config::Config;
use crate::base::{Diagnostic, FileId, Span};
use crate::flow;
use crate::project::{Project, rules};
use crate::template::Summary;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// The stacks of a project as one graph.
pub(in crate::session) struct Joined {
    /// The graph; none if there is no stack.
    pub project: Option<Arc<Project>>,
    /// What is found in it.
    pub findings: Vec<Diagnostic>,
}

/// Joins templates with the project's own stacks. `declared` is what was found in these as they are declared.
pub(in crate::session) fn join(
    templates: Vec<Summary>,
    own: &[(&Stack, Arc<Summary>)],
    (config, part): (&Config, bool),
    declared: &[&Diagnostic],
) -> Joined {
    let mut findings = Vec::new();
    for template in &templates {
        findings.extend(template.findings.iter().cloned());
    }
    let foreign: FxHashSet<FileId> = templates.iter().flat_map(|t| &t.resources).map(|r| r.span.file).collect();
    let mut stacks = templates;
    stacks.extend(own.iter().map(|(_, summary)| Summary::clone(summary)));
    if stacks.is_empty() {
        return Joined { project: None, findings };
    }
    let project = Project::join(stacks, &config.links);
    let is_here = |name: &str| project.stacks.iter().any(|stack| *stack.name == *name);
    for link in project.unlinked() {
        let (parameter, output) = (&link.parameter, &link.output);
        // A link of another part of the project is not one of what was read.
        if part && !(is_here(&parameter.0) && is_here(&output.0)) {
            continue;
        }
        let message = format!("there is no parameter `{}.{}` or no output `{}.{}`", parameter.0, parameter.1, output.0, output.1);
        let names: Vec<&str> = project.stacks.iter().map(|s| &*s.name).collect();
        let help = format!("write `\"STACK.Parameter\" = \"STACK.Output\"`; the stacks are {}", names.join(", "));
        findings.push(Diagnostic::error("unknown-link", link.span, message).help(help));
    }
    let declarations: Vec<Vec<Span>> = own.iter().map(|(stack, _)| spans(stack)).collect();
    let known = |finding: &Diagnostic| {
        let of_own = labels(finding).all(|span| !foreign.contains(&span.file));
        of_own && is_known(finding, &declarations, declared)
    };
    findings.extend(rules::findings(&project).into_iter().filter(|finding| !known(finding)));
    Joined { project: Some(Arc::new(project)), findings }
}

fn spans(stack: &Stack) -> Vec<Span> {
    stack.graph.world.instances.iter().map(|instance| instance.decl.span).collect()
}

fn labels(finding: &Diagnostic) -> impl Iterator<Item = Span> + '_ {
    std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span)
}

/// Whether a finding on own stacks only says what their declarations say already: one stack alone has its own checks, and
/// a loop through declarations of which a loop was reported is that loop.
fn is_known(finding: &Diagnostic, declarations: &[Vec<Span>], declared: &[&Diagnostic]) -> bool {
    let of = |span: Span, all: &[Span]| all.iter().position(|d| d.file == span.file && d.start <= span.start && span.end <= d.end);
    let in_one = declarations.iter().any(|all| labels(finding).all(|span| of(span, all).is_some()));
    if !flow::is_of_loop(&finding.rule) {
        return in_one;
    }
    declarations.iter().any(|all| {
        let here: FxHashSet<usize> = labels(finding).filter_map(|span| of(span, all)).collect();
        let same = |d: &&&Diagnostic| flow::hops(d).all(|span| of(span, all).is_some_and(|at| here.contains(&at)));
        declared.iter().filter(|d| flow::is_of_loop(&d.rule)).any(|d| same(&d))
    })
}
