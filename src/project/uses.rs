//! Who may use what: the rights of all stacks, each with those who act with it and the resource that it is on. Rights to
//! read count as those to write. A denial takes nothing away here: what needs something is not known any better by it.

use super::address::{arn, mask};
use super::flows::roles;
use super::{Node, Project};
use crate::base::Name;
use crate::model::InstanceId;
use crate::template::{Right, Standing};
use rustc_hash::FxHashMap;

/// A right of somebody on a resource.
#[derive(Clone, Debug)]
pub struct Use {
    /// Who has it: a function, and not its role.
    pub actor: InstanceId,
    /// The resource.
    pub target: InstanceId,
    /// The action, or one of several.
    pub action: Name,
    /// Why it may not be meant for this resource: it is on others too.
    pub wide: Option<String>,
}

/// All rights, ready to be asked for one resource after the other: those on every resource are many times all resources.
pub struct Uses<'p> {
    project: &'p Project,
    stated: FxHashMap<InstanceId, Vec<Use>>,
    wide: Vec<Wide<'p>>,
}

/// A right on more resources than its text names.
struct Wide<'p> {
    actors: Vec<InstanceId>,
    right: &'p Right,
    why: String,
    /// The resources that its pattern may match; none if that is every one.
    among: Option<Vec<InstanceId>>,
}

impl Project {
    /// Every right of the project.
    pub fn uses(&self) -> Uses<'_> {
        let roles = roles(self);
        let mut uses = Uses { project: self, stated: FxHashMap::default(), wide: Vec::new() };
        for (stack, summary) in self.stacks.iter().enumerate() {
            // What a state machine may do is what it calls, which are edges; what SAM adds nobody asked for.
            let stated = |right: &&Right| !right.deny && right.only.is_none() && right.standing != Standing::Added;
            for right in summary.rights.iter().filter(stated) {
                let Some(holder) = self.node_of(stack, &right.actor) else { continue };
                let mut actors: Vec<InstanceId> = roles.get(&holder).map_or_else(|| vec![holder], |all| all.iter().copied().collect());
                actors.sort_unstable_by_key(|actor| actor.0);
                uses.add(stack, right, actors);
            }
        }
        uses
    }
}

impl<'p> Uses<'p> {
    fn add(&mut self, stack: usize, right: &'p Right, actors: Vec<InstanceId>) {
        let everything = || match &right.standing {
            Standing::Managed(policy) => format!("the managed policy `{policy}` is on every resource"),
            _ => "the right is on every resource (`*`)".to_string(),
        };
        let project = self.project;
        if right.not_resources {
            self.wide.push(Wide { actors, right, why: everything(), among: None });
            return;
        }
        for resource in &right.resources {
            let text = project.globals.of_text(stack, resource);
            if let Some(found) = project.addresses.covered(&text) {
                let action = project.node(found.node).and_then(|node| acts_on(right, node)).or_else(|| right.actions.first().cloned());
                let action = action.unwrap_or_else(|| "*".into());
                let of = |actor: &InstanceId| Use { actor: *actor, target: found.node, action: action.clone(), wide: None };
                self.stated.entry(found.node).or_default().extend(actors.iter().map(of));
                continue;
            }
            let mask = mask(&text);
            let (why, among) = match arn(&mask) {
                _ if mask.chars().all(|c| c == '*') => (everything(), None),
                Some(pattern) => (format!("the right is on every resource that `{text}` matches"), Some(project.addresses.among(&pattern))),
                None => continue,
            };
            self.wide.push(Wide { actors: actors.clone(), right, why, among });
        }
    }

    /// Who may use a resource, each once: of several rights the one that names the resource says most.
    pub fn of(&self, target: InstanceId) -> Vec<Use> {
        let mut out: Vec<Use> = self.stated.get(&target).cloned().unwrap_or_default();
        let owned = self.project.node(target).filter(|node| node.stack.is_some());
        for wide in self.wide.iter().filter(|w| w.among.as_ref().is_none_or(|among| among.contains(&target))) {
            let Some(action) = owned.and_then(|node| acts_on(wide.right, node)) else { continue };
            let of = |actor: &InstanceId| Use { actor: *actor, target, action: action.clone(), wide: Some(wide.why.clone()) };
            out.extend(wide.actors.iter().map(of));
        }
        out.retain(|u| u.actor != target);
        out.sort_by_key(|u| (u.actor.0, u.wide.is_some()));
        out.dedup_by_key(|u| u.actor);
        out
    }
}

/// The first action of a statement that is of the service of a resource. The prefix of most actions is the service in the
/// type of the resource; of the others the statement is taken to be about what it names.
fn acts_on(right: &Right, node: &Node) -> Option<Name> {
    if right.not_actions {
        return Some("*".into());
    }
    let service = node.ty.as_deref()?.split("::").nth(1)?;
    let fits = |action: &&Name| &***action == "*" || action.split(':').next().is_some_and(|prefix| prefix.eq_ignore_ascii_case(service));
    right.actions.iter().find(fits).cloned()
}
