//! Seeded faults in templates, and their near misses: each file of `tests/templates/faults` goes through the reader and
//! the rules on projects. `# expect: RULE` is at the line of the finding, `# also: RULE` at a line that the finding names
//! besides. A rule that is expected in one of the files of a fault must find nothing in the near misses.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod known;

use purlin::base::{Diagnostic, FileId, Span};
use purlin::document::{Form, Node, read};
use purlin::project::{Project, rules};
use purlin::template::{Neighbours, summary};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The files beside a template.
struct Folder(PathBuf);

impl Neighbours for Folder {
    fn read(&self, file: &str) -> Option<Node> {
        let path = self.0.join(file);
        let text = std::fs::read_to_string(&path).ok()?;
        read(&text, FileId(99), Form::of(file, &text)).0
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates/faults")
}

/// The files of a fault by variant: `cfn`, `near-sam`. Those that are several stacks of one project have a folder.
fn variants(fault: &Path) -> BTreeMap<String, Vec<PathBuf>> {
    let mut out: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for entry in std::fs::read_dir(fault).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().to_string();
        let mut files: Vec<PathBuf> =
            if path.is_dir() { std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()).collect() } else { vec![path] };
        files.sort();
        out.entry(name).or_default().extend(files);
    }
    out
}

struct Run {
    texts: Vec<String>,
    findings: Vec<Diagnostic>,
}

fn run(files: &[PathBuf]) -> Run {
    let (mut texts, mut summaries, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        let id = FileId(u32::try_from(texts.len()).unwrap());
        let (node, wrong) = read(&text, id, Form::of(&file.display().to_string(), &text));
        assert!(wrong.is_empty(), "{}: {wrong:?}", file.display());
        texts.push(text);
        if let Some(node) = node.filter(|n| n.get("Resources").is_some()) {
            let name = file.file_name().unwrap().to_string_lossy().to_string();
            let mut of = summary(&node, name.as_str().into(), &Folder(file.parent().unwrap().to_path_buf()));
            // A stack is called as its file is, as whoever reads a project does.
            for nested in &mut of.nested {
                nested.file = nested.file.as_ref().map(|file| file.trim_start_matches("./").into());
            }
            findings.extend(of.findings.clone());
            summaries.push(of);
        }
    }
    findings.extend(rules::findings(&Project::join(summaries, &[])));
    Run { texts, findings }
}

impl Run {
    /// The line of a place; that of a resource's name is the line of its type, which is the next.
    fn line(&self, span: Span) -> (usize, usize) {
        let file = span.file.0 as usize;
        let Some(text) = self.texts.get(file) else { return (file, 0) };
        let at = text[..span.start as usize].matches('\n').count();
        let lines: Vec<&str> = text.lines().collect();
        let key = lines.get(at).is_some_and(|l| l.trim_end().ends_with(':') && l.starts_with("  ") && !l.starts_with("   "));
        let named = key && lines.get(at + 1).is_some_and(|l| l.trim_start().starts_with("Type:"));
        (file, at + usize::from(named) + 1)
    }

    fn marked(&self, mark: &str) -> BTreeSet<(String, (usize, usize))> {
        let mut out = BTreeSet::new();
        for (file, text) in self.texts.iter().enumerate() {
            for (at, line) in text.lines().enumerate() {
                if let Some((_, rules)) = line.split_once(mark) {
                    out.extend(rules.split(',').map(|rule| (rule.trim().to_string(), (file, at + 1))));
                }
            }
        }
        out
    }
}

/// Whether a finding does not say what to type. What a service refuses in a pattern its message says.
fn finding_without_help(finding: &Diagnostic) -> bool {
    &*finding.rule != "malformed-pattern" && finding.help.as_deref().is_none_or(|help| help.trim().is_empty())
}

fn problems_of(run: &Run, rules: &BTreeSet<String>) -> Vec<String> {
    let (expected, also) = (run.marked("# expect: "), run.marked("# also: "));
    let mut out = Vec::new();
    // The lines that the findings of a rule name.
    let mut named: BTreeMap<&String, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for (rule, line) in &expected {
        let found: Vec<&Diagnostic> = run.findings.iter().filter(|f| rule.split('|').any(|rule| *f.rule == *rule)).collect();
        match found.iter().find(|f| run.line(f.primary.span) == *line) {
            None => {
                let lines: Vec<_> = found.iter().map(|f| run.line(f.primary.span).1).collect();
                out.push(format!("`{rule}` is not found at line {} (found at {lines:?})", line.1));
            }
            Some(found) => {
                named.entry(rule).or_default().extend(found.related.iter().map(|l| run.line(l.span)));
                if finding_without_help(found) {
                    out.push(format!("`{rule}` says nothing to type"));
                }
            }
        }
    }
    for (rule, lines) in named {
        for (_, other) in also.iter().filter(|(r, line)| r == rule && !lines.contains(line)) {
            out.push(format!("`{rule}` does not name line {} (it names {lines:?})", other.1));
        }
    }
    for finding in run.findings.iter().filter(|f| rules.contains(&*f.rule)) {
        let line = run.line(finding.primary.span);
        if !expected.iter().any(|(rule, at)| *at == line && rule.split('|').any(|rule| *finding.rule == *rule)) {
            out.push(format!("`{}` is found at line {} too: {}", finding.rule, line.1, finding.message));
        }
    }
    out
}

