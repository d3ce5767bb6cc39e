//! Streams of which a record that always fails blocks its shard until it expires.

use super::warning;
use crate::base::Diagnostic;
use crate::model::Mode;
use crate::project::view::{View, Wire};
use crate::template::{EdgeKind, table};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let one = |wire: &Wire<'_>| {
        let (function, stream) = (view.name(wire.to), view.name(wire.from));
        let message = format!("a record of {stream} on which {function} always fails is retried until it expires, and blocks its shard");
        warning("shard-blocked-by-bad-record", wire.source(), message, &[])
    };
    streams(view).filter(|wire| is_endless(wire)).map(one).collect()
}

/// The triggers by which functions read streams. A queue gives messages back, and what is not read with rights of the
/// function (Kafka) has other limits.
pub(super) fn streams<'v, 'p>(view: &'v View<'p>) -> impl Iterator<Item = &'v Wire<'p>> {
    let polled = |wire: &Wire<'_>| Some(!table().row(view.ty(wire.from)?)?.polled.as_ref()?.needs.is_empty());
    let read = view.triggers().filter(|w| w.edge.kind == EdgeKind::Trigger(Mode::Poll) && view.is_function(w.to));
    read.filter(move |w| view.fact(w.from, "visibility").is_none() && polled(w) == Some(true))
}

/// Whether a record that always fails is retried until it expires.
pub(super) fn is_endless(wire: &Wire<'_>) -> bool {
    let open = |name: &str| wire.fact(name).is_none() || wire.number(name) == Some(-1.0);
    open("retries") && open("max_age")
}
