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
use crate::flow::{Flow, FlowGraph, Port};
use identity::Identities;

/// The event that any use of a declaration is.
const TOUCHED: &str = "touched";

/// The flows of a stack.
pub(super) struct Flows {
    graph: FlowGraph,
    identities: Identities,
}

/// Finds the flows of a graph.
pub fn flows(graph: &Graph) -> FlowGraph {
    let identities = Identities::of(&graph.world);
    let mut flows = Flows { graph: FlowGraph::default(), identities };
    for edge in &graph.edges {
        match edge.kind {
            EdgeKind::Capability => edges::capability(&mut flows, graph, edge),
            EdgeKind::Trigger(_) => edges::trigger(&mut flows, graph, edge),
        }
    }
    hops::properties(&mut flows, graph);
    rights::rights(&mut flows, graph);
    outside::outside(&mut flows, graph);
    flows.graph
}

impl Flows {
    /// Adds a flow. Declarations that are one thing on AWS share their ports.
    fn add(&mut self, from: Port, to: Port, flow: Flow) {
        let (from, to) = (self.one(from), self.one(to));
        self.graph.add(from, to, flow);
    }

    fn one(&self, port: Port) -> Port {
        match port {
            Port::Acts(id) => Port::Acts(self.identities.of_instance(id)),
            Port::Event(id, event) => Port::Event(self.identities.of_instance(id), event),
        }
    }
}
