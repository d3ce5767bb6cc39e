//! What the intrinsic functions of a template give: texts as segments, each with the condition under which it is the value.
//! A value that is absent under a condition has no alternative for it.

use super::condition::{both, excluded, negated};
use super::scope::Scope;
use super::text::{Segment, Text};
use crate::document::Node;
use crate::model::{Cond, Value};
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// The most alternatives of one value.
const MOST: usize = 64;
/// How deep functions nest.
const DEPTH: usize = 40;

/// The alternatives of a value.
pub type Alternatives<T> = Vec<(Option<Cond>, T)>;

/// A value that cannot be read.
fn unknown(why: &str) -> Text {
    Text::of(Segment::Unknown(why.into()))
}

fn one<T>(value: T) -> Alternatives<T> {
    vec![(None, value)]
}

impl Scope<'_> {
    /// The texts that a value can be.
    pub fn texts(&self, node: &Node) -> Alternatives<Text> {
        self.texts_within(node, DEPTH)
    }

    /// The text of a value that has one only.
    pub fn text(&self, node: &Node) -> Option<Text> {
        match self.texts(node).as_slice() {
            [(_, text)] => Some(text.clone()),
            _ => None,
        }
    }

    pub(super) fn texts_within(&self, node: &Node, depth: usize) -> Alternatives<Text> {
        if let Some(text) = node.scalar() {
            return one(self.resolved(Text::literal(text)));
        }
        let Some(depth) = depth.checked_sub(1) else { return one(unknown("functions nest too deep")) };
        match node.as_call() {
            Some((function, argument)) => self.called(function, argument, node, depth),
            None if node.is_null() => Vec::new(),
            None => one(unknown("a list or a map")),
        }
    }

    fn called(&self, function: &str, argument: &Node, node: &Node, depth: usize) -> Alternatives<Text> {
        let parts = argument.items();
        match (function, parts) {
            ("Ref", _) => match argument.as_str() {
                Some("AWS::NoValue") => Vec::new(),
                Some(name) => one(self.reference(name, depth)),
                None => one(unknown("a reference to no name")),
            },
            ("Fn::GetAtt", _) => self.get_att(argument, depth),
            ("Fn::Sub", [template, values]) => self.substituted(template.as_str(), Some(values), depth),
            ("Fn::Sub", _) => self.substituted(argument.as_str(), None, depth),
            ("Fn::Join", [delimiter, list]) => {
                let delimiter = delimiter.scalar().unwrap_or_default();
                map(self.lists(list, depth), |items| joined(&items, &delimiter))
            }
            ("Fn::Select", [index, list]) => {
                let index = index.as_f64().map(|i| i as usize);
                map(self.lists(list, depth), |items| {
                    index.and_then(|i| items.get(i).cloned()).unwrap_or_else(|| unknown("`Fn::Select` of a list that is not known"))
                })
            }
            ("Fn::If", [..]) => self.chosen(parts).into_iter().flat_map(|(c, n)| under(c.as_ref(), self.texts_within(&n, depth))).collect(),
            ("Fn::FindInMap", _) => {
                self.found(argument, depth).into_iter().flat_map(|(c, n)| under(c.as_ref(), self.texts_within(&n, depth))).collect()
            }
            ("Fn::ImportValue", _) => map(self.texts_within(argument, depth), |name| Text::of(Segment::Import(name))),
            ("Fn::ToJsonString", _) => one(Text::literal(argument.to_json().to_string())),
            ("Fn::Unread", _) => one(unknown(argument.as_str().unwrap_or("it is not known"))),
            _ => one(Text::of(Segment::Unknown(format!("`{}`", shortened(&node.to_json().to_string())).into()))),
        }
    }

    fn reference(&self, name: &str, depth: usize) -> Text {
        if let Some(parameter) = self.parameters.get(name) {
            let ty = parameter.get("Type").and_then(Node::as_str).unwrap_or_default();
            return match parameter.get("Default").and_then(Node::scalar).filter(|_| ty.starts_with("AWS::SSM::Parameter::Value")) {
                Some(stored) => Text::of(Segment::Stored(Text::literal(stored))),
                None => Text::of(Segment::Parameter(name.into())),
            };
        }
        match name.starts_with("AWS::") {
            true => Text::of(Segment::Pseudo(name.into())),
            false => self.attribute(name, "Ref", depth.min(8)),
        }
    }

    fn get_att(&self, argument: &Node, depth: usize) -> Alternatives<Text> {
        let (id, attribute) = match (argument.as_str(), argument.items()) {
            (Some(path), _) => match path.split_once('.') {
                Some((id, attribute)) => (id.to_string(), one(Text::literal(attribute))),
                None => (path.to_string(), one(Text::literal("Ref"))),
            },
            (None, [id, attribute]) => (id.as_str().unwrap_or_default().to_string(), self.texts_within(attribute, depth)),
            _ => return one(unknown("`Fn::GetAtt` of no attribute")),
        };
        map(attribute, |a| {
            a.as_literal().map_or_else(|| unknown("an attribute that is computed"), |a| self.attribute(&id, a, depth.min(8)))
        })
    }

    fn substituted(&self, template: Option<&str>, values: Option<&Node>, depth: usize) -> Alternatives<Text> {
        let Some(template) = template else { return one(unknown("`Fn::Sub` of no text")) };
        let mut all = one(Text::default());
        let mut rest = template;
        let mut literal = String::new();
        // A value that is used more than once is read once: values of values would double otherwise.
        let mut known: FxHashMap<&str, Alternatives<Text>> = FxHashMap::default();
        while let Some((before, after)) = rest.split_once("${") {
            literal.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                literal.push_str("${");
                literal.push_str(after);
                rest = "";
                break;
            };
            rest = after;
            let name = name.trim();
            let value = match (name.strip_prefix('!'), values.and_then(|v| v.get(name))) {
                (Some(escaped), _) => {
                    // Writing to a text cannot fail.
                    let _ = write!(literal, "${{{escaped}}}");
                    continue;
                }
                (None, Some(value)) => known.entry(name).or_insert_with(|| self.texts_within(value, depth)).clone(),
                (None, None) => one(match name.split_once('.') {
                    Some((id, attribute)) => self.attribute(id, attribute, depth.min(8)),
                    None => self.reference(name, depth),
                }),
            };
            all = product(all, &one(Text::literal(std::mem::take(&mut literal))), append);
            all = product(all, &value, append);
        }
        literal.push_str(rest);
        map(product(all, &one(Text::literal(literal)), append), |text| self.resolved(text))
    }

    /// The lists that a value can be.
    pub(super) fn lists(&self, node: &Node, depth: usize) -> Alternatives<Vec<Text>> {
        let Some(depth) = depth.checked_sub(1) else { return one(vec![unknown("functions nest too deep")]) };
        match node.as_call() {
            Some(("Fn::Split", argument)) => match argument.items() {
                [delimiter, text] => {
                    let delimiter = delimiter.scalar().unwrap_or_default();
                    map(self.texts_within(text, depth), |text| split(&text, &delimiter))
                }
                _ => one(vec![unknown("`Fn::Split` of no text")]),
            },
            Some(("Fn::If", argument)) => {
                self.chosen(argument.items()).into_iter().flat_map(|(c, n)| under(c.as_ref(), self.lists(&n, depth))).collect()
            }
            Some(("Fn::FindInMap", argument)) => {
                self.found(argument, depth).into_iter().flat_map(|(c, n)| under(c.as_ref(), self.lists(&n, depth))).collect()
            }
            Some(_) => map(self.texts_within(node, depth), |text| vec![text]),
            None => {
                let mut all = one(Vec::new());
                for item in node.one_or_many() {
                    all = product(all, &self.optional(item, depth), |mut list: Vec<Text>, item| {
                        list.extend(item.iter().cloned());
                        list
                    });
                }
                all
            }
        }
    }

    /// The texts of an item of a list, which is left out where it has none.
    fn optional(&self, item: &Node, depth: usize) -> Alternatives<Option<Text>> {
        let texts = self.texts_within(item, depth);
        if texts.is_empty() {
            return one(None);
        }
        texts.into_iter().map(|(c, t)| (c, Some(t))).collect()
    }

    /// Both arms of `Fn::If`, each with its condition.
    pub(super) fn chosen(&self, parts: &[Node]) -> Alternatives<Node> {
        let [name, then, otherwise] = parts else { return Vec::new() };
        let condition = self.condition(name.as_str().unwrap_or_default());
        vec![(Some(condition.clone()), then.clone()), (Some(negated(&condition)), otherwise.clone())]
    }

    /// What `Fn::FindInMap` can give: a key that is not known is each of the mapping's.
    pub(super) fn found(&self, argument: &Node, depth: usize) -> Alternatives<Node> {
        let [map, top, second, ..] = argument.items() else { return Vec::new() };
        let Some(mapping) = map.as_str().and_then(|name| self.mappings.get(name)) else {
            return one(Node::call(argument.span, "Fn::Unread", Node::text(argument.span, "a mapping that is computed")));
        };
        let mut all = Vec::new();
        for (condition, node) in self.keyed(mapping, top, depth) {
            for (inner, node) in self.keyed(&node, second, depth) {
                if all.len() < MOST {
                    all.push((both(condition.as_ref(), inner.as_ref()), node));
                }
            }
        }
        all
    }

    fn keyed(&self, of: &Node, key: &Node, depth: usize) -> Alternatives<Node> {
        let mut all = Vec::new();
        for (condition, text) in self.texts_within(key, depth) {
            match text.as_literal() {
                Some(literal) => all.extend(of.get(literal).map(|node| (condition, node.clone()))),
                None => all.extend(of.entries().iter().take(MOST).map(|entry| {
                    let equal = Cond::Equals(self.unknown(&text.to_string()), Value::Str(entry.key.clone()));
                    (both(condition.as_ref(), Some(&equal)), entry.value.clone())
                })),
            }
        }
        all
    }

    /// The same with dynamic references read: `{{resolve:ssm:/name}}`.
    fn resolved(&self, text: Text) -> Text {
        const OPEN: &str = "{{resolve:";
        if !text.segments().iter().any(|s| matches!(s, Segment::Literal(l) if l.contains(OPEN))) {
            return text;
        }
        let (mut out, mut inside): (Text, Option<Text>) = Default::default();
        for segment in text.segments() {
            let Segment::Literal(literal) = segment else {
                inside.as_mut().unwrap_or(&mut out).push(segment.clone());
                continue;
            };
            let mut rest: &str = literal;
            loop {
                let (to, mark) = if inside.is_some() { (inside.as_mut(), "}}") } else { (Some(&mut out), OPEN) };
                let Some((before, after)) = rest.split_once(mark) else {
                    to.into_iter().for_each(|to| to.push(Segment::Literal(rest.into())));
                    break;
                };
                to.into_iter().for_each(|to| to.push(Segment::Literal(before.into())));
                rest = after;
                inside = match inside.take() {
                    Some(reference) => {
                        out.push(dynamic(&reference));
                        None
                    }
                    None => Some(Text::default()),
                };
            }
        }
        out
    }

    /// The parts that a part of the document can be: both arms of `Fn::If`, what a mapping holds, an included file.
    pub fn branches(&self, node: &Node) -> Alternatives<Node> {
        self.branches_within(node, DEPTH)
    }

    fn branches_within(&self, node: &Node, depth: usize) -> Alternatives<Node> {
        let Some(depth) = depth.checked_sub(1) else { return one(node.clone()) };
        let each = |all: Alternatives<Node>| -> Alternatives<Node> {
            all.into_iter().flat_map(|(c, n)| under(c.as_ref(), self.branches_within(&n, depth))).collect()
        };
        match node.as_call() {
            Some(("Fn::If", argument)) => each(self.chosen(argument.items())),
            Some(("Ref", argument)) if argument.as_str() == Some("AWS::NoValue") => Vec::new(),
            Some(("Fn::FindInMap", argument)) => each(self.found(argument, depth)),
            Some(("Fn::Transform", argument)) => match self.included(argument) {
                Some(included) => self.branches_within(&included, depth),
                None => one(node.clone()),
            },
            _ if node.is_null() => Vec::new(),
            _ => one(node.clone()),
        }
    }

    /// The file that `AWS::Include` names, if it is there.
    pub(super) fn included(&self, argument: &Node) -> Option<Node> {
        if argument.get("Name").and_then(Node::as_str) != Some("AWS::Include") {
            return None;
        }
        let location = argument.at("Parameters.Location")?;
        let text = self.text(location)?;
        let written = text.as_literal().map_or_else(|| text.to_string(), str::to_string);
        self.neighbours.read(&written)
    }
}

