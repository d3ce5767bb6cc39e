//! Records of a stream that are given up and sent nowhere.

use super::shard_blocked_by_bad_record::{is_endless, streams};
use super::warning;
use crate::base::Diagnostic;
use crate::project::view::{View, Wire};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let one = |wire: &Wire<'_>| {
        let message = format!("records of {} that {} gives up on are lost", view.name(wire.from), view.name(wire.to));
        warning("failed-records-lost", wire.source(), message, &[])
    };
    streams(view).filter(|wire| !is_endless(wire) && wire.fact("dead_letter").is_none()).map(one).collect()
}
