//! The table of resource types as data: `stdlib/templates/resources*.toml`, one table in several files. It says how each
//! type is named, what its properties point to, and what happens when something is delivered to it.

use crate::base::tables;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The whole table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// When the pages that it names were read.
    pub read: String,
    /// The resource types, by name.
    #[serde(rename = "type", default)]
    pub types: BTreeMap<String, Row>,
    /// Types that name functions and run none of them.
    #[serde(default)]
    pub quiet: Vec<String>,
    /// What a service is that a permission names, by its principal.
    #[serde(default)]
    pub principal: BTreeMap<String, Principal>,
}

/// A resource type.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The page that says so.
    pub source: String,
    /// Whether CloudFormation has no such type: what services know by a name without it being a resource.
    #[serde(default)]
    pub pseudo: bool,
    /// What `Ref` gives, as a form; by default an identity of its own.
    #[serde(rename = "ref", default)]
    pub reference: Option<String>,
    /// The property of the physical name.
    #[serde(default)]
    pub name: Option<String>,
    /// The ARN, as a form.
    #[serde(default)]
    pub arn: Option<String>,
    /// What else names it, as forms; `*` at the end stands for anything.
    #[serde(default)]
    pub forms: Vec<String>,
    /// The properties that give its path below another resource of this kind: that resource, and the part of the path.
    #[serde(default)]
    pub path: Option<(String, String)>,
    /// What attributes give, as forms.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// The event that happens if something is delivered to it; none if it acts.
    #[serde(default)]
    pub arrives: Option<String>,
    /// The name of the one that every account has.
    #[serde(default)]
    pub always: Option<String>,
    /// The property of the resource that it is another name of.
    #[serde(default)]
    pub leads: Option<String>,
    /// What a poller reads of it.
    #[serde(default)]
    pub polled: Option<Polled>,
    /// What a service needs to deliver to it, where that is a permission of the resource.
    #[serde(default)]
    pub delivery: Option<Delivery>,
    /// The readers of documents that apply to it.
    #[serde(default)]
    pub reads: Vec<Reads>,
    /// What rules ask of it.
    #[serde(default)]
    pub facts: BTreeMap<String, FactRow>,
    /// What its properties point to.
    #[serde(default)]
    pub edge: Vec<EdgeRow>,
}

/// What a poller reads of a source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Polled {
    /// The event.
    pub event: String,
    /// The language of the filters, if it has them.
    #[serde(default)]
    pub language: Option<String>,
    /// The actions that whoever polls needs.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What follows the ARN in the resource of such a statement; nothing by default.
    #[serde(default)]
    pub below: String,
}

/// What a service needs to deliver to a resource.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The action that the policy of the resource must allow.
    pub action: String,
    /// The rule that finds that it does not.
    pub rule: String,
}

/// A document within a resource: which reader, where, and what it is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// Which reader.
    pub what: Reader,
    /// The path of the document.
    #[serde(default)]
    pub at: String,
    /// The paths of what it is about, any of which may be there.
    #[serde(default)]
    pub of: Vec<String>,
    /// The text of what it is about, if none of the paths leads to anything.
    #[serde(default)]
    pub of_default: Option<String>,
    /// The types that are expected there.
    #[serde(default)]
    pub expects: Vec<String>,
    /// The service that delivers what the document says, as in edges.
    #[serde(default)]
    pub service: Option<String>,
}

/// The readers of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// A policy of an identity: its statements are rights of what `of` names, or of the resource itself.
    Policy,
    /// A list of inline policies, each with a name and a document.
    Policies,
    /// Managed policies by their ARNs.
    Managed,
    /// A policy that bounds what others give.
    Boundary,
    /// A policy of a resource: permissions on what `of` names.
    ResourcePolicy,
    /// The policy of a role that says who may act with it.
    Trust,
    /// A permission with its parts as properties.
    Permission,
    /// A state machine.
    Machine,
    /// An OpenAPI description.
    Api,
    /// A nested stack.
    Nested,
    /// A value of the Parameter Store.
    Stored,
    /// A custom resource, whose function is invoked by CloudFormation.
    Custom,
}

/// A property that rules ask for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRow {
    /// Its path; several alternatives are tried in order.
    #[serde(default)]
    pub at: OneOrMore,
    /// Its default.
    #[serde(default)]
    pub default: Option<toml::Value>,
    /// What is taken of it.
    #[serde(default, rename = "as")]
    pub takes: Takes,
    /// The types that are expected at what it points to.
    #[serde(default)]
    pub expects: Vec<String>,
    /// The page that gives the default, if the type's does not.
    #[serde(default)]
    pub source: Option<String>,
}

/// A path, or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// None.
    #[default]
    None,
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

