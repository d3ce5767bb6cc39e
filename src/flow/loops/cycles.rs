//! Cycles of segments: the shortest that is left, whose conditions can hold together.

use super::segments::Segment;
use crate::model::Cond;
use crate::model::can_hold;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// How many actors of a component a cycle is looked for from before the shortest found so far is taken.
const STARTS: usize = 64;

/// The search for cycles among segments.
pub(super) struct Cycles<'s> {
    pub segments: &'s [Segment],
    /// The conditions of each segment.
    pub conditions: &'s [Vec<&'s Cond>],
    /// How many segments may still be looked at.
    pub budget: usize,
}

/// A place of the search: an actor, and the segments with conditions on the way to it.
type State = (NodeIndex, Vec<usize>);

impl Cycles<'_> {
    /// The shortest cycle of the segments that are left, as their places.
    pub(super) fn shortest(&mut self, left: &dyn Fn(usize) -> bool) -> Option<Vec<usize>> {
        let alone = |at: &usize| self.segments.get(*at).is_some_and(|s| s.from == s.to) && left(*at) && self.possible(&[*at]);
        if let Some(at) = (0..self.segments.len()).filter(alone).min_by_key(|at| self.segments.get(*at).map(|s| s.path.len())) {
            return Some(vec![at]);
        }
        let mut leaving: FxHashMap<NodeIndex, Vec<usize>> = FxHashMap::default();
        let mut graph: DiGraph<NodeIndex, ()> = DiGraph::new();
        let mut nodes: FxHashMap<NodeIndex, NodeIndex> = FxHashMap::default();
        for (at, segment) in self.segments.iter().enumerate().filter(|(at, _)| left(*at)) {
            leaving.entry(segment.from).or_default().push(at);
            let [from, to] = [segment.from, segment.to].map(|n| *nodes.entry(n).or_insert_with(|| graph.add_node(n)));
            graph.update_edge(from, to, ());
        }
        let mut best: Option<Vec<usize>> = None;
        for component in tarjan_scc(&graph).into_iter().filter(|c| c.len() > 1) {
            let mut members: Vec<NodeIndex> = component.iter().filter_map(|n| graph.node_weight(*n).copied()).collect();
            members.sort_unstable();
            let inside: FxHashSet<NodeIndex> = members.iter().copied().collect();
            for start in members.iter().take(STARTS.max(if best.is_none() { members.len() } else { 0 })) {
                let found = self.from(*start, &inside, &leaving);
                let length = |path: &Vec<usize>| path.iter().filter_map(|at| self.segments.get(*at)).map(|s| s.path.len()).sum::<usize>();
                if let Some(found) = found.filter(|f| best.as_ref().is_none_or(|b| length(f) < length(b))) {
                    best = Some(found);
                }
                if best.as_ref().is_some_and(|b| b.len() == 2) || self.budget == 0 {
                    return best;
                }
            }
        }
        best
    }

    /// The shortest cycle through an actor.
    fn from(&mut self, start: NodeIndex, inside: &FxHashSet<NodeIndex>, leaving: &FxHashMap<NodeIndex, Vec<usize>>) -> Option<Vec<usize>> {
        let first: State = (start, Vec::new());
        let mut before: FxHashMap<State, (State, usize)> = FxHashMap::default();
        let mut queue = VecDeque::from([first.clone()]);
        while let Some(state) = queue.pop_front() {
            for at in leaving.get(&state.0).into_iter().flatten() {
                let Some(segment) = self.segments.get(*at).filter(|s| inside.contains(&s.to)) else { continue };
                self.budget = self.budget.checked_sub(1)?;
                let mut next: State = (segment.to, state.1.clone());
                if self.conditions.get(*at).is_some_and(|c| !c.is_empty()) && !next.1.contains(at) {
                    next.1.push(*at);
                    next.1.sort_unstable();
                    if !self.possible(&next.1) {
                        continue;
                    }
                }
                if segment.to == start {
                    return Some(back(&before, &first, state, *at));
                }
                if !before.contains_key(&next) {
                    before.insert(next.clone(), (state.clone(), *at));
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// Whether the conditions of some segments can hold together.
    fn possible(&self, segments: &[usize]) -> bool {
        let all: Vec<&Cond> = segments.iter().filter_map(|at| self.conditions.get(*at)).flatten().copied().collect();
        all.is_empty() || can_hold(&all)
    }
}

/// The segments on the way to a state, and the one that closes the cycle.
fn back(before: &FxHashMap<State, (State, usize)>, first: &State, mut state: State, last: usize) -> Vec<usize> {
    let mut path = vec![last];
    while state != *first {
        let Some((earlier, at)) = before.get(&state) else { break };
        path.push(*at);
        state = earlier.clone();
    }
    path.reverse();
    path
}
