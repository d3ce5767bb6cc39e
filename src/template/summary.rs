//! What a stack leaves behind for the analysis of its project: its resources, what triggers what, who may do what, and
//! what could not be read. Templates, trees and evaluated worlds can be dropped once it is made.

use super::text::Text;
use crate::base::{Diagnostic, Name, Span};
use crate::flow::filter::Filter;
use crate::model::{Cond, Mode};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The summary of a stack.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The name of the stack: that of its template, or the one under which it is deployed where that is known.
    pub name: Name,
    /// Whether it is of a program: its places are lines of that, and not of a template.
    pub declared: bool,
    /// Its resources that the table knows, and those that something here points to.
    pub resources: Vec<Resource>,
    /// What triggers what, and where what fails goes.
    pub edges: Vec<Edge>,
    /// Every statement of a policy, by who has it.
    pub rights: Vec<Right>,
    /// Every statement of a permission boundary, by whom it bounds.
    pub bounds: Vec<Right>,
    /// Every permission that a resource policy gives to a service or an account.
    pub permissions: Vec<Permission>,
    /// Who may act with which role.
    pub trusts: Vec<Permission>,
    /// What could not be read, each once.
    pub opaque: Vec<Opaque>,
    /// The exported values.
    pub exports: Vec<Shared>,
    /// The outputs by their names, for the stack that nests this one.
    pub outputs: Vec<Shared>,
    /// Parameters with the value that is known of each (its default, or what the stack that nests this one passes).
    pub parameters: Vec<Shared>,
    /// Values of the Parameter Store that it writes: the name of the value, and the value.
    pub stored: Vec<Stored>,
    /// Stacks that it nests: the logical id, the file, and what is passed as parameters.
    pub nested: Vec<Nested>,
    /// What is permitted: the rule, why, and the region of the text for which it holds.
    pub allowed: Vec<Allowed>,
    /// Mistakes of the template itself.
    pub findings: Vec<Diagnostic>,
}

/// A resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its logical id. What SAM makes of an event or of nothing has the id that SAM gives it.
    pub id: Name,
    /// Its CloudFormation type. A resource of SAM has the type of what it becomes.
    pub ty: Name,
    /// What messages call it: the logical id, or the declaration of a Purlin program.
    pub label: Name,
    /// Where it is named.
    pub span: Span,
    /// When it is there.
    pub condition: Option<Cond>,
    /// Its physical name, if the template gives one.
    pub name: Option<Text>,
    /// Its ARN as built from that name; none if CloudFormation makes the name.
    pub arn: Option<Text>,
    /// Whether it is managed elsewhere: an `existing` declaration, or something only pointed to.
    pub elsewhere: bool,
    /// What rules ask of it, by the names that the table of resource types gives (`timeout`, `visibility`, ...).
    pub facts: BTreeMap<Name, Fact>,
}

/// A property that rules ask for.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its value.
    pub value: FactValue,
    /// Where it is written; the resource's name where it is a default.
    pub span: Span,
    /// Whether it is written, and not a default of CloudFormation.
    pub written: bool,
}

/// The value of a property that rules ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// A number, in the unit of CloudFormation.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// A text, known in part.
    Text(Text),
    /// Other resources.
    Ends(Vec<End>),
    /// Texts by name, each with its place.
    Texts(Vec<(Name, Text, Span)>),
    /// Not known before deployment.
    Unknown,
}

/// One end of an edge.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// A resource of this stack, by its place in [`Summary::resources`].
    Own(usize),
    /// What a text names: an ARN, a name or an address, and the resource type that is expected there, if one is.
    Named(Text, Option<Name>),
}

/// How a trigger reaches its target, or what else an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// An event of one end reaches the other.
    Trigger(Mode),
    /// What fails at one end is sent to the other.
    Failure,
    /// One end acts with the rights of the other: a function with its role.
    ActsAs,
    /// One end is told that something happened to the other, without its content: an alarm, a log.
    Watches,
}

