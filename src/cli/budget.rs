//! `purlin budget`: how much of each limit is used and by whom, and how much time is left where somebody waits.

use super::args::{Budget, BudgetFormat};
use super::{CLEAN, FINDINGS, check, disk};
use crate::render::escape;
use crate::session::{Deadline, Gauge, Stack, deadlines, gauges};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How wide a meter is drawn.
const WIDTH: usize = 20;
/// The share below which a limit is no matter, unless all are asked for.
const WORTH: f64 = 0.1;

/// Runs it.
pub(super) fn run(arguments: &Budget) -> Result<u8, String> {
    let analyses = disk::analyses(&arguments.input)?;
    let failed = analyses.iter().map(check::show).sum::<usize>() > 0;
    let stacks = analyses.iter().flat_map(|analysis| &analysis.stacks);
    match arguments.format {
        BudgetFormat::Text => {
            let text: String = stacks.map(|stack| text(stack, arguments.all)).collect();
            super::say(text.trim_end())?;
        }
        BudgetFormat::Json => {
            let data = |stack: &Stack| {
                let (limits, deadlines) = (gauges(stack), deadlines(stack));
                serde_json::json!({ "stack": &*stack.name, "limits": limits, "deadlines": deadlines })
            };
            super::print(&escape::json(&format!("{:#}", serde_json::Value::Array(stacks.map(data).collect()))))?;
        }
    }
    Ok(if failed { FINDINGS } else { CLEAN })
}

fn text(stack: &Stack, all: bool) -> String {
    let mut out = format!("{}\n", stack.name);
    let gauges = gauges(stack);
    let mut users: BTreeMap<&str, usize> = BTreeMap::new();
    gauges.iter().for_each(|gauge| *users.entry(gauge.what.as_str()).or_default() += 1);
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let mut hidden: BTreeSet<&str> = BTreeSet::new();
    // The fullest come first: of each limit the first is the fullest.
    for gauge in &gauges {
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
    let deadlines = deadlines(stack);
    if !deadlines.is_empty() {
        out.push_str("\n  who waits, and what is left at each hop\n");
    }
    for deadline in &deadlines {
        let _ = writeln!(out, "    {}", hops(deadline));
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
