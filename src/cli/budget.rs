//! `purlin budget`: how much of each limit is used, and by whom.

use super::args::Budget;
use super::{CLEAN, FINDINGS, check, disk};
use crate::session::{Gauge, gauges};
use std::fmt::Write as _;

/// How wide a meter is drawn.
const WIDTH: usize = 20;

/// Runs it.
pub(super) fn run(arguments: &Budget) -> Result<u8, String> {
    let analyses = disk::analyses(&arguments.input)?;
    let failed = analyses.iter().map(check::show).sum::<usize>() > 0;
    let mut out = String::new();
    for analysis in &analyses {
        for stack in &analysis.stacks {
            let _ = writeln!(out, "{}", stack.name);
            for gauge in gauges(stack) {
                let _ = writeln!(out, "  {}", line(&gauge));
            }
        }
    }
    super::print(out.trim_end())?;
    Ok(if failed { FINDINGS } else { CLEAN })
}

fn line(gauge: &Gauge) -> String {
    let filled = ((gauge.share * WIDTH as f64).round() as usize).min(WIDTH);
    let bar: String = "#".repeat(filled) + &".".repeat(WIDTH - filled);
    format!("[{bar}] {:>5.1}%  {:<32} {} of {} ({})", gauge.share * 100.0, gauge.what, gauge.value, gauge.limit, gauge.user)
}
