//! The statements that allow something, each with who has it, for rules that judge statements.

use super::view::View;
use crate::base::{Diagnostic, FxIndexSet, Name};
use crate::model::InstanceId;
use crate::template::{Right, Standing};

/// A statement with its stack and its holder.
#[derive(Clone, Copy)]
pub(super) struct Statement<'p> {
    pub stack: usize,
    pub holder: InstanceId,
    pub right: &'p Right,
}

impl<'p> View<'p> {
    /// Every statement that allows something. What a state machine has is what its role has, which is a holder too.
    pub(super) fn statements(&self) -> Vec<Statement<'p>> {
        let held = |holder: InstanceId| self.held(holder).iter().map(move |(stack, right)| Statement { stack: *stack, holder, right });
        self.holders().into_iter().flat_map(held).filter(|s| !s.right.deny && s.right.only.is_none()).collect()
    }

    /// Those that are written in a template, and not made from a policy with a name.
    pub(super) fn written(&self) -> impl Iterator<Item = Statement<'p>> {
        self.statements().into_iter().filter(|s| s.right.standing == Standing::Written)
    }
}

impl Statement<'_> {
    /// Whether it is on every resource of the account.
    pub(super) fn is_on_everything(&self) -> bool {
        self.right.resources.iter().any(|text| text.as_literal() == Some("*"))
    }
}

/// Names in a sentence.
pub(super) fn names(all: &[&Name]) -> String {
    all.iter().map(|a| format!("`{a}`")).collect::<Vec<_>>().join(", ")
}

/// Findings, each once: a managed policy has several statements at one line.
pub(super) fn once(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut known = FxIndexSet::default();
    found.retain(|f| known.insert((f.rule.clone(), f.primary.span, f.message.clone())));
    found
}
