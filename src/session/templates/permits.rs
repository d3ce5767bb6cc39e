//! What templates permit under `Metadata`, as it is permitted elsewhere.

use super::super::allow::{Allow, Form};
use crate::base::Diagnostic;
use crate::template::Summary;

/// Every permit of these stacks; one without a reason is a finding.
pub(in crate::session) fn allows(stacks: &[Summary], out: &mut Vec<Diagnostic>) -> Vec<Allow> {
    let mut all: Vec<Allow> = Vec::new();
    for allowed in stacks.iter().flat_map(|stack| &stack.allowed) {
        // A template that several stacks nest permits the same in each.
        if all.iter().any(|a| a.span == allowed.span && a.rule == allowed.rule) {
            continue;
        }
        if allowed.reason.trim().is_empty() {
            let message = format!("`allow: {}` needs a reason", allowed.rule);
            let finding = Diagnostic::error("allow-without-reason", allowed.span, message);
            out.push(finding.help(format!("write `{}: why this is right here`", allowed.rule)));
            continue;
        }
        all.push(Allow {
            rule: allowed.rule.clone(),
            span: allowed.span,
            region: allowed.region,
            reason: allowed.reason.clone(),
            until: allowed.until.clone(),
            ends: allowed.ends.clone(),
            used: false,
            form: Form::Metadata,
        });
    }
    all
}
