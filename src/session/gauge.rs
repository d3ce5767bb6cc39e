//! How much of each limit a stack uses. Knows nothing of how it is shown.

use super::analysis::Stack;
use crate::emit::statement_size;
use crate::emit::{INLINE_MOST, Resource};
use crate::rules::meters;

/// How much of a limit is used.
#[derive(Clone, Debug)]
pub struct Gauge {
    /// What is limited.
    pub what: String,
    /// How much is used.
    pub value: String,
    /// Of how much.
    pub limit: String,
    /// The one divided by the other.
    pub share: f64,
    /// Who uses it.
    pub user: String,
}

/// The gauges of a stack, the fullest first.
pub fn gauges(stack: &Stack) -> Vec<Gauge> {
    let world = &stack.graph.world;
    let mut gauges: Vec<Gauge> = meters(&stack.graph)
        .into_iter()
        .map(|meter| Gauge {
            what: meter.rule.to_string(),
            value: meter.value,
            limit: meter.limit,
            share: meter.share,
            user: world
                .instances
                .iter()
                .find(|i| i.decl.span.file == meter.span.file && i.decl.span.start <= meter.span.start && meter.span.end <= i.decl.span.end)
                .map_or_else(String::new, |i| i.name.to_string()),
        })
        .collect();
    if let Some(template) = &stack.template {
        for (what, value, most, user) in super::verify::uses(stack, template) {
            let share = value as f64 / most as f64;
            gauges.push(Gauge { what: what.into(), value: value.to_string(), limit: most.to_string(), share, user });
        }
        for (role, statements) in &template.statements {
            let size: usize = statements.iter().map(|s| statement_size(s, &stack.name)).sum();
            let owner = template.resources.get(role).map(|r: &Resource| r.owner);
            gauges.push(Gauge {
                what: "policy-in-role".into(),
                value: size.to_string(),
                limit: INLINE_MOST.to_string(),
                share: size as f64 / INLINE_MOST as f64,
                user: owner.and_then(|id| world.instance(id)).map_or_else(String::new, |i| i.name.to_string()),
            });
        }
    }
    gauges.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| (&a.what, &a.user).cmp(&(&b.what, &b.user))));
    gauges
}
