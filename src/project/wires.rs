//! The graph of a project as it is drawn: triggers, what failures are sent to, and what each function may do, without the
//! roles between.

use super::flows::roles;
use super::{Project, rights};
use crate::base::{Name, Span};
use crate::flow::FlowGraph;
use crate::model::{InstanceId, Mode};
use crate::template::EdgeKind;

/// A line of the drawn graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// Where it begins.
    pub from: InstanceId,
    /// Where it ends.
    pub to: InstanceId,
    /// How a trigger reaches its target; none for a right and for failures.
    pub mode: Option<Mode>,
    /// Whether it is a right, and not something that happens by itself.
    pub right: bool,
    /// The event, or what may be done.
    pub label: Name,
    /// Where it is written.
    pub span: Span,
}

impl Project {
    /// The lines of a stack, each once.
    pub fn wires(&self, stack: usize) -> Vec<Wire> {
        let mut wires: Vec<Wire> = Vec::new();
        for edge in self.stacks.get(stack).into_iter().flat_map(|s| &s.edges) {
            let (Some(from), Some(to)) = (self.node_of(stack, &edge.from), self.node_of(stack, &edge.to)) else { continue };
            let (mode, label) = match edge.kind {
                EdgeKind::Trigger(mode) => (Some(mode), edge.event.clone().unwrap_or_else(|| edge.what.clone())),
                EdgeKind::Failure => (None, edge.what.clone()),
                EdgeKind::ActsAs | EdgeKind::Watches => continue,
            };
            // What CloudFormation makes for a resource, as the log group of a function, is no line unless something is there.
            let by_default = |node: &super::Node| node.span == edge.span;
            if self.node(to).is_some_and(|to| to.stack.is_none()) && self.node(from).is_some_and(by_default) {
                continue;
            }
            wires.push(Wire { from, to, mode, right: false, label, span: edge.span });
        }
        let mut graph = FlowGraph::default();
        rights::add(self, &mut graph);
        let roles = roles(self);
        for flow in graph.graph.edge_weights() {
            let Some(action) = flow.what.strip_prefix("can ") else { continue };
            let actors = roles.get(&flow.from).map(|actors| actors.iter().copied().collect()).unwrap_or_else(|| vec![flow.from]);
            let of_stack = |id: &InstanceId| self.node(*id).is_some_and(|node| node.stack == Some(stack));
            let label = Name::from(action.trim_end_matches(" on"));
            for from in actors.into_iter().filter(of_stack) {
                wires.push(Wire { from, to: flow.to, mode: None, right: true, label: label.clone(), span: flow.span });
            }
        }
        let key = |w: &Wire| (w.from.0, w.to.0, w.right, w.label.clone(), w.span);
        wires.sort_by_key(key);
        wires.dedup_by_key(|w| key(w));
        wires
    }
}
