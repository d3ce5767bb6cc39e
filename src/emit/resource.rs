//! A CloudFormation resource before it is JSON.

use crate::base::{FxIndexMap, Name, Span};
use crate::model::{Cond, InstanceId, Value};

/// A resource of the template.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its logical id.
    pub id: Name,
    /// Its CloudFormation type.
    pub ty: Name,
    /// Its properties.
    pub properties: FxIndexMap<Name, Value>,
    /// The logical ids of what must exist before it.
    pub after: Vec<Name>,
    /// When it is there.
    pub condition: Option<Cond>,
    /// What becomes of it when it leaves the stack.
    pub deletion: Option<super::deletion::Deletion>,
    /// Whether it is there only if something was appended to it.
    pub on_demand: bool,
    /// The resources by whose content its logical id changes.
    pub hashed: Option<Vec<Name>>,
    /// The deploy-time values that it follows.
    pub stamped: Option<super::stamp::Stamp>,
    /// The service that acts with it, if it is a role.
    pub principal: bool,
    /// The declaration it is of.
    pub owner: InstanceId,
    /// The line that asked for it.
    pub span: Span,
    /// What lines of the program add to it.
    pub asked: Vec<Asked>,
}

/// An element that a line of the program adds to a list of a resource, or a resource that it waits for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path of the list; empty for what it waits for.
    pub path: Vec<Name>,
    /// The element.
    pub value: Value,
    /// The line.
    pub span: Span,
}

impl Statement {
    /// Its resources as texts, for people.
    pub fn resource_texts(&self) -> Vec<String> {
        self.resources.iter().map(|r| r.as_str().map_or_else(|| r.to_string(), str::to_string)).collect()
    }
}

/// A statement of a role's policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The actions.
    pub actions: Vec<Name>,
    /// The resources.
    pub resources: Vec<Value>,
    /// The IAM condition.
    pub condition: Option<Value>,
    /// The lines that asked for it.
    pub spans: Vec<Span>,
    /// When it holds.
    pub when: Option<Cond>,
}
