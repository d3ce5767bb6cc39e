//! Where a name is declared, and where it is used.

use super::place::Place;
use crate::base::Span;
use crate::session::Analysis;
use crate::syntax::{LeafKind, parse};
use crate::types::{Binding, Library};

/// Where the name at a place is declared: in the project, or in the standard library.
pub fn definition(place: &Place, library: &Library, analysis: Option<&Analysis>) -> Option<Span> {
    let (word, span) = place.word()?;
    let line = place.text().get(..span.start as usize).unwrap_or("").rsplit('\n').next().unwrap_or("").trim_start().to_string();
    if let Some((kind, _)) = place.declaration()
        && line.is_empty()
        && let Some(property) = library.kind(kind).and_then(|info| info.kind.properties.get(word))
    {
        return Some(property.span);
    }
    if (line.is_empty() || line == "existing ")
        && let Some(info) = library.kind(word)
    {
        return Some(info.kind.span);
    }
    let worlds = || analysis.into_iter().flat_map(|a| &a.stacks).map(|s| &s.graph.world);
    let declared = worlds().flat_map(|w| &w.frames).find_map(|frame| frame.names.get(word).map(|bound| (bound, bound.span)));
    match declared {
        Some((bound, span)) => match &bound.to {
            Binding::One(id) => {
                worlds().find_map(|w| w.instance(*id)).filter(|i| &*i.decl.name == word).map_or(Some(span), |i| Some(i.decl.name_span))
            }
            _ => Some(span),
        },
        None if line == "can " => library.kinds().find_map(|info| info.kind.verbs.get(word).map(|v| v.span)),
        None => None,
    }
}

/// Every place of a text where a word stands as a name: not in comments, and not in texts but for interpolations.
pub fn references(text: &str, word: &str) -> Vec<Span> {
    let file = crate::base::FileId(0);
    let tree = parse(file, text.into()).tree;
    let mut out = Vec::new();
    for leaf in tree.leaves().filter(|leaf| leaf.kind == LeafKind::Node) {
        if leaf.text() == word {
            out.push(leaf.span);
        } else if leaf.text().contains('.') {
            // `workers.pool`: each part is a name.
            let mut at = leaf.span.start;
            for part in leaf.text().split('.') {
                if part == word {
                    out.push(Span::new(file, at, at + part.len() as u32));
                }
                at += part.len() as u32 + 1;
            }
        }
    }
    out
}
