//! Batches of which one message that fails returns all.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for wire in view.polls().filter(|w| w.fact("partial").is_none()) {
        let Some(batch) = wire.batch().filter(|batch| *batch > 1.0) else { continue };
        let message = format!("one message that fails returns its whole batch of {batch} to {}", view.name(wire.from));
        let finding = warning("batch-fails-as-a-whole", wire.source(), message, &[]);
        out.push(finding.also(wire.place_of_batch(), format!("a batch of {batch}")));
    }
    out
}
