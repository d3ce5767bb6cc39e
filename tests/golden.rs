//! Golden cases: one folder for each, with a program and the output of every stage for it.
//!
//! `PURLIN_BLESS=1 cargo test --test golden` rewrites the outputs; read what changed before you commit it. The stage
//! `tree.txt` is compared where a case has that file: where the tree is the point. Of warnings and advices a case shows
//! those that the first line of its program names, as `// shows: queue-never-read`, so that a new rule edits no other case.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use purlin::base::{Diagnostic, FileId, Label, Severity};
use purlin::session::{Analysis, FileSystem, Options, Sources, analyse, find, picture};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

struct Disk;

impl FileSystem for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut all: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
        all.sort();
        Ok(all)
    }
    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }
}

fn folders() -> Vec<PathBuf> {
    Disk.list(Path::new("tests/golden")).unwrap().into_iter().filter(|p| p.is_dir()).collect()
}

#[test]
fn every_stage_of_every_case() {
    let problems: Vec<String> = folders().iter().flat_map(|folder| differences(folder, stages(folder))).collect();
    assert!(problems.is_empty(), "run with PURLIN_BLESS=1 and read the change\n\n{}", problems.join("\n"));
}

/// What each stage makes of a case: the name of its file and the content.
fn stages(folder: &Path) -> Vec<(String, String)> {
    let files: Arc<dyn FileSystem> = Arc::new(Disk);
    let mut project = find(&*files, folder).unwrap();
    // What the stages wrote is no source.
    project.files.retain(|f| f.file_name().is_some_and(|n| n != "formatted.purlin"));
    let options = Options { as_of: Some("2026-11-20".into()), ..Options::default() };
    let mut analysis = analyse(&files, &project, &options).unwrap();
    let text = std::fs::read_to_string(folder.join("input.purlin")).unwrap();
    let shown: Vec<&str> = text.lines().next().and_then(|l| l.strip_prefix("// shows: ")).unwrap_or_default().split(", ").collect();
    analysis.findings.retain(|f| f.severity == Severity::Error || shown.contains(&&*f.rule));
    let tree = purlin::syntax::parse(FileId(0), text.as_str().into()).tree;
    let mut stages = vec![
        ("symbols.txt".to_string(), symbols(&analysis)),
        ("types.txt".to_string(), types(&analysis)),
        ("graph.txt".to_string(), graph(&analysis)),
        ("diagnostics.txt".to_string(), diagnostics(&analysis)),
        ("formatted.purlin".to_string(), purlin::fmt::format(&tree)),
    ];
    if folder.join("tree.txt").exists() {
        stages.push(("tree.txt".to_string(), tree_text(&tree)));
    }
    for stack in &analysis.stacks {
        if let Some(template) = &stack.template {
            let main = stack.file.ends_with("input.purlin");
            let name = if main { "template.json".to_string() } else { format!("template-{}.json", stack.name) };
            stages.push((name, serde_json::to_string_pretty(&template.json()).unwrap() + "\n"));
        }
    }
    // A stage that says nothing has no file.
    stages.retain(|(_, content)| !content.is_empty());
    stages
}

/// Compares or rewrites the files of a case. A file that no stage writes any more is a difference too.
fn differences(folder: &Path, stages: Vec<(String, String)>) -> Vec<String> {
    let bless = std::env::var_os("PURLIN_BLESS").is_some();
    let mut problems = Vec::new();
    for (name, content) in &stages {
        let path = folder.join(name);
        // A missing file is the empty text: it differs from every stage that has a content.
        let stale = std::fs::read_to_string(&path).unwrap_or_default();
        if bless && stale != *content {
            std::fs::write(&path, content).unwrap();
        } else if stale != *content {
            problems.push(format!("{} differs:\n{}", path.display(), changes(&stale, content)));
        }
    }
    for path in Disk.list(folder).unwrap() {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        let output = name.ends_with(".txt") || name.starts_with("template") || name == "formatted.purlin";
        if output && !stages.iter().any(|(stage, _)| *stage == name) {
            if bless {
                std::fs::remove_file(&path).unwrap();
            } else {
                problems.push(format!("{} is written by no stage", path.display()));
            }
        }
    }
    problems
}

/// The lines that differ, with `-` and `+`.
fn changes(old: &str, new: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    let lines = diff.iter_all_changes().filter(|c| c.tag() != similar::ChangeTag::Equal);
    lines.map(|c| format!("{}{}", c.tag(), c.value())).collect()
}

fn tree_text(tree: &purlin::syntax::Tree) -> String {
    let mut out = String::new();
    let mut ends: Vec<u32> = Vec::new();
    for node in tree.root().descendants() {
        while ends.last().is_some_and(|end| node.index() >= *end) {
            ends.pop();
        }
        let leaf = node.children().next().is_none();
        let shown = if leaf { format!(" {:?}", node.text()) } else { String::new() };
        let _ = writeln!(out, "{}{:?}{shown}", "  ".repeat(ends.len()), node.kind());
        ends.push(node.index() + node.descendants().count() as u32);
    }
    out
}

