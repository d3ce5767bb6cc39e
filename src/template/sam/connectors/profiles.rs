//! What connectors make, as data: `stdlib/templates/sam-connectors.json`.

use crate::base::tables;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The profiles of aws-sam-translator 1.115; `generate.py` beside this file makes the table.
const FILE: &str = "templates/sam-connectors.json";

#[derive(Default, Deserialize)]
pub(super) struct Profiles {
    /// What a connector makes, by the types of source and destination.
    pub pairs: BTreeMap<String, BTreeMap<String, Pair>>,
    /// What is known of a resource, by its type.
    pub resources: BTreeMap<String, Reached>,
}

#[derive(Deserialize)]
pub(super) struct Pair {
    /// The permissions that can be asked for.
    pub permissions: Vec<String>,
    /// The combinations that are allowed; empty if all are.
    pub combinations: Vec<Vec<String>>,
    pub made: Vec<Made>,
}

#[derive(Deserialize)]
pub(super) struct Made {
    /// The permission that it is made for; any if there is none.
    pub r#for: Option<String>,
    /// The end of its logical id.
    pub suffix: String,
    pub r#type: String,
    pub properties: Json,
    /// The statements of its policy, by permission.
    #[serde(default)]
    pub statements: BTreeMap<String, Vec<Json>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Reached {
    /// Its ARN, address and other values.
    pub values: BTreeMap<String, Json>,
    /// The property with its role.
    pub role: Option<String>,
    /// The role in an entry of a list: that of the entry which names the other resource.
    pub role_of: Option<RoleOf>,
}

#[derive(Deserialize)]
pub(super) struct RoleOf {
    pub list: String,
    pub by: String,
    pub role: String,
}

pub(super) static PROFILES: LazyLock<Profiles> = LazyLock::new(|| {
    // A test compares the table with AWS's transform; a compiler with a broken one knows no pair.
    tables::table(FILE).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
});
