//! Logical ids depend on what is written, not on its order, and stay when something is added.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use purlin::session::{Analysis, FileSystem, Options, Project, analyse, find};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files of an example with another text for one of them.
struct Edited(PathBuf, String);

impl FileSystem for Edited {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if path == self.0 { Ok(self.1.clone().into_bytes()) } else { std::fs::read(path) }
    }
    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut all: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
        all.sort();
        Ok(all)
    }
    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }
    fn open(&self, path: &Path) -> std::io::Result<Box<dyn purlin::session::ReadSeek>> {
        Ok(Box::new(std::fs::File::open(path)?))
    }
}

fn analysed(folder: &Path, main: &Path, text: &str) -> Analysis {
    let files: Arc<dyn FileSystem> = Arc::new(Edited(main.to_path_buf(), text.to_string()));
    let project: Project = find(&*files, folder).unwrap();
    analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).unwrap()
}

/// The resources of every stack: id, type and properties, without the order.
fn resources(analysis: &Analysis) -> BTreeSet<String> {
    let templates = analysis.stacks.iter().map(|stack| stack.template.as_ref().unwrap().json());
    let all = templates.flat_map(|t| t["Resources"].as_object().unwrap().clone());
    all.map(|(id, resource)| format!("{id} {}", resource["Type"])).collect()
}

/// The outermost statements of a text, each with what stands before it.
fn statements(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = vec![String::new()];
    for line in text.lines() {
        parts.last_mut().unwrap().push_str(&format!("{line}\n"));
        let ends = line == "}"
            || (!line.starts_with([' ', '/', '@', '}', ']', ')']) && !line.trim_end().ends_with(['{', '[', '(']) && !line.is_empty());
        if ends {
            parts.push(String::new());
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The same with the lines of edges within each declaration in reverse: where edges stand in one run of lines.
fn edges_reversed(statement: &str) -> String {
    let is_edge = |line: &str| {
        let word = line.trim_start();
        (word.starts_with("on ") || word.starts_with("can ")) && !word.trim_end().ends_with(['(', '{', '[', ','])
    };
    let mut out: Vec<&str> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for line in statement.lines() {
        if is_edge(line) {
            run.push(line);
        } else {
            out.extend(run.drain(..).rev());
            out.push(line);
        }
    }
    out.extend(run.drain(..).rev());
    out.join("\n") + "\n"
}

fn mains() -> Vec<(PathBuf, PathBuf, String)> {
    let mut all = Vec::new();
    for folder in std::fs::read_dir("examples").unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        let files = Edited(PathBuf::new(), String::new());
        let Ok(project) = find(&files, &folder) else { continue };
        for file in project.files {
            let text = std::fs::read_to_string(&file).unwrap();
            all.push((folder.clone(), file, text));
        }
    }
    assert!(all.len() > 15);
    all
}

#[test]
fn order_changes_nothing() {
    for (folder, file, text) in mains() {
        let expected = resources(&analysed(&folder, &file, &text));
        let mut parts: Vec<String> = statements(&text).iter().map(|s| edges_reversed(s)).collect();
        parts.reverse();
        let other = resources(&analysed(&folder, &file, &parts.join("\n")));
        assert_eq!(expected, other, "{}", file.display());
    }
}

#[test]
fn what_is_added_renames_nothing() {
    for (folder, file, text) in mains() {
        let before = resources(&analysed(&folder, &file, &text));
        let mut more = String::from("queue added_first { }\n\n");
        let mut given = false;
        for statement in statements(&text) {
            // A further edge before the others of a function.
            let (head, rest) = statement.split_once("{\n").unwrap_or(("", &statement));
            let is_function = head.lines().last().is_some_and(|l| l.starts_with("function "));
            if is_function {
                more.push_str(&format!("{head}{{\n  can send added_first\n{rest}"));
                given = true;
            } else {
                more.push_str(&statement);
            }
        }
        let analysis = analysed(&folder, &file, &more);
        if analysis.stacks.iter().any(|s| s.template.is_none()) {
            assert!(!given || analysis.has_errors());
            continue;
        }
        let after = resources(&analysis);
        // A function's version is named for what it holds.
        let lost: Vec<&String> = before.difference(&after).filter(|r| !r.contains("Version")).collect();
        assert!(lost.is_empty(), "{}: {lost:?}", file.display());
    }
}
