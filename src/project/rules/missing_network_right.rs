//! Functions in a network whose role may not create network interfaces there: they cannot be created.

use super::error;
use crate::base::Diagnostic;
use crate::project::may::Answer;
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "missing-network-right";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for function in view.nodes().filter(|id| view.is(*id, "vpc") && view.fact(*id, "memory").is_some()) {
        let needed = words::of(RULE).actions.iter();
        let missing: Vec<&str> = needed.map(String::as_str).filter(|a| view.may(function, a, None, "") == Answer::No).collect();
        if missing.is_empty() {
            continue;
        }
        let name = view.name(function);
        let message = format!("{name} is in a network, and its role does not allow {}", missing.join(", "));
        let finding = error(RULE, view.span_of(function, "vpc"), message, &[("function", name)]);
        let roles = view.actors(function).into_iter().skip(1);
        out.push(roles.fold(finding, |f, role| f.also(view.span(role), "the role")));
    }
    out
}
