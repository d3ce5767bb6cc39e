//! Statements that allow too much, or nothing: wildcards, escalation, actions that do not exist.

use super::{error, warning};
use crate::base::{Diagnostic, FxIndexSet, Name};
use crate::cfn::actions;
use crate::model::InstanceId;
use crate::project::address::mask;
use crate::project::view::View;
use crate::project::words;
use crate::template::{Right, Standing};

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for holder in view.holders() {
        let mut found = Vec::new();
        // What a state machine has is what its role has, which is a holder too.
        for (stack, right) in view.held(holder).iter().filter(|(_, r)| !r.deny && r.only.is_none()) {
            wildcards(view, holder, right, &mut found);
            if matches!(right.standing, Standing::Written) {
                escalation(view, holder, right, &mut found);
                object_actions(view, *stack, holder, right, &mut found);
                unknown(view, holder, right, &mut found);
            }
        }
        // A managed policy has several statements at one line.
        let mut known = FxIndexSet::default();
        found.retain(|f| known.insert((f.rule.clone(), f.primary.span, f.message.clone())));
        out.extend(found);
    }
    out
}

fn every(right: &Right) -> bool {
    right.resources.iter().any(|text| text.as_literal() == Some("*"))
}

/// Names in a sentence.
fn names(all: &[&Name]) -> String {
    all.iter().map(|a| format!("`{a}`")).collect::<Vec<_>>().join(", ")
}

fn wildcards(view: &View<'_>, holder: InstanceId, right: &Right, out: &mut Vec<Diagnostic>) {
    let name = view.name(holder);
    let wide: Vec<&Name> = right.actions.iter().filter(|a| &***a == "*" || a.ends_with(":*")).collect();
    match &right.standing {
        Standing::Written if right.not_actions => {
            let message = format!("{name} may do everything but {} (`NotAction`)", names(&right.actions.iter().collect::<Vec<_>>()));
            out.push(warning("wildcard-action", right.span, message, &[]));
        }
        Standing::Written if !wide.is_empty() => {
            out.push(warning("wildcard-action", right.span, format!("{name} may do {}", names(&wide)), &[]));
        }
        // A policy that AWS manages for one service has wildcards for a reason; one that allows everything has not.
        Standing::Managed(policy) if right.actions.iter().any(|a| &**a == "*") => {
            out.push(warning("wildcard-action", right.span, format!("{name} may do everything by the managed policy `{policy}`"), &[]));
        }
        _ => {}
    }
    if right.standing != Standing::Written || right.not_actions || !every(right) || !right.conditions.is_empty() || !wide.is_empty() {
        return;
    }
    let on_one: Vec<&Name> = right.actions.iter().filter(|a| words::of("wildcard-resource").names(a)).collect();
    if !on_one.is_empty() {
        let message = format!("{name} may do {} on every resource of the account", names(&on_one));
        out.push(warning("wildcard-resource", right.span, message, &[]));
    }
}

fn escalation(view: &View<'_>, holder: InstanceId, right: &Right, out: &mut Vec<Diagnostic>) {
    let name = view.name(holder);
    let bounded = view.into(holder).any(|w| &*w.edge.what == "bounds");
    let found: Vec<&Name> = right.actions.iter().filter(|a| words::of("escalating-rights").names(a)).collect();
    if !bounded && !right.not_actions && !found.is_empty() {
        let message = format!("with {} {name} can give itself every right", names(&found));
        out.push(warning("escalating-rights", right.span, message, &[("holder", name.clone())]));
    }
    let passes = right.actions.iter().any(|a| words::of("pass-any-role").names(a));
    if passes && every(right) && right.conditions.is_empty() {
        out.push(error("pass-any-role", right.span, format!("{name} may pass any role to any service"), &[]));
    }
}

/// Actions on objects whose resource is a bucket.
fn object_actions(view: &View<'_>, stack: usize, holder: InstanceId, right: &Right, out: &mut Vec<Diagnostic>) {
    let rule = "object-action-on-bucket";
    let objects: Vec<&Name> = right.actions.iter().filter(|a| words::of(rule).names(a) && !a.contains('*')).collect();
    if objects.is_empty() || right.not_resources {
        return;
    }
    // A list may have both: the bucket for other actions of the statement, and its objects.
    let text = |resource| view.project.globals.of_text(stack, resource);
    let found = |resource| view.project.addresses.covered(&text(resource));
    let of_type = |id| view.ty(id).is_some_and(|ty| words::of(rule).texts.get("type").is_some_and(|t| **t == **ty));
    let buckets: Vec<InstanceId> =
        right.resources.iter().filter_map(found).filter(|f| f.rest.is_empty() && of_type(f.node)).map(|f| f.node).collect();
    let beside = |bucket: InstanceId| {
        right.resources.iter().any(|r| found(r).map_or_else(|| mask(&text(r)).contains('*'), |f| f.node == bucket && !f.rest.is_empty()))
    };
    if let Some(bucket) = buckets.into_iter().find(|bucket| !beside(*bucket)) {
        let id = view.project.node(bucket).map(|n| n.id.to_string()).unwrap_or_default();
        let message =
            format!("{} of {} is about objects, and the resource is the bucket {}", names(&objects), view.name(holder), view.name(bucket));
        out.push(warning(rule, right.span, message, &[("bucket", id)]).also(view.span(bucket), "the bucket"));
    }
}

fn unknown(view: &View<'_>, holder: InstanceId, right: &Right, out: &mut Vec<Diagnostic>) {
    for action in right.actions.iter().filter(|a| !a.contains("${") && !actions::exists(a)) {
        let verb = if right.deny { "denies" } else { "allows" };
        let message = format!("IAM has no action `{action}`: the statement of {} {verb} nothing with it", view.name(holder));
        let nearest = actions::nearest(action).map_or_else(|| "remove it".to_string(), |near| format!("write `{near}`"));
        out.push(error("unknown-action", right.span, message, &[("nearest", nearest)]));
    }
}
