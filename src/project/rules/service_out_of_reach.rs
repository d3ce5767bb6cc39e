//! Services that a function may call and cannot reach: its subnets have no way out, and the network no endpoint.

use super::error;
use crate::base::{Diagnostic, FxIndexSet};
use crate::model::InstanceId;
use crate::project::view::{Held, View};
use crate::project::words;
use crate::template::{FactValue, Standing};
use rustc_hash::{FxHashMap, FxHashSet};

const RULE: &str = "service-out-of-reach";

/// What is known of the networks of a project.
#[derive(Default)]
struct Networks {
    /// The route tables of each subnet.
    tables: FxHashMap<InstanceId, Vec<InstanceId>>,
    /// Route tables with a way out.
    open: FxHashSet<InstanceId>,
    /// The endpoints of each network.
    endpoints: FxHashMap<InstanceId, Vec<InstanceId>>,
}

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut networks = Networks::default();
    for id in view.nodes() {
        let tables = view.ends(id, "route_table");
        for subnet in view.ends(id, "subnet") {
            networks.tables.entry(subnet).or_default().extend(&tables);
        }
        if view.is(id, "leads_out") {
            networks.open.extend(&tables);
        }
        if view.fact(id, "endpoint_service").is_some() {
            view.ends(id, "vpc").into_iter().for_each(|network| networks.endpoints.entry(network).or_default().push(id));
        }
    }
    let mut out = Vec::new();
    for function in view.nodes().filter(|id| view.fact(*id, "memory").is_some() && view.fact(*id, "subnets").is_some()) {
        let Some(network) = networks.closed(view, function) else { continue };
        for role in view.actors(function) {
            for held in view.held(role) {
                out.extend(statement(view, &networks, function, network, held));
            }
        }
    }
    out
}

impl Networks {
    /// The network of a function, if all of its subnets are known and none has a way out.
    fn closed(&self, view: &View<'_>, function: InstanceId) -> Option<InstanceId> {
        let mut networks = FxIndexSet::default();
        for subnet in view.ends(function, "subnets") {
            networks.extend(view.ends(subnet, "vpc"));
            // Without a route table it has the main one of the network, which is not in the template.
            let tables = self.tables.get(&subnet)?;
            if tables.iter().any(|table| self.open.contains(table) || !view.is_own(*table)) {
                return None;
            }
        }
        networks.into_iter().next().filter(|network| view.is_own(*network))
    }

    /// Whether a network has an endpoint for a service, or one that cannot be read.
    fn have(&self, view: &View<'_>, network: InstanceId, endpoint: &str) -> bool {
        self.endpoints.get(&network).into_iter().flatten().any(|id| match view.fact(*id, "endpoint_service").map(|f| &f.value) {
            Some(FactValue::Text(name)) => {
                let written = name.to_string();
                written.ends_with(&format!(".{endpoint}")) || written.ends_with('}')
            }
            _ => true,
        })
    }
}

/// What a statement allows at a service that has no endpoint.
fn statement(
    view: &View<'_>,
    networks: &Networks,
    function: InstanceId,
    network: InstanceId,
    (stack, right): &Held<'_>,
) -> Option<Diagnostic> {
    if right.deny || right.not_actions || !matches!(right.standing, Standing::Written | Standing::SamPolicy(_)) {
        return None;
    }
    let known = &words::of(RULE).texts;
    let of = |action: &str| known.get(action).or_else(|| known.get(action.split(':').next()?)).cloned();
    let endpoint = right.actions.iter().find_map(|action| of(action).filter(|endpoint| !networks.have(view, network, endpoint)))?;
    // What Lambda itself reads or sends for the function goes over its own network.
    let by_lambda = |id: InstanceId| view.out_of(id).any(|w| w.is_trigger() && w.to == function) || view.into(id).any(|w| w.is_failure());
    let named: Vec<InstanceId> = right
        .resources
        .iter()
        .filter_map(|text| view.project.addresses.covered(&view.project.globals.of_text(*stack, text)).map(|f| f.node))
        .collect();
    if named.len() == right.resources.len() && named.iter().all(|id| by_lambda(*id)) {
        return None;
    }
    let message = format!(
        "{} is in {}, which has no route to {endpoint}: what this statement allows cannot be reached",
        view.name(function),
        view.name(network)
    );
    let finding = error(RULE, right.span, message, &[("endpoint", endpoint)]);
    Some(finding.also(view.span_of(function, "vpc"), "the function is there").also(view.span(network), "the network"))
}
