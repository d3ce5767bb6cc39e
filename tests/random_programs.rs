//! Random programs that are correct by their types: made from what the library's kinds declare, then repaired until
//! `check` finds no error. What remains must give a template that is whole, the same each time, whatever the order.
//!
//! The seed is the number of the program, so that a failure can be repeated: `CASE=17 cargo test --test random_programs`.
//! `PURLIN_TEMPLATES=FOLDER` writes the templates there, for the judges of templates in `tests/oracles`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "random_programs/generate.rs"]
mod generate;
#[path = "random_programs/program.rs"]
mod program;
#[path = "random_programs/random.rs"]
mod random;
#[path = "random_programs/values.rs"]
mod values;
#[path = "random_programs/whole.rs"]
mod whole;

mod one;

use one::analysed;
use program::Program;
use purlin::base::{Diagnostic, Severity, Span};
use purlin::session::Analysis;
use purlin::types::{Library, STDLIB_FILES};
use random::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

/// No program here needs a tenth of it: longer is a hang.
const PATIENCE: Duration = Duration::from_secs(120);
/// After so many repairs nothing is left that could be wrong.
const REPAIRS: usize = 40;

fn errors(analysis: &Analysis) -> Vec<&Diagnostic> {
    analysis.findings.iter().filter(|f| f.severity == Severity::Error).collect()
}

/// What is left of a program, and what was found to be wrong with the compiler on the way.
#[derive(Default)]
struct Outcome {
    kinds: BTreeSet<String>,
    edges: usize,
    template: Option<String>,
    faults: Vec<String>,
}

fn judged(seed: u64) -> Outcome {
    let mut random = Random::new(seed);
    let mut program = generate::program(&Library::shared(), &mut random);
    let (mut outcome, mut seen) = (Outcome::default(), BTreeSet::new());
    for _ in 0..REPAIRS {
        let text = program.text();
        let analysis = analysed(&text.text);
        for (fault, known) in misplaced(&analysis) {
            if seen.insert(known) {
                outcome.faults.push(format!("{fault}\n{}", text.text));
            }
        }
        if errors(&analysis).is_empty() {
            template_holds(&analysis, &program, &mut random, &mut outcome);
            return outcome;
        }
        let lines: Vec<usize> = errors(&analysis).iter().filter(|f| f.primary.span.file.0 == 0).map(|f| line(&analysis, f)).collect();
        if !program.repair(&text, &lines) {
            break;
        }
    }
    let text = program.text().text;
    let said: Vec<String> = errors(&analysed(&text)).iter().map(|f| format!("{}: {}", f.rule, f.message)).collect();
    outcome.faults.push(format!("no repair makes it correct: {}\n{text}", said.join("\n")));
    outcome
}

fn line(analysis: &Analysis, finding: &Diagnostic) -> usize {
    analysis.sources.position(finding.primary.span).0
}

/// Findings that point into the standard library, where a user cannot change anything, each with its place there.
fn misplaced(analysis: &Analysis) -> Vec<(String, Span)> {
    let inside = analysis.findings.iter().filter(|f| f.primary.span.file.0 >= STDLIB_FILES);
    let place = |span: Span| {
        let (path, text) = Library::file(span.file).unwrap_or_default();
        format!("{path}:{}", text[..span.start as usize].matches('\n').count() + 1)
    };
    inside.map(|f| (format!("{} is found in {}: {}", f.rule, place(f.primary.span), f.message), f.primary.span)).collect()
}

fn template_holds(analysis: &Analysis, program: &Program, random: &mut Random, outcome: &mut Outcome) {
    let text = program.text().text;
    let Some(template) = analysis.stacks.first().and_then(|s| s.template.as_ref()) else {
        return outcome.faults.push(format!("there is no error and no template\n{text}"));
    };
    let wrong = whole::faults(&template.text);
    if !wrong.is_empty() {
        outcome.faults.push(format!("{}\n{text}", wrong.join("\n")));
    }
    let written = |text: &str| -> Option<String> { Some(analysed(text).stacks.first()?.template.as_ref()?.text.clone()) };
    if written(&text).as_ref() != Some(&template.text) {
        outcome.faults.push(format!("a second build writes another template\n{text}"));
    }
    let mixed = program.shuffled(random).text().text;
    let same = |a: &str, b: &str| whole::unordered(a) == whole::unordered(b);
    match written(&mixed) {
        Some(other) if same(&other, &template.text) => {}
        Some(_) => outcome.faults.push(format!("the order of declarations changes the template\n{text}\n// in another order\n{mixed}")),
        None => outcome.faults.push(format!("the order of declarations makes an error\n{mixed}")),
    }
    outcome.kinds = program.kinds();
    outcome.edges = program.edges();
    outcome.template = Some(template.text.clone());
}

/// The outcome of a program, in a thread of its own: a panic or a hang is a fault of that program.
fn guarded(seed: u64) -> Outcome {
    let (done, outcome) = mpsc::channel();
    std::thread::Builder::new().stack_size(8 << 20).spawn(move || done.send(judged(seed))).unwrap();
    let fault = |fault: &str| Outcome {
        faults: vec![format!("{fault}\n{}", generate::program(&Library::shared(), &mut Random::new(seed)).text().text)],
        ..Outcome::default()
    };
    outcome.recv_timeout(PATIENCE).unwrap_or_else(|error| match error {
        mpsc::RecvTimeoutError::Timeout => fault("its analysis does not end; it began as"),
        mpsc::RecvTimeoutError::Disconnected => fault("a panic; it began as"),
    })
}

#[test]
fn random_programs_give_whole_templates() {
    let full = std::env::var_os("PURLIN_FULL").is_some();
    let seeds: Vec<u64> = match std::env::var("CASE") {
        Ok(case) => vec![case.parse().expect("CASE is the number of a program")],
        Err(_) => (0..if full { 700 } else { 60 }).collect(),
    };
    let folder = std::env::var_os("PURLIN_TEMPLATES").map(PathBuf::from);
    let (mut faults, mut kinds, mut edges) = (Vec::new(), BTreeMap::<String, usize>::new(), 0);
    for seed in &seeds {
        let outcome = guarded(*seed);
        faults.extend(outcome.faults.iter().map(|fault| format!("program {seed}: {fault}")));
        outcome.kinds.into_iter().for_each(|kind| *kinds.entry(kind).or_default() += 1);
        edges += outcome.edges;
        if let (Some(folder), Some(template)) = (&folder, outcome.template) {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join(format!("random_{seed}.json")), template).unwrap();
        }
    }
    println!("{} programs with {edges} edges; programs by kind: {kinds:?}", seeds.len());
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
    if seeds.len() > 1 {
        let all = Library::standard().kinds().map(|i| i.kind.name.to_string()).collect::<BTreeSet<_>>();
        let missing: Vec<_> = all.iter().filter(|kind| !kinds.contains_key(*kind)).collect();
        assert!(missing.is_empty(), "no program keeps a {missing:?}");
        assert!(edges > seeds.len(), "only {edges} edges are left");
    }
}
