//! Functions that read one stream, which has room for few.

use super::{list, warning};
use crate::base::Diagnostic;
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "many-stream-readers";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let most = words::of(RULE).limit("most");
    let mut out = Vec::new();
    for (stream, readers) in view.readers().into_iter().filter(|(id, _)| view.fact(*id, "visibility").is_none()) {
        let Some((last, others)) = readers.split_last().filter(|_| readers.len() as f64 > most) else { continue };
        let names = list(&readers.iter().map(|w| view.name(w.to)).collect::<Vec<_>>());
        let message = format!("{} functions read {}: {names}", readers.len(), view.name(stream));
        let finding = warning(RULE, last.source(), message, &[]);
        out.push(others.iter().fold(finding, |f, w| f.also(w.source(), format!("{} reads it", view.name(w.to)))));
    }
    out
}
