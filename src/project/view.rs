//! A project as rules look at it: edges with the nodes at their ends, what is known of nodes, and who acts for whom.

use super::{Project, words};
use crate::base::{Name, Span};
use crate::flow::filter::Verdict;
use crate::flow::{Flow, FlowGraph, Port};
use crate::model::{InstanceId, Mode};
use crate::template::{Edge, EdgeKind, Fact, FactValue, May, Permission, Resource, Right};
use rustc_hash::{FxHashMap, FxHashSet};

/// An edge with its nodes.
#[derive(Clone, Copy)]
pub(super) struct Wire<'p> {
    pub stack: usize,
    pub edge: &'p Edge,
    pub from: InstanceId,
    pub to: InstanceId,
}

/// A statement with its stack.
pub(super) type Held<'p> = (usize, &'p Right);

/// A function that may call another.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub from: InstanceId,
    pub to: InstanceId,
    /// The statement that allows it.
    pub span: Span,
    /// The most seconds that the caller is kept waiting, if something between them gives up.
    pub most: Option<f64>,
}

/// What rules look at.
pub(super) struct View<'p> {
    pub project: &'p Project,
    pub wires: Vec<Wire<'p>>,
    /// The places of wires by where they begin and where they end.
    ends: [FxHashMap<InstanceId, Vec<usize>>; 2],
    /// The functions that may call others.
    pub calls: Vec<Call>,
    /// The permissions of each node.
    permissions: FxHashMap<InstanceId, Vec<(usize, &'p Permission)>>,
    /// The statements of each holder.
    held: FxHashMap<InstanceId, Vec<Held<'p>>>,
    /// The roles with whose rights each node acts.
    roles: FxHashMap<InstanceId, Vec<InstanceId>>,
    /// Nodes that may do more than is known.
    unread: FxHashSet<InstanceId>,
    /// The resources that say something about another, by that.
    about: FxHashMap<InstanceId, Vec<InstanceId>>,
}

impl<'p> View<'p> {
    pub(super) fn of(project: &'p Project, flows: &FlowGraph) -> View<'p> {
        let mut view = View {
            project,
            wires: Vec::new(),
            ends: Default::default(),
            calls: Vec::new(),
            permissions: FxHashMap::default(),
            held: FxHashMap::default(),
            roles: FxHashMap::default(),
            unread: FxHashSet::default(),
            about: FxHashMap::default(),
        };
        for (stack, summary) in project.stacks.iter().enumerate() {
            for edge in &summary.edges {
                let (Some(from), Some(to)) = (project.node_of(stack, &edge.from), project.node_of(stack, &edge.to)) else { continue };
                if edge.kind == EdgeKind::ActsAs {
                    view.roles.entry(from).or_default().push(to);
                }
                for (index, end) in view.ends.iter_mut().zip([from, to]) {
                    index.entry(end).or_default().push(view.wires.len());
                }
                view.wires.push(Wire { stack, edge, from, to });
            }
            for right in &summary.rights {
                if let Some(actor) = project.node_of(stack, &right.actor) {
                    view.held.entry(actor).or_default().push((stack, right));
                }
            }
            for permission in &summary.permissions {
                if let Some(on) = project.node_of(stack, &permission.on) {
                    view.permissions.entry(on).or_default().push((stack, permission));
                }
            }
        }
        view.unread.extend(project.opaque().filter(|(.., opaque)| opaque.may == May::Act).map(|(_, at, _)| at));
        for id in view.nodes().collect::<Vec<_>>() {
            for of in view.ends(id, "of") {
                view.about.entry(of).or_default().push(id);
            }
            for role in view.ends(id, "role") {
                view.roles.entry(id).or_default().push(role);
            }
        }
        view.calls = view.calls_of(flows);
        view
    }

    /// The edges that begin at a node.
    pub(super) fn out_of(&self, id: InstanceId) -> impl Iterator<Item = &Wire<'p>> {
        self.ends[0].get(&id).into_iter().flatten().filter_map(|at| self.wires.get(*at))
    }

