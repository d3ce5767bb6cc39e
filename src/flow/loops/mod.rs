//! Loops of the event graph: a declaration that triggers itself, over any number of hops, each with its certainty.
//!
//! Ports that can reach each other are taken together. Within them, messages are followed from actor to actor
//! ([`segments`]), and the shortest cycles of those are found ([`cycles`]): the certain ones first, then those that could
//! not be decided, then those that only a declaration excludes. What is found is removed, and looked for again: nothing
//! hides anything else. Knows no service.

mod cycles;
mod segments;

use super::{Flow, FlowGraph, Hop, Port};
use crate::base::Span;
use crate::model::{Cond, InstanceId};
use cycles::Cycles;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use rustc_hash::FxHashSet;
pub use segments::Proof;
use segments::{Segment, Walk};

/// The most flows that are followed in one component, and the most loops that are reported of it.
const MOST_STEPS: usize = 400_000;
const MOST_LOOPS: usize = 200;

/// Whether something at a line permits what a rule says of it.
pub type Permits<'p> = &'p dyn Fn(Span, &str) -> bool;

/// A loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Its flows, one after the other, from where something acts.
    pub flows: Vec<EdgeIndex>,
    /// How certain it is.
    pub proof: Proof,
}

/// The loops of a graph.
pub struct Loops {
    /// What flows.
    pub flows: FlowGraph,
    /// The loops, the certain ones of a component first.
    pub found: Vec<Loop>,
    /// A declaration of each component that is too large to be searched whole.
    pub cut_short: Vec<InstanceId>,
}

/// The name under which an `@allow` permits a loop.
pub fn rule(proof: &Proof) -> &'static str {
    match proof {
        Proof::Certain => "event-loop",
        Proof::Undecided(..) => "loop-not-proved",
        Proof::Declared(..) => "loop-only-declared",
    }
}

/// Whether a rule reports loops.
pub fn is_of_loop(rule: &str) -> bool {
    ["event-loop", "loop-not-proved", "loop-only-declared"].contains(&rule)
}

impl Loops {
    /// Finds the loops of some flows.
    pub fn of(flows: FlowGraph, permits: Permits<'_>) -> Loops {
        let mut loops = Loops { flows, found: Vec::new(), cut_short: Vec::new() };
        for component in tarjan_scc(&loops.flows.graph) {
            let members: FxHashSet<NodeIndex> = component.iter().copied().collect();
            let alone = component.len() == 1;
            if alone && !component.iter().any(|n| loops.flows.graph.contains_edge(*n, *n)) {
                continue;
            }
            loops.component(permits, &members);
        }
        loops
    }

    /// The declarations on loops that an `@allow` permits.
    pub fn allowed(&self, permits: Permits<'_>) -> FxHashSet<InstanceId> {
        let permitted =
            self.found.iter().filter(|l| matches!(l.proof, Proof::Certain) && l.flows.iter().any(|f| self.permits(permits, *f, &l.proof)));
        let flows = permitted.flat_map(|l| &l.flows).filter_map(|f| self.flows.graph.edge_weight(*f));
        flows.flat_map(|f| [f.from, f.to]).collect()
    }

    fn component(&mut self, permits: Permits<'_>, members: &FxHashSet<NodeIndex>) {
        let stops = stops(&self.flows.graph, members);
        let mut walk = Walk { graph: &self.flows.graph, members, stops: &stops, budget: MOST_STEPS, found: Vec::new() };
        let mut starts: Vec<NodeIndex> = stops.iter().copied().collect();
        starts.sort_unstable();
        starts.iter().for_each(|start| walk.from(*start));
        let (segments, mut whole) = (walk.found, walk.budget > 0);
        let found = self.search(permits, &segments, &mut whole);
        self.found.extend(found);
        if !whole && let Some(port) = starts.first().and_then(|n| self.flows.graph.node_weight(*n)) {
            self.cut_short.push(port.instance());
        }
    }

    /// The loops that segments make, by falling certainty.
    fn search(&self, permits: Permits<'_>, segments: &[Segment], whole: &mut bool) -> Vec<Loop> {
        let conditions: Vec<Vec<&Cond>> = segments.iter().map(|s| self.conditions(&s.path)).collect();
        let mut cycles = Cycles { segments, conditions: &conditions, budget: MOST_STEPS };
        let mut removed = vec![false; segments.len()];
        let mut found = Vec::new();
        for level in 0..=2u8 {
            loop {
                let left = |at: usize| removed.get(at) == Some(&false) && segments.get(at).is_some_and(|s| order(&s.proof) <= level);
                let Some(cycle) = cycles.shortest(&left).filter(|_| found.len() < MOST_LOOPS) else { break };
                let one = self.looped(segments, &cycle);
                self.remove(permits, segments, &one, &cycle, &mut removed);
                found.push(one);
            }
        }
        *whole &= cycles.budget > 0 && found.len() < MOST_LOOPS;
        found
    }

