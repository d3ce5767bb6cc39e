//! What must not hold of a graph: the checks that kinds declare, and the rules over the whole graph.
//! A rule that the language cannot express is one file in `graph/`, which the build script registers. Knows nothing of
//! output formats.

mod checks;
mod written;

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

pub use written::{Meter, meters, rehearse};

use crate::base::{Diagnostic, Severity};
use crate::graph::Graph;

/// A rule over the whole graph that is written in Rust.
pub struct Rule {
    /// What it can find.
    pub finds: &'static [About],
    /// Finds it.
    find: fn(&Graph) -> Vec<Diagnostic>,
}

/// What a kind of finding is about.
#[derive(Debug)]
pub struct About {
    /// Its name.
    pub name: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What it looks for, and why.
    pub about: &'static str,
    /// What to do.
    pub help: &'static str,
    /// The page that it rests on.
    pub source: &'static str,
}

/// The findings on a graph.
pub fn findings(graph: &Graph) -> Vec<Diagnostic> {
    let mut out = checks::checks(graph);
    out.extend(RULES.iter().flat_map(|rule| (rule.find)(graph)));
    out.extend(written::written(graph));
    out
}
