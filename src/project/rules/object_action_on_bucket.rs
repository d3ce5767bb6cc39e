//! Statements with actions on objects whose resource is a bucket.

use super::warning;
use crate::base::{Diagnostic, Name};
use crate::model::InstanceId;
use crate::project::address::mask;
use crate::project::statements::{Statement, names, once};
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "object-action-on-bucket";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    once(view.written().filter_map(|statement| one(view, &statement)).collect())
}

fn one(view: &View<'_>, statement: &Statement<'_>) -> Option<Diagnostic> {
    let right = statement.right;
    let objects: Vec<&Name> = right.actions.iter().filter(|a| words::of(RULE).names(a) && !a.contains('*')).collect();
    if objects.is_empty() || right.not_resources {
        return None;
    }
    // A list may have both: the bucket for other actions of the statement, and its objects.
    let text = |resource| view.project.globals.of_text(statement.stack, resource);
    let found = |resource| view.project.addresses.covered(&text(resource));
    let of_type = |id| view.ty(id).is_some_and(|ty| words::of(RULE).texts.get("type").is_some_and(|t| **t == **ty));
    let buckets = right.resources.iter().filter_map(found).filter(|f| f.rest.is_empty() && of_type(f.node)).map(|f| f.node);
    let beside = |bucket: InstanceId| {
        right.resources.iter().any(|r| found(r).map_or_else(|| mask(&text(r)).contains('*'), |f| f.node == bucket && !f.rest.is_empty()))
    };
    let bucket = buckets.into_iter().find(|bucket| !beside(*bucket))?;
    let id = view.project.node(bucket).map(|n| n.id.to_string()).unwrap_or_default();
    let (who, name) = (view.name(statement.holder), view.name(bucket));
    let message = format!("{} of {who} is about objects, and the resource is the bucket {name}", names(&objects));
    Some(warning(RULE, right.span, message, &[("bucket", id)]).also(view.span(bucket), "the bucket"))
}
