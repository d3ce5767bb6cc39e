//! What an allowed action causes: the table `stdlib/templates/actions.toml`. Knows nothing of who is allowed what.

use super::ArnForm;
use crate::base::tables;
use crate::cfn;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Actions of IAM that make a resource do something.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// The actions, one of which is enough, such as `sqs:SendMessage`.
    pub actions: Vec<String>,
    /// The CloudFormation types of the resource.
    pub types: Vec<String>,
    /// What happens there, such as `messages`; the head of the table lists them.
    pub event: String,
    /// What the service calls it, where it can be told apart: `INSERT`. Empty: everything that the event can be.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The ARNs of which a statement must cover one.
    pub on: Vec<ArnForm>,
    /// The condition keys that narrow it, each with the name of what it narrows.
    #[serde(default)]
    pub keys: BTreeMap<String, String>,
    /// The property that names the resource on which it happens, if it is not the resource itself.
    pub at: Option<String>,
    /// The property without which it does not happen.
    pub when: Option<String>,
    /// Whether the service does it some time later.
    #[serde(default)]
    pub later: bool,
    /// The page on which AWS says so.
    pub source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    read: String,
    arns: BTreeMap<String, String>,
    cause: Vec<Cause>,
}

/// The table, and which of its causes are on which type. A test reads it: no part of it depends on a user.
static TABLE: LazyLock<(Table, HashMap<String, Vec<usize>>)> = LazyLock::new(|| {
    let table: Table = tables::table("templates/actions.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default();
    let mut by_type: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, cause) in table.cause.iter().enumerate() {
        for ty in &cause.types {
            by_type.entry(ty.clone()).or_default().push(at);
        }
    }
    (table, by_type)
});

/// The day on which AWS's documentation was read, such as `2026-11-25`.
pub static READ_ON: LazyLock<&'static str> = LazyLock::new(|| TABLE.0.read.as_str());

/// Every cause, in the order of the table.
#[must_use]
pub fn causes() -> &'static [Cause] {
    &TABLE.0.cause
}

/// The causes on resources of a CloudFormation type.
pub fn causes_on(resource_type: &str) -> impl Iterator<Item = &'static Cause> {
    TABLE.1.get(resource_type).into_iter().flatten().filter_map(|at| TABLE.0.cause.get(*at))
}

/// The attribute of a CloudFormation type that is the ARN of its resources; nothing if none is known. `Ref` gives the same
/// where the type's identifier is that attribute alone.
#[must_use]
pub fn own_arn(resource_type: &str) -> Option<&'static str> {
    let named = TABLE.0.arns.get(resource_type).map(String::as_str);
    named.or_else(|| cfn::schema(resource_type).is_some_and(|schema| schema.has_attribute("Arn")).then_some("Arn"))
}
