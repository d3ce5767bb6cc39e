//! Who connects to which database: functions with a right to, or with its host among their variables.

use super::may::speaks_of;
use super::view::View;
use super::words;
use crate::base::Span;
use crate::model::InstanceId;
use crate::template::{FactValue, Segment, Text};

/// The rule whose table says what is needed to know of databases.
const RULE: &str = "connections-beyond-database";

/// A function that connects to a database or a proxy.
#[derive(Clone, Copy)]
pub(super) struct Client {
    pub function: InstanceId,
    /// What it connects to.
    pub to: InstanceId,
    /// The statement that allows it, or the variable with the host.
    pub span: Span,
}

impl View<'_> {
    /// Every function that connects to a database or a proxy, once for each.
    pub(super) fn clients(&self) -> Vec<Client> {
        let words = words::of(RULE);
        let mut out: Vec<Client> = Vec::new();
        for function in self.nodes().filter(|id| self.is_function(*id)) {
            let held =
                self.actors(function).into_iter().flat_map(|actor| self.held(actor)).filter(|(_, right)| {
                    !right.deny && !right.not_resources && words.actions.iter().any(|action| speaks_of(right, action))
                });
            let named = held.flat_map(|(stack, right)| right.resources.iter().map(move |text| (*stack, text, right.span)));
            let mut found: Vec<(InstanceId, Span)> = Vec::new();
            for (stack, text, span) in named {
                found.extend(self.databases_in(stack, text, |_| true).into_iter().map(|id| (id, span)));
            }
            let stack = self.project.node(function).and_then(|node| node.stack);
            if let (Some(stack), Some(FactValue::Texts(variables))) = (stack, self.fact(function, "environment").map(|f| &f.value)) {
                let host = |attribute: &str| words.fields.iter().any(|field| field == attribute);
                for (_, text, span) in variables {
                    found.extend(self.databases_in(stack, text, host).into_iter().map(|id| (id, *span)));
                }
            }
            for (to, span) in found {
                if !out.iter().any(|c| c.function == function && c.to == to) {
                    out.push(Client { function, to, span });
                }
            }
        }
        out
    }

    /// The databases and proxies whose attributes are in a text.
    fn databases_in(&self, stack: usize, text: &Text, fits: impl Fn(&str) -> bool) -> Vec<InstanceId> {
        let text = self.project.globals.of_text(stack, text);
        let attributes = text.segments().iter().filter(|s| matches!(s, Segment::Attribute(_, attribute) if fits(attribute)));
        let nodes = attributes.filter_map(|s| Some(self.project.addresses.covered(&Text::of(s.clone()))?.node));
        // An instance of a cluster is the cluster.
        let of_cluster = |id: InstanceId| self.ends(id, "cluster").first().copied().unwrap_or(id);
        nodes.filter(|id| self.fact(*id, "guards").is_some() || self.is_database(*id)).map(of_cluster).collect()
    }

    /// Whether a node is a database or a cluster.
    pub(super) fn is_database(&self, id: InstanceId) -> bool {
        self.fact(id, "engine").is_some() && self.fact(id, "anybody").is_some()
    }

    /// The instances of a cluster.
    pub(super) fn instances(&self, cluster: InstanceId) -> Vec<InstanceId> {
        self.nodes().filter(|id| self.ends(*id, "cluster").contains(&cluster)).collect()
    }

    /// The proxies of a database, each with the resource that says so.
    pub(super) fn proxies(&self, database: InstanceId) -> Vec<(InstanceId, InstanceId)> {
        let groups = self.nodes().filter(|id| self.ends(*id, "targets").contains(&database));
        groups.flat_map(|group| self.ends(group, "proxy").into_iter().map(move |proxy| (proxy, group))).collect()
    }

    /// How many copies of a function run at the same time in the worst case: what it reserves, what its pollers start if
    /// nothing else triggers it, or all that the account may run.
    pub(super) fn copies(&self, function: InstanceId) -> f64 {
        let bounds: Vec<Option<f64>> = self.into(function).filter(|w| w.is_trigger()).map(|w| w.number("concurrency")).collect();
        let polled = bounds.iter().copied().sum::<Option<f64>>().filter(|_| !bounds.is_empty());
        let account = || words::of("reserved-beyond-account").limit("account");
        self.number(function, "reserved").or(polled).unwrap_or_else(account)
    }
}
