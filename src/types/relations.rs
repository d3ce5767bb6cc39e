//! How declarations stand to each other, for expressions that ask: who can what, what wakes whom, what reaches what.
//! Filled in when the graph is known. Knows nothing of how edges are found.

use crate::base::{Name, Span};
use crate::model::{InstanceId, Mode, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// An edge as an expression sees it.
#[derive(Clone, Debug)]
pub struct Link {
    /// The verb or the event.
    pub name: Name,
    /// Who can, or who is woken.
    pub actor: InstanceId,
    /// With what, or what wakes.
    pub subject: InstanceId,
    /// How what wakes does so; none of a capability.
    pub mode: Option<Mode>,
    /// Whether it follows from something else.
    pub derived: bool,
    /// Its arguments.
    pub arguments: Value,
    /// Where it stands.
    pub span: Span,
}

/// The relations of a stack.
#[derive(Debug, Default)]
pub struct Relations {
    links: Vec<Link>,
    by_actor: FxHashMap<InstanceId, Vec<usize>>,
    by_subject: FxHashMap<InstanceId, Vec<usize>>,
    /// Where something leads besides: a property that passes on.
    leads: FxHashMap<InstanceId, Vec<InstanceId>>,
    /// What a property of another declaration names.
    named: FxHashSet<InstanceId>,
}

impl Relations {
    /// The relations of some links, of properties that lead on, and of those that name something.
    pub fn new(links: Vec<Link>, leads: impl IntoIterator<Item = (InstanceId, InstanceId)>, named: FxHashSet<InstanceId>) -> Relations {
        let mut relations = Relations { links, named, ..Relations::default() };
        for (at, link) in relations.links.iter().enumerate() {
            relations.by_actor.entry(link.actor).or_default().push(at);
            relations.by_subject.entry(link.subject).or_default().push(at);
        }
        for (from, to) in leads {
            relations.leads.entry(from).or_default().push(to);
        }
        relations
    }

    /// Whether a property of another declaration names a declaration.
    pub fn is_named(&self, id: InstanceId) -> bool {
        self.named.contains(&id)
    }

    /// What somebody can do.
    pub fn capabilities(&self, actor: InstanceId) -> impl Iterator<Item = &Link> {
        self.of(&self.by_actor, actor).filter(|link| link.mode.is_none())
    }

    /// What wakes somebody.
    pub fn triggers(&self, actor: InstanceId) -> impl Iterator<Item = &Link> {
        self.of(&self.by_actor, actor).filter(|link| link.mode.is_some())
    }

    /// Who can do something with a declaration.
    pub fn users(&self, subject: InstanceId) -> impl Iterator<Item = &Link> {
        self.of(&self.by_subject, subject).filter(|link| link.mode.is_none())
    }

    /// Whom a declaration wakes.
    pub fn woken(&self, subject: InstanceId) -> impl Iterator<Item = &Link> {
        self.of(&self.by_subject, subject).filter(|link| link.mode.is_some())
    }

    fn of<'a>(&'a self, index: &'a FxHashMap<InstanceId, Vec<usize>>, id: InstanceId) -> impl Iterator<Item = &'a Link> {
        index.get(&id).into_iter().flatten().filter_map(|at| self.links.get(*at))
    }

    /// What can come of a declaration, over any number of hops: a source wakes, an actor does what it can.
    pub fn reached(&self, from: InstanceId, but: &[InstanceId]) -> FxHashSet<InstanceId> {
        let mut seen = FxHashSet::default();
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            let next = self.woken(at).map(|l| l.actor).chain(self.capabilities(at).map(|l| l.subject));
            for to in next.chain(self.leads.get(&at).into_iter().flatten().copied()) {
                if !but.contains(&to) && seen.insert(to) {
                    queue.push_back(to);
                }
            }
        }
        seen
    }
}
