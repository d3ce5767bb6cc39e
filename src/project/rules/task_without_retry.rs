//! Calls of functions by state machines that are not tried again when Lambda itself fails.

use super::found;
use crate::base::{Diagnostic, Severity};
use crate::project::view::{View, Wire};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let one = |wire: &Wire<'_>| {
        let message = format!("a call of {} by {} is not tried again when Lambda itself fails", view.name(wire.to), view.name(wire.from));
        found(Severity::Advice, "task-without-retry", wire.span_of("task"), message, &[])
    };
    // A function that is called and waited for.
    let called = view.triggers().filter(|w| w.fact("task").is_some() && view.fact(w.to, "memory").is_some());
    called.filter(|w| w.fact("token").is_none() && w.fact("retry").is_none()).map(one).collect()
}