    /// The edges that end at a node.
    pub(super) fn into(&self, id: InstanceId) -> impl Iterator<Item = &Wire<'p>> {
        self.ends[1].get(&id).into_iter().flatten().filter_map(|at| self.wires.get(*at))
    }

    /// The nodes that a stack of the project owns, each thing once.
    pub(super) fn nodes(&self) -> impl Iterator<Item = InstanceId> + '_ {
        let id = |at: usize| InstanceId(u32::try_from(at).unwrap_or(u32::MAX));
        self.project.nodes.iter().enumerate().filter(move |(at, n)| n.stack.is_some() && n.one == id(*at)).map(move |(at, _)| id(at))
    }

    pub(super) fn resource(&self, id: InstanceId) -> Option<&'p Resource> {
        self.project.resource(id)
    }

    /// What is known of a node.
    pub(super) fn fact(&self, id: InstanceId, name: &str) -> Option<&'p Fact> {
        self.resource(id)?.facts.get(name)
    }

    pub(super) fn number(&self, id: InstanceId, name: &str) -> Option<f64> {
        number(self.fact(id, name))
    }

    pub(super) fn is(&self, id: InstanceId, name: &str) -> bool {
        is(self.fact(id, name))
    }

    /// The nodes that a fact of a node names.
    pub(super) fn ends(&self, id: InstanceId, name: &str) -> Vec<InstanceId> {
        let Some(stack) = self.project.node(id).and_then(|n| n.stack) else { return Vec::new() };
        self.nodes_of(stack, self.fact(id, name))
    }

    /// The nodes that a fact of a stack names.
    pub(super) fn nodes_of(&self, stack: usize, fact: Option<&Fact>) -> Vec<InstanceId> {
        match fact.map(|f| &f.value) {
            Some(FactValue::Ends(ends)) => ends.iter().filter_map(|end| self.project.node_of(stack, end)).collect(),
            _ => Vec::new(),
        }
    }

    /// The resources that say something about a node: its aliases, its versions, its settings.
    pub(super) fn about(&self, id: InstanceId) -> &[InstanceId] {
        self.about.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Where a node is named.
    pub(super) fn span(&self, id: InstanceId) -> Span {
        self.project.node(id).map(|n| n.span).unwrap_or_default()
    }

    /// Where a fact of a node is written, or where the node is named.
    pub(super) fn span_of(&self, id: InstanceId, fact: &str) -> Span {
        self.fact(id, fact).map_or_else(|| self.span(id), |f| f.span)
    }

    /// What messages call a node, in backticks.
    pub(super) fn name(&self, id: InstanceId) -> String {
        format!("`{}`", self.project.label(id))
    }

    pub(super) fn ty(&self, id: InstanceId) -> Option<&'p Name> {
        self.project.node(id)?.ty.as_ref()
    }

    /// Triggers and deliveries that a template declares, as against those that only a permission shows.
    pub(super) fn triggers(&self) -> impl Iterator<Item = &Wire<'p>> {
        self.wires.iter().filter(|w| w.is_trigger())
    }

    /// Where what fails goes.
    pub(super) fn failures(&self) -> impl Iterator<Item = &Wire<'p>> {
        self.wires.iter().filter(|w| w.is_failure())
    }

    /// The roles with whose rights a node acts, itself included.
    pub(super) fn actors(&self, id: InstanceId) -> Vec<InstanceId> {
        let roles = self.roles.get(&id).into_iter().flatten();
        std::iter::once(id).chain(roles.copied()).collect()
    }

    /// The statements of a holder.
    pub(super) fn held(&self, holder: InstanceId) -> &[Held<'p>] {
        self.held.get(&holder).map_or(&[], Vec::as_slice)
    }

    /// Every holder of statements.
    pub(super) fn holders(&self) -> Vec<InstanceId> {
        let mut all: Vec<InstanceId> = self.held.keys().copied().collect();
        all.sort_unstable_by_key(|id| id.0);
        all
    }

    /// The permissions that a resource gives.
    pub(super) fn permissions(&self, on: InstanceId) -> &[(usize, &'p Permission)] {
        self.permissions.get(&on).map_or(&[], Vec::as_slice)
    }

    /// Whether a node may do more than is known.
    pub(super) fn is_unread(&self, id: InstanceId) -> bool {
        self.unread.contains(&id)
    }

    /// The resource that declares an edge.
    pub(super) fn by(&self, wire: &Wire<'_>) -> Option<InstanceId> {
        self.nodes_of(wire.stack, wire.edge.facts.get("by")).first().copied()
    }

    /// Whether a stack of the project owns a node: of others it is not known how they are set up.
    pub(super) fn is_own(&self, id: InstanceId) -> bool {
        self.resource(id).is_some_and(|r| !r.elsewhere)
    }

    /// The functions that certainly may call another, by a right on it and not on everything.
    fn calls_of(&self, flows: &FlowGraph) -> Vec<Call> {
        let mut callers: FxHashMap<InstanceId, Vec<InstanceId>> = FxHashMap::default();
        for (who, roles) in self.roles.iter().filter(|(who, _)| self.is_function(**who)) {
            roles.iter().for_each(|role| callers.entry(*role).or_default().push(*who));
        }
        let mut out = Vec::new();
        for edge in flows.graph.edge_indices() {
            let ends = flows.graph.edge_endpoints(edge).and_then(|(a, b)| Some((flows.graph.node_weight(a)?, flows.graph.node_weight(b)?)));
            let (Some((Port::Acts(role), port)), Some(flow)) = (ends, flows.graph.edge_weight(edge)) else { continue };
            for (to, most) in self.answering(port, flow) {
                let callers = callers.get(role).into_iter().flatten().filter(|from| **from != to);
                out.extend(callers.map(|from| Call { from: *from, to, span: flow.span, most }));
            }
        }
        out.sort_by_key(|call| (call.from.0, call.span, call.to.0));
        out
    }

    /// The functions that answer what a right lets call, with how long is waited for them at most: the function itself, or
    /// those of the routes of an API.
    fn answering(&self, port: &Port, flow: &Flow) -> Vec<(InstanceId, Option<f64>)> {
        match port {
            _ if flow.undecided.is_some() => Vec::new(),
            Port::Acts(to) => self.is_function(*to).then_some((*to, None)).into_iter().collect(),
            Port::Event(api, event) => {
                let asked = |w: &&Wire<'_>| {
                    let certain = w.edge.undecided.is_none() && w.edge.takes.meets(&flow.gives) == Verdict::Meet;
                    w.is_trigger() && w.edge.kind == EdgeKind::Trigger(Mode::Sync) && w.edge.event.as_ref() == Some(event) && certain
                };
                let routes = self.out_of(*api).filter(asked).filter(|w| self.is_function(w.to) && w.fact("deadline").is_none());
                routes.filter_map(|w| Some((w.to, Some(self.waits(w)?)))).collect()
            }
        }
    }
}