/// What a dynamic reference gives, from what is between `{{resolve:` and `}}`.
fn dynamic(reference: &Text) -> Segment {
    let mut segments = reference.segments().to_vec();
    let Some(Segment::Literal(first)) = segments.first().cloned() else { return Segment::Unknown("a dynamic reference".into()) };
    let Some(rest) = first.strip_prefix("ssm:") else { return Segment::Unknown(format!("a value of `{first}`").into()) };
    if let Some(slot) = segments.first_mut() {
        *slot = Segment::Literal(rest.into());
    }
    // The version at the end is no part of the name.
    if let Some(Segment::Literal(last)) = segments.last_mut()
        && let Some((name, version)) = last.rsplit_once(':')
        && version.chars().all(|c| c.is_ascii_digit())
    {
        *last = name.into();
    }
    Segment::Stored(segments.into_iter().collect())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text.to_string(),
    }
}

fn append(mut text: Text, more: &Text) -> Text {
    text.extend(more.segments().iter().cloned());
    text
}

fn joined(items: &[Text], delimiter: &str) -> Text {
    let mut text = Text::default();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push(Segment::Literal(delimiter.into()));
        }
        text.extend(item.segments().iter().cloned());
    }
    text
}

/// The parts of a text between delimiters. A segment that may hold the delimiter itself makes the parts after it unknown.
pub fn split(text: &Text, delimiter: &str) -> Vec<Text> {
    if delimiter.is_empty() {
        return vec![text.clone()];
    }
    if let [Segment::Pseudo(name)] = text.segments() {
        // The parts of `AWS::StackId` and the like can be compared with themselves.
        return (0..8).map(|at| Text::of(Segment::Pseudo(format!("{name}[{at}]").into()))).collect();
    }
    let (mut parts, mut current, mut lost) = (Vec::new(), Text::default(), false);
    for segment in text.segments() {
        match segment {
            Segment::Literal(literal) => {
                let mut pieces = literal.split(delimiter);
                current.push(Segment::Literal(pieces.next().unwrap_or_default().into()));
                for piece in pieces {
                    parts.push(if lost { unknown("a part of a text that is not known") } else { std::mem::take(&mut current) });
                    current = Text::literal(piece);
                }
            }
            Segment::Attribute(_, attribute) if &**attribute != "Name" => {
                lost = true;
                current.push(segment.clone());
            }
            Segment::Import(_) | Segment::Stored(_) | Segment::Unknown(_) => {
                lost = true;
                current.push(segment.clone());
            }
            other => current.push(other.clone()),
        }
    }
    parts.push(if lost { unknown("a part of a text that is not known") } else { current });
    parts
}