    fn looped(&self, segments: &[Segment], cycle: &[usize]) -> Loop {
        let parts: Vec<&Segment> = cycle.iter().filter_map(|at| segments.get(*at)).collect();
        let mut flows: Vec<EdgeIndex> = parts.iter().flat_map(|s| s.path.iter().copied()).collect();
        // It begins where something acts: that is where one would change it.
        let begins = |e: &EdgeIndex| self.flows.graph.edge_endpoints(*e).is_some_and(|(from, _)| self.acts(from));
        if let Some(at) = flows.iter().position(begins) {
            flows.rotate_left(at);
        }
        let proof = parts.iter().map(|s| &s.proof).max_by_key(|p| order(p)).cloned().unwrap_or(Proof::Certain);
        Loop { flows, proof }
    }

    /// Takes out what a loop is found by: the first line that an `@allow` permits, so that another loop through the same
    /// declaration is found too; otherwise the line that makes it uncertain, or the one that it begins with.
    fn remove(&self, permits: Permits<'_>, segments: &[Segment], found: &Loop, cycle: &[usize], removed: &mut [bool]) {
        let permitted = found.flows.iter().copied().filter(|f| self.permits(permits, *f, &found.proof));
        let permitted: Vec<EdgeIndex> = permitted.take(1).collect();
        // Whoever acts with a role has all its rights from one line: the line to remove is that of a right.
        let acts_as = |f: &EdgeIndex| self.flows.graph.edge_weight(*f).is_some_and(|flow| flow.hop == Hop::ActsAs);
        let first: Vec<EdgeIndex> = found.flows.iter().copied().filter(|f| !acts_as(f)).take(1).collect();
        let gone = |segment: &Segment| match &found.proof {
            _ if !permitted.is_empty() => segment.path.iter().any(|f| permitted.contains(f)),
            Proof::Certain => segment.path.iter().any(|f| first.contains(f)),
            Proof::Undecided(_, at) => matches!(&segment.proof, Proof::Undecided(_, other) if other == at),
            Proof::Declared(at, ..) => matches!(&segment.proof, Proof::Declared(other, ..) if other == at),
        };
        for (at, segment) in segments.iter().enumerate() {
            if let Some(slot) = removed.get_mut(at) {
                *slot |= gone(segment);
            }
        }
        // Whatever the reason, this cycle is not found again.
        if !cycle.iter().any(|at| removed.get(*at) == Some(&true))
            && let Some(slot) = cycle.first().and_then(|at| removed.get_mut(*at))
        {
            *slot = true;
        }
    }

    /// Whether an `@allow` at the line of a flow permits a loop.
    fn permits(&self, permits: Permits<'_>, flow: EdgeIndex, proof: &Proof) -> bool {
        let Some(span) = self.flows.graph.edge_weight(flow).map(|f| f.span) else { return false };
        permits(span, rule(proof))
    }

    fn conditions(&self, path: &[EdgeIndex]) -> Vec<&Cond> {
        path.iter().filter_map(|e| self.flows.graph.edge_weight(*e)?.condition.as_ref()).collect()
    }

    fn acts(&self, port: NodeIndex) -> bool {
        matches!(self.flows.graph.node_weight(port), Some(Port::Acts(_)))
    }
}

fn order(proof: &Proof) -> u8 {
    match proof {
        Proof::Certain => 0,
        Proof::Undecided(..) => 1,
        Proof::Declared(..) => 2,
    }
}

/// Where messages are followed from and to: where something acts, and one port of every circle of events alone.
fn stops(graph: &DiGraph<Port, Flow>, members: &FxHashSet<NodeIndex>) -> FxHashSet<NodeIndex> {
    let mut stops: FxHashSet<NodeIndex> =
        members.iter().copied().filter(|n| matches!(graph.node_weight(*n), Some(Port::Acts(_)))).collect();
    loop {
        let events = graph.filter_map(|n, _| (members.contains(&n) && !stops.contains(&n)).then_some(n), |_, _| Some(()));
        let circle = tarjan_scc(&events).into_iter().find(|c| c.len() > 1 || c.iter().any(|n| events.contains_edge(*n, *n)));
        let Some(port) = circle.and_then(|c| c.iter().filter_map(|n| events.node_weight(*n).copied()).min()) else { break };
        stops.insert(port);
    }
    stops
}