impl Wire<'_> {
    /// Whether a template declares it as a trigger or a delivery.
    pub(super) fn is_trigger(&self) -> bool {
        matches!(self.edge.kind, EdgeKind::Trigger(_)) && self.edge.facts.contains_key("by")
    }

    /// Whether it leads to where failures go.
    pub(super) fn is_failure(&self) -> bool {
        self.edge.kind == EdgeKind::Failure
    }

    /// Where its filter is written.
    pub(super) fn filter(&self) -> Option<Span> {
        self.edge.also.iter().find(|(_, what)| what == "the filter").map(|(span, _)| *span)
    }

    /// Whether the service delivers that a rule is about.
    pub(super) fn is_by(&self, rule: &str) -> bool {
        let service = words::of(rule).texts.get("service").map(String::as_str);
        service.is_some() && text(self.fact("service")) == service
    }

    /// Where its source is written: of what is polled that is the line to change.
    pub(super) fn source(&self) -> Span {
        self.edge.facts.get("source").map_or(self.edge.span, |f| f.span)
    }

    pub(super) fn fact(&self, name: &str) -> Option<&Fact> {
        self.edge.facts.get(name)
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        number(self.fact(name))
    }

    /// Where a fact is written, or the line of the edge.
    pub(super) fn span_of(&self, fact: &str) -> Span {
        self.fact(fact).map_or(self.edge.span, |f| f.span)
    }
}

fn number(fact: Option<&Fact>) -> Option<f64> {
    match fact?.value {
        FactValue::Number(n) => Some(n),
        _ => None,
    }
}

pub(super) fn is(fact: Option<&Fact>) -> bool {
    matches!(fact.map(|f| &f.value), Some(FactValue::Bool(true)))
}

/// The text of a fact, if all of it is known.
pub(super) fn text(fact: Option<&Fact>) -> Option<&str> {
    match &fact?.value {
        FactValue::Text(text) => text.as_literal(),
        _ => None,
    }
}
