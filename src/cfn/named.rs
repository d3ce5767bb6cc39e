//! Physical names by resource type, as data: `stdlib/names.toml`. Knows nothing of who gives which name.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How the resources of a type are named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The path of the property that gives the name or names, its parts with dots between them.
    pub name: String,
    /// Among what each name is there once: [`WORLD`], [`ACCOUNT`], [`REGION`], or a property.
    pub among: String,
    /// What AWS takes if that property is left out.
    #[serde(default)]
    pub default: Option<String>,
    /// The type whose names are the same names.
    #[serde(default)]
    pub with: Option<String>,
    /// Whether names that differ in capitals only are one name.
    #[serde(default)]
    pub any_case: bool,
    /// The attributes that are the name; `Ref` is the reference.
    #[serde(default = "reference")]
    pub gives: Vec<String>,
}

/// All accounts.
pub const WORLD: &str = "world";
/// An account.
pub const ACCOUNT: &str = "account";
/// What an account has in one region.
pub const REGION: &str = "region";

fn reference() -> Vec<String> {
    vec!["Ref".to_string()]
}

/// The table is compiled in, and a test reads it: no part of it depends on a user.
static NAMED: LazyLock<BTreeMap<String, Named>> = LazyLock::new(|| toml::from_str(TABLE).unwrap_or_default());
const TABLE: &str = include_str!("../../stdlib/names.toml");

/// How the resources of a type are named; none if a name may be there twice, or AWS makes ids.
pub fn named(ty: &str) -> Option<&'static Named> {
    NAMED.get(ty)
}

/// The types that have names, and what is wrong with the table as text.
pub fn named_types() -> Result<Vec<&'static str>, String> {
    toml::from_str::<BTreeMap<String, Named>>(TABLE).map_err(|error| error.to_string())?;
    Ok(NAMED.keys().map(String::as_str).collect())
}
