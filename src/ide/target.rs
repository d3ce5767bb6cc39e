//! Where a name is declared, and where it is used.

use super::place::Place;
use crate::base::Span;
use crate::session::Analysis;
use crate::syntax::{Kind, LeafKind, parse};
use crate::types::{Binding, Library};

/// Where the name at a place is declared: in the project, or in the standard library.
pub fn definition(place: &Place, library: &Library, analysis: Option<&Analysis>) -> Option<Span> {
    let (word, span) = place.word()?;
    let line = place.text().get(..span.start as usize).unwrap_or("").rsplit('\n').next().unwrap_or("").trim_start().to_string();
    if let Some((kind, _)) = place.declaration()
        && place.names_field()
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
        None if line.strip_prefix("can ").is_some_and(|rest| rest.trim().is_empty()) => {
            library.kinds().find_map(|info| info.kind.verbs.get(word).map(|v| v.span))
        }
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

/// Where the kind of what stands at a place is declared.
pub fn type_definition(place: &Place, library: &Library, analysis: Option<&Analysis>) -> Option<Span> {
    let (word, _) = place.word()?;
    let instances = analysis.into_iter().flat_map(|a| &a.stacks).flat_map(|s| &s.graph.world.instances);
    let named = instances.into_iter().find(|i| &*i.decl.name == word || &*i.name == word);
    let kind = named.map(|i| i.kind_name()).or_else(|| place.declaration().map(|(kind, _)| kind))?;
    library.kind(kind).map(|info| info.kind.span)
}

/// The places of a name that is known in one part of a text only, a turn of a loop or a parameter of a component: they can
/// be edited together, as nothing else can name it.
pub fn scope(place: &Place) -> Option<Vec<Span>> {
    let (word, span) = place.word()?;
    let binds = |n: &crate::syntax::Node<'_>| match n.kind() {
        // The value of a comprehension stands before its `for`: the list is what the name is known in.
        Kind::for_stmt | Kind::list => {
            let n = n.child(Kind::comprehension).unwrap_or(*n);
            n.all(Kind::ident).chain(n.child(Kind::second).into_iter().flat_map(|s| s.all(Kind::ident))).any(|i| i.text() == word)
        }
        Kind::component_stmt => n
            .child(Kind::params)
            .into_iter()
            .flat_map(|p| p.all(Kind::param))
            .any(|p| p.child(Kind::ident).is_some_and(|i| i.text() == word)),
        _ => false,
    };
    let around = place.around();
    let scope = around.iter().rev().find(|n| binds(n))?;
    let region = scope.span();
    let all: Vec<Span> = references(place.text(), word).into_iter().filter(|s| region.start <= s.start && s.end <= region.end).collect();
    all.contains(&span).then_some(all)
}
