//! One program that each rule must flag, at exactly the place, and one near-miss that it must not: `stdlib/cases/NAME.txt`.
//!
//! Each file holds parts that begin with a line `bad` or `good`, at least one of each; `explain` shows the first of each.
//! A line of `^` under a line says which findings begin there: those of the rule, and errors and warnings of others.
//! Nothing else may be found, besides advices of other rules. `PURLIN_BLESS=1` writes these lines anew: read them.
//!
//! The bad programs of a rule of the library reach every `report` of it, and every kind that it names in a union
//! (`for x: a | b`). Cases of the judge `rules` are named `RULE, report N` and `RULE, KIND`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod known;

use purlin::base::{Severity, Span};
use purlin::model::rule::{Report, Rule, RuleStep};
use purlin::model::{Expr, Node, Piece, TypeNode, Value};
use purlin::session::{Analysis, FileKind, FileSystem, Options, Project, analyse};
use purlin::types::Library;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

struct One(String);

impl FileSystem for One {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if path.ends_with("main.purlin") { Ok(self.0.clone().into_bytes()) } else { Err(std::io::ErrorKind::NotFound.into()) }
    }
    /// A case may name the package `built/NUMBER`, a folder with one file of so many megabytes.
    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(if self.is_folder(folder) { vec![folder.join("library.so")] } else { Vec::new() })
    }
    fn is_folder(&self, path: &Path) -> bool {
        path.parent() == Some(Path::new("built"))
    }
    fn kind(&self, path: &Path) -> std::io::Result<FileKind> {
        if self.is_folder(path) {
            return Ok(FileKind::Folder);
        }
        let size = self.open(path).and_then(|mut file| file.seek(std::io::SeekFrom::End(0)));
        size.or_else(|_| self.read(path).map(|bytes| bytes.len() as u64)).map(FileKind::File)
    }
    fn open(&self, path: &Path) -> std::io::Result<Box<dyn purlin::session::ReadSeek>> {
        let folder = path.parent().filter(|folder| self.is_folder(folder)).and_then(Path::file_name);
        let megabytes = folder.and_then(|name| name.to_string_lossy().parse::<u64>().ok());
        Ok(Box::new(Blank(megabytes.ok_or(std::io::ErrorKind::NotFound)? << 20)))
    }
}

/// A file of so many bytes that nobody reads.
struct Blank(u64);

impl std::io::Read for Blank {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Ok(0)
    }
}

impl std::io::Seek for Blank {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        assert_eq!(to, std::io::SeekFrom::End(0));
        Ok(self.0)
    }
}

fn analysed(program: &str) -> Analysis {
    let files: Arc<dyn FileSystem> = Arc::new(One(program.to_string()));
    let project = Project { files: vec!["main.purlin".into()], ..Project::default() };
    analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).unwrap()
}

/// A program without its marks.
fn bare(part: &str) -> String {
    let is_mark = |line: &&str| line.trim_start().starts_with('^');
    part.lines().filter(|l| !is_mark(l)).map(|l| format!("{l}\n")).collect()
}

/// The parts of a case file: whether the program is a bad one, and the program without marks.
fn parts(text: &str) -> Vec<(bool, String)> {
    let mut parts: Vec<(bool, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match (line, parts.last_mut()) {
            ("bad" | "good", _) => parts.push((line == "bad", Vec::new())),
            (_, Some((_, lines))) => lines.push(line),
            _ => panic!("a case file begins with a line `bad` or `good`, found {line}"),
        }
    }
    parts.into_iter().map(|(bad, lines)| (bad, bare(&lines.join("\n")))).collect()
}

/// A program with a mark under each place where something is found. Advices of other rules are not shown.
fn marked(program: &str, rule: &str) -> (String, BTreeSet<String>) {
    let analysis = analysed(program);
    let mut marks: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut rules = BTreeSet::new();
    for finding in &analysis.findings {
        assert_eq!(finding.primary.span.file.0, 0, "found outside of the program: {finding:?}\n{program}");
        if finding.severity == Severity::Advice && *finding.rule != *rule {
            continue;
        }
        let (line, column) = analysis.sources.position(finding.primary.span);
        let text = program.lines().nth(line - 1).unwrap_or("");
        let length = (finding.primary.span.end - finding.primary.span.start) as usize;
        let length = length.min(text.chars().count() + 1 - column).max(1);
        let mark = format!("{}{} {}[{}]", " ".repeat(column - 1), "^".repeat(length), finding.severity.word(), finding.rule);
        marks.entry(line).or_default().push(mark);
        rules.insert(finding.rule.to_string());
    }
    let mut out = String::new();
    for (at, line) in program.lines().enumerate() {
        out.push_str(line);
        out.push('\n');
        for mark in marks.get(&(at + 1)).into_iter().flatten() {
            // A mark must be told from a line of the program: it begins with `^` after blanks.
            out.push_str(mark);
            out.push('\n');
        }
    }
    (out, rules)
}

#[test]
fn each_rule_flags_its_bad_program_and_not_its_good_one() {
    assert!(held("stdlib/cases") >= 300);
}

/// The faults that no other tool was seen to find, each as `NN.RULE.txt`.
#[test]
fn each_fault_of_the_matrix_is_found_and_its_near_miss_is_not() {
    assert!(held("tests/matrix") >= 40);
}

