//! One node of a schema: what a property may hold. Plain data read from JSON; knows neither how a
//! value is checked nor where the schema came from.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, IntoDeserializer, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What a property may hold. Every limit is inclusive unless its name says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Shape {
    /// The name of the definition that says what this is; other fields here add to it.
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    /// The kinds of JSON value accepted; empty where any is.
    #[serde(rename = "type")]
    pub kinds: Kinds,
    /// What kind of name or identifier a string is, such as `AWS::KMS::Key.Arn` or `date-time`.
    pub format: Vec<String>,
    /// The texts accepted, if only some are.
    #[serde(rename = "enum")]
    pub allowed: Vec<String>,
    /// Texts accepted in any letter case.
    #[serde(rename = "enumCaseInsensitive")]
    pub allowed_any_case: Vec<String>,
    /// A regular expression that a text must contain a match of.
    pub pattern: Option<String>,
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// A number that must not be reached.
    pub exclusive_maximum: Option<f64>,
    /// A number must be a multiple of this one.
    pub multiple_of: Option<f64>,
    /// The fewest characters.
    pub min_length: Option<usize>,
    /// The most characters.
    pub max_length: Option<usize>,
    /// The fewest items of a list.
    pub min_items: Option<usize>,
    /// The most items of a list.
    pub max_items: Option<usize>,
    /// No two items of a list may be equal.
    pub unique_items: bool,
    /// No two items of a list may agree in these properties.
    pub unique_keys: Vec<String>,
    /// What each item of a list is.
    pub items: Option<Box<Shape>>,
    /// What the first items of a list are, one by one.
    pub prefix_items: Vec<Shape>,
    /// The properties of an object, by name.
    pub properties: BTreeMap<String, Shape>,
    /// What a property is whose name matches a regular expression.
    pub pattern_properties: BTreeMap<String, Shape>,
    /// No property other than those named or matched is accepted.
    pub closed: bool,
    /// The fewest properties.
    pub min_properties: Option<usize>,
    /// The most properties.
    pub max_properties: Option<usize>,
    /// Properties that must be set.
    pub required: Vec<String>,
    /// Properties of which exactly one must be set.
    pub required_xor: Vec<String>,
    /// Properties of which at least one must be set.
    pub required_or: Vec<String>,
    /// For a property that is set: those that must be set with it.
    pub dependent_required: BTreeMap<String, Vec<String>>,
    /// For a property that is set: those that must not be set with it.
    pub dependent_excluded: BTreeMap<String, Vec<String>>,
    /// Shapes that must all fit.
    pub all_of: Vec<Shape>,
    /// Shapes of which at least one must fit.
    pub any_of: Vec<Shape>,
    /// Shapes of which exactly one must fit.
    pub one_of: Vec<Shape>,
    /// A shape that must not fit.
    pub not: Option<Box<Shape>>,
    /// If this shape fits, `then` must fit as well.
    #[serde(rename = "if")]
    pub condition: Option<Box<Shape>>,
    /// See `condition`.
    #[serde(rename = "then")]
    pub consequence: Option<Box<Shape>>,
}

impl Shape {
    /// Whether this shape speaks of nothing but which properties are present.
    pub(super) fn is_about_presence(&self) -> bool {
        let bare = Shape {
            required: self.required.clone(),
            required_xor: self.required_xor.clone(),
            required_or: self.required_or.clone(),
            ..Shape::default()
        };
        let parts = self.all_of.iter().chain(&self.any_of).chain(&self.one_of);
        Shape { all_of: vec![], any_of: vec![], one_of: vec![], ..self.clone() } == bare && parts.into_iter().all(Shape::is_about_presence)
    }
}

/// A kind of JSON value, as the schemas name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A string.
    String,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    Array,
    /// An object: named properties.
    Object,
}

impl Kind {
    const ALL: [Kind; 6] = [Kind::String, Kind::Integer, Kind::Number, Kind::Boolean, Kind::Array, Kind::Object];

    /// The kind with its article, as a sentence needs it.
    #[must_use]
    pub fn with_article(self) -> &'static str {
        match self {
            Kind::String => "a string",
            Kind::Integer => "an integer",
            Kind::Number => "a number",
            Kind::Boolean => "a boolean",
            Kind::Array => "a list",
            Kind::Object => "an object",
        }
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Whether nothing is said of the kind, so that any is accepted.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a kind is in the set.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Whether a text, a number or a boolean is in the set.
    #[must_use]
    pub fn has_scalar(self) -> bool {
        [Kind::String, Kind::Integer, Kind::Number, Kind::Boolean].into_iter().any(|kind| self.has(kind))
    }

    /// The kinds of the set.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<T: IntoIterator<Item = Kind>>(kinds: T) -> Self {
        Kinds(kinds.into_iter().fold(0, |set, kind| set | 1 << kind as u8))
    }
}

impl<'de> Deserialize<'de> for Kinds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindsVisitor)
    }
}

/// Reads one kind or a list of them.
struct KindsVisitor;

impl<'de> Visitor<'de> for KindsVisitor {
    type Value = Kinds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a kind of value, or a list of them")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Kinds, E> {
        let kind = Kind::deserialize(name.into_deserializer())?;
        Ok([kind].into_iter().collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut kinds: A) -> Result<Kinds, A::Error> {
        let mut all = vec![];
        while let Some(kind) = kinds.next_element::<Kind>()? {
            all.push(kind);
        }
        Ok(all.into_iter().collect())
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, kind) in self.iter().enumerate() {
            f.write_str(if place > 0 { " or " } else { "" })?;
            f.write_str(kind.with_article())?;
        }
        Ok(())
    }
}
