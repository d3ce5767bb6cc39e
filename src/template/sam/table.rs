//! What SAM makes of its resources and events, as data: `stdlib/templates/sam.toml`.

use crate::base::tables;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The whole table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// What the types of SAM begin with.
    pub prefix: String,
    /// The transform that a template with such types names.
    pub transform: String,
    /// Lists of properties under a name; `+name` in another list stands for them.
    sets: BTreeMap<String, Vec<String>>,
    /// The section with properties for all resources of a type.
    pub globals: Globals,
    /// Types of SAM that are not read.
    pub unread: Vec<String>,
    /// What connectors are called.
    pub connectors: Connectors,
    /// Attributes of a resource that go to all that is made of it.
    pub passed: Vec<String>,
    /// How policies are written.
    pub policies: Policies,
    /// Types, by their name after the prefix.
    pub resource: BTreeMap<String, Thing>,
    /// Events, by the kind of target (`function`, `machine`) and their type.
    pub event: BTreeMap<String, BTreeMap<String, Thing>>,
}

/// The section of properties that several resources share.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Globals {
    /// Its name.
    pub section: String,
    /// The attribute of a resource that excludes it.
    pub ignored_by: String,
    /// The properties that it takes, by type.
    pub takes: BTreeMap<String, Vec<String>>,
    /// The properties whose value in a resource replaces the shared one instead of being united with it.
    pub replaced: BTreeMap<String, Vec<String>>,
}

/// Connectors: `sam-connectors.json` has what they make.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Connectors {
    /// The type of one that is a resource.
    pub resource: String,
    /// The attribute of a resource that has those which begin at it.
    pub attribute: String,
    /// The values of the two ends that the table fills in.
    pub values: Vec<String>,
    /// The properties with which a connector names such a value itself.
    pub named: BTreeMap<String, String>,
}

/// How policies of a role are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policies {
    /// The property of a resource that has them.
    pub property: String,
    /// The key that makes an entry a policy document.
    pub statement: String,
    /// The ARN of a policy of AWS begins so.
    pub managed: String,
    /// The key that marks a statement that no one wrote.
    pub standing: String,
    /// How a document is one of the policies of a role.
    pub wrap: Map<String, Json>,
}

/// A resource or an event.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Thing {
    /// The event that it is the same as: its kind of target and its type, with a dot between.
    like: Option<String>,
    /// The properties that it takes.
    #[serde(default)]
    pub properties: Vec<String>,
    /// The properties without which it is invalid: each is one, or several separated by `|` of which one is needed.
    #[serde(default)]
    pub required: Vec<String>,
    /// Names for values, found when they are asked for.
    #[serde(default, rename = "let")]
    pub lets: Map<String, Json>,
    /// What becomes of it.
    #[serde(default)]
    pub make: Vec<Make>,
    /// What it changes in other resources.
    #[serde(default)]
    pub edit: Vec<Edit>,
    /// The role that it acts with.
    pub role: Option<Role>,
    /// What it adds to the role of its target.
    #[serde(default)]
    pub rights: Rights,
    /// Which events it can have.
    pub events: Option<String>,
    /// The place in an API that it takes.
    pub route: Option<Route>,
    /// The body of the API that it is.
    pub body: Option<Body>,
    /// The property that names a file beside the template; the file is then known as `file`.
    pub file: Option<String>,
    /// What is invalid about it.
    #[serde(default)]
    pub invalid: Vec<Invalid>,
}

/// A combination of properties that SAM refuses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invalid {
    /// When it is there.
    pub when: String,
    /// The property to point to.
    pub at: String,
    /// What to say.
    pub message: String,
}

/// A resource that is made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Make {
    /// Its logical id.
    #[serde(default = "own_id")]
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// When it is made.
    pub when: Option<String>,
    /// It is made where this property is missing; also where it is missing on one side of `Fn::If`.
    pub missing: Option<String>,
    /// It is made for each entry of this.
    pub each: Option<String>,
    /// Whether it is one for the whole template, without the attributes of what it is made of.
    #[serde(default)]
    pub shared: bool,
    /// Whether it has all attributes of what it is made of, as its dependencies and metadata.
    #[serde(default)]
    pub main: bool,
    /// Properties that are kept under their names.
    #[serde(default)]
    pub copy: Vec<String>,
    /// Other properties.
    #[serde(default)]
    pub set: Map<String, Json>,
    /// Other attributes of the resource.
    #[serde(default)]
    pub attributes: Map<String, Json>,
    /// The name after the dot under which templates may refer to it: `Fn.Alias`.
    pub named: Option<String>,
}

