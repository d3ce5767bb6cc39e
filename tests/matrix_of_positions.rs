//! Every kind, with each of its events, verbs and outs, wherever a declaration can stand: declared here, existing,
//! imported, in a component, in a loop, under a condition. The programs are made from what the library declares; what
//! each kind needs to be written stands in `matrix_of_positions/kinds.toml`.
//!
//! A use must add to the template and to the rights what the same use of a declaration of its own adds, or be exactly
//! one error at the user's line of that use. Cases of the judge `matrix` are named `KIND.EVENT to TARGET, POSITION`,
//! `can VERB KIND, POSITION`, `KIND -> OUT, POSITION`.
//!
//! `PURLIN_TEMPLATES=FOLDER` writes the templates there, for the judges of templates in `tests/oracles`: with
//! `PURLIN_FULL` those of all positions, else those of what is declared here.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::result_large_err)]

#[path = "matrix_of_positions/effects.rs"]
mod effects;
mod known;
#[path = "matrix_of_positions/program.rs"]
mod program;

use effects::{Effects, effects};
use program::{Kinds, POSITIONS, Position, Program, Written};
use purlin::base::{Diagnostic, Severity};
use purlin::session::{Analysis, FileSystem, Options, Project, analyse};
use purlin::types::Library;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files in memory.
struct Texts(Vec<(PathBuf, String)>);

impl FileSystem for Texts {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(p, _)| p == path);
        found.map(|(_, text)| text.clone().into_bytes()).ok_or(std::io::ErrorKind::NotFound.into())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
    fn open(&self, _: &Path) -> std::io::Result<Box<dyn purlin::session::ReadSeek>> {
        Err(std::io::ErrorKind::NotFound.into())
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
}

fn analysed(program: &Program) -> Analysis {
    let texts = program.files().into_iter().map(|(name, text)| (PathBuf::from(name), text)).collect::<Vec<_>>();
    let project = Project { files: texts.iter().map(|(path, _)| path.clone()).collect(), ..Project::default() };
    let files: Arc<dyn FileSystem> = Arc::new(Texts(texts));
    analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).unwrap()
}

fn errors(analysis: &Analysis) -> Vec<&Diagnostic> {
    analysis.findings.iter().filter(|f| f.severity == Severity::Error).collect()
}

/// What a program adds besides what it adds without its line.
fn added(program: &Program, kinds: &Kinds) -> Result<Effects, Analysis> {
    let with = analysed(program);
    if !errors(&with).is_empty() {
        return Err(with);
    }
    keep(program, &with);
    let without = analysed(&program.without_its_line());
    assert!(errors(&without).is_empty(), "{:?}\n{}", errors(&without), program.without_its_line().text());
    Ok(effects(&with, program, kinds).without(&effects(&without, program, kinds)))
}

/// Writes the templates of a program for the judges of templates, if somebody asks for them.
fn keep(program: &Program, analysis: &Analysis) {
    let wanted = program.position == Position::Own || std::env::var_os("PURLIN_FULL").is_some();
    let Some(folder) = std::env::var_os("PURLIN_TEMPLATES").filter(|_| wanted) else { return };
    let case = format!("{} {}", program.name, program.position.name());
    let case = case.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    std::fs::create_dir_all(&folder).unwrap();
    for stack in &analysis.stacks {
        let name = format!("matrix_{case}_{}.json", stack.name);
        std::fs::write(Path::new(&folder).join(name), &stack.template.as_ref().unwrap().text).unwrap();
    }
}

/// What is wrong with a use in a position, if something is.
fn wrong(program: &Program, own: &Effects, kinds: &Kinds) -> Option<String> {
    let analysis = match added(program, kinds) {
        Ok(found) if found == *own => return None,
        Ok(found) => return Some(format!("it adds\n{found}and a declaration of its own adds\n{own}{}", program.text())),
        Err(analysis) => analysis,
    };
    let errors = errors(&analysis);
    let at_its_line = |f: &&Diagnostic| {
        let known = analysis.sources.get(f.primary.span.file);
        let line = known.map(|_| analysis.sources.position(f.primary.span).0).unwrap_or_default();
        known.is_some_and(|(path, _)| path == Path::new("main.purlin"))
            && program.text().lines().nth(line.wrapping_sub(1)).is_some_and(|text| text.contains(&program.line))
    };
    let may_err = matches!(program.position, Position::Existing | Position::Imported);
    if may_err && errors.len() == 1 && errors.iter().all(at_its_line) {
        return None;
    }
    let told: Vec<String> = errors.iter().map(|f| format!("{}: {}", f.rule, f.message)).collect();
    Some(format!("{}\n{}", told.join("\n"), program.text()))
}

#[test]
fn a_use_means_the_same_wherever_a_declaration_stands() {
    let library = Library::standard();
    let kinds = Kinds::read();
    kinds.must_hold(&library);
    let (mut failures, mut ran) = (BTreeMap::new(), BTreeSet::new());
    let filter = std::env::var("CASE").unwrap_or_default();
    for written in Written::all(&library) {
        let own = Program::new(&kinds, &written, Position::Own);
        let cases: Vec<_> = POSITIONS.iter().map(|p| (*p, format!("{}, {}", written.name, p.name()))).collect();
        if !cases.iter().any(|(_, case)| case.contains(&filter)) {
            continue;
        }
        ran.insert(format!("{}, own", written.name));
        let of_own = match added(&own, &kinds) {
            Ok(found) => found,
            Err(analysis) => {
                let told: Vec<String> = errors(&analysis).iter().map(|f| format!("{}: {}", f.rule, f.message)).collect();
                failures.insert(format!("{}, own", written.name), format!("{}\n{}", told.join("\n"), own.text()));
                continue;
            }
        };
        for (position, case) in cases.into_iter().filter(|(p, _)| *p != Position::Own) {
            if let Some(message) = wrong(&Program::new(&kinds, &written, position), &of_own, &kinds) {
                failures.insert(case.clone(), message);
            }
            ran.insert(case);
        }
    }
    println!("{} uses, {} fail", ran.len(), failures.len());
    let problems = known::problems("matrix", &failures, &ran, filter.is_empty());
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert!(!filter.is_empty() || ran.len() > 500, "only {} uses", ran.len());
}
