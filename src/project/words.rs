//! What rules need to know of AWS, and what they advise to write, as data: `stdlib/templates/rules.toml`.

use crate::base::tables;
use crate::flow::filter::Glob;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a rule needs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// What to type; names in braces are filled in.
    #[serde(default)]
    pub help: String,
    /// Patterns of actions of IAM that the rule is about.
    #[serde(default)]
    pub actions: Vec<String>,
    /// Fields that every message has, or parts of names that the rule is about.
    #[serde(default)]
    pub fields: Vec<String>,
    /// How names end that the rule is not about.
    #[serde(default)]
    pub endings: Vec<String>,
    /// Numbers by name.
    #[serde(default)]
    pub limits: BTreeMap<String, f64>,
    /// Texts by name.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    /// The pages that say so.
    #[serde(default)]
    pub source: String,
}

static WORDS: LazyLock<Result<BTreeMap<String, Words>, toml::de::Error>> =
    LazyLock::new(|| toml::from_str(tables::table("templates/rules.toml").unwrap_or_default()));
static NONE: LazyLock<Words> = LazyLock::new(Words::default);

/// What a rule needs. The text is compiled in and read by a test: no part of it depends on a user.
pub(super) fn of(rule: &str) -> &'static Words {
    WORDS.as_ref().ok().and_then(|all| all.get(rule)).unwrap_or(&NONE)
}

/// What is wrong with the text; for a test.
pub fn fault() -> Option<String> {
    WORDS.as_ref().err().map(ToString::to_string)
}

/// What a rule advises, with names in braces replaced.
pub(super) fn help(rule: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(of(rule).help.clone(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

impl Words {
    /// A number that the rule needs.
    pub(super) fn limit(&self, name: &str) -> f64 {
        // A number that is missing finds nothing.
        self.limits.get(name).copied().unwrap_or(f64::INFINITY)
    }

    /// Whether an action is one that the rule is about.
    pub(super) fn names(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| Glob::iam(pattern).ignoring_case().matches(action))
    }
}