fn symbols(analysis: &Analysis) -> String {
    let mut out = String::new();
    for stack in &analysis.stacks {
        let _ = writeln!(out, "stack {}", stack.name);
        for param in &stack.graph.world.params {
            let _ = writeln!(out, "  param {}: {}", param.name, param.ty);
        }
        for instance in &stack.graph.world.instances {
            let existing = if instance.decl.existing { "existing " } else { "" };
            let when = if instance.condition.is_some() { " (conditional)" } else { "" };
            let _ = writeln!(out, "  {existing}{} {} -> {}{when}", instance.kind_name(), instance.name, instance.logical);
        }
        for output in &stack.graph.world.outputs {
            let _ = writeln!(out, "  {} {}", if output.export { "export" } else { "output" }, output.name);
        }
    }
    out
}

/// Every property that was written, with its type and its value.
fn types(analysis: &Analysis) -> String {
    let mut out = String::new();
    for stack in &analysis.stacks {
        let world = &stack.graph.world;
        for instance in &world.instances {
            let Some(info) = instance.kind() else { continue };
            let _ = writeln!(out, "{} {}", info.kind.name, instance.name);
            for (name, ty) in info.kind.properties.keys().zip(&info.properties) {
                if purlin::types::written(&instance.decl, name).is_some() {
                    let value = purlin::types::Env::kind(world, instance.id).property(instance.id, name);
                    let _ = writeln!(out, "  {name}: {ty} = {value}");
                }
            }
        }
    }
    out
}

fn graph(analysis: &Analysis) -> String {
    let mut out = String::new();
    for stack in &analysis.stacks {
        for edge in picture(stack, &analysis.sources).edges {
            let arguments: Vec<String> = edge.arguments.iter().map(|(k, v)| format!("{k}: {v}")).collect();
            let derived = if edge.derived { " (derived)" } else { "" };
            let _ = writeln!(out, "{} {} -{}({})-> {}{derived}", edge.kind, edge.from, edge.label, arguments.join(", "), edge.to);
        }
    }
    out
}

/// The source with each finding written under the lines that take part.
fn diagnostics(analysis: &Analysis) -> String {
    let mut out = String::new();
    for (at, source) in analysis.sources.all().iter().enumerate() {
        let file = FileId(at as u32);
        if analysis.sources.all().len() > 1 {
            let _ = writeln!(out, "--- {}", source.path.file_name().unwrap().to_string_lossy());
        }
        let mut start = 0u32;
        for line in source.text.split_inclusive('\n') {
            let _ = writeln!(out, "{}", line.trim_end_matches('\n'));
            let end = start + line.len() as u32;
            for finding in &analysis.findings {
                under(&mut out, finding, file, (start, end), line, &analysis.sources);
            }
            start = end;
        }
        if source.text.is_empty() {
            for finding in &analysis.findings {
                let _ = writeln!(out, "{}: {}", finding.rule, finding.message);
            }
        }
    }
    out
}

fn under(out: &mut String, finding: &Diagnostic, file: FileId, (start, end): (u32, u32), line: &str, sources: &Sources) {
    let here = |label: &Label| {
        label.span.file == file && label.span.start >= start && (label.span.start < end || label.span.start == end && !line.ends_with('\n'))
    };
    let mark = |label: &Label| {
        let from = (label.span.start - start) as usize;
        let column = line.get(..from).unwrap_or("").chars().count();
        let length = (label.span.end.min(end) - label.span.start).max(1) as usize;
        format!("{}{}", " ".repeat(column), "^".repeat(length.min(line.len().saturating_sub(from)).max(1)))
    };
    if here(&finding.primary) {
        let _ = writeln!(out, "{} {}[{}]: {}", mark(&finding.primary), finding.severity.word(), finding.rule, finding.message);
        if !finding.primary.text.is_empty() {
            let _ = writeln!(out, "    here: {}", finding.primary.text);
        }
        for label in &finding.related {
            let (line, _) = sources.position(label.span);
            let _ = writeln!(out, "    also line {line}: {}", label.text);
        }
        if let Some(help) = &finding.help {
            let _ = writeln!(out, "    help: {help}");
        }
        for note in &finding.notes {
            let _ = writeln!(out, "    note: {note}");
        }
        for fix in &finding.fixes {
            let _ = writeln!(out, "    fix: {}", fix.title);
        }
    }
}

#[test]
fn there_are_enough_cases_and_half_of_them_are_wrong() {
    let folders = folders();
    let wrong = folders.iter().filter(|f| !f.join("template.json").exists()).count();
    assert!(folders.len() >= 60, "{} cases", folders.len());
    assert!(wrong * 2 >= folders.len(), "{wrong} of {} cases are wrong programs", folders.len());
}
