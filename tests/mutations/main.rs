//! Mutations: one mistake put into a correct program, thousands of times. The compiler must find it, at its place, with at
//! most two findings. A mutant is harmless if it has the same templates as the program it comes from.
//!
//! `cargo test --test mutations -- --nocapture` prints the share that was found per class and place. `PURLIN_FULL=1` tries
//! 200 mutants per class and place. A class and place below its floor is a failure unless `tests/known-failures.toml`
//! lists it (judge `mutations`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../known/mod.rs"]
mod known;

mod bases;
mod classes;
mod judge;
mod mended;

use bases::{Base, bases};
use classes::{CLASSES, Mutation};
use judge::{Seen, Verdict, judge};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The share of harmful mutants that must be found where the program is evaluated, and where it is not.
const FLOORS: (f64, f64) = (0.95, 0.90);

/// How many mutants per class and place.
fn count() -> usize {
    if std::env::var_os("PURLIN_FULL").is_some() { 200 } else { 8 }
}

/// What became of the mutants of one class at one place.
#[derive(Default)]
struct Cell {
    tried: usize,
    harmless: usize,
    found: usize,
    missed: Vec<String>,
}

impl Cell {
    fn share(&self) -> f64 {
        let harmful = self.tried - self.harmless;
        if harmful == 0 { 1.0 } else { self.found as f64 / harmful as f64 }
    }
}

#[test]
fn mistakes_are_found_where_they_are() {
    let bases = bases();
    let mut tasks: Vec<(&Base, &str, Mutation)> = Vec::new();
    for base in &bases {
        for class in CLASSES {
            let all = (class.mutate)(base);
            tasks.extend(spread(&all, count(), base.share).into_iter().map(|m| (base, class.name, m)));
        }
    }
    let seen: BTreeMap<&str, Seen> = bases.iter().map(|base| (base.name.as_str(), Seen::of(base))).collect();
    let verdicts: Vec<(String, Verdict, String)> = tasks
        .par_iter()
        .map(|(base, class, mutation)| {
            let verdict = judge(base, &seen[base.name.as_str()], mutation);
            (format!("{class}/{}", base.place), verdict, mutation.shown(base))
        })
        .collect();
    let mut cells: BTreeMap<String, Cell> = BTreeMap::new();
    for (cell, verdict, shown) in verdicts {
        let cell = cells.entry(cell).or_default();
        cell.tried += 1;
        match verdict {
            Verdict::Harmless => cell.harmless += 1,
            Verdict::Found => cell.found += 1,
            Verdict::Missed(why) => cell.missed.push(format!("{why}: {shown}")),
        }
    }
    report(&cells);
}

/// Fixes make no program worse. One mutant in eight keeps the gate short.
#[test]
fn no_fix_makes_a_mutant_worse() {
    let bases = bases();
    let each = if std::env::var_os("PURLIN_FULL").is_some() { 1 } else { 8 };
    let mut tasks: Vec<(&Base, Mutation)> = Vec::new();
    for base in &bases {
        for class in CLASSES {
            let all = (class.mutate)(base);
            tasks.extend(spread(&all, count(), base.share).into_iter().map(|m| (base, m)));
        }
    }
    let tasks: Vec<_> = tasks.into_iter().step_by(each).collect();
    let outcomes: Vec<(Option<String>, bool)> = tasks.par_iter().map(|(base, mutation)| mended::fault(base, mutation)).collect();
    let faults: Vec<&String> = outcomes.iter().filter_map(|(fault, _)| fault.as_ref()).collect();
    let changed = outcomes.iter().filter(|(_, changed)| *changed).count();
    println!("fixes: {} mutants, {changed} changed, {} made worse", tasks.len(), faults.len());
    assert!(faults.is_empty(), "{}", faults.iter().map(|f| f.as_str()).collect::<Vec<_>>().join("\n\n"));
    assert!(changed * 10 >= tasks.len(), "only {changed} of {} are changed", tasks.len());
}

/// Prints the table, and fails on cells below their floor that are not listed.
fn report(cells: &BTreeMap<String, Cell>) {
    let mut failures: BTreeMap<String, String> = BTreeMap::new();
    println!("{:<34} {:>6} {:>9} {:>6} {:>6}", "class/place", "tried", "harmless", "found", "share");
    for (name, cell) in cells {
        println!("{name:<34} {:>6} {:>9} {:>6} {:>5.0}%", cell.tried, cell.harmless, cell.found, cell.share() * 100.0);
        if cell.share() < bases::floor(name, FLOORS) {
            failures.insert(name.clone(), format!("{:.0}% found\n    {}", cell.share() * 100.0, cell.missed.join("\n    ")));
        }
    }
    let total: usize = cells.values().map(|c| c.tried).sum();
    println!("mutations: {total} mutants, {} cells, {} below their floor", cells.len(), failures.len());
    let ran: BTreeSet<String> = cells.keys().cloned().collect();
    // The list names what fails with the small count: the large one may find more in a cell that passes here.
    let problems = known::problems("mutations", &failures, &ran, true);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Some of them, spread evenly over the program, the same on every machine.
fn spread(all: &[Mutation], most: usize, share: usize) -> Vec<Mutation> {
    let most = most.div_ceil(share).min(all.len());
    (0..most).map(|i| all[i * all.len() / most].clone()).collect()
}