/// Holds a folder of cases to what they say, and gives the number of programs.
fn held(folder: &str) -> usize {
    let bless = std::env::var_os("PURLIN_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "txt") {
            continue;
        }
        let stem = path.file_stem().unwrap().to_string_lossy().to_string();
        let rule = stem.split_once('.').map_or(stem.as_str(), |(_, rule)| rule);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut expected = Vec::new();
        for (bad, program) in parts(&text) {
            let (shown, found) = marked(program.trim_end(), rule);
            if found.contains(rule) != bad {
                let (which, is) = if bad { ("bad", "not flagged") } else { ("good", "flagged") };
                wrong.push(format!("{stem}: a {which} program is {is}\n{shown}"));
            }
            expected.push(format!("{}\n{shown}", if bad { "bad" } else { "good" }));
            seen += 1;
        }
        assert!(["bad\n", "good\n"].iter().all(|word| expected.iter().any(|part| part.starts_with(word))), "{stem}: a part is missing");
        let expected = expected.join("\n");
        if bless && expected != text {
            std::fs::write(&path, &expected).unwrap();
        } else if expected != text {
            wrong.push(format!("{stem}: run PURLIN_BLESS=1 cargo test --test rules and read what changes\n{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    seen
}

/// What the bad programs of a rule's case file reach.
#[derive(Default)]
struct Reached {
    messages: Vec<String>,
    kinds: BTreeSet<String>,
}

fn reached(rule: &str) -> Reached {
    let mut reached = Reached::default();
    let Ok(text) = std::fs::read_to_string(format!("stdlib/cases/{rule}.txt")) else { return reached };
    for (_, program) in parts(&text).iter().filter(|(bad, _)| *bad) {
        let analysis = analysed(program);
        let found: Vec<_> = analysis.findings.iter().filter(|f| *f.rule == *rule).collect();
        reached.messages.extend(found.iter().map(|f| f.message.to_string()));
        let places: Vec<Span> = found.iter().flat_map(|f| f.related.iter().map(|l| l.span).chain([f.primary.span])).collect();
        for graph in analysis.stacks.iter().map(|s| &s.graph) {
            // A finding at a trigger or a right is one of both its ends.
            let at_edge = graph.edges.iter().filter(|e| places.contains(&e.span)).flat_map(|e| [e.actor, e.subject]);
            let ends: Vec<_> = at_edge.collect();
            for instance in &graph.world.instances {
                let named = found.iter().any(|f| f.message.contains(&format!("`{}`", instance.name)));
                if named || ends.contains(&instance.id) || places.contains(&instance.decl.name_span) {
                    reached.kinds.insert(instance.kind_name().to_string());
                }
            }
        }
    }
    reached
}

/// The reports of a rule, and the kinds of its unions.
fn declared<'a>(steps: &'a [RuleStep], reports: &mut Vec<&'a Report>, kinds: &mut BTreeSet<String>) {
    for step in steps {
        match step {
            RuleStep::Report(report) => reports.push(report),
            RuleStep::If(_, then, otherwise) => {
                declared(then, reports, kinds);
                declared(otherwise, reports, kinds);
            }
            RuleStep::For { steps, .. } => declared(steps, reports, kinds),
            RuleStep::Each { binders, steps, .. } => {
                for binder in binders {
                    let TypeNode::Union(all) = &binder.ty.node else { continue };
                    kinds.extend(
                        all.iter().filter_map(|ty| if let TypeNode::Named(name) = &ty.node { Some(name.to_string()) } else { None }),
                    );
                }
                declared(steps, reports, kinds);
            }
            RuleStep::Let(..) => {}
        }
    }
}

/// A pattern of the messages that an expression gives.
fn pattern(message: &Expr) -> String {
    match &message.node {
        Node::Literal(Value::Str(text)) => regex::escape(text),
        Node::Text(pieces) => {
            let piece = |piece: &Piece| match piece {
                Piece::Chars(text) => regex::escape(text),
                Piece::Value(_) => ".*".to_string(),
            };
            pieces.iter().map(piece).collect()
        }
        _ => ".*".to_string(),
    }
}

fn cases_of(rule: &Rule, failures: &mut BTreeMap<String, String>, ran: &mut BTreeSet<String>) {
    let (mut reports, mut kinds) = (Vec::new(), BTreeSet::new());
    declared(&rule.steps, &mut reports, &mut kinds);
    let reached = reached(&rule.name);
    for (at, report) in reports.iter().enumerate() {
        let case = format!("{}, report {}", rule.name, at + 1);
        let pattern = Regex::new(&format!("(?s)^{}", pattern(&report.message))).unwrap();
        if !reached.messages.iter().any(|m| pattern.is_match(m)) {
            failures.insert(case.clone(), format!("no bad program gives the message {pattern}"));
        }
        ran.insert(case);
    }
    for kind in kinds {
        let case = format!("{}, {kind}", rule.name);
        if !reached.kinds.contains(&kind) {
            failures.insert(case.clone(), format!("no bad program flags a {kind}"));
        }
        ran.insert(case);
    }
}

#[test]
fn each_report_and_each_kind_of_a_union_has_a_bad_program() {
    let (mut failures, mut ran) = (BTreeMap::new(), BTreeSet::new());
    for rule in Library::standard().rules() {
        cases_of(rule, &mut failures, &mut ran);
    }
    println!("{} cases, {} fail", ran.len(), failures.len());
    assert!(ran.len() > 80, "only {} cases", ran.len());
    let problems = known::problems("rules", &failures, &ran, true);
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}
