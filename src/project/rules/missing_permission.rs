//! Triggers and destinations whose target does not let the service in: no permission of a function, no policy of a queue
//! or a topic that names the service and the source.

use super::error;
use crate::base::Diagnostic;
use crate::project::may::action_fits;
use crate::project::view::{View, Wire, text};
use crate::template::{EdgeKind, May, Permission, table};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    let wires = view.wires.iter().filter(|w| matches!(w.edge.kind, EdgeKind::Trigger(_) | EdgeKind::Failure));
    for wire in wires.filter(|w| view.is_own(w.to)) {
        let Some(finding) = one(view, wire) else { continue };
        // Several events of one configuration need one permission.
        if !out.iter().any(|f| f.primary.span == finding.primary.span && f.rule == finding.rule) {
            out.push(finding);
        }
    }
    out
}

fn one(view: &View<'_>, wire: &Wire<'_>) -> Option<Diagnostic> {
    let service = text(wire.fact("service"))?;
    let delivery = table().row(view.ty(wire.to)?)?.delivery.as_ref()?;
    // With a role the service acts with the rights of that.
    if !view.nodes_of(wire.stack, wire.fact("role")).is_empty() {
        return None;
    }
    let by = view.by(wire).unwrap_or(wire.from);
    let permissions = || view.permissions(wire.to).iter().filter(|(_, p)| !p.deny && lets_in(p, service));
    let from = |(stack, p): &&(usize, &Permission)| {
        let source = p.source.as_ref();
        source.is_none_or(|text| view.names(*stack, text, wire.from, "") || view.names(*stack, text, by, ""))
    };
    let allows = |(_, p): &&(usize, &Permission)| p.actions.iter().any(|a| action_fits(a, &delivery.action));
    if permissions().filter(allows).any(|p| from(&p)) || by_role(view, wire) || unread(view, wire) {
        return None;
    }
    let (source, target) = (view.name(by), view.name(wire.to));
    let message =
        format!("{target} does not allow `{service}.amazonaws.com` the action `{}` for {source}: nothing is delivered", delivery.action);
    let values = [("service", service.to_string()), ("source", source), ("target", target)];
    let finding = error(&delivery.rule, wire.edge.span, message, &values).also(view.span(wire.to), "the target");
    Some(permissions().take(3).fold(finding, |f, (_, p)| f.also(p.span, "this permission is for another source or action")))
}

/// Whether a permission is for a service, or for anyone.
fn lets_in(permission: &Permission, service: &str) -> bool {
    permission.principals.iter().any(|principal| {
        let written = principal.to_string();
        written == "*"
            || written.contains("${") && !written.contains(".amazon")
            || written.split_once(".amazon").is_some_and(|(name, _)| {
                name == service || name.starts_with("${") || name.strip_prefix(service).is_some_and(|rest| rest.starts_with('.'))
            })
    })
}

/// Whether an integration of an API reaches the target with a role.
fn by_role(view: &View<'_>, wire: &Wire<'_>) -> bool {
    view.about(wire.to).iter().any(|id| view.is(*id, "credentials") && view.ends(*id, "api").contains(&wire.from))
}

/// Whether a policy of the stack could not be read: it may be the one.
fn unread(view: &View<'_>, wire: &Wire<'_>) -> bool {
    let mut opaque = view.project.opaque().filter(|(.., opaque)| opaque.may == May::Act).map(|(_, at, _)| at);
    opaque.any(|id| {
        let row = view.ty(id).and_then(|ty| table().row(ty));
        let policy = row
            .is_some_and(|r| r.reads.iter().any(|reads| reads.what == crate::template::Documents::ResourcePolicy && !reads.of.is_empty()));
        policy || id == wire.to
    })
}
