//! Proxies of one database that may together take more than all of its connections.

use super::error;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for database in view.nodes().filter(|id| view.is_database(*id)) {
        let proxies = view.proxies(database);
        let shares: Option<f64> = proxies.iter().map(|(_, group)| view.number(*group, "share")).sum();
        let Some(((_, last), others)) = proxies.split_last() else { continue };
        let Some(sum) = shares.filter(|sum| !others.is_empty() && *sum > 100.0) else { continue };
        let message = format!("the proxies of {} may take {sum}% of its connections", view.name(database));
        let finding = error("proxies-share-beyond-all", view.span_of(*last, "share"), message, &[]);
        let also = |f: Diagnostic, (proxy, group): &_| f.also(view.span_of(*group, "share"), format!("the share of {}", view.name(*proxy)));
        out.push(others.iter().fold(finding, also));
    }
    out
}
