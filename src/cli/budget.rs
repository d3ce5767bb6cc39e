//! `purlin budget`: how much of each limit is used and by whom, and how much time is left where somebody waits.

use super::args::{Budget, BudgetFormat};
use super::{CLEAN, FINDINGS, check, disk};
use crate::base::Name;
use crate::render::escape;
use crate::session::{Analysis, Deadline, Gauge, Measured, Stack, deadlines, gauges, measured};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How wide a meter is drawn.
const WIDTH: usize = 20;
/// The share below which a limit is no matter, unless all are asked for.
const WORTH: f64 = 0.1;

/// Runs it.
pub(super) fn run(arguments: &Budget) -> Result<u8, String> {
    let analyses = disk::analyses_with_templates(&arguments.input)?;
    let failed = analyses.iter().map(check::show).sum::<usize>() > 0;
    let used: Vec<Used> = analyses.iter().flat_map(used).collect();
    match arguments.format {
        BudgetFormat::Text => {
            let text: String = used.iter().map(|used| text(used, arguments.all)).collect();
            super::say(text.trim_end())?;
        }
        BudgetFormat::Json => {
            let data = |used: &Used| {
                let mut data = serde_json::json!({ "stack": &*used.stack, "limits": used.limits, "deadlines": used.deadlines });
                if let (Some(map), false) = (data.as_object_mut(), used.unknown.is_empty()) {
                    map.insert("unknown".into(), serde_json::json!(used.unknown));
                }
                data
            };
            super::print(&escape::json(&format!("{:#}", serde_json::Value::Array(used.iter().map(data).collect()))))?;
        }
    }
    Ok(if failed { FINDINGS } else { CLEAN })
}

/// What a stack uses.
struct Used {
    stack: Name,
    limits: Vec<Gauge>,
    deadlines: Vec<Deadline>,
    /// What is not measured.
    unknown: Vec<String>,
}

/// What each stack of a project uses: those of programs, then those of templates.
fn used(analysis: &Analysis) -> Vec<Used> {
    let declared =
        |stack: &Stack| Used { stack: stack.name.clone(), limits: gauges(stack), deadlines: deadlines(stack), unknown: Vec::new() };
    let read = |m: Measured| Used { stack: m.stack, limits: m.limits, deadlines: Vec::new(), unknown: m.unknown };
    analysis.stacks.iter().map(declared).chain(measured(analysis).into_iter().map(read)).collect()
}

fn text(used: &Used, all: bool) -> String {
    let mut out = format!("{}\n", used.stack);
    let gauges = &used.limits;
    let mut users: BTreeMap<&str, usize> = BTreeMap::new();
    gauges.iter().for_each(|gauge| *users.entry(gauge.what.as_str()).or_default() += 1);
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let mut hidden: BTreeSet<&str> = BTreeSet::new();
    // The fullest come first: of each limit the first is the fullest.
    for gauge in gauges {
        if all {
            let _ = writeln!(out, "  {}", line(gauge));
        } else if gauge.share < WORTH {
            hidden.insert(&gauge.what);
        } else if shown.insert(&gauge.what) {
            let others = users.get(gauge.what.as_str()).map_or(0, |n| n - 1);
            let others = if others == 0 { String::new() } else { format!(", and {others} with less") };
            let _ = writeln!(out, "  {}{others}", line(gauge));
        }
    }
    let hidden = hidden.difference(&shown).count();
    if hidden > 0 {
        let _ = writeln!(out, "  of {hidden} more limits less than 10% is used: `--all` shows them");
    }
    let deadlines = &used.deadlines;
    if !deadlines.is_empty() {
        out.push_str("\n  who waits, and what is left at each hop\n");
    }
    for deadline in deadlines {
        let _ = writeln!(out, "    {}", hops(deadline));
    }
    for what in &used.unknown {
        let _ = writeln!(out, "  not measured: {what}");
    }
    out + "\n"
}

fn line(gauge: &Gauge) -> String {
    let filled = ((gauge.share * WIDTH as f64).round() as usize).min(WIDTH);
    let bar: String = "#".repeat(filled) + &".".repeat(WIDTH - filled);
    format!("[{bar}] {:>5.1}%  {:<32} {} of {} ({})", gauge.share * 100.0, gauge.what, gauge.value, gauge.limit, gauge.user)
}

fn hops(deadline: &Deadline) -> String {
    let mut out = format!("{} {}", deadline.from, deadline.limit);
    for (name, takes, left) in &deadline.hops {
        let _ = write!(out, " -> {name} {takes} ({left} left)");
    }
    out
}
