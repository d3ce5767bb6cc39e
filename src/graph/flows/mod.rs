//! What causes what, over any number of hops: ports of instances and the flows between them.
//!
//! Every instance has a port where it *acts* (it runs, and does what it can) and one for each of its *events*. A
//! capability leads from where its actor acts to the events that its verb causes; a trigger leads from an event to where
//! its target acts, or to the event that it delivers there. Properties lead on too: a dead-letter queue, a log. Kinds
//! say so with the attributes that `docs/kinds.md` lists. The graph of ports is as large as the source.

mod edges;
mod hops;
mod identity;
mod outside;
pub mod read;
mod rights;

use super::edge::{EdgeKind, Graph};
use super::filter::Filter;
use crate::base::{Name, Span};
use crate::model::{Cond, InstanceId};
use identity::Identities;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;

/// The event that any use of a declaration is.
const TOUCHED: &str = "touched";

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
    /// Whether what it gives is only declared: AWS does not enforce it.
    pub declared: bool,
    /// Why it cannot be decided whether anything goes through it.
    pub undecided: Option<String>,
    /// When it is there.
    pub condition: Option<Cond>,
}

/// The flows of a stack.
pub struct Flows {
    /// Ports and flows.
    pub graph: DiGraph<Port, Flow>,
    nodes: FxHashMap<Port, NodeIndex>,
    identities: Identities,
}

impl Flow {
    fn new(from: InstanceId, to: InstanceId, span: Span, what: impl Into<String>) -> Flow {
        Flow {
            from,
            to,
            span,
            what: what.into(),
            takes: Filter::any(),
            keeps: Vec::new(),
            gives: Filter::any(),
            declared: false,
            undecided: None,
            condition: None,
        }
    }
}

/// Finds the flows of a graph.
pub fn flows(graph: &Graph) -> Flows {
    let identities = Identities::of(&graph.world);
    let mut flows = Flows { graph: DiGraph::new(), nodes: FxHashMap::default(), identities };
    for edge in &graph.edges {
        match edge.kind {
            EdgeKind::Capability => edges::capability(&mut flows, graph, edge),
            EdgeKind::Trigger(_) => edges::trigger(&mut flows, graph, edge),
        }
    }
    hops::properties(&mut flows, graph);
    rights::rights(&mut flows, graph);
    outside::outside(&mut flows, graph);
    flows
}

impl Flows {
    fn node(&mut self, port: Port) -> NodeIndex {
        let port = match port {
            Port::Acts(id) => Port::Acts(self.identities.of_instance(id)),
            Port::Event(id, event) => Port::Event(self.identities.of_instance(id), event),
        };
        let graph = &mut self.graph;
        *self.nodes.entry(port).or_insert_with_key(|port| graph.add_node(port.clone()))
    }

    fn add(&mut self, from: Port, to: Port, flow: Flow) {
        let (from, to) = (self.node(from), self.node(to));
        self.graph.add_edge(from, to, flow);
    }
}