impl OneOrMore {
    /// The paths.
    pub fn paths(&self) -> Vec<&str> {
        match self {
            OneOrMore::None => Vec::new(),
            OneOrMore::One(path) => vec![path],
            OneOrMore::More(paths) => paths.iter().map(String::as_str).collect(),
        }
    }
}

/// What is taken of a property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    /// Its number, boolean or text.
    #[default]
    Value,
    /// The resources that it points to.
    Ends,
    /// Whether it is there.
    Present,
    /// How many there are.
    Count,
    /// The sum of the numbers.
    Sum,
    /// The texts of a map by their keys.
    Texts,
}

/// What a property of a type points to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EdgeRow {
    /// What it is.
    #[serde(default)]
    pub kind: Kind,
    /// How the trigger reaches its target: `sync`, `async` or `poll`.
    #[serde(default)]
    pub mode: Option<String>,
    /// Whether its paths begin at the resource, beside the properties: `UpdatePolicy`.
    #[serde(default)]
    pub outside: bool,
    /// The path of the parts that each make an edge. Paths below are within such a part; `^` leads to the properties.
    #[serde(default)]
    pub each: Option<String>,
    /// The path of what must be there (`x`), must not (`!x`), or must have a value (`x=y`): all of them.
    #[serde(default)]
    pub when: Vec<String>,
    /// The path of where it begins; the resource itself by default.
    #[serde(default)]
    pub from: Option<String>,
    /// The text that it begins at if the path leads to nothing.
    #[serde(default)]
    pub from_default: Option<String>,
    /// The types that are expected where it begins, the likely one first.
    #[serde(default)]
    pub from_type: Vec<String>,
    /// The path of where it ends; the resource itself by default.
    #[serde(default)]
    pub to: Option<String>,
    /// The text that it ends at, whatever is written.
    #[serde(default)]
    pub to_default: Option<String>,
    /// The types that are expected where it ends.
    #[serde(default)]
    pub to_type: Vec<String>,
    /// The event; none if it begins whenever the resource acts.
    #[serde(default)]
    pub event: Option<String>,
    /// The path of the text that says which event, and what its values mean.
    #[serde(default)]
    pub events: Option<Events>,
    /// Whether the event is what a poller reads of the source.
    #[serde(default)]
    pub polled: bool,
    /// Which kind of event it takes, where the source has one event of several kinds: the value of the field `kind`.
    #[serde(default)]
    pub of_kind: Option<String>,
    /// Whether it begins at every resource that the text at `from` mentions.
    #[serde(default)]
    pub mentions: bool,
    /// Why it is open whether anything passes.
    #[serde(default)]
    pub undecided: Option<String>,
    /// Fields of the message with the paths of their texts.
    #[serde(default)]
    pub gives: BTreeMap<String, String>,
    /// Fields of the message with the paths of texts: if the first is written, the field begins with one of them.
    #[serde(default)]
    pub begins: BTreeMap<String, Vec<String>>,
    /// What happens at the target, where that is not what its type says: `acts` or an event.
    #[serde(default)]
    pub arrives: Option<String>,
    /// Which messages pass.
    #[serde(default)]
    pub filter: Vec<FilterRow>,
    /// Where the fields are afterwards, by what happens at the target.
    #[serde(default)]
    pub keeps: Vec<Keeps>,
    /// Paths of what replaces the message: a constant, a path, or a template.
    #[serde(default)]
    pub rewritten: Option<Rewritten>,
    /// The service that delivers and needs a permission of the target for it, by the name of its principal. With a role
    /// (`role`) it needs none.
    #[serde(default)]
    pub service: Option<String>,
    /// What happens, in words.
    pub what: String,
    /// What rules ask of it.
    #[serde(default)]
    pub facts: BTreeMap<String, FactRow>,
    /// The paths of roles with whose rights it is made.
    #[serde(default)]
    pub role: Option<String>,
    /// Where the target may be the address of an action of a service: how that is read.
    #[serde(default)]
    pub calls: Option<Called>,
}

/// How an action of a service that a property names is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// The path of the part that names what it is called on.
    pub on: String,
    /// The path of the HTTP method, where an address leaves it open which action it is.
    #[serde(default)]
    pub method: Option<String>,
    /// Whether the action may be written as `SERVICE-ACTION`.
    #[serde(default)]
    pub short: bool,
}

/// What an edge is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An event of one end reaches the other.
    #[default]
    Trigger,
    /// What fails is sent.
    Failure,
    /// One end acts with the rights of the other.
    ActsAs,
    /// One end is told.
    Watches,
}

/// Which event a text names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// The path of the text.
    pub at: String,
    /// The event of each beginning of a text, and the field with what it says besides.
    pub of: BTreeMap<String, String>,
    /// The field that the whole text is the value of, without this prefix.
    #[serde(default)]
    pub field: Option<String>,
    /// What is removed from its beginning.
    #[serde(default)]
    pub strip: String,
}

