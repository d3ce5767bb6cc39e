//! Functions that connect directly to a database that has a proxy.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for client in view.clients().iter().filter(|c| view.is_database(c.to)) {
        let Some((proxy, _)) = view.proxies(client.to).first().copied() else { continue };
        let (function, database, name) = (view.name(client.function), view.name(client.to), view.name(proxy));
        let message = format!("{function} connects directly to {database}, bypassing {name}");
        let values = [("proxy", name.replace('`', ""))];
        out.push(warning("proxy-bypassed", client.span, message, &values).also(view.span(proxy), "the proxy"));
    }
    out
}
