//! The rules of a project: what belongs into a file of rules, and what is wrong with a rule itself.
//! Knows nothing of what rules find.

use super::analysis::{Given, world_of};
use super::memory::{Depends, Memory, Pass};
use super::modules::Modules;
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::rule::Rule;
use crate::model::{Item, ItemNode};
use crate::types::{Library, World};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::path::Path;
use std::sync::Arc;

/// Whether an item of a file of rules is taken over: nothing that would declare resources.
pub(super) fn belongs(item: &Item) -> bool {
    matches!(item.node, ItemNode::Rule(_) | ItemNode::Let { .. } | ItemNode::Type { .. } | ItemNode::Setting { .. })
}

/// The rules that the files of a project declare.
pub(super) fn own(modules: &Modules) -> Vec<Arc<Rule>> {
    let items = modules.loaded.values().flat_map(|l| &l.module.items);
    let rules = items.filter_map(|item| if let ItemNode::Rule(rule) = &item.node { Some(rule.clone()) } else { None });
    rules.filter(|rule| rule.asserts.is_none()).collect()
}

/// What is wrong with the rules themselves, whether or not anything fits them.
pub(super) fn findings(modules: &Modules, library: &Arc<Library>, given: &Given<'_>, memory: &mut Memory) -> Vec<Diagnostic> {
    let mut names: Option<FxIndexMap<Name, Span>> = None;
    let mut found = Vec::new();
    let mut files: Vec<&Path> = Vec::new();
    for (path, loaded) in &modules.loaded {
        let before = files.len();
        for rule in loaded.module.items.iter().filter_map(|item| if let ItemNode::Rule(rule) = &item.node { Some(rule) } else { None }) {
            files.truncate(before);
            files.push(path);
            if rule.asserts.is_some() {
                continue;
            }
            // Those of the standard library are read only if there are others.
            let names = names.get_or_insert_with(|| library.rules().iter().map(|rule| (rule.name.clone(), rule.span)).collect());
            if let Some(first) = names.insert(rule.name.clone(), rule.span) {
                let message = format!("the rule `{}` is declared twice", rule.name);
                found.push(Diagnostic::error("duplicate-name", rule.span, message).also(first, "declared here first"));
            }
        }
    }
    let known = &*memory;
    let one = |path: &Path| {
        let depends = Depends { rests: modules.rests(path, given.rules), places: Vec::new() };
        let found = known.found(Pass::Rules, path, &depends).unwrap_or_else(|| of_file(modules, library, given, path));
        (path.to_path_buf(), depends, found)
    };
    let in_files: Vec<_> = files.into_par_iter().map(one).collect();
    found.extend(in_files.iter().flat_map(|(.., found)| found.clone()));
    memory.keep_found(Pass::Rules, in_files);
    found
}

/// The rules in which something is wrong, by the place of their names.
pub(super) fn faulty(modules: &Modules, findings: &[Diagnostic]) -> FxHashSet<Span> {
    let mut faulty = FxHashSet::default();
    for item in modules.loaded.values().flat_map(|l| &l.module.items) {
        let ItemNode::Rule(rule) = &item.node else { continue };
        let inside = |span: Span| span.file == item.span.file && item.span.start <= span.start && span.end <= item.span.end;
        if findings.iter().any(|f| inside(f.primary.span)) {
            faulty.insert(rule.span);
        }
    }
    faulty
}

fn of_file(modules: &Modules, library: &Arc<Library>, given: &Given<'_>, path: &Path) -> Vec<Diagnostic> {
    let world = World::new(library.clone(), "rehearsal".into()).rehearsing();
    let (mut world, _) = world_of(world, modules, library, path, given, &mut Vec::new());
    let rules: Vec<(Arc<Rule>, _)> = world.rules.clone();
    let Some(file) = modules.file(path) else { return Vec::new() };
    world.take_findings();
    for (rule, frame) in rules.iter().filter(|(rule, _)| rule.span.file == file) {
        crate::rules::rehearse(&mut world, rule, *frame);
    }
    world.take_findings()
}
