//! Each step of the library - each `emit`, `grant`, `append` and `needs` of a kind, a verb or an event - acts in some
//! program of the suite: it adds something to a template there. A step that no program reaches is judged by no one.
//!
//! Cases of the judge `steps` are named `KIND: STEP`, `KIND.VERB: STEP`, `KIND.EVENT to TARGET: STEP`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod known;
mod one;

use one::One;
use purlin::base::{Name, Span};
use purlin::graph::{Edge, Graph};
use purlin::model::{Leaf, Step, Value};
use purlin::session::{Analysis, FileSystem, Options, Project, Stack, analyse, find};
use purlin::types::{Env, Library, Placed};
use std::collections::{BTreeMap, BTreeSet};
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

fn options(environment: Option<String>) -> Options {
    Options { environment, as_of: Some("2026-11-20".into()), ..Options::default() }
}

/// The programs that are files: examples, golden cases, the programs of the oracles and of the policies.
fn from_disk() -> Vec<Analysis> {
    let files: Arc<dyn FileSystem> = Arc::new(Disk);
    let mut all = Vec::new();
    for parent in ["examples", "tests/golden", "tests/oracles/programs", "tests/policies"] {
        for path in Disk.list(Path::new(parent)).unwrap() {
            let project = if path.is_dir() {
                let mut project = find(&*files, &path).unwrap();
                // What a golden case's stages wrote is no source.
                project.files.retain(|f| f.file_name().is_some_and(|n| n != "formatted.purlin"));
                project
            } else if path.extension().is_some_and(|e| e == "purlin") {
                Project { root: parent.into(), files: vec![path.clone()], ..Project::default() }
            } else {
                continue;
            };
            let environments: Vec<Option<String>> =
                project.config.environments.iter().map(|(name, _)| Some(name.value.to_string())).collect();
            for environment in if environments.is_empty() { vec![None] } else { environments } {
                all.push(analyse(&files, &project, &options(environment)).unwrap());
            }
        }
    }
    all
}

/// The programs of the rules' cases.
fn from_cases() -> Vec<Analysis> {
    let mut all = Vec::new();
    for path in ["stdlib/cases", "tests/matrix"].iter().flat_map(|folder| Disk.list(Path::new(folder)).unwrap()) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut parts = vec![String::new()];
        for line in text.lines().filter(|l| !l.trim_start().starts_with('^')) {
            match (line, parts.last_mut()) {
                ("bad" | "good", _) => parts.push(String::new()),
                (_, Some(part)) => *part += &format!("{line}\n"),
                _ => {}
            }
        }
        for part in parts {
            let files: Arc<dyn FileSystem> = Arc::new(One(part));
            let project = Project { files: vec!["main.purlin".into()], ..Project::default() };
            all.push(analyse(&files, &project, &options(None)).unwrap());
        }
    }
    all
}

/// The steps that add something to the template of a stack, by their places in the library.
struct Acting<'a> {
    graph: &'a Graph,
    resources: BTreeMap<&'a Name, &'a Name>,
    actions: BTreeSet<&'a Name>,
    needed: BTreeSet<&'a Name>,
    seen: &'a mut BTreeSet<Span>,
}

impl<'a> Acting<'a> {
    fn collect(stack: &'a Stack, seen: &'a mut BTreeSet<Span>) {
        let Some(template) = &stack.template else { return };
        let (graph, world) = (&*stack.graph, &stack.graph.world);
        let mut acting = Acting {
            graph,
            resources: template.resources.iter().map(|(id, r)| (id, &r.ty)).collect(),
            actions: template.statements.values().flatten().flat_map(|s| &s.actions).collect(),
            needed: graph.edges.iter().filter(|e| e.derived).map(|e| &e.name).collect(),
            seen,
        };
        for instance in world.instances.iter().filter(|i| !i.decl.existing) {
            if let Some(info) = instance.kind() {
                Env::kind(world, instance.id).walk(&info.kind.steps, &mut |placed| acting.step(&placed));
            }
        }
        graph.edges.iter().for_each(|edge| acting.edge(edge));
    }

