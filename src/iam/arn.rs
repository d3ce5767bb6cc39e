//! The forms of ARNs in tables: `{self}/{key}`. Knows nothing of what fills them.

use serde::{Deserialize, Deserializer};

/// The form of an ARN, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArnForm {
    /// Its parts; adjacent texts are one.
    pub parts: Vec<Part>,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it is.
    Text(String),
    /// `{self}`: the ARN of the resource.
    Own,
    /// `{ref}`: what `Ref` of the resource gives.
    Ref,
    /// `{QueueName}`: a property or an attribute of the resource, or the ARN of what it names.
    Property(String),
    /// `{partition}`
    Partition,
    /// `{region}`
    Region,
    /// `{account}`
    Account,
    /// `{key}`: anything, which narrows what happens.
    Field(String),
}

impl ArnForm {
    /// Reads a form; nothing if a brace is left open or empty.
    #[must_use]
    pub fn parse(text: &str) -> Option<ArnForm> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(match name {
                "" => return None,
                "self" => Part::Own,
                "ref" => Part::Ref,
                "partition" => Part::Partition,
                "region" => Part::Region,
                "account" => Part::Account,
                name if name.starts_with(|c: char| c.is_ascii_uppercase()) => Part::Property(name.to_owned()),
                name => Part::Field(name.to_owned()),
            });
            rest = after;
        }
        if rest.contains('}') {
            return None;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Some(ArnForm { parts })
    }

    /// Whether it is `*`: the action has no resources.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.parts == [Part::Text("*".to_owned())]
    }

    /// What it narrows, in order.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| if let Part::Field(name) = part { Some(name.as_str()) } else { None })
    }
}

impl<'de> Deserialize<'de> for ArnForm {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        ArnForm::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no form of an ARN")))
    }
}
