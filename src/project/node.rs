//! What an edge of a project can begin or end at.

use super::global::Globals;
use crate::base::{Name, Span};
use crate::model::{Cond, InstanceId};
use crate::template::{Resource, Text};

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
        let written = text.to_string();
        let is_arn = written.starts_with("arn:");
        let label: Name = written.rsplit([':', '/']).next().filter(|l| !l.is_empty()).unwrap_or(&written).into();
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
