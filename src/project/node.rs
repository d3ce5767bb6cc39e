//! What an edge of a project can begin or end at.

use super::global::Globals;
use crate::base::{Name, Span};
use crate::model::{Cond, InstanceId};
use crate::template::{Resource, Segment, Text};

/// A resource of a stack, or something that the project only names.
#[derive(Clone, Debug)]
pub struct Node {
    /// The stack that owns it; none for what no stack of the project owns.
    pub stack: Option<usize>,
    /// Its place among the resources of that stack.
    pub at: usize,
    /// The node of the same thing on AWS that comes first: itself, if no other is the same.
    pub one: InstanceId,
    /// Its CloudFormation type, as far as it is known.
    pub ty: Option<Name>,
    /// Its logical id; empty for what no stack owns.
    pub id: Name,
    /// What messages call it.
    pub label: Name,
    /// Where it is named.
    pub span: Span,
    /// When it is there.
    pub condition: Option<Cond>,
    /// Its ARN, comparable across stacks.
    pub arn: Option<Text>,
    /// Its physical name, comparable across stacks.
    pub name: Option<Text>,
}

impl Node {
    /// The node of a resource. Which other is the same is found later.
    pub(super) fn owned(stack: usize, at: usize, resource: &Resource, globals: &Globals) -> Node {
        Node {
            stack: Some(stack),
            at,
            one: InstanceId::default(),
            ty: Some(resource.ty.clone()),
            id: resource.id.clone(),
            label: resource.label.clone(),
            span: resource.span,
            condition: resource.condition.clone(),
            arn: resource.arn.as_ref().map(|arn| globals.of_text(stack, arn)),
            name: resource.name.as_ref().map(|name| globals.of_text(stack, name)),
        }
    }

    /// A node that is many: every resource of a type.
    pub(super) fn many(label: String) -> Node {
        Node {
            stack: None,
            at: 0,
            one: InstanceId::default(),
            ty: None,
            id: Name::from(""),
            label: label.into(),
            span: Span::default(),
            condition: None,
            arn: None,
            name: None,
        }
    }

    /// The node of something that a text names.
    pub(super) fn outside(text: &Text, ty: Option<Name>, span: Span) -> Node {
        let is_arn = text.to_string().starts_with("arn:");
        let label: Name = last_part(text).into();
        Node {
            stack: None,
            at: 0,
            one: InstanceId::default(),
            ty,
            id: Name::from(""),
            label,
            span,
            condition: None,
            arn: is_arn.then(|| text.clone()),
            name: (!is_arn).then(|| text.clone()),
        }
    }
}

/// The end of an ARN, an address or a name, as messages call what it names.
fn last_part(text: &Text) -> String {
    let mut label = String::new();
    for segment in text.segments() {
        if let Segment::Literal(written) = segment {
            match written.rfind([':', '/']) {
                Some(at) => label = written.get(at + 1..).unwrap_or_default().to_string(),
                None => label.push_str(written),
            }
            continue;
        }
        let name = match segment {
            Segment::Import(of) | Segment::Stored(of) => last_part(of),
            Segment::Attribute(name, _) | Segment::Parameter(name) | Segment::Pseudo(name) => {
                // Where stacks are compared, their number comes first.
                name.split_once('/').map_or(&**name, |(_, name)| name).to_string()
            }
            Segment::Unknown(_) => "...".to_string(),
            Segment::Literal(_) => continue,
        };
        let alone = text.segments().len() == 1;
        label.push_str(&if alone { name } else { format!("${{{name}}}") });
    }
    if label.is_empty() { text.to_string() } else { label }
}
