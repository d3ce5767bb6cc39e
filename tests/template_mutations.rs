//! Templates of the suite with mistakes in them: the compiler ends, and each of its positions is in the text.
//!
//! Every template of the examples' twins, of the SAM cases and of the golden cases is mutated: keys are deleted, repeated,
//! swapped and renamed, values change their types, texts are cut, odd characters, deep nesting, wrong functions, anchors and
//! tags are put in. One mistake that is no template any more must be reported at or near its line.
//!
//! 300 mutations, and 10,000 with `tests/run --full`. The seed is the number of the mutation, so that a failure can be
//! repeated: `CASE=17 cargo test --test template_mutations`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "template_mutations/mutate.rs"]
mod mutate;
#[path = "random_programs/random.rs"]
#[allow(dead_code)]
mod random;

use mutate::{Mutation, mutation};
use purlin::base::{Diagnostic, Span};
use purlin::document::Form;
use purlin::session::{Analysis, FileSystem, Options, Project, TemplateFile, analyse};
use random::Random;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// No template of the suite needs a tenth of it: longer is a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// One template, and nothing beside it.
struct Lone(&'static str, String);

impl FileSystem for Lone {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if path.ends_with(self.0) { Ok(self.1.clone().into_bytes()) } else { Err(std::io::ErrorKind::NotFound.into()) }
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// The name under which a template is read: its notation is that of the file.
fn name(path: &Path) -> &'static str {
    if path.extension().is_some_and(|end| end == "json") { "t.json" } else { "t.yaml" }
}

fn analysed(name: &'static str, text: &str) -> Analysis {
    let files: Arc<dyn FileSystem> = Arc::new(Lone(name, text.to_string()));
    let template = TemplateFile { path: name.into(), stack: Some("it".into()), named: true };
    let project = Project { templates: vec![template], ..Project::default() };
    analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).expect("the file is there")
}

/// Every template of the suite.
fn templates() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut todo: Vec<PathBuf> = ["tests/templates", "tests/golden", "tests/docs"].map(PathBuf::from).to_vec();
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml" || end == "json") {
                let text = std::fs::read_to_string(&path).unwrap();
                // Large ones take long, and have nothing that the others lack.
                if text.contains("Resources") && text.contains("AWS::") && text.len() < 40_000 {
                    found.push(path);
                }
            }
        }
    }
    found.sort();
    assert!(found.len() > 40, "{}", found.len());
    found
}

/// What is wrong with the places of a finding.
fn misplaced(finding: &Diagnostic, analysis: &Analysis) -> Option<String> {
    let spans = std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span);
    let edits = finding.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    let fits = |span: &Span| {
        let text = analysis.sources.get(span.file).map(|(_, text)| text);
        text.is_some_and(|text| text.get(span.start as usize..span.end as usize).is_some())
    };
    let wrong = spans.chain(edits).find(|span| !fits(span))?;
    Some(format!("{} at {wrong:?} is not in the text: {}", finding.rule, finding.message))
}

fn line(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count()
}

/// What is wrong with what the compiler says of a mutation, and whether it was read as a template all the same.
fn judged(seed: u64, all: &[PathBuf]) -> (Option<String>, bool) {
    let mut random = Random::new(seed);
    let path = random.pick(all).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let form = Form::of(name(path), &text);
    // Half of the mistakes are in the tree, and leave a document; some of these get one in the text as well.
    let of_tree = if random.below(2) == 0 { mutate::of_tree(&text, form, &mut random) } else { None };
    let within = of_tree.is_some();
    let mut made = of_tree.unwrap_or_else(|| mutation(&text, &mut random));
    for _ in 0..random.below(3).saturating_sub(usize::from(within)) {
        let more = mutation(&made.text, &mut random);
        made = Mutation { what: format!("{}, {}", made.what, more.what), broken: None, ..more };
    }
    let analysis = analysed(if within { "t.json" } else { name(path) }, &made.text);
    let read = analysis.joined.as_ref().is_some_and(|project| project.stacks.iter().any(|stack| !stack.resources.is_empty()));
    let problem = analysis.findings.iter().find_map(|finding| misplaced(finding, &analysis));
    let problem = problem.or_else(|| unheard(&made, &analysis));
    (problem.map(|problem| format!("{}: {}: {problem}", path.display(), made.what)), read)
}

/// That nothing is said at the line that makes the text no document.
fn unheard(made: &Mutation, analysis: &Analysis) -> Option<String> {
    let broken = made.broken?;
    let lines: Vec<usize> = analysis.findings.iter().map(|finding| line(&made.text, finding.primary.span.start as usize)).collect();
    let near = |line: &usize| line.abs_diff(broken) <= 2;
    let said = || analysis.findings.iter().map(|f| format!("{} {}", f.rule, f.message)).collect::<Vec<_>>();
    (!lines.iter().any(near)).then(|| format!("nothing is reported near line {}: {lines:?} {:?}", broken + 1, said()))
}

#[test]
fn mutated_templates_end_with_findings_in_their_text() {
    let full = std::env::var_os("PURLIN_FULL").is_some();
    let seeds: Vec<u64> = match std::env::var("CASE") {
        Ok(case) => vec![case.parse().unwrap()],
        Err(_) => (0..if full { 10_000 } else { 300 }).collect(),
    };
    let all: Arc<[PathBuf]> = templates().into();
    let (mut problems, mut read, count) = (Vec::new(), 0, seeds.len());
    for seed in seeds {
        let (sender, receiver) = mpsc::channel();
        let all = all.clone();
        let worker = std::thread::spawn(move || sender.send(judged(seed, &all)));
        match receiver.recv_timeout(PATIENCE) {
            Ok((problem, whole)) => {
                read += usize::from(whole);
                problems.extend(problem.map(|problem| format!("CASE={seed}: {problem}")));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => problems.push(format!("CASE={seed}: it does not end")),
            Err(mpsc::RecvTimeoutError::Disconnected) => problems.push(format!("CASE={seed}: it panics")),
        }
        // A panic is reported above; the thread of a hang cannot be ended.
        drop(worker);
    }
    println!("{count} mutated templates, {read} of them still templates");
    // Most mistakes are within what is still a template: else the reader behind the documents would not be tried.
    assert!(read * 3 > count || count == 1, "only {read} of {count} are templates");
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}
