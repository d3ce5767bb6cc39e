//! Tasks that wait for their token for as long as a machine may run.

use super::token_in_express_machine::is_express;
use super::warning;
use crate::base::Diagnostic;
use crate::project::view::{View, Wire};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let one = |wire: &Wire<'_>| {
        let message = format!("a task of {} waits for its token for up to a year", view.name(wire.from));
        warning("token-without-timeout", wire.edge.span, message, &[])
    };
    let waiting = view.triggers().filter(|w| w.fact("task").is_some() && w.fact("token").is_some() && !is_express(view, w));
    waiting.filter(|w| w.fact("timeout").is_none() && w.fact("heartbeat").is_none()).map(one).collect()
}
