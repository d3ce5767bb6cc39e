//! What rules ask of a project: its edges with both ends as nodes, and the facts of each node.

use super::Project;
use crate::base::{Name, Span};
use crate::model::{InstanceId, Mode};
use crate::template::{Edge, EdgeKind, Fact, FactValue};
use rustc_hash::FxHashMap;

/// An edge with the nodes of its ends.
#[derive(Clone, Copy, Debug)]
pub struct Wire<'p> {
    /// The stack in which it is written.
    pub stack: usize,
    /// The edge.
    pub edge: &'p Edge,
    /// Where it begins.
    pub from: InstanceId,
    /// Where it ends.
    pub to: InstanceId,
}

/// All edges of a project, by their ends.
#[derive(Default)]
pub struct Wires<'p> {
    all: Vec<Wire<'p>>,
    leaving: FxHashMap<InstanceId, Vec<usize>>,
    arriving: FxHashMap<InstanceId, Vec<usize>>,
}

impl<'p> Wires<'p> {
    /// The edges of a project.
    pub(super) fn of(project: &'p Project) -> Wires<'p> {
        let mut wires = Wires::default();
        for (stack, summary) in project.stacks.iter().enumerate() {
            for edge in &summary.edges {
                let (Some(from), Some(to)) = (project.node_of(stack, &edge.from), project.node_of(stack, &edge.to)) else { continue };
                wires.leaving.entry(from).or_default().push(wires.all.len());
                wires.arriving.entry(to).or_default().push(wires.all.len());
                wires.all.push(Wire { stack, edge, from, to });
            }
        }
        wires
    }

    /// All of them, in the order of the texts.
    pub fn all(&self) -> impl Iterator<Item = Wire<'p>> + '_ {
        self.all.iter().copied()
    }

    /// Those that begin at a node.
    pub fn leaving(&self, node: InstanceId) -> impl Iterator<Item = Wire<'p>> + '_ {
        self.leaving.get(&node).into_iter().flatten().filter_map(|at| self.all.get(*at).copied())
    }

    /// Those that end at a node.
    pub fn arriving(&self, node: InstanceId) -> impl Iterator<Item = Wire<'p>> + '_ {
        self.arriving.get(&node).into_iter().flatten().filter_map(|at| self.all.get(*at).copied())
    }
}

impl Wire<'_> {
    /// Whether an event of one end reaches the other in some way.
    pub fn triggers(&self, mode: Mode) -> bool {
        self.edge.kind == EdgeKind::Trigger(mode)
    }

    /// A number that rules ask of the edge.
    pub fn number(&self, name: &str) -> Option<f64> {
        number(self.edge.facts.get(name)?)
    }
}

impl Project {
    /// The nodes that stacks of the project own, each thing on AWS once.
    pub fn owned(&self) -> impl Iterator<Item = InstanceId> + '_ {
        let ids = self.nodes.iter().enumerate().filter(|(at, node)| node.stack.is_some() && node.one.0 as usize == *at);
        ids.map(|(_, node)| node.one)
    }

    /// What rules ask of a node, under the name that the table of resource types gives it.
    pub fn fact(&self, node: InstanceId, name: &str) -> Option<&Fact> {
        self.resource(node)?.facts.get(name)
    }

    /// A number that is known.
    pub fn number(&self, node: InstanceId, name: &str) -> Option<f64> {
        number(self.fact(node, name)?)
    }

    /// A boolean that is known.
    pub fn flag(&self, node: InstanceId, name: &str) -> Option<bool> {
        match &self.fact(node, name)?.value {
            FactValue::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A text that is known.
    pub fn word(&self, node: InstanceId, name: &str) -> Option<&str> {
        match &self.fact(node, name)?.value {
            FactValue::Text(text) => text.as_literal(),
            _ => None,
        }
    }

    /// The nodes that a property names.
    pub fn named(&self, node: InstanceId, name: &str) -> Vec<InstanceId> {
        let stack = self.node(node).and_then(|n| n.stack);
        match (self.fact(node, name).map(|f| &f.value), stack) {
            (Some(FactValue::Ends(ends)), Some(stack)) => ends.iter().filter_map(|end| self.node_of(stack, end)).collect(),
            _ => Vec::new(),
        }
    }

    /// Where a property is written; where the node is named if it is not.
    pub fn place(&self, node: InstanceId, name: &str) -> Span {
        self.fact(node, name).map(|f| f.span).or_else(|| Some(self.node(node)?.span)).unwrap_or_default()
    }

    /// The type of a node, if it is known.
    pub fn type_of(&self, node: InstanceId) -> Option<&Name> {
        self.node(node)?.ty.as_ref()
    }
}

fn number(fact: &Fact) -> Option<f64> {
    match &fact.value {
        FactValue::Number(n) => Some(*n),
        _ => None,
    }
}
