//! Clusters of Aurora without an instance that could answer.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::{View, text};
use crate::project::words;

const RULE: &str = "cluster-without-capacity";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let of = |name: &str| words::of(RULE).texts.get(name).map(String::as_str).unwrap_or_default();
    let mut out = Vec::new();
    for cluster in view.nodes().filter(|id| view.is_own(*id) && text(view.fact(*id, "engine_mode")) == Some(of("mode"))) {
        let aurora = text(view.fact(cluster, "engine")).is_some_and(|engine| engine.starts_with(of("family")));
        if aurora && view.fact(cluster, "class").is_none() && view.instances(cluster).is_empty() {
            let message = format!("{} has no instance: nothing answers", view.name(cluster));
            out.push(error(RULE, view.span(cluster), message, &[("cluster", view.name(cluster).replace('`', ""))]));
        }
    }
    out
}
