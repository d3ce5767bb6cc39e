//! Routes of APIs that anybody can call.

use super::warning;
use crate::base::{Diagnostic, Span};
use crate::project::view::{View, Wire, is, text};
use crate::project::words;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let one = |wire: &Wire<'_>| {
        let message = format!("everybody on the internet can reach {} by this route of {}", view.name(wire.to), view.name(wire.from));
        warning("public-route", place(wire), message, &[]).also(view.span(wire.to), "what it reaches")
    };
    view.triggers().filter(|w| is_open(view, w)).map(one).collect()
}

/// Whether a route has no authorizer, and is one that needs one.
fn is_open(view: &View<'_>, wire: &Wire<'_>) -> bool {
    let known = |name: &str| words::of("public-route").texts.get(name).map(String::as_str);
    let same = |fact: Option<&crate::template::Fact>, name: &str| text(fact).is_some() && text(fact) == known(name);
    let no_auth = is(wire.fact("public")) || same(wire.fact("auth"), "open");
    let keyed = is(wire.fact("api_key")) || same(view.fact(wire.from, "endpoint"), "private");
    let message = same(view.fact(wire.from, "protocol"), "messages") && !same(wire.fact("route"), "connects");
    // A policy of the API can be what decides who may call.
    let policy = !view.permissions(wire.from).is_empty();
    no_auth && !keyed && !message && !policy && !same(wire.fact("method"), "preflight") && view.is_own(wire.from)
}

/// The line of a route: that of its key, of what says that it is open, or of what it reaches.
fn place(wire: &Wire<'_>) -> Span {
    let written = |name: &str| wire.fact(name).filter(|f| f.written).map(|f| f.span);
    written("route").or_else(|| written("auth")).unwrap_or(wire.edge.span)
}
