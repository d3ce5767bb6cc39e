//! Rules say nothing of declarations that hold a mistake of the language: what they would judge is a default, or missing.

use crate::base::{Diagnostic, Severity, Span};
use crate::types::World;

/// The declarations of a world that hold a mistake.
pub(super) struct Broken(Vec<Span>);

impl Broken {
    /// Those of some mistakes.
    pub(super) fn of(world: &World, mistakes: &[Diagnostic]) -> Broken {
        let grave = mistakes.iter().filter(|f| f.severity == Severity::Error && !f.allowable);
        let mut places: Vec<Span> = grave.map(|f| f.primary.span).collect();
        places.sort_unstable();
        let holds = |decl: &Span| {
            let first = places.partition_point(|place| (place.file, place.start) < (decl.file, decl.start));
            places.get(first).is_some_and(|place| within(*place, *decl))
        };
        let mut spans: Vec<Span> = world.instances.iter().map(|i| i.decl.span).filter(|_| !places.is_empty()).filter(holds).collect();
        spans.sort_unstable();
        spans.dedup();
        Broken(spans)
    }

    /// Whether a finding of a rule is about one of them.
    pub(super) fn concerns(&self, finding: &Diagnostic) -> bool {
        let mut places = std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span);
        places.any(|place| self.0.iter().any(|decl| within(place, *decl)))
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}
