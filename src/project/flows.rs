//! The edges and rights of all stacks as flows between ports.

use super::{Project, rights};
use crate::flow::{Flow, FlowGraph, Port};
use crate::model::{Cond, InstanceId};
use crate::template::{Edge, EdgeKind, May};

/// All flows of a project.
pub(super) fn flows(project: &Project) -> FlowGraph {
    let mut flows = FlowGraph::default();
    for (stack, summary) in project.stacks.iter().enumerate() {
        // What only watches is told that something changes its state. It is not told of each event, and so repeats nothing.
        for edge in summary.edges.iter().filter(|edge| edge.kind != EdgeKind::Watches) {
            wire(project, stack, edge, &mut flows);
        }
    }
    rights::add(project, &mut flows);
    opaque(project, &mut flows);
    flows
}

fn wire(project: &Project, stack: usize, edge: &Edge, flows: &mut FlowGraph) {
    let (Some(from), Some(to)) = (project.node_of(stack, &edge.from), project.node_of(stack, &edge.to)) else {
        // Every end has a node: what no stack owns got one when the stacks were joined.
        return;
    };
    let port = |id, event: &Option<crate::base::Name>| event.clone().map_or(Port::Acts(id), |event| Port::Event(id, event));
    let begins = if edge.kind == EdgeKind::ActsAs { Port::Acts(from) } else { port(from, &edge.event) };
    let ends = if edge.kind == EdgeKind::ActsAs { Port::Acts(to) } else { port(to, &edge.arrives) };
    let mut flow = Flow::new(from, to, edge.span, &*edge.what);
    flow.takes = edge.takes.clone();
    flow.keeps = edge.keeps.clone();
    flow.gives = edge.gives.clone();
    flow.undecided = edge.undecided.clone();
    flow.condition = Cond::all([edge.condition.clone(), present(project, from), present(project, to)]);
    flows.add(begins, ends, flow);
}

/// When a node is there.
pub(super) fn present(project: &Project, id: InstanceId) -> Option<Cond> {
    project.node(id)?.condition.clone()
}

/// What could not be read: through it anything may happen, which is said where a loop would exist.
fn opaque(project: &Project, flows: &mut FlowGraph) {
    let all = || project.stacks.iter().enumerate().flat_map(|(stack, s)| s.opaque.iter().map(move |o| (stack, o)));
    if all().next().is_none() {
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
    for (stack, opaque) in all() {
        let Some(at) = project.node_of(stack, &opaque.at) else { continue };
        let flow = |from, to, what: &str| {
            let mut flow = Flow::new(from, to, opaque.span, what);
            flow.undecided = Some(opaque.why.clone());
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
