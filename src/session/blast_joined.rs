//! What follows if a resource of a template fails, in all stacks of the project. What is not known is said.

use super::blast::Blow;
use crate::base::Name;
use crate::model::{InstanceId, Mode};
use crate::project::{Project, Uses};
use crate::template::{Edge, EdgeKind, May};
use std::collections::VecDeque;

/// A resource that a name means.
pub struct Meant {
    /// Which.
    pub id: InstanceId,
    /// What messages call it.
    pub label: String,
    /// The name of its stack.
    pub stack: Name,
}

/// The resources that a name means: `STACK.LogicalId`, a logical id, or a declaration.
pub fn meant(project: &Project, name: &str) -> Vec<Meant> {
    let owned = project.nodes.iter().filter_map(|node| Some((node, project.stacks.get(node.stack?)?)));
    let of_name = owned.filter(|(node, stack)| {
        let own = |name: &str| name == &*node.id || name == &*node.label;
        own(name) || name.strip_prefix(&*stack.name).and_then(|rest| rest.strip_prefix('.')).is_some_and(own)
    });
    let mut out: Vec<Meant> =
        of_name.map(|(node, stack)| Meant { id: node.one, label: project.label(node.one), stack: stack.name.clone() }).collect();
    out.dedup_by_key(|m| m.id);
    out
}

/// What follows if a resource fails.
pub fn blast_joined(project: &Project, failed: InstanceId) -> Vec<Blow> {
    let uses = project.uses();
    let edges: Vec<Hop> = hops(project);
    let joined = Joined { project, edges, uses };
    let mut blows = Vec::new();
    let mut seen = vec![failed];
    let mut queue = VecDeque::from([failed]);
    while let Some(at) = queue.pop_front() {
        for used in joined.uses.of(at) {
            // What polls it has the right to, and is not triggered any more: that is said below.
            let polls = || joined.edges.iter().any(|h| h.from == at && h.to == used.actor && h.edge.kind == EdgeKind::Trigger(Mode::Poll));
            if seen.contains(&used.actor) || used.wide.is_some() && polls() {
                continue;
            }
            let (name, action) = (joined.label(used.actor), &used.action);
            let (what, why) = match &used.wide {
                None => ("stops", format!("`{name}`, which can {action} `{}`", joined.label(at))),
                Some(why) => ("may stop", format!("`{name}`, which can {action} `{}`: {why}", joined.label(at))),
            };
            blows.push(Blow { what: what.into(), why, of: name.into() });
            seen.push(used.actor);
            // What only may stop says nothing certain of others.
            if used.wide.is_none() {
                queue.push_back(used.actor);
            }
        }
        for hop in joined.edges.iter().filter(|hop| hop.to == at) {
            match hop.edge.kind {
                // What calls it waits for it, as a state machine does.
                EdgeKind::Trigger(Mode::Sync) if hop.edge.event.is_none() => {
                    let name = joined.label(hop.from);
                    blows.push(Blow {
                        what: "stops".into(),
                        why: format!("`{name}`, which {} `{}`", hop.edge.what, joined.label(at)),
                        of: name.into(),
                    });
                    if !seen.contains(&hop.from) {
                        seen.push(hop.from);
                        queue.push_back(hop.from);
                    }
                }
                EdgeKind::Trigger(mode) => blows.push(joined.unanswered(at, hop, mode)),
                EdgeKind::Failure | EdgeKind::ActsAs | EdgeKind::Watches => {}
            }
        }
    }
    joined.silent(failed, &mut blows);
    joined.unknown(failed, &mut blows);
    blows.dedup();
    blows
}

struct Joined<'p> {
    project: &'p Project,
    edges: Vec<Hop<'p>>,
    uses: Uses<'p>,
}

/// An edge with its nodes.
struct Hop<'p> {
    edge: &'p Edge,
    from: InstanceId,
    to: InstanceId,
}

