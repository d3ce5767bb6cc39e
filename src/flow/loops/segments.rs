//! From where something acts to where something acts next: what can pass, followed message by message.
//!
//! A segment begins with what an actor sends, and ends where the next one acts: what that sends is a message of its own.
//! On the way each filter is compared with all that is known of the message so far.

use crate::base::Span;
use crate::flow::filter::{Filter, Verdict};
use crate::flow::{Flow, Port, Promise, Promiser};
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;
use rustc_hash::FxHashSet;

/// The most flows of one segment.
const MOST_HOPS: usize = 24;

/// How certain it is that something passes.
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// Something passes.
    Certain,
    /// It could not be decided: why, and at which line.
    Undecided(String, Span),
    /// Something passes unless messages are as declared: the line that declares it, the line that then stops them, and who
    /// declares it.
    Declared(Span, Span, Promiser),
}

/// A way from one actor to the next.
pub(super) struct Segment {
    pub from: NodeIndex,
    pub to: NodeIndex,
    pub path: Vec<EdgeIndex>,
    pub proof: Proof,
}

/// What is known of a message on its way.
#[derive(Clone)]
struct Known {
    /// What AWS enforces.
    enforced: Filter,
    /// What is declared besides, and what is known if all of it down to there holds.
    declared: Vec<(Promise, Filter)>,
    proof: Proof,
}

/// Follows messages through the ports of one strongly connected component.
pub(super) struct Walk<'g> {
    pub graph: &'g DiGraph<Port, Flow>,
    /// The ports of the component.
    pub members: &'g FxHashSet<NodeIndex>,
    /// Where segments begin and end.
    pub stops: &'g FxHashSet<NodeIndex>,
    /// How many flows may still be followed.
    pub budget: usize,
    pub found: Vec<Segment>,
}

impl Walk<'_> {
    /// Finds every segment that begins at a stop.
    pub(super) fn from(&mut self, start: NodeIndex) {
        let acts = matches!(self.graph.node_weight(start), Some(Port::Acts(_)));
        for edge in self.edges(start) {
            let Some((to, flow)) = self.flow(edge) else { continue };
            let undecided = flow.undecided.as_ref().map(|why| Proof::Undecided(why.clone(), flow.span));
            let enforced = if acts { flow.gives.clone() } else { flow.takes.renamed(&flow.keeps).and(&flow.gives) };
            let mut known = Known { enforced, declared: Vec::new(), proof: undecided.unwrap_or(Proof::Certain) };
            known.promise(&flow.promises);
            self.step(start, to, vec![edge], known);
        }
    }

    fn edges(&self, from: NodeIndex) -> Vec<EdgeIndex> {
        let mut edges: Vec<EdgeIndex> = self.graph.edges(from).filter(|e| self.members.contains(&e.target())).map(|e| e.id()).collect();
        edges.sort_unstable();
        edges
    }

    fn flow(&self, edge: EdgeIndex) -> Option<(NodeIndex, &Flow)> {
        Some((self.graph.edge_endpoints(edge)?.1, self.graph.edge_weight(edge)?))
    }

    fn step(&mut self, start: NodeIndex, at: NodeIndex, path: Vec<EdgeIndex>, known: Known) {
        if self.stops.contains(&at) {
            self.found.push(Segment { from: start, to: at, path, proof: known.proof });
            return;
        }
        for edge in self.edges(at) {
            if self.budget == 0 || path.len() >= MOST_HOPS {
                self.budget = 0;
                return;
            }
            self.budget -= 1;
            let Some((to, flow)) = self.flow(edge) else { continue };
            let Some(next) = known.through(flow) else { continue };
            let mut path = path.clone();
            path.push(edge);
            self.step(start, to, path, next);
        }
    }
}

impl Known {
    /// Adds what is declared.
    fn promise(&mut self, promises: &[Promise]) {
        for promise in promises.iter().filter(|p| !p.content.is_any()) {
            let content = self.content().and(&promise.content);
            self.declared.push((promise.clone(), content));
        }
    }

    /// What is known if all that is declared holds.
    fn content(&self) -> &Filter {
        self.declared.last().map_or(&self.enforced, |(_, content)| content)
    }

    /// What is known after a flow; none if AWS lets nothing through.
    fn through(&self, flow: &Flow) -> Option<Known> {
        let mut next = self.clone();
        let enforced = self.enforced.meets(&flow.takes);
        if enforced == Verdict::Disjoint {
            return None;
        }
        let stops = |(_, content): &(Promise, Filter)| content.meets(&flow.takes);
        let verdicts: Vec<Verdict> = self.declared.iter().map(stops).collect();
        if let Some(at) = verdicts.iter().position(|v| *v == Verdict::Disjoint) {
            // What passes does not keep to this declaration: nothing further rests on it.
            next.proof = self.declared.get(at).map_or(Proof::Certain, |(p, _)| Proof::Declared(p.at, flow.span, p.by));
            next.declared.truncate(at);
        } else if next.proof == Proof::Certain {
            let verdict = verdicts.last().copied().unwrap_or(enforced);
            let undecided = flow.undecided.clone().or_else(|| (verdict == Verdict::CannotTell).then(|| UNDECIDED.to_string()));
            next.proof = undecided.map_or(Proof::Certain, |why| Proof::Undecided(why, flow.span));
        }
        let passed = |message: &Filter| message.and(&flow.takes).renamed(&flow.keeps).and(&flow.gives);
        next.enforced = passed(&next.enforced);
        next.declared.iter_mut().for_each(|(_, content)| *content = passed(content));
        next.promise(&flow.promises);
        Some(next)
    }
}

/// Why two patterns can be undecided.
const UNDECIDED: &str =
    "a field may hold several values, of which each pattern accepts another, or the patterns are too complex to compare";
