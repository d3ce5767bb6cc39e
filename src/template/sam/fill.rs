//! Fills the templates of the table: values that name properties become those properties, at the user's own place.
//!
//! - A text that begins with `$` is what its path leads to: `$Queue`, `$DeadLetterConfig.Arn`. `$A | $B | 'text'` is the
//!   first of several that is there. A path that leads nowhere removes its key.
//! - `<path>` in another text is the text there; `<path:words>` goes through a filter.
//! - A map with `$if` is a choice, with `$each` one part for each entry, with `$default` a property that SAM replaces where it is
//!   missing, with `$merge` several maps in one.

use super::{edit, ids};
use crate::base::{Name, Span};
use crate::document::{Data, Entry, Node};
use serde_json::{Map, Value as Json};

/// What is known where a template is filled.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    /// Where the user wrote what it is made of.
    pub place: Span,
    /// The properties.
    pub own: Node,
    /// Values under names.
    pub names: Vec<(Name, Node)>,
    /// Values that are found when asked for.
    pub lets: Option<&'a Map<String, Json>>,
    /// The parameters of the template, for texts that must be known now.
    pub parameters: Option<&'a Node>,
}

impl<'a> Scope<'a> {
    /// The same with a further name.
    pub fn with(&self, name: &str, value: Node) -> Scope<'a> {
        let mut scope = self.clone();
        scope.names.push((name.into(), value));
        scope
    }

    /// What a path of names leads to.
    pub fn find(&self, path: &str) -> Option<Node> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let named = self.names.iter().rev().find(|(name, _)| &**name == first).map(|(_, value)| value.clone());
        let found = self
            .lets
            .and_then(|lets| lets.get(first))
            .and_then(|template| self.fill(template))
            .or(named)
            .or_else(|| self.own.get(first).cloned())?;
        let found = match rest {
            Some(rest) => found.at(rest)?.clone(),
            None => found,
        };
        (!found.is_null()).then_some(found)
    }

    /// The value of a template; none if all that it names is missing.
    pub fn fill(&self, template: &Json) -> Option<Node> {
        match template {
            Json::String(text) if names_a_path(text) => self.first_of(text),
            Json::String(text) => Some(Node::text(self.place, self.text(text)?)),
            Json::Array(items) => {
                let filled: Vec<Node> = items.iter().flat_map(|item| self.items(item)).collect();
                (items.is_empty() || !filled.is_empty()).then(|| Node::list(self.place, filled))
            }
            Json::Object(fields) => self.object(fields),
            other => Some(Node::of_json(other, self.place)),
        }
    }

    /// The parts that a template gives in a list: several for `$each` and for a list that is named there.
    fn items(&self, template: &Json) -> Vec<Node> {
        match template {
            Json::Object(fields) if fields.contains_key("$each") => self.each(fields).into_iter().filter_map(|(_, v)| v).collect(),
            Json::Object(fields) if fields.contains_key("$all") => {
                fields.get("$all").and_then(|t| self.fill(t)).map(|n| n.one_or_many().to_vec()).unwrap_or_default()
            }
            other => self.fill(other).into_iter().collect(),
        }
    }

    fn object(&self, fields: &Map<String, Json>) -> Option<Node> {
        if let Some(condition) = fields.get("$if").and_then(Json::as_str) {
            let branch = if self.holds(condition) { "then" } else { "else" };
            return fields.get(branch).and_then(|template| self.fill(template));
        }
        if let Some(path) = fields.get("$default").and_then(Json::as_str) {
            return self.default(path, fields.get("with")?);
        }
        if let Some(Json::Array(parts)) = fields.get("$merge") {
            let parts = parts.iter().filter_map(|part| self.fill(part)).collect::<Vec<_>>();
            return (!parts.is_empty())
                .then(|| parts.iter().skip(1).fold(parts.first().cloned(), |all, part| all.map(|a| edit::merged(&a, part))))?;
        }
        if fields.contains_key("$each") {
            let entries: Vec<Entry> = self.each(fields).into_iter().filter_map(|(key, v)| v.map(|value| entry(key, value))).collect();
            return (!entries.is_empty()).then(|| Node::new(self.place, Data::Map(entries.into())));
        }
        let filled: Vec<Entry> =
            fields.iter().filter_map(|(key, template)| Some(entry(self.text(key)?.into(), self.fill(template)?))).collect();
        (fields.is_empty() || !filled.is_empty()).then(|| Node::new(self.place, Data::Map(filled.into())))
    }

    /// One value for each entry, with its key.
    fn each(&self, fields: &Map<String, Json>) -> Vec<(Name, Option<Node>)> {
        let Some(path) = fields.get("$each").and_then(Json::as_str) else { return Vec::new() };
        let when = fields.get("when").and_then(Json::as_str);
        let value = |scope: &Scope<'_>| {
            let holds = when.is_none_or(|when| scope.holds(when));
            if holds { fields.get("value").and_then(|template| scope.fill(template)) } else { None }
        };
        let key = |scope: &Scope<'_>| fields.get("key").and_then(Json::as_str).and_then(|key| scope.text(key)).unwrap_or_default();
        self.entries(path).iter().map(|scope| (key(scope).into(), value(scope))).collect()
    }

    /// A scope for each entry of a map or part of a list, where it is `item`, and its key `key`.
    pub fn entries(&self, path: &str) -> Vec<Scope<'a>> {
        let Some(all) = self.find(path) else { return Vec::new() };
        let at = |place: Span, key: Node, item: Node| {
            let mut scope = self.with("item", item).with("key", key);
            scope.place = place;
            scope
        };
        match &all.data {
            Data::Map(entries) if all.as_call().is_none() => {
                entries.iter().map(|e| at(e.span, Node::text(e.span, e.key.clone()), e.value.clone())).collect()
            }
            _ => all
                .one_or_many()
                .iter()
                .enumerate()
                .map(|(i, item)| at(item.span, Node::text(item.span, i.to_string()), item.clone()))
                .collect(),
        }
    }

    /// A property; what SAM makes instead where it is missing, also on one side of `Fn::If`.
    fn default(&self, path: &str, with: &Json) -> Option<Node> {
        let Some(written) = self.find(path) else { return self.fill(with) };
        match absent_side(&written) {
            None => Some(written),
            Some(Absent::Both) => self.fill(with),
            Some(side) => {
                let made = self.fill(with)?;
                let parts = written.as_call().map(|(_, arguments)| arguments.items().to_vec()).unwrap_or_default();
                let at = if side == Absent::Then { 1 } else { 2 };
                let parts = parts.into_iter().enumerate().map(|(i, part)| if i == at { made.clone() } else { part }).collect();
                Some(Node::call(written.span, "Fn::If", Node::list(written.span, parts)))
            }
        }
    }

    fn first_of(&self, alternatives: &str) -> Option<Node> {
        alternatives.split('|').map(str::trim).find_map(|alternative| match alternative.strip_prefix('$') {
            Some(path) => self.find(&self.text(path)?),
            None => match alternative.strip_prefix('\'').and_then(|a| a.strip_suffix('\'')) {
                Some(text) => self.text(text).map(|text| Node::text(self.place, text)),
                None => serde_json::from_str(alternative).ok().map(|json| Node::of_json(&json, self.place)),
            },
        })
    }

    /// Whether a condition holds: `A & B`, `!A`, `A=text`, `A!=text`, `A?` for what is written, whatever its value.
    pub fn holds(&self, condition: &str) -> bool {
        condition.split('&').map(str::trim).all(|part| {
            if let Some(path) = part.strip_suffix('?') {
                return match path.strip_prefix('!') {
                    Some(path) => self.find(path).is_none(),
                    None => self.find(path).is_some(),
                };
            }
            if let Some((path, text)) = part.split_once("!=") {
                return self.known(path.trim()).as_deref() != Some(text.trim());
            }
            if let Some((path, text)) = part.split_once('=') {
                return self.known(path.trim()).as_deref() == Some(text.trim());
            }
            match part.strip_prefix('!') {
                Some(path) => !self.is_set(path),
                None => self.is_set(part),
            }
        })
    }

    /// Whether something is there and is neither false nor empty.
    fn is_set(&self, path: &str) -> bool {
        self.find(path).is_some_and(|node| match &node.data {
            Data::Null => false,
            Data::Bool(b) => *b,
            Data::Number(n) => n.parse::<f64>().is_ok_and(|n| n != 0.0),
            Data::Text(text) => !text.is_empty(),
            Data::List(items) => !items.is_empty(),
            Data::Map(entries) => !entries.is_empty(),
        })
    }

    /// A text that is known now: a literal, or the default of a parameter.
    pub fn known(&self, path: &str) -> Option<Name> {
        self.known_text(&self.find(path)?)
    }

    /// The text of a value that is known now.
    pub fn known_text(&self, node: &Node) -> Option<Name> {
        if let Some(("Ref", name)) = node.as_call() {
            return self.parameters?.get(name.as_str()?)?.get("Default")?.scalar();
        }
        node.scalar()
    }

    /// A text with `<path>` replaced; none if one of them is not known.
    pub fn text(&self, template: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('<') {
            let Some((path, after)) = after.split_once('>') else { break };
            out.push_str(before);
            let (path, filter) = path.split_once(':').unwrap_or((path, ""));
            out.push_str(&ids::filtered(filter, &self.find(path)?, |node| self.known_text(node))?);
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }
}

/// Whether a text of a template is a path, and not itself.
fn names_a_path(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// On which side of `Fn::If` nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// Where the condition is true.
    Then,
    /// Where it is false.
    Else,
    /// On both.
    Both,
}

/// The side of `Fn::If` on which `AWS::NoValue` is written.
pub(super) fn absent_side(node: &Node) -> Option<Absent> {
    let ("Fn::If", arguments) = node.as_call()? else { return is_no_value(node).then_some(Absent::Both) };
    let [_, then, otherwise] = arguments.items() else { return None };
    match (is_no_value(then), is_no_value(otherwise)) {
        (true, true) => Some(Absent::Both),
        (true, false) => Some(Absent::Then),
        (false, true) => Some(Absent::Else),
        (false, false) => None,
    }
}

/// Whether it is a reference to `AWS::NoValue`.
pub(super) fn is_no_value(node: &Node) -> bool {
    matches!(node.as_call(), Some(("Ref", name)) if name.as_str() == Some("AWS::NoValue"))
}

fn entry(key: Name, value: Node) -> Entry {
    Entry { key, span: value.span, value }
}
