//! The languages of patterns as data: `stdlib/patterns.toml`. Knows nothing of who uses which.

use super::Glob;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a bare text in a pattern means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Texts {
    /// The text itself.
    Exact,
    /// IAM's wildcards and policy variables.
    Iam,
    /// A URL-encoded text, without wildcards.
    S3,
    /// A text that may travel as a number or as a list of texts.
    Attribute,
}

/// A language of patterns.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// What a pattern of it is called.
    pub about: String,
    /// The page that it is described on.
    pub source: String,
    /// When that was read.
    pub read: String,
    /// What a bare text means.
    pub texts: Texts,
    /// The operators.
    #[serde(default)]
    pub operators: Vec<String>,
    /// The operators that take an operator, with those that they take.
    #[serde(default)]
    pub inner: BTreeMap<String, Vec<String>>,
    /// Whether it has `$or`.
    #[serde(default)]
    pub or: bool,
    /// Whether a field can hold fields.
    #[serde(default)]
    pub nested: bool,
    /// The paths of fields that hold one value; `*` stands for any run of characters.
    #[serde(default)]
    pub single: Vec<String>,
    /// Those of them that hold a list all the same.
    #[serde(default)]
    pub lists: Vec<String>,
    /// The most fields.
    pub keys: Option<usize>,
    /// The most combinations.
    pub combinations: Option<usize>,
    /// Whether a value counts once for each level of its field.
    #[serde(default)]
    pub deep: bool,
}

/// Every language, by name. The text is compiled in and read by a test: no part of it depends on a user.
static LANGUAGES: LazyLock<BTreeMap<String, Language>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../stdlib/patterns.toml")).unwrap_or_default());

impl Language {
    /// The language of a name.
    pub fn of(name: &str) -> Option<&'static Language> {
        LANGUAGES.get(name)
    }

    /// Every language, by name.
    pub fn all() -> &'static BTreeMap<String, Language> {
        &LANGUAGES
    }

    /// Whether the field at a path holds one value.
    pub fn is_single(&self, path: &str) -> bool {
        let names = |paths: &[String]| paths.iter().any(|p| Glob::iam(p).matches(path));
        names(&self.single) && !names(&self.lists)
    }
}
