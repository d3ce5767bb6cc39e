//! A document as a tree whose every part has a place. JSON and YAML give the same tree; short intrinsic forms such as
//! `!Ref name` are written out, so `!Ref name` is a map with the one key `Ref`.

use crate::base::{Name, Span};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// A part of a document. Cloning shares what is below: an alias of YAML is the same part at another place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it is in the text.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a part of a document is.
#[derive(Clone, Debug)]
pub enum Data {
    /// Nothing: `null`, `~` or an empty value.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as it is written.
    Number(Name),
    /// A text.
    Text(Name),
    /// A list.
    List(Arc<[Node]>),
    /// A map, in the order of the text. A key occurs once: the reader of the text reports a second one.
    Map(Arc<[Entry]>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Name,
    /// Where the key is.
    pub span: Span,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// A part at a place.
    pub fn new(span: Span, data: Data) -> Node {
        Node { span, data }
    }

    /// A text at a place.
    pub fn text(span: Span, text: impl Into<Name>) -> Node {
        Node::new(span, Data::Text(text.into()))
    }

    /// A list at a place.
    pub fn list(span: Span, parts: Vec<Node>) -> Node {
        Node::new(span, Data::List(parts.into()))
    }

    /// A map at a place; its keys are at the places of their values.
    pub fn map<K: Into<Name>>(span: Span, entries: impl IntoIterator<Item = (K, Node)>) -> Node {
        let entry = |(key, value): (K, Node)| Entry { key: key.into(), span: value.span, value };
        Node::new(span, Data::Map(entries.into_iter().map(entry).collect()))
    }

    /// A call of an intrinsic function: a map with one key.
    pub fn call(span: Span, function: &str, argument: Node) -> Node {
        let entry = Entry { key: function.into(), span, value: argument };
        Node::new(span, Data::Map([entry].into()))
    }

    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.value)
    }

    /// The entry of a key, if this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|e| &*e.key == key)
    }

    /// What a path of keys, separated by dots, leads to.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// Its entries; none if it is no map.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Its parts; none if it is no list.
    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// Its parts if it is a list, otherwise itself: where AWS accepts one value or a list.
    pub fn one_or_many(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// Its text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text, number or boolean as CloudFormation writes it into a property of type text.
    pub fn scalar(&self) -> Option<Name> {
        match &self.data {
            Data::Text(text) | Data::Number(text) => Some(text.clone()),
            Data::Bool(b) => Some(if *b { "true" } else { "false" }.into()),
            _ => None,
        }
    }

    /// Its number, also where it is written as a text.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.data {
            Data::Number(text) | Data::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Its boolean, also where it is written as a text.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Bool(b) => Some(*b),
            Data::Text(text) => match &**text {
                "true" | "True" => Some(true),
                "false" | "False" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// The intrinsic function that it calls, with its argument: a map with the one key `Ref`, `Condition` or `Fn::...`.
    pub fn as_call(&self) -> Option<(&str, &Node)> {
        match self.entries() {
            [entry] if &*entry.key == "Ref" || &*entry.key == "Condition" || entry.key.starts_with("Fn::") => {
                Some((&entry.key, &entry.value))
            }
            _ => None,
        }
    }

    /// The same as JSON. A number that JSON does not know is a text.
    pub fn to_json(&self) -> Json {
        match &self.data {
            Data::Null => Json::Null,
            Data::Bool(b) => (*b).into(),
            Data::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.to_string())),
            Data::Text(text) => Json::String(text.to_string()),
            Data::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Data::Map(entries) => Json::Object(entries.iter().map(|e| (e.key.to_string(), e.value.to_json())).collect::<Map<_, _>>()),
        }
    }

    /// JSON as a tree whose every part is at one place: for what the compiler itself emits.
    pub fn of_json(value: &Json, span: Span) -> Node {
        let data = match value {
            Json::Null => Data::Null,
            Json::Bool(b) => Data::Bool(*b),
            Json::Number(n) => Data::Number(n.to_string().into()),
            Json::String(text) => Data::Text(text.as_str().into()),
            Json::Array(items) => Data::List(items.iter().map(|i| Node::of_json(i, span)).collect()),
            Json::Object(fields) => {
                Data::Map(fields.iter().map(|(k, v)| Entry { key: k.as_str().into(), span, value: Node::of_json(v, span) }).collect())
            }
        };
        Node::new(span, data)
    }
}
