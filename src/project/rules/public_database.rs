//! Databases with an address on the internet.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let open = view.nodes().filter(|id| view.is_database(*id) && view.is(*id, "anybody"));
    let one = |id| {
        let message = format!("{} has an address on the internet: only its security groups and passwords guard it", view.name(id));
        warning("public-database", view.span_of(id, "anybody"), message, &[])
    };
    open.map(one).collect()
}
