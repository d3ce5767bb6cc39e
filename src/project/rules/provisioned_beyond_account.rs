//! What all functions of the project keep ready, against what the account can run.

use super::{list, warning};
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "provisioned-beyond-account";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let about = |id: InstanceId| view.number(id, "provisioned").filter(|_| !view.ends(id, "of").is_empty()).map(|n| (id, n));
    let ready: Vec<(InstanceId, f64)> = view.nodes().filter_map(about).collect();
    beyond_account(view, (RULE, "provisioned"), words::of(RULE).limit("account"), &ready).into_iter().collect()
}

/// What all functions of the project ask of the account, at the last of them.
pub(super) fn beyond_account(view: &View<'_>, (rule, fact): (&str, &str), most: f64, all: &[(InstanceId, f64)]) -> Option<Diagnostic> {
    let sum: f64 = all.iter().map(|(_, n)| n).sum();
    let ((last, _), others) = all.split_last().filter(|_| sum > most)?;
    let names = list(&all.iter().map(|(id, n)| format!("{} ({n})", view.name(*id))).collect::<Vec<_>>());
    let message = format!("together {sum} at the same time for {names}, and the account can give {most}");
    let finding = warning(rule, view.span_of(*last, fact), message, &[]);
    Some(others.iter().fold(finding, |f, (id, n)| f.also(view.span_of(*id, fact), format!("{} has {n}", view.name(*id)))))
}
