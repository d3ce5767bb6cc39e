//! Who may do what: whether the statements of a node and its roles allow an action on another node.

use super::address::{arn, mask};
use super::view::View;
use crate::flow::filter::Glob;
use crate::model::InstanceId;
use crate::template::{Right, Text};

/// Whether something is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// A policy that could not be read may allow it, or the role is not in the project.
    Unknown,
}

impl View<'_> {
    /// Whether a node may do something to another. `below` is what follows the ARN in the resource: `/stream/...`.
    pub(super) fn may(&self, who: InstanceId, action: &str, on: Option<InstanceId>, below: &str) -> Answer {
        let actors = self.actors(who);
        // Without a role it is not known with what it acts.
        if actors.len() > 1 { self.any_may(&actors, action, on, below) } else { Answer::Unknown }
    }

    /// Whether holders of statements together may do something to a node.
    pub(super) fn any_may(&self, actors: &[InstanceId], action: &str, on: Option<InstanceId>, below: &str) -> Answer {
        let unknown = actors.iter().any(|actor| self.is_unread(*actor) || !self.is_own(*actor));
        let held = || actors.iter().flat_map(|actor| self.held(*actor)).filter(|(_, right)| speaks_of(right, action));
        let covers = |(stack, right): &&(usize, &Right)| on.is_none_or(|on| self.covers(*stack, right, on, below));
        let whole = |right: &Right| right.conditions.is_empty() && right.condition.is_none();
        if held().filter(|(_, right)| right.deny && whole(right)).any(|held| covers(&held)) {
            return Answer::No;
        }
        if held().filter(|(_, right)| !right.deny).any(|held| covers(&held)) {
            return Answer::Yes;
        }
        if unknown { Answer::Unknown } else { Answer::No }
    }

    /// Whether a statement covers a node.
    pub(super) fn covers(&self, stack: usize, right: &Right, on: InstanceId, below: &str) -> bool {
        let any = right.resources.iter().any(|resource| self.names(stack, resource, on, below));
        any != right.not_resources
    }

    /// Whether the resource of a statement is a node, or some of them that it is among.
    pub(super) fn names(&self, stack: usize, resource: &Text, on: InstanceId, below: &str) -> bool {
        let text = self.project.globals.of_text(stack, resource);
        let written = mask(&text);
        if written.chars().all(|c| c == '*') {
            return true;
        }
        let below = below.trim_end_matches('*');
        let fits = |rest: &str| below.is_empty() || rest.starts_with(below) || Glob::iam(rest).matches(below);
        // A name that cannot be read in full may be the one that is written.
        let own = self.project.node(on).and_then(|node| node.arn.as_ref()).map(mask);
        if own.is_some_and(|own| own.contains('*') && Glob::iam(&own).matches(&written)) {
            return true;
        }
        match self.project.addresses.covered(&text) {
            // A consumer of a stream is the stream, as an alias of a function is the function.
            Some(found) => found.node == on && fits(&found.rest) || self.about(on).contains(&found.node),
            None => match arn(&written) {
                Some(pattern) => self.project.addresses.among(&pattern).contains(&on),
                // What is not known at all may be it.
                None => written.contains('*') || text.segments().iter().any(|s| !matches!(s, crate::template::Segment::Literal(_))),
            },
        }
    }
}

/// Whether a statement speaks of an action.
pub(super) fn speaks_of(right: &Right, action: &str) -> bool {
    right.actions.iter().any(|pattern| action_fits(pattern, action)) != right.not_actions
}

/// Whether a pattern of actions names one, or one pattern a part of the other. IAM does not tell cases apart.
pub(super) fn action_fits(pattern: &str, action: &str) -> bool {
    pattern.eq_ignore_ascii_case(action) || (pattern.contains(['*', '?']) && Glob::iam(pattern).ignoring_case().matches(action))
}