    fn edge(&mut self, edge: &Edge) {
        let world = &self.graph.world;
        let steps = edge.as_event(world).map(|e| &e.steps).or_else(|| edge.as_verb(world).map(|v| &v.steps));
        let Some(steps) = steps else { return };
        edge.env(world).for_edge(&edge.logical(world), steps).walk(steps, &mut |placed| self.step(&placed));
    }

    fn step(&mut self, placed: &Placed<'_, '_>) {
        let given = |value: Value| !matches!(value, Value::None | Value::Missing);
        let acts = match placed.leaf {
            Leaf::Emit(emit) => self.resources.get(&placed.env.logical(emit, &placed.keys)) == Some(&&emit.resource),
            Leaf::Grant(grant) => {
                let actions = placed.env.eval(&grant.actions);
                let actions = actions.as_list().unwrap_or(&[]).iter().filter_map(Value::as_str);
                let there = |action: &str| self.actions.contains(&Name::from(action));
                given(placed.env.eval(&grant.on)) && actions.clone().count() > 0 && actions.into_iter().all(there)
            }
            Leaf::Append { value, .. } => given(placed.env.eval(value)),
            Leaf::Needs(needs) => {
                let there = needs.of.as_ref().is_none_or(|of| given(placed.env.eval(of)));
                there && self.needed.contains(&needs.verb)
            }
            Leaf::Check(_) => false,
        };
        if acts {
            self.seen.extend(declared(placed.leaf).map(|(_, span)| span));
        }
    }
}

/// What a step is called, and its place; nothing for a check.
fn declared(leaf: &Leaf) -> Option<(String, Span)> {
    Some(match leaf {
        Leaf::Emit(emit) => (format!("emit {} {}", emit.label, emit.resource), emit.span),
        Leaf::Grant(grant) => {
            let text = Library::source_of(grant.actions.span);
            let first = text.split('"').nth(1).unwrap_or(text);
            (format!("grant {first}"), grant.span)
        }
        Leaf::Append { path, span, .. } => (format!("append {}", path.iter().map(|p| p.to_string()).collect::<Vec<_>>().join(".")), *span),
        Leaf::Needs(needs) => (format!("needs {}", needs.verb), needs.span),
        Leaf::Check(_) => return None,
    })
}

fn named(of: &str, steps: &[Step], out: &mut BTreeMap<String, Span>) {
    for step in steps {
        match step {
            Step::Leaf(leaf) => {
                let Some((name, span)) = declared(leaf) else { continue };
                let case = format!("{of}: {name}");
                // The same step on both sides of a condition.
                let number = (2..).map(|n| format!("{case} ({n})"));
                let free = std::iter::once(case.clone()).chain(number).find(|case| !out.contains_key(case)).unwrap();
                out.insert(free, span);
            }
            Step::If(_, then, otherwise) => {
                named(of, then, out);
                named(of, otherwise, out);
            }
            Step::For { steps, .. } => named(of, steps, out),
            Step::Let(..) => {}
        }
    }
}

#[test]
fn each_step_of_the_library_acts_in_some_program() {
    let mut seen = BTreeSet::new();
    for analysis in from_disk().iter().chain(&from_cases()) {
        for stack in &analysis.stacks {
            Acting::collect(stack, &mut seen);
        }
    }
    let mut steps = BTreeMap::new();
    for info in Library::standard().kinds() {
        let kind = &info.kind;
        named(&kind.name, &kind.steps, &mut steps);
        kind.verbs.values().for_each(|v| named(&format!("{}.{}", kind.name, v.name), &v.steps, &mut steps));
        kind.events.iter().for_each(|e| named(&format!("{}.{} to {}", kind.name, e.name, e.target), &e.steps, &mut steps));
    }
    let idle = steps.iter().filter(|(_, span)| !seen.contains(span));
    let failures: BTreeMap<String, String> = idle.map(|(case, _)| (case.clone(), "no program of the suite reaches it".into())).collect();
    println!("{} steps, no program reaches {}", steps.len(), failures.len());
    assert!(steps.len() > 200, "only {} steps", steps.len());
    let problems = known::problems("steps", &failures, &steps.keys().cloned().collect(), true);
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}