fn own_id() -> String {
    "<id>".into()
}

/// A change of another resource.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    /// The property that refers to it.
    pub of: String,
    /// The path of keys within the resource.
    pub at: String,
    /// What is added for each entry of this.
    pub each: Option<String>,
    /// When.
    pub when: Option<String>,
    /// What is added to the list there, unless it is in it.
    pub add: Option<Json>,
    /// What is written there.
    pub set: Option<Json>,
}

/// The role that SAM makes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    /// The property that names another role.
    pub property: String,
    /// Its logical id.
    pub id: String,
    /// When it is made.
    pub when: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its properties; `managed` and `policies` are what was collected for it.
    #[serde(default)]
    pub set: Map<String, Json>,
}

/// Rights that are added without being asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rights {
    /// Policies that AWS manages.
    #[serde(default)]
    pub managed: Vec<Managed>,
    /// Statements.
    #[serde(default)]
    pub statement: Vec<Statement>,
}

/// A policy that AWS manages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Managed {
    /// Its name, with its path.
    pub name: String,
    /// When it is added.
    pub when: Option<String>,
}

/// A statement that is added.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    /// When it is added.
    pub when: Option<String>,
    /// It is added for each entry of this.
    pub each: Option<String>,
    /// Its parts.
    pub set: Map<String, Json>,
}

/// A place in an API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    /// The property that refers to the API.
    pub api: String,
    /// The id of the API that SAM makes where the property is missing.
    pub implicit: String,
    /// The type of the API, after the prefix.
    pub of: String,
    /// The path of the request.
    pub path: String,
    /// Its method.
    pub method: String,
    /// What happens there.
    pub operation: Json,
    /// Whether a body that the user wrote gets it as well.
    #[serde(default)]
    pub into_written: bool,
    /// The path that takes all requests that no other takes.
    pub whole: Option<String>,
}

/// The body of an API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Body {
    /// The property that has it.
    pub property: String,
    /// The property that asks to unite a written body with the routes of events.
    pub merge: Option<String>,
    /// The property that names it where it is somewhere else.
    pub elsewhere: String,
    /// What it has besides its paths.
    pub set: Map<String, Json>,
    /// The key of its paths.
    pub paths: String,
    /// The properties of an API that SAM makes itself.
    pub implicit: Map<String, Json>,
    /// What each operation without it gets.
    #[serde(default)]
    pub operation: Map<String, Json>,
}

/// The table.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // A test reads the table with its error; a compiler with a broken one knows nothing of SAM.
    let mut table: Table = tables::table(FILE).and_then(|text| toml::from_str(text).ok()).unwrap_or_default();
    let sets = std::mem::take(&mut table.sets);
    for thing in table.event.values_mut().flat_map(BTreeMap::values_mut) {
        thing.properties = expanded(&thing.properties, &sets);
        for make in &mut thing.make {
            make.copy = expanded(&make.copy, &sets);
        }
    }
    let all = table.event.clone();
    for thing in table.event.values_mut().flat_map(BTreeMap::values_mut) {
        let same = thing.like.as_ref().and_then(|like| like.split_once('.')).and_then(|(kind, ty)| all.get(kind)?.get(ty));
        if let Some(same) = same {
            *thing = same.clone();
        }
    }
    table
});

const FILE: &str = "templates/sam.toml";

fn expanded(names: &[String], sets: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| match name.strip_prefix('+').and_then(|set| sets.get(set)) {
            Some(set) => expanded(set, sets),
            None => vec![name.clone()],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_readable() {
        let table = toml::from_str::<super::Table>(crate::base::tables::table(super::FILE).unwrap_or_default());
        assert!(table.is_ok(), "{}", table.err().map(|e| e.to_string()).unwrap_or_default());
    }
}
