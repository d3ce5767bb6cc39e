//! What an allowed action causes: the table `stdlib/templates/actions.toml`. Knows nothing of who is allowed what.

use super::ArnForm;
use crate::base::tables;
use crate::cfn;
use serde::Deserialize;
use std::collections::BTreeMap;
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
    /// Whether policies that AWS or SAM give contain the actions for what the service itself does with them: what they are
    /// used for is known from elsewhere.
    #[serde(default)]
    pub implied: bool,
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
    runs: Vec<String>,
    open: BTreeMap<String, String>,
    kind_fields: BTreeMap<String, String>,
    fields: BTreeMap<String, Vec<String>>,
    arns: BTreeMap<String, String>,
    cause: Vec<Cause>,
}

/// The table. A test reads it: no part of it depends on a user.
static TABLE: LazyLock<Table> =
    LazyLock::new(|| tables::table("templates/actions.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default());

impl Cause {
    /// Whether what happens is that the resource itself runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        TABLE.runs.contains(&self.event)
    }

    /// Why it is open whether anything follows from what happens.
    #[must_use]
    pub fn open(&self) -> Option<&'static str> {
        TABLE.open.get(&self.event).map(String::as_str)
    }

    /// The field of a message that says of which kind it is.
    #[must_use]
    pub fn kind_field(&self) -> &'static str {
        TABLE.kind_fields.get(&self.event).map_or("kind", String::as_str)
    }

    /// The fields of a message that hold what a condition key narrows, with `{key}` for the partition key of a table;
    /// none if it is a field of that name.
    #[must_use]
    pub fn fields_of(&self, narrowed: &str) -> Option<&'static [String]> {
        TABLE.fields.get(&format!("{}.{narrowed}", self.event)).map(Vec::as_slice)
    }
}

/// The day on which AWS's documentation was read, such as `2026-11-25`.
pub static READ_ON: LazyLock<&'static str> = LazyLock::new(|| TABLE.read.as_str());

/// Every cause, in the order of the table.
#[must_use]
pub fn causes() -> &'static [Cause] {
    &TABLE.cause
}

/// The attribute of a CloudFormation type that is the ARN of its resources; nothing if none is known. `Ref` gives the same
/// where the type's identifier is that attribute alone.
#[must_use]
pub fn own_arn(resource_type: &str) -> Option<&'static str> {
    let named = TABLE.arns.get(resource_type).map(String::as_str);
    named.or_else(|| cfn::schema(resource_type).is_some_and(|schema| schema.has_attribute("Arn")).then_some("Arn"))
}
