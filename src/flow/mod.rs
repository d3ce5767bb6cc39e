//! What causes what, over any number of hops, and what that says: ports, the flows between them, filters and loops.
//!
//! Every node (an instance of a kind, a resource of a template) has a port where it *acts* (it runs, and does what it can)
//! and one for each of its *events*. Whoever knows the nodes fills a [`FlowGraph`]; this layer knows neither kinds nor
//! resource types.

pub mod filter;
mod loops;
mod report;

use crate::base::{Name, Span};
use crate::model::{Cond, InstanceId};
use filter::Filter;
pub use loops::{Loop, Loops, Permits, Proof, is_of_loop, rule};
use petgraph::graph::{DiGraph, NodeIndex};
pub use report::{Help, IN_DECLARATIONS, IN_TEMPLATES, hops, looped};
use rustc_hash::FxHashMap;

/// A place of an instance that something flows through. Declarations that are one thing on AWS share their ports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Port {
    /// It runs and does what it can.
    Acts(InstanceId),
    /// One of its events happens.
    Event(InstanceId, Name),
}

impl Port {
    /// The instance it is of.
    pub fn instance(&self) -> InstanceId {
        match self {
            Port::Acts(id) | Port::Event(id, _) => *id,
        }
    }
}

/// A flow from one port to another.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Where it begins, as declared.
    pub from: InstanceId,
    /// Where it ends, as declared.
    pub to: InstanceId,
    /// The line that it follows from.
    pub span: Span,
    /// What happens, in words: "can write", "triggers".
    pub what: String,
    /// Which messages go through it.
    pub takes: Filter,
    /// Where the fields of a message are afterwards: old and new path. Others are lost.
    pub keeps: Vec<(String, String)>,
    /// What is known besides of the message that comes out.
    pub gives: Filter,
    /// What is declared of that message besides, and not enforced by AWS.
    pub promises: Vec<Promise>,
    /// Why it cannot be decided whether anything goes through it.
    pub undecided: Option<String>,
    /// When it is there.
    pub condition: Option<Cond>,
    /// What one does about it.
    pub hop: Hop,
}

/// What a flow is to whoever looks for the line to change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hop {
    /// Something acts with the rights of a role.
    ActsAs,
    /// A statement of a policy lets it send.
    Allowed,
    /// A line makes it send: a destination, a task, a log group.
    Sends,
    /// It follows from what happened before: a trigger, a delivery, the log that a service writes by itself.
    #[default]
    Follows,
}

/// What a line declares of messages: nothing on AWS enforces it.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The line.
    pub at: Span,
    /// What it says of the message.
    pub content: Filter,
    /// Who makes it.
    pub by: Promiser,
}

/// Who declares what messages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promiser {
    /// Who sends them.
    Sender,
    /// The type that what carries them declares.
    Type,
}

/// Ports and the flows between them.
#[derive(Default)]
pub struct FlowGraph {
    /// Ports and flows.
    pub graph: DiGraph<Port, Flow>,
    nodes: FxHashMap<Port, NodeIndex>,
}

impl Flow {
    /// A flow that lets everything through and about which nothing else is known.
    pub fn new(from: InstanceId, to: InstanceId, span: Span, what: impl Into<String>) -> Flow {
        Flow {
            from,
            to,
            span,
            what: what.into(),
            takes: Filter::any(),
            keeps: Vec::new(),
            gives: Filter::any(),
            promises: Vec::new(),
            undecided: None,
            condition: None,
            hop: Hop::default(),
        }
    }
}

impl FlowGraph {
    /// Adds a flow between two ports.
    pub fn add(&mut self, from: Port, to: Port, flow: Flow) {
        let (from, to) = (self.node(from), self.node(to));
        self.graph.add_edge(from, to, flow);
    }

    /// The ports that are events.
    pub fn events(&self) -> impl Iterator<Item = &Port> {
        self.graph.node_weights().filter(|port| matches!(port, Port::Event(..)))
    }

    fn node(&mut self, port: Port) -> NodeIndex {
        let graph = &mut self.graph;
        *self.nodes.entry(port).or_insert_with_key(|port| graph.add_node(port.clone()))
    }
}
