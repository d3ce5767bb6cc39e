//! What states of a state machine call, as data: `stdlib/templates/calls.toml`.

use crate::base::tables;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The whole table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// When the pages that it names were read.
    pub read: String,
    /// The page on calls in general.
    pub source: String,
    /// IAM's names of services that have another one in calls.
    pub service: BTreeMap<String, String>,
    /// What is in the ARN of an address that names an action, after its region, by the service of the ARN.
    pub address: BTreeMap<String, Vec<String>>,
    /// The action that a path means, by the service, or by the service and the HTTP method.
    pub path: BTreeMap<String, String>,
    /// IAM's names of actions that have another one in calls.
    pub action: BTreeMap<String, String>,
    /// The types of what parameters name.
    pub parameter: BTreeMap<String, Vec<String>>,
    /// Calls whose target acts, or of whose message something is known.
    pub call: Vec<CallRow>,
}

/// A call of which more is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallRow {
    /// The action of IAM.
    pub action: String,
    /// The path of the parts that each make a call.
    #[serde(default)]
    pub each: String,
    /// The path of the target.
    pub target: String,
    /// The text of the target if there is none.
    #[serde(default)]
    pub default: Option<String>,
    /// The types of the target.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// How it is reached.
    pub mode: String,
    /// The fields of the message with the paths of their texts.
    #[serde(default)]
    pub gives: BTreeMap<String, String>,
    /// The page that says so.
    pub source: String,
}

static CALLS: LazyLock<Calls> =
    LazyLock::new(|| tables::table("templates/calls.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default());

/// The table. A test reads it: no part of it depends on a user.
pub fn calls() -> &'static Calls {
    &CALLS
}

impl Calls {
    /// The action of IAM that a call of a service takes: `dynamodb`, `putItem`.
    pub fn action_of(&self, service: &str, call: &str) -> String {
        let service = self.service.get(service).map_or(service, String::as_str);
        let mut letters = call.chars();
        let name: String = letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect();
        let action = format!("{service}:{name}");
        self.action.get(&action).cloned().unwrap_or(action)
    }
}
