//! What used to be accepted or dropped without a word is one finding, at the user's own line.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use purlin::session::{Analysis, FileSystem, Options, Project, analyse};
use std::path::{Path, PathBuf};
use std::sync::Arc;

struct One(String);

impl FileSystem for One {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if path.ends_with("main.purlin") { Ok(self.0.clone().into_bytes()) } else { Err(std::io::ErrorKind::NotFound.into()) }
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

fn analysed(program: &str) -> Analysis {
    let files: Arc<dyn FileSystem> = Arc::new(One(program.to_string()));
    let project = Project { files: vec!["main.purlin".into()], ..Project::default() };
    analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).unwrap()
}

/// The errors of a program: rule and the text at the primary place.
fn errors(program: &str) -> Vec<(String, String)> {
    let analysis = analysed(program);
    let errors = analysis.findings.iter().filter(|f| f.severity == purlin::base::Severity::Error);
    errors.map(|f| (f.rule.to_string(), program.get(f.primary.span.range()).unwrap_or("?").to_string())).collect()
}

/// A program has exactly these errors: rule and the text at the primary place.
fn expect(program: &str, expected: &[(&str, &str)]) {
    let found = errors(program);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected, "\n{program}");
}

/// A program has no error; its template is given back.
fn template(program: &str) -> serde_json::Value {
    expect(program, &[]);
    analysed(program).stacks[0].template.as_ref().unwrap().json()
}

/// The logical ids of a program, in order.
fn ids(program: &str) -> Vec<String> {
    let mut ids: Vec<String> = template(program)["Resources"].as_object().unwrap().keys().cloned().collect();
    ids.sort();
    ids
}

const FUNCTION: &str = "runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  timeout = 4s\n";

#[test]
fn equal_loop_keys() {
    for (over, span) in
        [("[\"us\", \"us\"]", None), ("[1, 2, 1]", None), ("[{ a = \"x\" }, { a = \"x\" }] by r.a", Some("r.a")), ("[5s, 5s]", None)]
    {
        let list = over.split(" by").next().unwrap();
        expect(&format!("stack a\nfor r in {over} {{\n  queue jobs {{ }}\n}}\n"), &[("duplicate-loop-key", span.unwrap_or(list))]);
    }
}

#[test]
fn keys_make_different_ids() {
    assert_eq!(ids("stack a\nfor i in range(0, 12) {\n  for j in range(0, 12) {\n    queue q { }\n  }\n}\n").len(), 144);
    assert_eq!(ids("stack a\nfor k in [\"é\", \"日本\", \"a-b\", \"a.b\", \"a_b\", \"aB\", \"ab\"] {\n  queue q { }\n}\n").len(), 7);
    assert_eq!(ids("stack a\nfor k in [\"us-east-1\", \"eu\"] {\n  queue q { }\n}\n"), ["QEu", "QUsEast1"]);
}

#[test]
fn ids_that_are_asked_for() {
    for id in ["A-B!", "", "é", &"a".repeat(256)] {
        expect(&format!("stack a\n@id(\"{id}\")\nqueue q {{ }}\n"), &[("bad-logical-id", &format!("\"{id}\""))]);
    }
    assert_eq!(ids("stack a\n@id(\"AB9\")\nqueue q { }\n"), ["AB9"]);
}

#[test]
fn edges_that_are_written_twice() {
    let twice =
        format!("stack a\nqueue jobs {{ }}\nfunction f {{\n  {FUNCTION}  on jobs.messages(batch: 1)\n  on jobs.messages(batch: 2)\n}}\n");
    expect(&twice, &[("duplicate-trigger", "on jobs.messages(batch: 2)")]);
}

#[test]
fn paths_that_differ_in_signs_only() {
    let program = format!(
        "stack a\nrest_api shop {{ }}\nfunction f {{\n  {FUNCTION}  on shop.route(\"GET /a-b\")\n  on shop.route(\"GET /a/b\")\n  on shop.route(\"GET /aB\")\n}}\n"
    );
    template(&program);
}
