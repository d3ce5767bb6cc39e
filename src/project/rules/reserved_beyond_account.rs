//! What all functions of the project reserve, against what the account can give.

use super::provisioned_beyond_account::beyond_account;
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::view::View;
use crate::project::words;

const RULE: &str = "reserved-beyond-account";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let reserving: Vec<(InstanceId, f64)> = view.nodes().filter_map(|id| Some((id, view.number(id, "reserved")?))).collect();
    let most = words::of(RULE).limit("account") - words::of(RULE).limit("unreserved");
    beyond_account(view, (RULE, "reserved"), most, &reserving).into_iter().collect()
}
