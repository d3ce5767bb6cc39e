//! One program that each rule must flag, at exactly the place, and one near-miss that it must not: `stdlib/cases/NAME.txt`.
//!
//! Each file holds a part `bad` and a part `good`. A line of `^` under a line says which findings begin there, of
//! whatever rule; nothing else may be found. `PURLIN_BLESS=1` writes these lines anew: read them.
#![allow(clippy::unwrap_used, clippy::panic)]

use purlin::session::{Analysis, FileSystem, Options, Project, analyse};
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

/// A program with a mark under each place where something is found.
fn marked(program: &str) -> (String, BTreeSet<String>) {
    let analysis = analysed(program);
    let mut marks: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut rules = BTreeSet::new();
    for finding in &analysis.findings {
        assert_eq!(finding.primary.span.file.0, 0, "found outside of the program: {finding:?}\n{program}");
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
        let (bad, good) = text.strip_prefix("bad\n").and_then(|t| t.split_once("\ngood\n")).unwrap_or_else(|| panic!("{stem}: no parts"));
        let (bad, flagged) = marked(&bare(bad));
        let (good, silent) = marked(&bare(good));
        if !flagged.contains(rule) {
            wrong.push(format!("{stem}: its bad program is not flagged\n{bad}"));
        }
        if silent.contains(rule) {
            wrong.push(format!("{stem}: its good program is flagged\n{good}"));
        }
        let expected = format!("bad\n{bad}\ngood\n{good}");
        if bless && expected != text {
            std::fs::write(&path, &expected).unwrap();
        } else if expected != text {
            wrong.push(format!("{stem}: run PURLIN_BLESS=1 cargo test --test rules and read what changes\n{expected}"));
        }
        seen += 2;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    seen
}
