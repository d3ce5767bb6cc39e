//! Rights as flows: who may do what causes an event on which nodes.

use super::address::{self, arn};
use super::flows::present;
use super::{Project, causes};
use crate::base::Name;
use crate::flow::filter::{Filter, Glob};
use crate::flow::{Flow, FlowGraph, Hop, Port};
use crate::iam::{self, ArnForm, Cause};
use crate::model::{Cond, InstanceId};
use crate::template::{End, Right, Standing, Text};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// What is needed of all rights.
struct Rights<'p> {
    project: &'p Project,
    by_type: FxHashMap<&'p str, Vec<InstanceId>>,
    /// The nodes of "every resource of a type" whose flows are there, with their events.
    every: FxHashSet<(InstanceId, &'static str)>,
    /// The denying statements of each actor.
    denied: FxHashMap<InstanceId, Vec<(usize, &'p Right)>>,
    /// The allowing statements of the permission boundary of each actor that has one.
    bounds: FxHashMap<InstanceId, Vec<(usize, &'p Right)>>,
    known: FxHashSet<(InstanceId, Port, String)>,
    /// The causes that each pattern of actions has, and the first action of each.
    caused: FxHashMap<Name, Rc<[(usize, &'static str)]>>,
}

/// Adds a flow for whatever a right can cause.
pub(super) fn add(project: &Project, flows: &mut FlowGraph) {
    let mut by_type: FxHashMap<&str, Vec<InstanceId>> = FxHashMap::default();
    for (at, node) in project.nodes.iter().enumerate() {
        let id = InstanceId(u32::try_from(at).unwrap_or(u32::MAX));
        if let Some(ty) = node.ty.as_deref().filter(|_| node.one == id) {
            by_type.entry(ty).or_default().push(id);
        }
    }
    let mut denied: FxHashMap<InstanceId, Vec<(usize, &Right)>> = FxHashMap::default();
    let mut bounds: FxHashMap<InstanceId, Vec<(usize, &Right)>> = FxHashMap::default();
    for (stack, right) in all(project).filter(|(_, r)| r.deny).chain(all_bounds(project)) {
        if let Some(actor) = project.node_of(stack, &right.actor) {
            let of = if right.deny { &mut denied } else { &mut bounds };
            of.entry(actor).or_default().push((stack, right));
        }
    }
    let (every, known) = (FxHashSet::default(), FxHashSet::default());
    let mut rights = Rights { project, by_type, every, denied, bounds, known, caused: FxHashMap::default() };
    for (stack, right) in all(project).filter(|(_, r)| !r.deny) {
        if let Some(actor) = project.node_of(stack, &right.actor) {
            rights.right(stack, right, actor, flows);
        }
    }
}

fn all(project: &Project) -> impl Iterator<Item = (usize, &Right)> {
    project.stacks.iter().enumerate().flat_map(|(stack, summary)| summary.rights.iter().map(move |right| (stack, right)))
}

fn all_bounds(project: &Project) -> impl Iterator<Item = (usize, &Right)> {
    project.stacks.iter().enumerate().flat_map(|(stack, summary)| summary.bounds.iter().map(move |right| (stack, right)))
}

impl Rights<'_> {
    fn right(&mut self, stack: usize, right: &Right, actor: InstanceId, flows: &mut FlowGraph) {
        for (at, action) in self.causes(right) {
            let Some(cause) = iam::causes().get(at) else { continue };
            if let Some(calls) = &right.only
                && !calls.iter().any(|call| cause.actions.iter().any(|a| a.eq_ignore_ascii_case(&call.action)))
            {
                continue;
            }
            if cause.implied && matches!(right.standing, Standing::Managed(_) | Standing::Added) {
                continue;
            }
            if right.not_resources {
                self.every((stack, right), actor, (cause, action), flows);
                continue;
            }
            for resource in &right.resources {
                self.resource((stack, right), actor, (cause, action), resource, flows);
            }
        }
    }

    /// The causes that a statement speaks of, by their places in the table, with the action of each.
    fn causes(&mut self, right: &Right) -> Vec<(usize, &'static str)> {
        if right.not_actions {
            let each = iam::causes().iter().enumerate();
            return each.filter_map(|(at, c)| Some((at, c.actions.iter().find(|a| allows(right, a))?.as_str()))).collect();
        }
        let mut out: Vec<(usize, &'static str)> = Vec::new();
        for pattern in &right.actions {
            let caused = self.caused.entry(pattern.clone()).or_insert_with(|| caused(pattern));
            out.extend(caused.iter().filter(|(at, _)| !out.iter().any(|(known, _)| known == at)).copied().collect::<Vec<_>>());
        }
        out
    }

    fn resource(
        &mut self,
        (stack, right): (usize, &Right),
        actor: InstanceId,
        (cause, action): (&'static Cause, &str),
        resource: &Text,
        flows: &mut FlowGraph,
    ) {
        let text = self.project.globals.of_text(stack, resource);
        if let Some(found) = self.project.addresses.covered(&text) {
            let Some(node) = self.project.node(found.node) else { return };
            // Of which type something is that only a parameter names, nobody says: the action is on what it is for.
            if node.ty.as_deref().is_some_and(|ty| !cause.types.iter().any(|t| t == ty)) {
                return;
            }
            let Some(narrowed) = cause.on.iter().find_map(|form| causes::narrowed(form, &found.rest)) else { return };
            self.flow((stack, right), actor, (cause, action), (found.node, narrowed), None, flows);
            return;
        }
        let mask = address::mask(&text);
        if mask.chars().all(|c| c == '*') {
            self.every((stack, right), actor, (cause, action), flows);
            return;
        }
        let Some(pattern) = arn(&mask) else { return };
        let why = format!("the right is on every resource that `{text}` matches");
        for node in self.project.addresses.among(&pattern) {
            if self.project.node(node).and_then(|n| n.ty.as_deref()).is_some_and(|ty| cause.types.iter().any(|t| t == ty)) {
                self.flow((stack, right), actor, (cause, action), (node, Filter::any()), Some(why.clone()), flows);
            }
        }
    }

    /// A right on every resource. It leads to one node for each type, and from there to all of that type: the flows of
    /// many such rights are as many as those rights and resources, not their product.
    fn every(
        &mut self,
        (stack, right): (usize, &Right),
        actor: InstanceId,
        (cause, action): (&'static Cause, &str),
        flows: &mut FlowGraph,
    ) {
        for ty in &cause.types {
            let Some(nodes) = self.by_type.get(ty.as_str()) else { continue };
            if self.bounds.contains_key(&actor) || self.denies(actor, cause) {
                // The boundary leaves some of them only, and so does what is denied.
                for node in nodes.clone() {
                    let why = standing(right, action).unwrap_or_else(|| "the right is on every resource (`*`)".to_string());
                    self.flow((stack, right), actor, (cause, action), (node, Filter::any()), Some(why), flows);
                }
                continue;
            }
            let Some(every) = self.project.every.get(ty.as_str()).copied() else { continue };
            if self.every.insert((every, &cause.event)) {
                for node in nodes {
                    let span = self.project.node(*node).map(|n| n.span).unwrap_or_default();
                    let mut flow = Flow::new(every, *node, span, "includes");
                    flow.condition = present(self.project, *node);
                    flows.add(Port::Event(every, cause.event.as_str().into()), port(*node, cause), flow);
                }
            }
            let mut flow = Flow::new(actor, every, right.span, format!("can {action} on"));
            flow.hop = Hop::Allowed;
            flow.undecided = Some(standing(right, action).unwrap_or_else(|| "the right is on every resource (`*`)".to_string()));
            flow.condition = Cond::all([right.condition.clone(), present(self.project, actor)]);
            flow.gives = causes::conditions(right, cause, None, &|text| address::mask(text));
            let to = Port::Event(every, cause.event.as_str().into());
            if self.known.insert((actor, to.clone(), format!("{:?}", flow.gives))) {
                flows.add(Port::Acts(actor), to, flow);
            }
        }
    }

    fn flow(
        &mut self,
        (stack, right): (usize, &Right),
        actor: InstanceId,
        (cause, action): (&Cause, &str),
        (node, narrowed): (InstanceId, Filter),
        wide: Option<String>,
        flows: &mut FlowGraph,
    ) {
        if self.is_denied(right, actor, node, cause) || self.is_out_of_bounds(actor, node, cause) || self.needs_what_is_missing(node, cause)
        {
            return;
        }
        if let Some(calls) = &right.only
            && !self.is_called(stack, calls, node, cause)
        {
            return;
        }
        let globals = &self.project.globals;
        let key = self.project.resource(node).and_then(|r| r.facts.get("key")).and_then(|f| match &f.value {
            crate::template::FactValue::Text(text) => text.as_literal().map(String::from),
            _ => None,
        });
        let said = causes::conditions(right, cause, key.as_deref(), &|text| address::mask(&globals.of_text(stack, text)));
        let mut flow = Flow::new(actor, node, right.span, format!("can {action}"));
        flow.hop = Hop::Allowed;
        flow.gives = narrowed.and(&said);
        flow.undecided = wide.or_else(|| standing(right, action)).or_else(|| cause.open().map(String::from));
        flow.condition = Cond::all([right.condition.clone(), present(self.project, actor), present(self.project, node)]);
        let unknown = self.project.node(node).is_some_and(|node| node.ty.is_none());
        let to = if unknown { Port::Acts(node) } else { port(node, cause) };
        if self.known.insert((actor, to.clone(), format!("{:?}", flow.gives))) {
            flows.add(Port::Acts(actor), to, flow);
        }
    }

    /// Whether a state machine calls the node with the right: it does what its definition says and nothing else.
    fn is_called(&self, stack: usize, calls: &[crate::template::Call], node: InstanceId, cause: &Cause) -> bool {
        calls.iter().filter(|call| cause.actions.iter().any(|a| a.eq_ignore_ascii_case(&call.action))).any(|call| match &call.target {
            Some(end @ End::Own(_)) => self.project.node_of(stack, end) == Some(node),
            Some(end) => self.project.node_of(stack, end).is_none_or(|at| at == node),
            None => true,
        })
    }

    /// Whether another statement of the actor denies such an action on anything.
    fn denies(&self, actor: InstanceId, cause: &Cause) -> bool {
        self.denied.get(&actor).into_iter().flatten().any(|(_, deny)| cause.actions.iter().any(|a| allows(deny, a)))
    }

    /// Whether other statements of the actor deny every action of a right that has the effect, in each form of the ARN:
    /// who may not call a function may still call its versions.
    fn is_denied(&self, right: &Right, actor: InstanceId, node: InstanceId, cause: &Cause) -> bool {
        let Some(denied) = self.denied.get(&actor) else { return false };
        let denies = |(stack, deny): &(usize, &Right), action: &str, form: &ArnForm| {
            let always = deny.conditions.is_empty() && deny.condition.is_none() && !deny.not_resources && allows(deny, action);
            always && deny.resources.iter().any(|resource| self.covers(*stack, resource, node, form))
        };
        let mut granted = cause.actions.iter().filter(|action| allows(right, action));
        granted.all(|action| cause.on.iter().all(|form| denied.iter().any(|deny| denies(deny, action, form))))
    }

    /// Whether the actor has a permission boundary that allows nothing of it.
    fn is_out_of_bounds(&self, actor: InstanceId, node: InstanceId, cause: &Cause) -> bool {
        let Some(bounds) = self.bounds.get(&actor) else { return false };
        !bounds.iter().any(|(stack, bound)| {
            let speaks = cause.actions.iter().any(|a| allows(bound, a));
            speaks && (bound.not_resources || bound.resources.iter().any(|resource| self.touches(*stack, resource, node)))
        })
    }

    /// Whether a pattern covers some of a node.
    fn touches(&self, stack: usize, resource: &Text, node: InstanceId) -> bool {
        let text = self.project.globals.of_text(stack, resource);
        let mask = address::mask(&text);
        let among = || arn(&mask).is_none_or(|pattern| self.project.addresses.among(&pattern).contains(&node));
        mask.chars().all(|c| c == '*') || self.project.addresses.covered(&text).map_or_else(among, |found| found.node == node)
    }

    /// Whether a pattern covers all that a form of an ARN means of a node.
    fn covers(&self, stack: usize, resource: &Text, node: InstanceId, form: &ArnForm) -> bool {
        let text = self.project.globals.of_text(stack, resource);
        if address::mask(&text).chars().all(|c| c == '*') {
            return true;
        }
        let found = self.project.addresses.covered(&text).filter(|found| found.node == node);
        found.is_some_and(|found| causes::covered(form, &found.rest))
    }

    /// Whether the event only happens with a property that the node does not have.
    fn needs_what_is_missing(&self, node: InstanceId, cause: &Cause) -> bool {
        let Some(property) = cause.when.as_deref() else { return false };
        self.project.resource(node).is_some_and(|resource| !resource.facts.contains_key(property))
    }
}

/// The port at which a cause is felt.
fn port(node: InstanceId, cause: &Cause) -> Port {
    if cause.runs() { Port::Acts(node) } else { Port::Event(node, cause.event.as_str().into()) }
}

/// Whether a statement speaks of an action.
fn allows(right: &Right, action: &str) -> bool {
    right.actions.iter().any(|pattern| matches(pattern, action)) != right.not_actions
}

/// Whether a pattern of actions names one. IAM does not tell cases apart.
fn matches(pattern: &str, action: &str) -> bool {
    if pattern.contains(['*', '?']) { Glob::iam(pattern).ignoring_case().matches(action) } else { pattern.eq_ignore_ascii_case(action) }
}

/// The causes that a pattern of actions has.
fn caused(pattern: &str) -> Rc<[(usize, &'static str)]> {
    let each = iam::causes().iter().enumerate();
    each.filter_map(|(at, c)| Some((at, c.actions.iter().find(|a| matches(pattern, a))?.as_str()))).collect()
}

/// Why it is open whether a right is used, if it is wider than what it is for.
fn standing(right: &Right, action: &str) -> Option<String> {
    if right.not_actions {
        return Some("the right is on all actions but a few (`NotAction`)".to_string());
    }
    if right.not_resources {
        return Some("the right is on all resources but a few (`NotResource`)".to_string());
    }
    match &right.standing {
        Standing::Managed(name) => Some(format!("the right `{action}` comes from the managed policy `{name}`")),
        Standing::Written | Standing::SamPolicy(_) | Standing::Added => {
            right.actions.iter().all(|a| &**a == "*").then(|| "the right is on all actions (`*`)".to_string())
        }
    }
}
