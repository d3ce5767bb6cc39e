//! Every derived policy is minimal: for each verb of each kind, the exact actions and resources that it gives.
//! The programs stand in `tests/policies/`, one for each kind, and what they give beside them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use purlin::session::{FileSystem, Options, Project, analyse};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

struct Disk;

impl FileSystem for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// The statements of every role of a program, and the verbs that it uses.
fn rights(path: &Path) -> (String, BTreeSet<(String, String)>) {
    let files: Arc<dyn FileSystem> = Arc::new(Disk);
    let project = Project { root: "tests/policies".into(), files: vec![path.into()], ..Project::default() };
    let analysis = analyse(&files, &project, &Options::default()).unwrap();
    let errors: Vec<&str> = analysis.findings.iter().filter(|f| f.severity == purlin::base::Severity::Error).map(|f| &*f.message).collect();
    assert!(errors.is_empty(), "{}: {}", path.display(), errors.join("\n"));
    let (mut text, mut verbs) = (String::new(), BTreeSet::new());
    for stack in &analysis.stacks {
        let world = &stack.graph.world;
        for edge in stack.graph.edges.iter().filter(|e| e.as_verb(world).is_some()) {
            let kind = world.instance(edge.subject).map_or("", |i| i.kind_name()).to_string();
            verbs.insert((kind, edge.name.to_string()));
        }
        for (role, statements) in &stack.template.as_ref().unwrap().statements {
            let _ = writeln!(text, "{role}");
            for statement in statements {
                for action in &statement.actions {
                    assert!(purlin::cfn::actions::exists(action), "{action} does not exist");
                    assert!(!action.contains('*'), "{action} is a pattern");
                }
                let resources: Vec<String> = statement.resources.iter().map(|r| r.to_string().trim_matches('"').to_string()).collect();
                let _ = writeln!(text, "  {}\n    on {}", statement.actions.join(", "), resources.join("\n       "));
                if let Some(condition) = &statement.condition {
                    let _ = writeln!(text, "    where {condition}");
                }
            }
        }
    }
    (text, verbs)
}

#[test]
fn each_verb_of_each_kind_gives_exactly_what_stands_here() {
    let mut covered = BTreeSet::new();
    let mut programs: Vec<PathBuf> = std::fs::read_dir("tests/policies")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "purlin"))
        .collect();
    programs.sort();
    for program in &programs {
        let (text, verbs) = rights(program);
        covered.extend(verbs);
        let expected = program.with_extension("txt");
        if std::env::var_os("PURLIN_BLESS").is_some() {
            std::fs::write(&expected, &text).unwrap();
        }
        let found = std::fs::read_to_string(&expected).unwrap_or_default();
        assert!(
            found == text,
            "{} is out of date: run PURLIN_BLESS=1 cargo test --test policies and read the change\n{text}",
            expected.display()
        );
    }
    let library = purlin::types::Library::standard();
    let all: BTreeSet<(String, String)> = library
        .kinds()
        .flat_map(|i| i.kind.verbs.values().filter(|v| !v.internal()).map(|v| (i.kind.name.to_string(), v.name.to_string())))
        .collect();
    let missing: Vec<_> = all.difference(&covered).collect();
    assert!(missing.is_empty(), "no program in tests/policies uses {missing:?}");
}