/// A filter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilterRow {
    /// How it is written.
    pub reads: FilterForm,
    /// Its path.
    #[serde(default)]
    pub at: String,
    /// The language; that of the polled source by default.
    #[serde(default)]
    pub language: Option<String>,
    /// The field that it is about, or below which its fields are.
    #[serde(default)]
    pub field: String,
    /// The path of the text that must have the value `is`.
    #[serde(default)]
    pub scope: Option<Scope>,
    /// The path of the resource that gives the path of a route.
    #[serde(default)]
    pub path: Option<String>,
}

/// The condition of a filter: a property that has a value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The path.
    pub at: String,
    /// The value if nothing is written.
    #[serde(default)]
    pub default: String,
    /// The value that it must have.
    pub is: String,
}

/// How filters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterForm {
    /// A pattern, as a map or as text.
    Pattern,
    /// Several patterns, one of which must fit.
    Patterns,
    /// A list of names with values: prefix and suffix of a field.
    Rules,
    /// A text that the field must have.
    Text,
    /// A text that the field begins with.
    Prefix,
    /// A route: `POST /orders`, or a method, with the resource that gives the path.
    Route,
    /// A language of its own that is not understood: what passes is not known, unless the text is empty.
    Unread,
}

/// Where fields of a message are after an edge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keeps {
    /// What must happen at the target for it to apply; anything by default.
    #[serde(default)]
    pub arrives: Option<String>,
    /// Conditions as in `when`.
    #[serde(default)]
    pub when: Vec<String>,
    /// Old and new paths.
    #[serde(default)]
    pub fields: Vec<(String, String)>,
    /// What is known besides of the message: a pattern of the language `message`.
    #[serde(default)]
    pub gives: Option<toml::Value>,
    /// Fields below which only some exist.
    #[serde(default)]
    pub closed: BTreeMap<String, Vec<String>>,
}

/// Where the paths are of what replaces the content of a message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rewritten {
    /// A constant text.
    #[serde(default)]
    pub input: Option<String>,
    /// A path into the message.
    #[serde(default)]
    pub path: Option<String>,
    /// A template with the paths of what it inserts.
    #[serde(default)]
    pub paths: Option<String>,
    /// The template.
    #[serde(default)]
    pub template: Option<String>,
}

/// What a service is that a permission names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principal {
    /// How it invokes.
    pub mode: String,
    /// The events of its resources.
    #[serde(default)]
    pub events: Vec<String>,
    /// The types of its resources.
    #[serde(default)]
    pub types: Vec<String>,
    /// Whether what makes it invoke is outside of AWS or of every template: a person, a device.
    #[serde(default)]
    pub outside: bool,
    /// The page that says so.
    pub source: String,
}

static TABLE: LazyLock<Result<Table, String>> = LazyLock::new(whole);
static NONE: LazyLock<Table> = LazyLock::new(Table::default);

/// The files of the table as one.
fn whole() -> Result<Table, String> {
    let mut all = Table::default();
    for name in tables::names().filter(|name| name.starts_with("templates/resources")) {
        // The name is from the list of tables.
        let text = tables::table(name).unwrap_or_default();
        let part: Table = toml::from_str(text).map_err(|e| format!("{name}: {e}"))?;
        for (ty, row) in part.types {
            if all.types.insert(ty.clone(), row).is_some() {
                return Err(format!("{name}: another file has `{ty}` too"));
            }
        }
        all.quiet.extend(part.quiet);
        all.principal.extend(part.principal);
        all.read = all.read.max(part.read);
    }
    Ok(all)
}

/// The table. The text is compiled in and read by a test: no part of it depends on a user.
pub fn table() -> &'static Table {
    TABLE.as_ref().unwrap_or(&NONE)
}

/// What is wrong with the text of the table; for a test.
pub fn fault() -> Option<String> {
    TABLE.as_ref().err().cloned()
}

impl Table {
    /// The row of a type. A custom resource of any name has that of custom resources, unless it has its own.
    pub fn row(&self, ty: &str) -> Option<&Row> {
        let custom = || ty.starts_with("Custom::").then(|| self.types.get("AWS::CloudFormation::CustomResource"))?;
        self.types.get(ty).or_else(custom)
    }
}

/// The event that happens at a resource of a type if something is delivered to it; none if it acts.
pub fn arrives(ty: &str) -> Option<&'static str> {
    table().row(ty)?.arrives.as_deref()
}

/// The event that a poller reads of a resource of a type, if one can.
pub fn polled(ty: &str) -> Option<&'static str> {
    Some(table().row(ty)?.polled.as_ref()?.event.as_str())
}

/// The language of the filters of what polls a resource of a type, if one can.
pub fn polled_language(ty: &str) -> Option<&'static str> {
    table().row(ty)?.polled.as_ref()?.language.as_deref()
}
