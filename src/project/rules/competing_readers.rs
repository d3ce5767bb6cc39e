//! Functions that read one queue: each message goes to one of them.

use super::{list, warning};
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (queue, readers) in view.readers().into_iter().filter(|(id, _)| view.fact(*id, "visibility").is_some()) {
        let Some((last, others)) = readers.split_last().filter(|(_, others)| !others.is_empty()) else { continue };
        let names = list(&readers.iter().map(|w| view.name(w.to)).collect::<Vec<_>>());
        let message = format!("{names} read {}: each message goes to one of them", view.name(queue));
        let finding = warning("competing-readers", last.source(), message, &[]);
        out.push(others.iter().fold(finding, |f, w| f.also(w.source(), format!("{} reads it", view.name(w.to)))));
    }
    out
}
