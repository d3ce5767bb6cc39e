//! How much of each limit a stack uses. Knows nothing of how it is shown.

use super::analysis::Stack;
use crate::emit::statement_size;
use crate::emit::{INLINE_MOST, Resource};
use crate::graph::Waits;
use crate::model::Unit;
use crate::rules::meters;
use serde::Serialize;

/// How much of a limit is used.
#[derive(Clone, Debug, Serialize)]
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
    /// Whether it is the length of a text, which changes for many reasons but to use more of a limit.
    #[serde(skip)]
    pub of_text: bool,
}

impl Gauge {
    pub(super) fn new(what: &str, (value, limit): (String, String), share: f64, user: &str) -> Gauge {
        Gauge { what: what.into(), value, limit, share, user: user.into(), of_text: false }
    }
}

/// Somebody who waits, and how much of its time is left at each hop.
#[derive(Clone, Debug, Serialize)]
pub struct Deadline {
    /// Who waits, with the event.
    pub from: String,
    /// How long it waits.
    pub limit: String,
    /// Who is waited for: its name, how long it may take, and what is left then; with a minus if it may be too late.
    pub hops: Vec<(String, String, String)>,
    /// The least of what is left, divided by the limit: less than nothing if one may be too late.
    pub slack: f64,
}

/// Who waits for whom in a stack, the tightest first.
pub fn deadlines(stack: &Stack) -> Vec<Deadline> {
    let name = |id| stack.graph.world.instance(id).map_or_else(String::new, |i| i.name.to_string());
    let show = |ms: i64| if ms < 0 { format!("-{}", Unit::Time.show(-ms)) } else { Unit::Time.show(ms) };
    let mut deadlines: Vec<Deadline> = Waits::of(&stack.graph)
        .paths()
        .into_iter()
        .map(|path| Deadline {
            from: name(path.from) + &path.event.map(|e| format!(".{e}")).unwrap_or_default(),
            limit: show(path.limit),
            slack: path.hops.iter().map(|hop| hop.left).min().unwrap_or(path.limit) as f64 / path.limit.max(1) as f64,
            hops: path.hops.iter().map(|hop| (name(hop.who), show(hop.takes), show(hop.left))).collect(),
        })
        .collect();
    deadlines.sort_by(|a, b| a.slack.total_cmp(&b.slack).then_with(|| a.from.cmp(&b.from)));
    deadlines
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
            of_text: false,
            user: world
                .instances
                .iter()
                .find(|i| i.decl.span.file == meter.span.file && i.decl.span.start <= meter.span.start && meter.span.end <= i.decl.span.end)
                .map_or_else(String::new, |i| i.name.to_string()),
        })
        .collect();
    gauges.extend(super::meters::meters(&stack.graph));
    if let Some(template) = &stack.template {
        for (what, value, most, user) in super::verify::uses(stack, template) {
            let share = value as f64 / most as f64;
            gauges.push(Gauge { what: what.into(), value: value.to_string(), limit: most.to_string(), share, user, of_text: false });
        }
        for (role, statements) in &template.statements {
            let size: usize = statements.iter().map(|s| statement_size(s, &stack.name)).sum();
            let owner = template.resources.get(role).map(|r: &Resource| r.owner);
            gauges.push(Gauge {
                what: "policy-in-role".into(),
                value: size.to_string(),
                limit: INLINE_MOST.to_string(),
                share: size as f64 / INLINE_MOST as f64,
                of_text: false,
                user: owner.and_then(|id| world.instance(id)).map_or_else(String::new, |i| i.name.to_string()),
            });
        }
    }
    gauges.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| (&a.what, &a.user).cmp(&(&b.what, &b.user))));
    gauges
}