/// The alternatives under a condition.
pub fn under<T>(condition: Option<&Cond>, of: Alternatives<T>) -> Alternatives<T> {
    of.into_iter()
        .filter(|(c, _)| c.as_ref().is_none_or(|c| !excluded(condition, c)))
        .map(|(c, t)| (both(condition, c.as_ref()), t))
        .collect()
}

fn map<T, U>(of: Alternatives<T>, change: impl Fn(T) -> U) -> Alternatives<U> {
    of.into_iter().map(|(c, t)| (c, change(t))).collect()
}

/// Every pair of alternatives whose conditions do not plainly exclude each other, at most [`MOST`].
fn product<A: Clone, B, C>(a: Alternatives<A>, b: &Alternatives<B>, join: impl Fn(A, &B) -> C) -> Alternatives<C> {
    let mut all = Vec::new();
    for (first, left) in a {
        let fits = b.iter().filter(|(second, _)| second.as_ref().is_none_or(|c| !excluded(first.as_ref(), c)));
        let fits: Vec<_> = fits.take(MOST.saturating_sub(all.len())).collect();
        let Some(((second, right), others)) = fits.split_last() else { continue };
        for (second, right) in others {
            all.push((both(first.as_ref(), second.as_ref()), join(left.clone(), right)));
        }
        // The last one takes what all others copy: a text of many parts grows by one part at a time.
        all.push((both(first.as_ref(), second.as_ref()), join(left, right)));
    }
    all
}