#[test]
fn seeded_faults_are_found_and_near_misses_are_not() {
    let only = std::env::var("PURLIN_FAULT").ok();
    let mut faults: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    faults.sort();
    let (mut failures, mut ran) = (BTreeMap::new(), BTreeSet::new());
    for fault in faults {
        let name = fault.file_name().unwrap().to_string_lossy().to_string();
        if only.as_ref().is_some_and(|only| !name.contains(only)) {
            continue;
        }
        let runs: BTreeMap<String, Run> = variants(&fault).into_iter().map(|(variant, files)| (variant, run(&files))).collect();
        let marked = runs.values().flat_map(|r| r.marked("# expect: "));
        let rules: BTreeSet<String> = marked.flat_map(|(rule, _)| rule.split('|').map(String::from).collect::<Vec<_>>()).collect();
        for (variant, run) in runs {
            let case = format!("{name}/{variant}");
            ran.insert(case.clone());
            let problems = problems_of(&run, &rules);
            if !problems.is_empty() {
                failures.insert(case, problems.join("; "));
            }
        }
    }
    let problems = known::problems("template-faults", &failures, &ran, only.is_none());
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

/// The templates in a folder and below.
fn templates(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            templates(&path, out);
        } else if path.extension().is_some_and(|e| ["yaml", "yml", "json"].iter().any(|k| e == *k)) {
            out.push(path);
        }
    }
}

/// The names of right projects, each with its templates: the twins of the examples in each tool, and what the compiler
/// makes of the examples.
fn right(built: &Path) -> BTreeMap<String, Vec<PathBuf>> {
    let mut out = BTreeMap::new();
    let subfolders =
        |folder: &Path| std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect::<Vec<_>>();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().to_string();
    for twin in subfolders(&folder().join("../twins")) {
        for tool in subfolders(&twin) {
            let mut files = Vec::new();
            templates(&tool, &mut files);
            let stacks = |file: &PathBuf| std::fs::read_to_string(file).unwrap().contains("Resources");
            // The template that only makes the bucket of a deployment is no part of the project.
            files.retain(|file| stacks(file) && !name(file).contains("create-stack"));
            out.insert(format!("{}/{}", name(&twin), name(&tool)), files);
        }
    }
    for example in subfolders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")) {
        let to = built.join(name(&example));
        let mut build = assert_cmd::Command::cargo_bin("purlin").unwrap();
        build.args(["build", "--as-of", "2026-11-20"]).arg(&example).arg("--output").arg(&to).assert().success();
        let mut files = Vec::new();
        templates(&to, &mut files);
        assert!(!files.is_empty(), "{}", example.display());
        out.insert(format!("{}/purlin", name(&example)), files);
    }
    out
}

/// Templates that are right: nothing is found in them but what is listed with the reason why it is true of them.
#[test]
fn right_templates_have_no_findings() {
    let known: toml::Table = std::fs::read_to_string(folder().join("../findings.toml")).unwrap().parse().unwrap();
    let (mut problems, mut used) = (Vec::new(), BTreeSet::new());
    let built = tempfile::tempdir().unwrap();
    for (project, files) in right(built.path()) {
        let example = project.split('/').next().unwrap().to_string();
        let run = run(&files);
        for finding in &run.findings {
            // What is true of an example is true of it in each tool.
            let key = [project.clone(), example.clone()].into_iter().find(|k| known.get(k).and_then(|t| t.get(&*finding.rule)).is_some());
            match key {
                Some(key) => drop(used.insert((key, finding.rule.to_string()))),
                None => problems.push(format!("{project}:{}: {}: {}", run.line(finding.primary.span).1, finding.rule, finding.message)),
            }
        }
    }
    for (key, rules) in &known {
        for rule in rules.as_table().unwrap().keys().filter(|rule| !used.contains(&(key.clone(), (*rule).clone()))) {
            problems.push(format!("{key}: `{rule}` is not found any more, remove it from findings.toml"));
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

/// A rule has one name, one text and one severity, whether it is about declarations or templates.
#[test]
fn what_is_found_is_in_the_catalogue() {
    assert_eq!(rules::fault(), None);
    let catalogue = purlin::session::rules();
    let mut problems = BTreeSet::new();
    let faults = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir());
    for files in faults.flat_map(|fault| variants(&fault).into_values().collect::<Vec<_>>()) {
        for finding in run(&files).findings {
            match catalogue.get(&*finding.rule) {
                None => drop(problems.insert(format!("`{}` is not in the catalogue", finding.rule))),
                Some(info) if info.severity != finding.severity => {
                    problems.insert(format!("`{}` is {:?}, and in the catalogue {:?}", finding.rule, finding.severity, info.severity));
                }
                Some(_) => {}
            }
            let open = finding
                .help
                .as_deref()
                .is_some_and(|help| ["{queue}", "{function}", "{source}", "{target}", "{seconds}"].iter().any(|hole| help.contains(hole)));
            if open {
                problems.insert(format!("`{}`: the help is not filled in: {:?}", finding.rule, finding.help));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.into_iter().collect::<Vec<_>>().join("\n"));
}
