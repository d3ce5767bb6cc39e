//! The arguments of edges that are patterns of a service: which are malformed, and which nothing can match. Kinds say
//! with `@pattern(argument, language)` in which language an argument is. Knows no service.

use super::edge::{Edge, Graph};
use super::flows::read::{argument, json, language, names};
use crate::base::{Name, Span};
use crate::flow::filter::{Filter, Holds, Language, Part, read};
use crate::model::{Body, Entry, Expr, Node, Value};
use crate::types::{Binding, World};
use serde_json::Value as Json;

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

/// An argument of an edge that is a pattern.
pub(super) struct Pattern<'g> {
    /// The edge.
    pub edge: &'g Edge,
    /// The argument.
    pub name: Name,
    /// The language that it is in.
    pub language: &'static Language,
    /// The field of the whole pattern that it is the value of.
    below: Option<String>,
    /// The field of the message whose fields it names.
    pub within: Option<String>,
}

/// The arguments of the edges of a graph that are patterns.
pub(super) fn patterns(graph: &Graph) -> Vec<Pattern<'_>> {
    let mut out = Vec::new();
    for edge in graph.edges.iter().filter(|e| !e.derived) {
        let env = edge.env(&graph.world).lenient();
        for pattern in edge.attributes_of_kind(&graph.world).iter().filter(|a| &*a.name == "pattern") {
            let (Some(name), Some(language)) = (names(pattern).next(), language(pattern, &env)) else { continue };
            let text = |name: &str| argument(pattern, name).map(|b| env.eval(b)).and_then(|b| b.as_str().map(String::from));
            out.push(Pattern { edge, name, language, below: text("below"), within: text("within") });
        }
    }
    out
}

impl<'g> Pattern<'g> {
    /// The patterns that the argument holds, as JSON, and the place of each in a list of them. What is known only at
    /// deployment is left out.
    pub fn written(&self) -> Vec<(Option<usize>, Json)> {
        let patterns: Vec<(Option<usize>, &Value)> = match self.edge.arguments.get(&self.name) {
            // A list of patterns, each of them a record.
            Some(Value::List(all)) => all.iter().enumerate().map(|(at, v)| (Some(at), v)).collect(),
            None | Some(Value::None) => Vec::new(),
            Some(one) => vec![(None, one)],
        };
        let known = patterns.into_iter().filter(|(_, v)| !v.is_deploy() && **v != Value::Missing);
        known.map(|(at, pattern)| (at, self.whole(json(pattern)))).collect()
    }

    fn whole(&self, pattern: Json) -> Json {
        match &self.below {
            Some(field) => serde_json::json!({ field: pattern }),
            None => pattern,
        }
    }

    /// The place of a part of one of the patterns, or of its name, and whether it is that part alone.
    pub fn place(&self, world: &World, at: Option<usize>, path: &[Part], part: Of) -> (Span, bool) {
        let path = path.get(usize::from(self.below.is_some())..).unwrap_or_default();
        let path: Vec<Part> = at.map(Part::Element).into_iter().chain(path.iter().cloned()).collect();
        self.edge.place(world, &self.name, &path, part)
    }
}

impl Edge {
    /// What a trigger selects: its whole pattern as JSON, and its language.
    pub fn pattern(&self, world: &World) -> Option<(Json, &'static Language)> {
        let when = crate::types::attribute(&self.as_event(world)?.attributes, "when")?;
        let env = self.env(world).lenient();
        let value = env.eval(argument(when, "pattern")?);
        let record = matches!(value, Value::Record(_));
        record.then(|| Some((json(&value), language(when, &env)?))).flatten()
    }

    /// The place of a part of an argument, or of its name, and whether it is that part alone.
    pub(super) fn place(&self, world: &World, argument: &Name, path: &[Part], part: Of) -> (Span, bool) {
        let Some(span) = self.spans.get(argument).copied() else { return (self.span, false) };
        locate(world, self, span, path, part).unwrap_or((span, path.is_empty()))
    }
}

/// Which part of a field is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// All of it.
    Whole,
    /// Its name.
    Name,
}

/// The faults of all patterns of a graph.
pub fn faults(graph: &Graph) -> Vec<Fault> {
    let mut out = Vec::new();
    for pattern in patterns(graph) {
        of_argument(&graph.world, &pattern, &mut out);
    }
    out
}

fn of_argument(world: &World, pattern: &Pattern<'_>, out: &mut Vec<Fault>) {
    let language = pattern.language;
    for (at, json) in pattern.written() {
        let place = |path: &[Part]| pattern.place(world, at, path, Of::Whole).0;
        let source = || format!("{}, read {}", language.source, language.read);
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
                span: place(&wrong.path),
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

/// Where a part of an argument was written, and whether it is that part alone.
fn locate(world: &World, edge: &Edge, argument: Span, path: &[Part], part: Of) -> Option<(Span, bool)> {
    let actor = world.instance(edge.actor)?;
    let expr = find(&actor.decl.body, argument)?;
    Some(descend(world, actor.frame, expr, path, argument, part))
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
fn descend(world: &World, frame: crate::types::FrameId, expr: &Expr, path: &[Part], so_far: Span, of: Of) -> (Span, bool) {
    let Some((part, rest)) = path.split_first() else { return (expr.span, true) };
    match (part, &expr.node) {
        (_, Node::Name(name)) => match world.lookup(frame, name).map(|bound| &bound.to) {
            Some(Binding::Lazy { expr, frame, .. }) => descend(world, *frame, expr, path, expr.span, of),
            _ => (expr.span, false),
        },
        (Part::Element(at), Node::List(elements)) => match elements.get(*at) {
            Some(element) => descend(world, frame, element, rest, element.span, of),
            None => (so_far, false),
        },
        (Part::Field(name), Node::Record(entries)) => {
            let entry = entries.iter().find_map(|entry| match entry {
                Entry::Field { key, key_span, value } if **key == **name => Some((*key_span, value)),
                _ => None,
            });
            match entry {
                Some((key, _)) if rest.is_empty() && of == Of::Name => (key, true),
                // An operator that there is not is wrong itself; of anything else it is the value.
                Some((key, value)) if rest.is_empty() => (Span { end: value.span.end, ..key }, true),
                Some((_, value)) => descend(world, frame, value, rest, value.span, of),
                None => (expr.span, false),
            }
        }
        _ => (expr.span, false),
    }
}
