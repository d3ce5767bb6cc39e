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

use super::carried::Carried;
use super::edge::{EdgeKind, Graph};
use crate::base::Name;
use crate::flow::{Flow, FlowGraph, Port, Promise};
use crate::model::InstanceId;
use crate::types::World;
use identity::Identities;
use rustc_hash::FxHashMap;

/// The event that any use of a declaration is.
const TOUCHED: &str = "touched";

/// The flows of a stack.
pub(super) struct Flows<'w> {
    graph: FlowGraph,
    identities: Identities,
    world: &'w World,
    /// What the type of the messages of an event promises.
    promises: FxHashMap<(InstanceId, Name), Option<Promise>>,
}

/// Finds the flows of a graph.
pub fn flows(graph: &Graph) -> FlowGraph {
    let identities = Identities::of(&graph.world);
    let mut flows = Flows { graph: FlowGraph::default(), identities, world: &graph.world, promises: FxHashMap::default() };
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

impl Flows<'_> {
    /// Adds a flow. Declarations that are one thing on AWS share their ports.
    fn add(&mut self, from: Port, to: Port, mut flow: Flow) {
        if let Port::Event(id, event) = &to {
            let world = self.world;
            let promise = self.promises.entry((*id, event.clone()));
            let promise = promise.or_insert_with(|| Carried::of(world, *id, event).map(|carried| carried.promise()));
            flow.promises.extend(promise.clone());
        }
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
