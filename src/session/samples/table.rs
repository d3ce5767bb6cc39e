//! The sample events of the library: `stdlib/samples.toml`, whose head says what each field means.

use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A sample event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// The triggers that it is of.
    pub of: Vec<String>,
    /// The page of AWS that describes such an event.
    pub source: String,
    /// When what is in `compared` was read.
    pub read: String,
    /// The addresses of what the form was compared with.
    pub compared: Vec<String>,
    /// Which part of the form was compared with nothing, and why.
    pub unread: Option<String>,
    /// Arguments and properties that must have these values.
    #[serde(default)]
    pub(super) when: BTreeMap<String, String>,
    /// An argument that must be written.
    pub(super) given: Option<String>,
    /// Whether it is only of capabilities that follow from a property.
    #[serde(default)]
    pub(super) derived: bool,
    /// What names stand for that have no value.
    #[serde(default)]
    pub(super) otherwise: BTreeMap<String, String>,
    /// What a message is of which nothing is known.
    pub(super) message: Option<Json>,
    /// Where the fields of a filter are.
    pub(super) record: Option<String>,
    /// Where the attributes of a filter are, as records of `Type` and `Value`.
    pub(super) attributes: Option<String>,
    /// Whether every attribute has the type of a text.
    #[serde(default)]
    pub(super) strings: bool,
    /// The argument that selects a part of the event.
    pub(super) part: Option<String>,
    /// The argument that makes another value of it: a record of `paths` and `template`.
    pub(super) transform: Option<String>,
    /// What is elsewhere too.
    pub(super) repeats: Option<Repeats>,
    /// A further text.
    pub(super) inner: Option<String>,
    /// The event.
    pub(super) event: String,
}

/// A part of an event that is in other parts too.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Repeats {
    /// The path of the part.
    pub from: String,
    /// The paths where it is too.
    pub into: Vec<String>,
}

#[derive(Deserialize, Default)]
struct Table {
    sample: Vec<Shape>,
}

/// Every sample. The text is compiled in and read by a test: no part of it depends on a user.
static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("../../../stdlib/samples.toml")).unwrap_or_default());

/// The sample events of the library.
pub fn shapes() -> &'static [Shape] {
    &TABLE.sample
}

impl Shape {
    /// Its event, and its further text, as JSON that is not filled in.
    pub fn json(&self) -> Result<[Json; 2], serde_json::Error> {
        Ok([serde_json::from_str(&self.event)?, self.inner.as_deref().map_or(Ok(Json::Null), serde_json::from_str)?])
    }
}
