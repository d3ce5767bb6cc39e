//! What is written does not depend on how many threads there are, nor on the order in which files are named.
#![allow(clippy::expect_used)]

#[allow(dead_code)]
#[path = "../benches/generate.rs"]
mod generate;

use purlin::session::{Analysis, FileSystem, Options, Project, analyse};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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

/// Every template and every finding, as text.
fn written(analysis: &Analysis) -> String {
    let templates = analysis.stacks.iter().map(|s| s.template.as_ref().map_or("none", |t| &t.text).to_string());
    let findings = purlin::render::human(&analysis.findings, &analysis.sources, false, 100);
    templates.chain([findings]).collect()
}

fn analysed(files: &[(String, String)], paths: Vec<PathBuf>, threads: usize) -> String {
    let memory: Arc<dyn FileSystem> = Arc::new(Memory(files.iter().map(|(p, t)| (p.into(), t.clone())).collect()));
    let project = Project { files: paths, ..Project::default() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    pool.install(|| written(&analyse(&memory, &project, &Options::default()).expect("it can be read")))
}

fn holds_for(files: &[(String, String)]) {
    let paths: Vec<PathBuf> = files.iter().map(|(p, _)| p.into()).collect();
    let expected = analysed(files, paths.clone(), 1);
    assert!(expected.len() > 1_000);
    for turn in 0..8 {
        let mut other = paths.clone();
        other.rotate_left(turn * 3 % paths.len());
        if turn % 2 == 1 {
            other.reverse();
        }
        assert_eq!(expected, analysed(files, other, 1 + turn), "turn {turn}");
    }
}

#[test]
fn templates_are_the_same() {
    holds_for(&generate::project(400));
}

#[test]
fn findings_are_the_same() {
    let mut files = generate::project(400);
    for (at, (_, text)) in files.iter_mut().enumerate() {
        match at % 3 {
            0 => *text = text.replacen("timeout = 5s", "timeout = 5MB", 2),
            1 => text.push_str("queue lost { }\n\nfunction missing { on nothing.at_all() }\n"),
            _ => text.push_str("use \"./team_0.purlin\"\n\noutput far = team_0.lost.arn\n"),
        }
    }
    holds_for(&files);
}