fn hops(project: &Project) -> Vec<Hop<'_>> {
    let all = project.stacks.iter().enumerate().flat_map(|(stack, summary)| summary.edges.iter().map(move |edge| (stack, edge)));
    let hop = |(stack, edge)| {
        let edge: &Edge = edge;
        let (from, to) = (project.node_of(stack, &edge.from)?, project.node_of(stack, &edge.to)?);
        // What CloudFormation makes for a resource, as the log group of a function, is no hop unless something is there.
        let by_default = project.node(to)?.stack.is_none() && project.node(from)?.span == edge.span;
        (!by_default).then_some(Hop { edge, from, to })
    };
    // Every end has a node: what no stack owns got one when the stacks were joined.
    all.filter_map(hop).collect()
}

impl Joined<'_> {
    fn label(&self, id: InstanceId) -> String {
        self.project.label(id)
    }

    fn event(&self, hop: &Hop) -> String {
        format!("{}.{}", self.label(hop.from), hop.edge.event.as_deref().unwrap_or("events"))
    }

    /// What becomes of the events that a failed target does not handle.
    fn unanswered(&self, at: InstanceId, hop: &Hop, mode: Mode) -> Blow {
        let failures = || self.edges.iter().filter(|other| other.edge.kind == EdgeKind::Failure && other.to != at);
        let same_line = failures().find(|other| other.from == hop.from && other.edge.span == hop.edge.span);
        let kept = same_line.or_else(|| failures().find(|other| other.from == at || other.from == hop.from));
        let kept = kept.map(|other| self.label(other.to));
        let event = format!("what comes of {}", self.event(hop));
        let (what, why) = match (mode, kept) {
            (Mode::Sync, _) => ("fails", format!("{event}: the caller gets an error")),
            (Mode::Async, Some(queue)) => ("is kept", format!("{event}: tried again, then sent to `{queue}`")),
            (Mode::Async, None) => ("is lost", format!("{event}: tried again, then dropped")),
            (Mode::Poll, Some(queue)) => ("is tried again", format!("{event}: then sent to `{queue}`")),
            (Mode::Poll, None) => ("is tried again", format!("{event}: until it expires")),
        };
        let name = self.label(at);
        Blow { what: what.into(), why: format!("{why} (`{name}`)"), of: name.into() }
    }

    /// What it would have triggered is not triggered, and what that only passes on is not either.
    fn silent(&self, failed: InstanceId, blows: &mut Vec<Blow>) {
        let mut seen = vec![failed];
        let mut queue = VecDeque::from([failed]);
        while let Some(from) = queue.pop_front() {
            for hop in self.edges.iter().filter(|h| h.from == from && matches!(h.edge.kind, EdgeKind::Trigger(_))) {
                // Of what runs, the success is not sent on; that it does not run is said already.
                if from != failed && hop.edge.event.is_some() || seen.contains(&hop.to) {
                    continue;
                }
                seen.push(hop.to);
                queue.push_back(hop.to);
                let name = self.label(hop.to);
                blows.push(Blow { what: "is not triggered".into(), why: format!("`{name}`, by {}", self.event(hop)), of: name.into() });
            }
        }
    }

    /// What could not be read may be concerned too.
    fn unknown(&self, failed: InstanceId, blows: &mut Vec<Blow>) {
        let all = self.project.stacks.iter().enumerate().flat_map(|(stack, s)| s.opaque.iter().map(move |o| (stack, o)));
        for (at, opaque) in all.filter_map(|(stack, o)| Some((self.project.node_of(stack, &o.at)?, o))) {
            // Of a role, it is not known of those who act with it.
            let actors = self.edges.iter().filter(|h| h.to == at && h.edge.kind == EdgeKind::ActsAs).map(|h| h.from);
            let at = actors.chain([at]).next().unwrap_or(at);
            let name = self.label(at);
            let what = match opaque.may {
                May::Act if at != failed => format!("whether `{name}` needs it: {}", opaque.why),
                May::BeTriggered if at != failed => format!("whether it triggers `{name}`: {}", opaque.why),
                May::BeTriggered => format!("what else triggers it: {}", opaque.why),
                May::Trigger if at == failed => format!("what else it triggers: {}", opaque.why),
                May::Act | May::Trigger => continue,
            };
            blows.push(Blow { what: "is not known".into(), why: what, of: name.into() });
        }
    }
}