/// An edge.
#[derive(Clone, Debug)]
pub struct Edge {
    /// What it is.
    pub kind: EdgeKind,
    /// Where it begins: the source of events.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// The event of `from`; none if it begins whenever `from` acts.
    pub event: Option<Name>,
    /// What happens at `to`: one of its events, or none if it acts.
    pub arrives: Option<Name>,
    /// Which messages pass.
    pub takes: Filter,
    /// Filters whose language is that of the source, of which only the stack that owns it knows the type.
    pub unread: Vec<Json>,
    /// Where the fields of a message are afterwards.
    pub keeps: Vec<(String, String)>,
    /// What is known besides of what arrives.
    pub gives: Filter,
    /// Why it cannot be decided whether anything passes.
    pub undecided: Option<String>,
    /// When it is there.
    pub condition: Option<Cond>,
    /// The line to change.
    pub span: Span,
    /// Other lines that it follows from, with what each says.
    pub also: Vec<(Span, String)>,
    /// What happens, in words: "triggers", "delivers to", "sends what fails to".
    pub what: Name,
    /// What rules ask of it: `batch`, `window`, `retries`, ...
    pub facts: BTreeMap<Name, Fact>,
}

/// A statement of a policy.
#[derive(Clone, Debug)]
pub struct Right {
    /// Who has it: a role, user or group, or what SAM gives a role of its own.
    pub actor: End,
    /// Whether it denies.
    pub deny: bool,
    /// The actions, as written.
    pub actions: Vec<Name>,
    /// Whether these are the actions that it does not speak of.
    pub not_actions: bool,
    /// The resources.
    pub resources: Vec<Text>,
    /// Whether these are the resources that it does not speak of.
    pub not_resources: bool,
    /// Its conditions: the operator, the key and the values.
    pub conditions: Vec<(Name, Name, Vec<Text>)>,
    /// How it is known.
    pub standing: Standing,
    /// When it is there.
    pub condition: Option<Cond>,
    /// Where it is written.
    pub span: Span,
    /// What a state machine calls with it: the only uses of it that are made. None: any.
    pub only: Option<Vec<Call>>,
}

/// Something that a definition of a state machine, a pipe or a schedule calls.
#[derive(Clone, Debug)]
pub struct Call {
    /// The action of IAM that it takes.
    pub action: Name,
    /// What it is called on, if that is written.
    pub target: Option<End>,
    /// Where it is written.
    pub span: Span,
}

/// How a right is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// The template states it.
    Written,
    /// A policy of SAM's templates, by its name.
    SamPolicy(Name),
    /// SAM adds it without being asked.
    Added,
    /// A policy that AWS manages, by its name.
    Managed(Name),
}

/// A permission of a resource policy.
#[derive(Clone, Debug)]
pub struct Permission {
    /// The resource whose policy it is.
    pub on: End,
    /// The service principals, account ids or ARNs that have it; `*` is anyone.
    pub principals: Vec<Text>,
    /// The actions.
    pub actions: Vec<Name>,
    /// The ARN that the request must come from, if one is demanded.
    pub source: Option<Text>,
    /// Whether it denies.
    pub deny: bool,
    /// When it is there.
    pub condition: Option<Cond>,
    /// Where it is written.
    pub span: Span,
}

/// Something that could not be read.
#[derive(Clone, Debug)]
pub struct Opaque {
    /// What it is about: the resource that may do or cause more than is known.
    pub at: End,
    /// What may be missing.
    pub may: May,
    /// Why, as part of a sentence: "the policy `arn:...` is not known".
    pub why: String,
    /// Where.
    pub span: Span,
}

/// What may be missing where something could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// It may do anything.
    Act,
    /// Anything may trigger it.
    BeTriggered,
    /// Its events may go anywhere.
    Trigger,
}

/// A value under a name.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The name.
    pub name: Text,
    /// The value; none for a parameter without a known one.
    pub value: Option<Text>,
    /// Where it is written.
    pub span: Span,
}

/// A value in the Parameter Store.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its name there.
    pub name: Text,
    /// The value.
    pub value: Text,
    /// Where it is written.
    pub span: Span,
}

/// A nested stack.
#[derive(Clone, Debug)]
pub struct Nested {
    /// Its logical id.
    pub id: Name,
    /// The file of its template, as written; none if it is not in the neighbourhood.
    pub file: Option<Name>,
    /// What is passed to it.
    pub parameters: Vec<Shared>,
    /// Where it is written.
    pub span: Span,
}

/// A permitted finding.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The rule.
    pub rule: Name,
    /// Why.
    pub reason: Name,
    /// The last day on which it holds, if one is given.
    pub until: Option<Name>,
    /// What ends a loop that it permits, if it is said.
    pub ends: Option<Name>,
    /// For which part of the text.
    pub region: Span,
    /// Where it is written.
    pub span: Span,
}
