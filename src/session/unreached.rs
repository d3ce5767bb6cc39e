//! Mistakes in what no stack reaches: files that nothing uses, components that nobody uses, branches not taken.
//! Knows nothing of how they are made real.

use super::analysis::{Given, world_of};
use super::memory::{Depends, Memory, Pass};
use super::modules::Modules;
use crate::base::{Diagnostic, FileId, Span};
use crate::graph;
use crate::model::{Item, ItemNode};
use crate::types::Library;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the stacks reached.
#[derive(Default)]
pub(super) struct Reached {
    /// The files that were made real.
    pub files: FxHashSet<PathBuf>,
    /// The components that were used, by the place of their names.
    pub components: FxHashSet<Span>,
    /// What was passed over.
    pub passed_over: Vec<Span>,
}

/// The findings on what was not reached.
pub(super) fn findings(
    modules: &Modules,
    library: &Arc<Library>,
    reached: &Reached,
    given: &Given<'_>,
    memory: &mut Memory,
) -> Vec<Diagnostic> {
    let mut regions: FxHashMap<FileId, Vec<Span>> = FxHashMap::default();
    reached.passed_over.iter().for_each(|span| regions.entry(span.file).or_default().push(*span));
    for (path, loaded) in &modules.loaded {
        let of_file = regions.entry(loaded.module.file).or_default();
        if !reached.files.contains(path) {
            of_file.push(Span::new(loaded.module.file, 0, u32::MAX));
        }
        unused_components(&loaded.module.items, reached, of_file);
    }
    let paths: Vec<(&Path, &[Span])> = modules
        .loaded
        .iter()
        .filter_map(|(path, loaded)| Some((path.as_path(), regions.get(&loaded.module.file)?.as_slice())))
        .filter(|(_, regions)| !regions.is_empty())
        .collect();
    let known = &*memory;
    let of_file = |(path, regions): (&Path, &[Span])| {
        let depends = depends(modules, reached, path, regions, given);
        if let Some(found) = known.found(Pass::Unreached, path, &depends) {
            return (path.to_path_buf(), depends, found);
        }
        let mut found = of_file(modules, library, reached, path, given);
        found.retain(|f| {
            regions.iter().any(|r| r.file == f.primary.span.file && r.start <= f.primary.span.start && f.primary.span.end <= r.end)
        });
        (path.to_path_buf(), depends, found)
    };
    let found: Vec<_> = paths.into_par_iter().map(of_file).collect();
    let all = found.iter().flat_map(|(.., found)| found.clone()).collect();
    memory.keep_found(Pass::Unreached, found);
    all
}

/// What the findings of a file depend on: the files it rests on, what of it was not reached, and what of those was.
fn depends(modules: &Modules, reached: &Reached, path: &Path, regions: &[Span], given: &Given<'_>) -> Depends {
    let rests = modules.rests(path, given.rules);
    let files: FxHashSet<FileId> = rests.modules.iter().map(|module| module.file).collect();
    let mut used: Vec<Span> = reached.components.iter().filter(|span| files.contains(&span.file)).copied().collect();
    used.sort_unstable();
    Depends { rests, places: regions.iter().copied().chain(used).collect() }
}

fn unused_components(items: &[Item], reached: &Reached, out: &mut Vec<Span>) {
    for item in items {
        if let ItemNode::Component { name_span, items, .. } = &item.node {
            if reached.components.contains(name_span) {
                unused_components(items, reached, out);
            } else {
                out.push(item.span);
            }
        }
    }
}

fn of_file(modules: &Modules, library: &Arc<Library>, reached: &Reached, path: &Path, given: &Given<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let world = crate::types::World::new(library.clone(), "rehearsal".into()).rehearsing();
    let (mut world, frame) = world_of(world, modules, library, path, given, &mut found);
    let items = modules.loaded.get(path).map_or(&[] as &[Item], |l| &l.module.items);
    if let Some(frame) = frame {
        world.rehearse_components(items, frame, &|name| reached.components.contains(&name));
    }
    let mut graph = graph::build(world);
    if let Some(frame) = frame {
        graph.world.settle_outputs(frame);
    }
    graph.settle();
    found.extend(super::analysis::spent_or_all(&graph));
    found
}
