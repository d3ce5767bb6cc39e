//! What the stages cost, as ratios within one run: `cargo bench`; see docs/performance.md.
//!
//! Each comparison runs its sides by turns, so that whatever else the machine does falls on both, and takes the median.
//! Without `--bench`, which `cargo bench` passes, everything runs once and small: it must run, not be fast.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod generate;

use purlin::base::FileId;
use purlin::session::{Analysis, FileSystem, Options, Project, analyse};
use std::any::Any;
use std::collections::HashMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Files in memory.
struct Memory(HashMap<PathBuf, String>);

impl FileSystem for Memory {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// A project in memory, ready to be analysed again and again.
struct Case {
    texts: Vec<String>,
    files: Arc<dyn FileSystem>,
    project: Project,
}

impl Case {
    fn new(files: Vec<(String, String)>) -> Case {
        let project = Project { files: files.iter().map(|(path, _)| path.into()).collect(), ..Project::default() };
        let texts = files.iter().map(|(_, text)| text.clone()).collect();
        let memory = Memory(files.into_iter().map(|(path, text)| (path.into(), text)).collect());
        Case { texts, files: Arc::new(memory), project }
    }

    /// What pest alone needs, and its tree.
    fn pest(&self) -> Done {
        Box::new(self.texts.iter().map(|text| purlin::syntax::parse_part(FileId(0), text, 0)).collect::<Vec<_>>())
    }

    fn analyse(&self) -> Analysis {
        analyse(&self.files, &self.project, &Options::default()).expect("it can be read")
    }

    /// The whole of `purlin check`, which makes the templates too: their limits are part of what it checks.
    fn check(&self) -> Done {
        Box::new(self.analyse())
    }
}

/// What an action made. It is taken apart outside of the measurement, as the program does not take it apart at all.
type Done = Box<dyn Any>;

/// The median times of some actions in milliseconds, taken by turns.
fn medians(rounds: usize, actions: &[&dyn Fn() -> Done]) -> Vec<f64> {
    let mut times = vec![Vec::new(); actions.len()];
    for _ in 0..rounds {
        for (action, times) in actions.iter().zip(&mut times) {
            let begun = Instant::now();
            let done = black_box(action());
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            drop(done);
        }
    }
    let middle = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    times.into_iter().map(middle).collect()
}

/// One row of the table in docs/performance.md.
fn row(what: &str, measured: String, budget: &str) {
    println!("| {what} | {measured} | {budget} |");
}

fn main() {
    let smoke = !std::env::args().any(|a| a == "--bench");
    let rounds = if smoke { 1 } else { 7 };
    rayon::ThreadPoolBuilder::new().num_threads(if smoke { 2 } else { 0 }).build_global().expect("one pool");
    println!("threads: {}\n\n| what | measured | budget |\n|---|---|---|", rayon::current_num_threads());
    stages(smoke, rounds);
    scale(smoke, rounds);
    pressure(smoke, rounds);
    edit(smoke, rounds);
    library(rounds);
}

fn stages(smoke: bool, rounds: usize) {
    let functions = if smoke { 40 } else { 1_000 };
    let case = Case::new(generate::project(functions));
    let clean = case.analyse();
    assert!(!clean.has_errors(), "{:?}", clean.findings.first());
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    let times = medians(rounds, &[&|| case.pest(), &|| case.check(), &|| Box::new(one.install(|| case.analyse()))]);
    let bytes: usize = case.texts.iter().map(String::len).sum();
    row(&format!("pest and its tree, {functions} functions, {} KB", bytes >> 10), format!("{:.1} ms", times[0]), "");
    row("a whole check, templates and their verification included", format!("{:.1} times that", times[1] / times[0]), "4 (of build)");
    row("the same on one thread", format!("{:.1} times that", times[2] / times[0]), "");
}

fn scale(smoke: bool, rounds: usize) {
    let sizes: &[usize] = if smoke { &[10, 40] } else { &[10, 100, 1_000, 10_000, 100_000] };
    let mut base = None;
    for &functions in sizes {
        let case = Case::new(generate::project(functions));
        let each = medians(if functions > 10_000 { 1 } else { rounds }, &[&|| case.check()])[0] / functions as f64;
        base = if functions == 1_000 { Some(each) } else { base };
        let ratio = base.map(|base| format!(", {:.2} times that at 1,000", each / base)).unwrap_or_default();
        let budget = if functions == 100_000 { "1.3 times" } else { "" };
        row(&format!("check, per function at {functions}"), format!("{:.3} ms{ratio}", each), budget);
    }
}

/// Spots that invite quadratic work: each at a size and at a quarter of it.
fn pressure(smoke: bool, rounds: usize) {
    type Make = fn(usize) -> String;
    let spots: [(&str, Make, usize); 4] = [
        ("a ring of functions over queues", generate::ring, 2_000),
        ("rules on one bus", generate::rules, 10_000),
        ("conditions in one stack", generate::conditions, 1_000),
        ("subscribers of one topic", generate::fan, 2_000),
    ];
    for (what, make, size) in spots {
        let size = if smoke { 20 } else { size };
        let of = |size: usize| Case::new(vec![("main.purlin".into(), make(size))]);
        let (small, large) = (of(size / 4), of(size));
        let times = medians(rounds.min(3), &[&|| small.check(), &|| large.check()]);
        row(&format!("{size} {what}"), format!("{:.0} ms, {:.1} times a quarter of them", times[1], times[1] / times[0]), "4 times");
    }
}

/// What the language server does after a keystroke: it analyses the project anew.
fn edit(smoke: bool, rounds: usize) {
    let case = Case::new(generate::project(if smoke { 40 } else { 760 }));
    let lines: usize = case.texts.iter().map(|text| text.lines().count()).sum();
    let times = medians(rounds, &[&|| case.check()]);
    row(&format!("an edit in a project of {lines} lines, which is analysed anew"), format!("{:.0} ms", times[0]), "10 ms");
}

fn library(rounds: usize) {
    let small = Case::new(vec![("main.purlin".into(), generate::twenty())]);
    let all = || -> Done {
        let library = purlin::types::Library::standard();
        Box::new((library.kinds().count(), library))
    };
    let times = medians(rounds * 3, &[&|| small.check(), &all]);
    row("a file of 20 resources, what it names of the standard library included", format!("{:.1} ms", times[0]), "15 ms with the process");
    row("the whole standard library, which no program asks for", format!("{:.1} ms", times[1]), "");
}
