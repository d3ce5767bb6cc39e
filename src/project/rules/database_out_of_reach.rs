//! Functions that connect to a database whose security groups do not let them in.

use super::error;
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::view::View;

const RULE: &str = "database-out-of-reach";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for client in view.clients() {
        let (function, database) = (view.name(client.function), view.name(client.to));
        let guards = view.ends(client.to, "guards");
        let outside = view.fact(client.function, "subnets").is_none() && view.fact(client.function, "vpc").is_none();
        let values = [("function", function.clone()), ("database", database.clone())];
        if outside && view.is_database(client.to) && !reached_from_outside(view, client.to) && view.is_own(client.function) {
            let message = format!("{function} is in no network and cannot reach {database}, which is in one");
            out.push(error(RULE, client.span, message, &values).also(view.span(client.to), "the database"));
            continue;
        }
        let groups = view.ends(client.function, "groups");
        if outside || guards.is_empty() || groups.is_empty() || guards.iter().any(|guard| lets_in(view, *guard, &groups)) {
            continue;
        }
        let message = format!("no security group of {database} lets {function} in");
        let finding = error(RULE, client.span, message, &values).also(view.span_of(client.to, "guards"), "what guards it");
        out.push(finding.also(view.span_of(client.function, "groups"), "the groups of the function"));
    }
    out
}

/// Whether a database can be reached without being in its network, or it is not known.
fn reached_from_outside(view: &View<'_>, database: InstanceId) -> bool {
    let machines = std::iter::once(database).chain(view.instances(database));
    machines.into_iter().any(|id| view.fact(id, "anybody").is_none_or(|f| f.value != crate::template::FactValue::Bool(false)))
}

/// Whether a security group lets in what has one of some groups. What is said of it elsewhere is not known.
fn lets_in(view: &View<'_>, guard: InstanceId, groups: &[InstanceId]) -> bool {
    let one = |id: InstanceId| view.is(id, "lets_addresses_in") || view.ends(id, "lets_in").iter().any(|from| groups.contains(from));
    !view.is_own(guard) || one(guard) || view.about(guard).iter().any(|id| one(*id))
}
