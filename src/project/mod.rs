//! The stacks of a project as one graph: what one exports, names or passes to another is the other's resource.
//!
//! A [`Summary`] speaks of its own stack. Here their texts become comparable across stacks ([`global`]), ends of edges
//! become nodes ([`address`]), and edges and rights become flows ([`flows`]), whose loops are found by the same search as
//! those of declarations. Knows neither kinds nor where a summary came from.

mod address;
mod causes;
mod databases;
mod flows;
mod given;
mod global;
mod may;
mod node;
mod polls;
mod rights;
pub mod rules;
mod schedule;
mod statements;
mod uses;
mod view;
mod waits;
mod wires;
mod words;

use crate::base::{FxIndexSet, Name};
use crate::model::InstanceId;
use crate::template::{End, May, Opaque, Resource, Summary};
use address::Addresses;
pub use global::Link;
pub use node::Node;
use rustc_hash::FxHashMap;
pub use uses::{Use, Uses};
pub use wires::Wire;

/// All stacks of a project.
pub struct Project {
    /// What each stack left behind.
    pub stacks: Vec<Summary>,
    /// Every resource of every stack, and everything else that an edge points to.
    pub nodes: Vec<Node>,
    /// The first node of each stack.
    first: Vec<usize>,
    /// The nodes of the ends of edges that no stack owns.
    outside: FxHashMap<(Option<Name>, String), InstanceId>,
    globals: global::Globals,
    addresses: Addresses,
    /// The node that is every resource of a type, for rights on all of them.
    every: FxHashMap<Name, InstanceId>,
    /// What something that could not be read may lead to, and what may lead there.
    anything: InstanceId,
    from_anything: InstanceId,
}

impl Project {
    /// Joins stacks: by exports and imports, nested stacks, values of the Parameter Store, equal physical names, and the
    /// links that only the team knows.
    pub fn join(mut stacks: Vec<Summary>, links: &[Link]) -> Project {
        let globals = global::Globals::of(&stacks, links);
        given::fill(&mut stacks, &globals);
        let mut nodes: Vec<Node> = Vec::new();
        let mut first = Vec::with_capacity(stacks.len());
        for (at, stack) in stacks.iter().enumerate() {
            first.push(nodes.len());
            nodes.extend(stack.resources.iter().enumerate().map(|(place, resource)| Node::owned(at, place, resource, &globals)));
        }
        let mut project = Project {
            addresses: Addresses::of(&mut nodes),
            stacks,
            nodes,
            first,
            outside: FxHashMap::default(),
            globals,
            every: FxHashMap::default(),
            anything: InstanceId::default(),
            from_anything: InstanceId::default(),
        };
        project.find_outside();
        project.stand_for_many();
        project
    }

    /// Links of which the stack, the parameter or the output does not exist. Whoever read them reports them.
    pub fn unlinked(&self) -> &[Link] {
        &self.globals.unlinked
    }

    /// Makes the nodes that are many: every resource of a type, and anything at all.
    fn stand_for_many(&mut self) {
        let types: FxIndexSet<Name> = self.nodes.iter().filter_map(|node| node.ty.clone()).collect();
        for ty in types {
            let every = self.add(Node::many(format!("every {ty}")));
            self.every.insert(ty, every);
        }
        self.anything = self.add(Node::many("anything".to_string()));
        self.from_anything = self.add(Node::many("anything".to_string()));
    }

    fn add(&mut self, mut node: Node) -> InstanceId {
        // A project of more than four billion nodes does not fit into memory.
        node.one = InstanceId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let id = node.one;
        self.nodes.push(node);
        id
    }

    /// Makes a node of every end that no stack owns: a queue of another team has its place in a loop too.
    fn find_outside(&mut self) {
        let ends = |stack: &Summary| -> Vec<End> {
            let edges = stack.edges.iter().flat_map(|e| [e.from.clone(), e.to.clone()]);
            edges.chain(stack.rights.iter().map(|r| r.actor.clone())).filter(|e| matches!(e, End::Named(..))).collect()
        };
        let all: Vec<(usize, Vec<End>)> = self.stacks.iter().map(ends).enumerate().collect();
        for (stack, ends) in all {
            for end in ends {
                let End::Named(text, ty) = end else { continue };
                let text = self.globals.of_text(stack, &text);
                if self.addresses.find(&text, ty.as_ref()).is_some() {
                    continue;
                }
                let key = (ty.clone(), self.addresses.mask(&text));
                if self.outside.contains_key(&key) {
                    continue;
                }
                let span = self.stacks.get(stack).and_then(|s| s.edges.first()).map(|e| e.span).unwrap_or_default();
                let id = self.add(Node::outside(&text, ty, span));
                self.addresses.index(&mut self.nodes, id);
                self.outside.insert(key, id);
            }
        }
    }

    /// The node of an end of an edge of a stack.
    pub fn node_of(&self, stack: usize, end: &End) -> Option<InstanceId> {
        match end {
            End::Own(at) => {
                let at = self.first.get(stack)?.checked_add(*at)?;
                Some(self.nodes.get(at)?.one)
            }
            End::Named(text, ty) => {
                let text = self.globals.of_text(stack, text);
                self.addresses.find(&text, ty.as_ref()).or_else(|| self.outside.get(&(ty.clone(), self.addresses.mask(&text))).copied())
            }
        }
    }

    /// What could not be read, with its stack and its node. What one template could not read of a role, the stack that owns
    /// the role has.
    pub fn opaque(&self) -> impl Iterator<Item = (usize, InstanceId, &Opaque)> {
        let all = self.stacks.iter().enumerate().flat_map(|(stack, s)| s.opaque.iter().map(move |o| (stack, o)));
        let placed = all.filter_map(|(stack, opaque)| Some((stack, self.node_of(stack, &opaque.at)?, opaque)));
        placed.filter(|(_, at, opaque)| {
            let named = matches!(opaque.at, End::Named(..)) && opaque.may == May::Act;
            !(named && self.node(*at).is_some_and(|node| node.stack.is_some()))
        })
    }

    /// A node by its id.
    pub fn node(&self, id: InstanceId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// The resource of a node, if a stack of the project owns it.
    pub fn resource(&self, id: InstanceId) -> Option<&Resource> {
        let node = self.node(id)?;
        self.stacks.get(node.stack?)?.resources.get(node.at)
    }

    /// Whether a node is what something unread may lead to, or come from.
    fn is_anything(&self, id: InstanceId) -> bool {
        id == self.anything || id == self.from_anything
    }

    /// What messages call a node: with its stack where there are several.
    pub fn label(&self, id: InstanceId) -> String {
        let Some(node) = self.node(id) else { return String::new() };
        match node.stack.filter(|_| self.stacks.len() > 1).and_then(|s| self.stacks.get(s)) {
            Some(stack) => format!("{}.{}", stack.name, node.label),
            None => node.label.to_string(),
        }
    }
}
