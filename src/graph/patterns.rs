//! The arguments of edges that are patterns of a service: which are malformed, and which nothing can match. Kinds say
//! with `@pattern(argument, language)` in which language an argument is. Knows no service.

use super::edge::{Edge, EdgeKind, Graph};
use super::flows::read::{argument, json, language, names};
use crate::base::{Name, Span};
use crate::flow::filter::{Filter, Holds, Language, Part, read};
use crate::model::{Body, Entry, Expr, Node, Value};
use crate::types::{Binding, World};

/// What is wrong with a pattern.
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
    /// What to type.
    pub help: Option<String>,
    /// The page that it rests on.
    pub source: String,
    /// Whether AWS accepts it: it then matches nothing.
    pub accepted: bool,
}

/// The faults of all patterns of a graph.
pub fn faults(graph: &Graph) -> Vec<Fault> {
    let mut out = Vec::new();
    for edge in graph.edges.iter().filter(|e| !e.derived) {
        let attributes = match edge.kind {
            EdgeKind::Trigger(_) => edge.as_event(&graph.world).map(|e| &e.attributes),
            EdgeKind::Capability => edge.as_verb(&graph.world).map(|v| &v.attributes),
        };
        let env = edge.env(&graph.world).lenient();
        for pattern in attributes.into_iter().flatten().filter(|a| &*a.name == "pattern") {
            let (Some(name), Some(language)) = (names(pattern).next(), language(pattern, &env)) else { continue };
            let below = argument(pattern, "below").map(|b| env.eval(b)).and_then(|b| b.as_str().map(String::from));
            of_argument(graph, edge, &name, language, below.as_deref(), &mut out);
        }
    }
    out
}

fn of_argument(graph: &Graph, edge: &Edge, name: &Name, language: &'static Language, below: Option<&str>, out: &mut Vec<Fault>) {
    let Some(value) = edge.arguments.get(name) else { return };
    let written = edge.spans.get(name).copied();
    let patterns: Vec<(Option<usize>, &Value)> = match value {
        // A list of patterns, each of them a record.
        Value::List(all) => all.iter().enumerate().map(|(at, v)| (Some(at), v)).collect(),
        Value::None | Value::Missing | Value::Deploy(_) => return,
        one => vec![(None, one)],
    };
    for (at, pattern) in patterns {
        if pattern.is_deploy() || *pattern == Value::Missing {
            continue;
        }
        let place = |path: &[Part]| {
            let path: Vec<Part> = at.map(Part::Element).into_iter().chain(path.iter().cloned()).collect();
            written.map_or(edge.span, |span| locate(&graph.world, edge, span, &path).unwrap_or(span))
        };
        let source = || format!("{}, read {}", language.source, language.read);
        let json = match below {
            Some(field) => serde_json::json!({ field: json(pattern) }),
            None => json(pattern),
        };
        let skip = usize::from(below.is_some());
        match read(&json, language, Holds::Some) {
            Ok(filter) if filter.is_impossible() && !is_empty(&filter) => out.push(Fault {
                span: place(&[]),
                message: format!("{} matches nothing: two of its conditions exclude each other", language.about),
                help: Some("remove one of them".into()),
                source: source(),
                accepted: true,
            }),
            Ok(_) => {}
            Err(wrongs) => out.extend(wrongs.into_iter().map(|wrong| Fault {
                span: place(wrong.path.get(skip..).unwrap_or_default()),
                message: wrong.message,
                help: wrong.help,
                source: source(),
                accepted: false,
            })),
        }
    }
}

fn is_empty(filter: &Filter) -> bool {
    filter.is_any()
}

/// Where a part of an argument was written.
fn locate(world: &World, edge: &Edge, argument: Span, path: &[Part]) -> Option<Span> {
    let actor = world.instance(edge.actor)?;
    let expr = find(&actor.decl.body, argument)?;
    Some(descend(world, actor.frame, expr, path, argument))
}

/// The expression of an edge that stands at a place.
fn find(body: &[Body], at: Span) -> Option<&Expr> {
    body.iter().find_map(|part| match part {
        Body::Edge(edge) => match &edge.subject.node {
            Node::Call(_, arguments) => arguments.iter().map(|a| &a.value).find(|value| value.span == at),
            _ => None,
        },
        Body::If(_, then, otherwise) => find(then, at).or_else(|| find(otherwise, at)),
        Body::For(_, _, inner) => find(inner, at),
        Body::Entry(..) => None,
    })
}

/// The place of the part that a path leads to, or of the last that was written out.
fn descend(world: &World, frame: crate::types::FrameId, expr: &Expr, path: &[Part], so_far: Span) -> Span {
    let Some((part, rest)) = path.split_first() else { return expr.span };
    match (part, &expr.node) {
        (_, Node::Name(name)) => match world.lookup(frame, name).map(|bound| &bound.to) {
            Some(Binding::Lazy { expr, frame, .. }) => descend(world, *frame, expr, path, expr.span),
            _ => expr.span,
        },
        (Part::Element(at), Node::List(elements)) => {
            elements.get(*at).map_or(so_far, |element| descend(world, frame, element, rest, element.span))
        }
        (Part::Field(name), Node::Record(entries)) => {
            let entry = entries.iter().find_map(|entry| match entry {
                Entry::Field { key, key_span, value } if **key == **name => Some((*key_span, value)),
                _ => None,
            });
            match entry {
                // An operator that there is not is wrong itself; of anything else it is the value.
                Some((key, value)) if rest.is_empty() => Span { end: value.span.end, ..key },
                Some((_, value)) => descend(world, frame, value, rest, value.span),
                None => expr.span,
            }
        }
        _ => expr.span,
    }
}
