//! Rules of a bus that every event matches.

use super::warning;
use crate::base::{Diagnostic, FxIndexSet};
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "rule-matches-everything";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let always = &words::of(RULE).fields;
    let mut known = FxIndexSet::default();
    let mut out = Vec::new();
    for wire in view.triggers().filter(|w| w.edge.undecided.is_none() && w.is_by(RULE)) {
        let Some(place) = wire.filter() else { continue };
        if wire.edge.takes.accepts_all(always) && known.insert(place) {
            out.push(warning(RULE, place, format!("this rule matches every event of {}", view.name(wire.from)), &[]));
        }
    }
    out
}
