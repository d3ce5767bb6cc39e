//! What must not hold of a project. One rule is one file; each reads the joined summaries only.

mod event_loop;

use super::Project;
use crate::base::Diagnostic;

/// A rule over a project.
type Rule = fn(&Project) -> Vec<Diagnostic>;

/// All rules.
const RULES: &[Rule] = &[event_loop::find];

/// The findings on a project. What a template permits is among them: who shows them takes it out.
pub fn findings(project: &Project) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule(project)).collect()
}
