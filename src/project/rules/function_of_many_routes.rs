//! Functions that answer many routes: each of these has the rights, the size and the faults of all.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::{View, text};
use crate::project::words;

const RULE: &str = "function-of-many-routes";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let words = words::of(RULE);
    let messages = words.texts.get("messages").map(String::as_str);
    let most = words.limit("most");
    let mut out = Vec::new();
    for function in view.nodes().filter(|id| view.fact(*id, "memory").is_some()) {
        let is_route = |w: &&crate::project::view::Wire<'_>| {
            let protocol = text(view.fact(w.from, "protocol"));
            w.is_trigger() && protocol.is_some() && protocol != messages
        };
        let routes: Vec<_> = view.into(function).filter(is_route).collect();
        if routes.len() as f64 <= most {
            continue;
        }
        let message = format!("{} answers {} routes, more than {most}", view.name(function), routes.len());
        let finding = warning(RULE, view.span(function), message, &[]);
        out.push(routes.iter().take(20).fold(finding, |f, w| f.also(w.edge.span, "a route")));
    }
    out
}
