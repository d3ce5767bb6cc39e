//! What is selected when a selection grows: the nodes around a place, from the word to the file.

use super::place::Place;
use crate::base::Span;

/// The spans around a place, the smallest first, each larger than the one before.
pub fn selections(place: &Place) -> Vec<Span> {
    let mut spans: Vec<Span> = place.word().map(|(_, span)| span).into_iter().collect();
    // Blanks before a part belong to its node, and to no selection.
    let begins = |span: Span| {
        let text = place.text().get(span.range()).unwrap_or("");
        Span::new(span.file, span.start + (text.len() - text.trim_start().len()) as u32, span.end)
    };
    let mut around: Vec<Span> = place.around().iter().map(|node| begins(node.trimmed())).collect();
    around.push(Span::new(crate::base::FileId(0), 0, place.text().len() as u32));
    around.sort_by_key(|span| span.len());
    for span in around {
        let larger = spans.last().is_none_or(|last| span.start <= last.start && last.end <= span.end && span.len() > last.len());
        let holds = span.start as usize <= place.at && place.at <= span.end as usize;
        if larger && holds && !span.is_empty() {
            spans.push(span);
        }
    }
    spans
}
