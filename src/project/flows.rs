//! The edges and rights of all stacks as flows between ports.

use super::{Project, rights};
use crate::base::Name;
use crate::flow::filter::{Filter, Language};
use crate::flow::{Flow, FlowGraph, Hop, Port};
use crate::model::{Cond, InstanceId, Mode};
use crate::template::{self, Edge, EdgeKind, FactValue, May};
use rustc_hash::{FxHashMap, FxHashSet};

/// All flows of a project.
pub(super) fn flows(project: &Project) -> FlowGraph {
    let mut flows = FlowGraph::default();
    let roles = roles(project);
    for (stack, summary) in project.stacks.iter().enumerate() {
        // What only watches is told that something changes its state, and not of each event: few of that can go on and on.
        let repeats = |edge: &&Edge| matches!(edge.facts.get("repeats").map(|fact| &fact.value), Some(FactValue::Bool(true)));
        for edge in summary.edges.iter().filter(|edge| edge.kind != EdgeKind::Watches || repeats(edge)) {
            wire(project, &roles, (stack, edge), &mut flows);
        }
    }
    rights::add(project, &mut flows);
    opaque(project, &mut flows);
    flows
}

/// Who acts with the rights of each role.
pub(super) type Roles = FxHashMap<InstanceId, FxHashSet<InstanceId>>;

pub(super) fn roles(project: &Project) -> Roles {
    let mut roles = Roles::default();
    for (stack, summary) in project.stacks.iter().enumerate() {
        for edge in summary.edges.iter().filter(|edge| edge.kind == EdgeKind::ActsAs) {
            if let (Some(actor), Some(role)) = (project.node_of(stack, &edge.from), project.node_of(stack, &edge.to)) {
                roles.entry(role).or_default().insert(actor);
            }
        }
    }
    roles
}

fn wire(project: &Project, roles: &Roles, (stack, edge): (usize, &Edge), flows: &mut FlowGraph) {
    let (Some(from), Some(to)) = (project.node_of(stack, &edge.from), project.node_of(stack, &edge.to)) else {
        // Every end has a node: what no stack owns got one when the stacks were joined.
        return;
    };
    let port = |id, event: Option<Name>| event.map_or(Port::Acts(id), |event| Port::Event(id, event));
    let (event, arrives) = match edge.kind {
        EdgeKind::ActsAs => (None, None),
        _ => (event(project, edge, from), arrives(project, edge, to)),
    };
    let (begins, ends) = (port(from, event), port(to, arrives));
    // Of a call, the line that names what is called; of an alarm, the line that names what it watches.
    let named = if edge.kind == EdgeKind::Watches { "source" } else { "target" };
    let span = edge.facts.get("target").or_else(|| edge.facts.get(named)).map_or(edge.span, |fact| fact.span);
    let mut flow = Flow::new(from, to, span, &*edge.what);
    // What a service does without a line that says so has the place of the resource.
    let written = project.node(from).is_none_or(|node| node.span != edge.span);
    flow.hop = match edge.kind {
        EdgeKind::ActsAs => Hop::ActsAs,
        // What is polled does not send, whatever its type is.
        EdgeKind::Trigger(Mode::Poll) => Hop::Follows,
        _ if written && matches!(begins, Port::Acts(_)) => Hop::Sends,
        _ => Hop::Follows,
    };
    flow.takes = edge.takes.clone();
    flow.keeps = edge.keeps.clone();
    flow.gives = edge.gives.clone();
    flow.undecided = edge.undecided.clone();
    if let Some(filter) = later(project, edge, from) {
        match filter {
            Ok(filter) => flow.takes = flow.takes.and(&filter),
            Err(why) => drop(flow.undecided.get_or_insert(why)),
        }
    }
    if edge.kind == EdgeKind::ActsAs && roles.get(&to).is_some_and(|actors| actors.len() > 1) {
        let why = || format!("`{}` is the role of others too, and its rights may be for them", project.label(to));
        flow.undecided.get_or_insert_with(why);
    }
    flow.condition = Cond::all([edge.condition.clone(), present(project, from), present(project, to)]);
    flows.add(begins, ends, flow);
}

/// The event of the source. Its template may not know of which type the source is: then its own stack does.
fn event(project: &Project, edge: &Edge, from: InstanceId) -> Option<Name> {
    let ty = project.node(from)?.ty.as_deref();
    let polled = || template::polled(ty?).filter(|_| edge.kind == EdgeKind::Trigger(Mode::Poll)).map(Name::from);
    edge.event.clone().or_else(polled)
}

/// The filters of a source of another stack, in the language of its type.
fn later(project: &Project, edge: &Edge, from: InstanceId) -> Option<Result<Filter, String>> {
    if edge.unread.is_empty() {
        return None;
    }
    let ty = project.node(from).and_then(|node| node.ty.as_deref());
    match ty.and_then(template::polled_language).and_then(Language::of) {
        Some(language) => template::any_of(edge.unread.clone(), language),
        None => Some(Err("the language of the filter depends on a source that is not known".into())),
    }
}

/// What happens at the target, likewise.
fn arrives(project: &Project, edge: &Edge, to: InstanceId) -> Option<Name> {
    let ty = project.node(to)?.ty.as_deref();
    edge.arrives.clone().or_else(|| template::arrives(ty?).map(Name::from))
}

/// When a node is there.
pub(super) fn present(project: &Project, id: InstanceId) -> Option<Cond> {
    project.node(id)?.condition.clone()
}

/// What could not be read: through it anything may happen, which is said where a loop would exist.
fn opaque(project: &Project, flows: &mut FlowGraph) {
    if project.opaque().next().is_none() {
        return;
    }
    let (anything, from_anything) = (project.anything, project.from_anything);
    let events: Vec<(InstanceId, Port)> = flows.events().map(|port| (port.instance(), port.clone())).collect();
    for (node, port) in &events {
        let span = project.node(*node).map(|n| n.span).unwrap_or_default();
        flows.add(Port::Acts(anything), port.clone(), Flow::new(anything, *node, span, "may reach"));
        flows.add(
            port.clone(),
            Port::Event(from_anything, "anything".into()),
            Flow::new(*node, from_anything, span, "may be what reaches"),
        );
    }
    for (_, at, opaque) in project.opaque() {
        let flow = |from, to, what: &str| {
            let mut flow = Flow::new(from, to, opaque.span, what);
            flow.undecided = Some(opaque.why.clone());
            flow.hop = if opaque.may == May::Act { Hop::Allowed } else { Hop::Follows };
            flow
        };
        match opaque.may {
            May::Act => flows.add(Port::Acts(at), Port::Acts(anything), flow(at, anything, "may act on")),
            May::BeTriggered => {
                flows.add(Port::Event(from_anything, "anything".into()), Port::Acts(at), flow(from_anything, at, "may trigger"));
            }
            May::Trigger => {
                for (_, port) in events.iter().filter(|(node, _)| *node == at) {
                    flows.add(port.clone(), Port::Acts(anything), flow(at, anything, "may trigger"));
                }
            }
        }
    }
}
