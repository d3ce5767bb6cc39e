//! What must not hold of a graph: the checks that kinds declare, and the rules over the whole graph.
//! One file for each rule. Knows nothing of output formats.

mod checks;
mod event_loop;
mod written;

pub use written::{Meter, meters, rehearse};

use crate::base::Diagnostic;
use crate::graph::Graph;

/// A rule over the whole graph.
type Rule = fn(&Graph) -> Vec<Diagnostic>;

/// Every rule over the whole graph.
const RULES: &[Rule] = &[checks::checks, event_loop::event_loops, written::written];

/// The findings on a graph.
pub fn findings(graph: &Graph) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule(graph)).collect()
}
