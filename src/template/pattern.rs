//! Patterns and other JSON within templates: as JSON whose unknown parts are marked, and as a tree whose texts are
//! intrinsic functions again, where the JSON is itself written as a text.

use super::scope::Scope;
use super::text::{Segment, Text};
use crate::base::{Name, Span};
use crate::document::{Data, Entry, Node};
use crate::flow::filter::UNKNOWN;
use serde_json::{Map, Value as Json};

/// Stands for a segment within a JSON text; a private character, which JSON leaves alone.
const MARK: char = '\u{F0000}';
/// The deepest JSON text that is read.
const DEPTH: usize = 100;

impl Scope<'_> {
    /// A pattern as JSON, whether it is written as a map or as a text; none if it is no JSON. A text that is not known before
    /// deployment is marked, and so is whether there was one.
    pub fn pattern(&self, node: &Node) -> Option<(Json, bool)> {
        let tree = self.tree(node)?;
        let mut unknown = false;
        Some((self.json(&tree, &mut unknown), unknown))
    }

    /// A part as a tree: JSON that is written as a text is read, with its segments as functions again.
    pub fn tree(&self, node: &Node) -> Option<Node> {
        let (_, node) = self.branches(node).into_iter().next()?;
        match node.as_call() {
            Some(("Fn::ToJsonString", inner)) => return Some(inner.clone()),
            None if node.as_str().is_none() => return Some(node),
            _ => {}
        }
        let (_, text) = self.texts(&node).into_iter().next()?;
        parsed(&text, node.span)
    }

    fn json(&self, node: &Node, unknown: &mut bool) -> Json {
        if node.as_call().is_some() {
            return match self.texts(node).as_slice() {
                [(_, text)] => match comparable(text) {
                    Some(text) => Json::String(text),
                    None => marked(unknown),
                },
                _ => marked(unknown),
            };
        }
        match &node.data {
            Data::List(items) => Json::Array(
                items
                    .iter()
                    .filter(|i| !matches!(i.as_call(), Some(("Ref", n)) if n.as_str() == Some("AWS::NoValue")))
                    .map(|i| self.json(i, unknown))
                    .collect(),
            ),
            Data::Map(entries) => {
                Json::Object(entries.iter().map(|e| (e.key.to_string(), self.json(&e.value, unknown))).collect::<Map<_, _>>())
            }
            _ => node.to_json(),
        }
    }
}

fn marked(unknown: &mut bool) -> Json {
    *unknown = true;
    Json::Object([(UNKNOWN.to_string(), Json::Bool(true))].into_iter().collect())
}

/// A text that can be compared with others: its characters, and names that CloudFormation makes, each unlike any other text.
pub fn comparable(text: &Text) -> Option<String> {
    let known = |s: &Segment| match s {
        Segment::Literal(_) => true,
        Segment::Attribute(_, attribute) => &**attribute == "Name",
        _ => false,
    };
    match text.segments() {
        [Segment::Literal(literal)] => Some(literal.to_string()),
        segments => segments.iter().all(known).then(|| text.to_string()),
    }
}

/// JSON that is written as a text with segments in it, as a tree in which such texts are functions again. Segments outside
/// of quotes are values. Control characters within texts are allowed, as AWS allows them.
pub fn parsed(text: &Text, span: Span) -> Option<Node> {
    let mut plain = String::new();
    let mut inside = false;
    let mut segments = Vec::new();
    for segment in text.segments() {
        match segment {
            Segment::Literal(literal) => {
                let mut escaped = false;
                for c in literal.chars() {
                    match c {
                        '"' if !escaped => inside = !inside,
                        c if inside && c.is_control() => {
                            plain.push_str(&format!("\\u{:04x}", c as u32));
                            escaped = false;
                            continue;
                        }
                        _ => {}
                    }
                    escaped = c == '\\' && !escaped;
                    plain.push(c);
                }
            }
            other => {
                let mark = format!("{MARK}{}{MARK}", segments.len());
                plain.push_str(&if inside { mark } else { format!("\"{mark}\"") });
                segments.push(other.clone());
            }
        }
    }
    let json: Json = serde_json::from_str(&plain).ok()?;
    Some(tree(&json, &segments, span, DEPTH))
}

fn tree(json: &Json, segments: &[Segment], span: Span, depth: usize) -> Node {
    if depth == 0 {
        return Node::call(span, "Fn::Unread", Node::text(span, "it nests too deep"));
    }
    match json {
        Json::String(text) if text.contains(MARK) => {
            let mut parts = Vec::new();
            for (at, piece) in text.split(MARK).enumerate() {
                let segment = if at % 2 == 1 { piece.parse::<usize>().ok().and_then(|i| segments.get(i)) } else { None };
                match segment {
                    Some(segment) => parts.push(function(segment, span)),
                    None if piece.is_empty() => {}
                    None => parts.push(Node::text(span, piece)),
                }
            }
            match parts.as_slice() {
                [one] => one.clone(),
                _ => Node::call(span, "Fn::Join", Node::list(span, vec![Node::text(span, ""), Node::list(span, parts)])),
            }
        }
        Json::Array(items) => Node::list(span, items.iter().map(|i| tree(i, segments, span, depth - 1)).collect()),
        Json::Object(fields) => Node::new(
            span,
            Data::Map(
                fields.iter().map(|(k, v)| Entry { key: k.as_str().into(), span, value: tree(v, segments, span, depth - 1) }).collect(),
            ),
        ),
        other => Node::of_json(other, span),
    }
}

/// The function that gives a segment.
fn function(segment: &Segment, span: Span) -> Node {
    let text = |t: &Name| Node::text(span, t.clone());
    match segment {
        Segment::Literal(literal) => text(literal),
        Segment::Attribute(id, attribute) if &**attribute == "Ref" => Node::call(span, "Ref", text(id)),
        Segment::Attribute(id, attribute) => Node::call(span, "Fn::GetAtt", Node::list(span, vec![text(id), text(attribute)])),
        Segment::Parameter(name) | Segment::Pseudo(name) => Node::call(span, "Ref", text(name)),
        Segment::Import(name) => Node::call(span, "Fn::ImportValue", written(name, span)),
        Segment::Stored(name) => match name.as_literal() {
            Some(name) => Node::text(span, format!("{{{{resolve:ssm:{name}}}}}")),
            None => Node::call(span, "Fn::Unread", Node::text(span, "a value of the Parameter Store")),
        },
        Segment::Unknown(why) => Node::call(span, "Fn::Unread", text(why)),
    }
}

/// A text as a tree that gives it.
pub fn written(text: &Text, span: Span) -> Node {
    let parts: Vec<Node> = text.segments().iter().map(|s| function(s, span)).collect();
    match parts.as_slice() {
        [one] => one.clone(),
        _ => Node::call(span, "Fn::Join", Node::list(span, vec![Node::text(span, ""), Node::list(span, parts)])),
    }
}
