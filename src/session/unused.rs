//! What is declared and never named. Told by names alone, so that what only a branch not taken names counts as named.
//! Knows nothing of values.

use super::modules::Modules;
use crate::base::{Diagnostic, FileId, Name, Severity, Span};
use crate::model::walk::{self, Met};
use crate::model::{Item, ItemNode, Node, TypeNode};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};

/// The names that a file names, and those of other files that it names through an alias.
#[derive(Default)]
struct Named<'a> {
    own: FxHashSet<&'a str>,
    through: FxHashSet<(&'a str, &'a str)>,
}

/// The rules of files that no stack uses and that `purlin.toml` does not name: they are held against nothing.
fn idle_rules(modules: &Modules, used: &FxHashSet<PathBuf>, named: &[PathBuf]) -> Vec<Diagnostic> {
    let idle = modules.loaded.iter().filter(|(path, _)| !used.contains(*path) && !named.contains(path));
    let rules = idle.flat_map(|(_, l)| &l.module.items).filter_map(|i| if let ItemNode::Rule(rule) = &i.node { Some(rule) } else { None });
    rules
        .map(|rule| {
            let mut finding = Diagnostic::warning("rule-without-stack", rule.span, "this rule is never evaluated: no stack uses its file");
            finding.allowable = true;
            finding.help("name the file in purlin.toml, as `rules = [\"rules.purlin\"]`, or `use` it where the stack is declared")
        })
        .collect()
}

/// What is declared and never used: names, and rules of files that no stack uses. Of a part of a project, only in its own
/// files: what they use may be used by other parts too.
pub(super) fn all(
    modules: &Modules,
    mistakes: &[Span],
    used: &FxHashSet<PathBuf>,
    (rules, part): (&[PathBuf], Option<&[PathBuf]>),
) -> Vec<Diagnostic> {
    let mut found = unused(modules, mistakes, part);
    found.extend(idle_rules(modules, used, rules));
    found
}

/// The files whose declarations may be used in a place that could not be understood: those with a mistake of the
/// language, and all that are connected with them by `use`. All files if a mistake is in none of them.
fn uncertain<'a>(modules: &'a Modules, mistakes: &[Span]) -> FxHashSet<&'a Path> {
    let mut connected: FxHashMap<&Path, Vec<&Path>> = FxHashMap::default();
    let mut open: Vec<&Path> = Vec::new();
    let files: FxHashSet<FileId> = modules.loaded.values().map(|loaded| loaded.module.file).collect();
    let wrong: FxHashSet<FileId> = mistakes.iter().map(|span| span.file).collect();
    let elsewhere = wrong.iter().any(|file| !files.contains(file));
    for (path, loaded) in &modules.loaded {
        for (.., target) in loaded.uses.iter().chain(&loaded.imports) {
            connected.entry(path).or_default().push(target);
            connected.entry(target).or_default().push(path);
        }
        if elsewhere || wrong.contains(&loaded.module.file) {
            open.push(path);
        }
    }
    let mut out = FxHashSet::default();
    while let Some(path) = open.pop() {
        if out.insert(path) {
            open.extend(connected.get(path).into_iter().flatten());
        }
    }
    out
}

/// The findings on names that nothing uses. None on those of a file whose stack has a mistake of the language, by the
/// places of these mistakes: a name may be used where the mistake is. Of a file that other files may use from elsewhere,
/// which is one without a stack that nothing here uses either, what it offers is not held against it.
fn unused(modules: &Modules, mistakes: &[Span], part: Option<&[PathBuf]>) -> Vec<Diagnostic> {
    let uncertain = uncertain(modules, mistakes);
    let named: FxHashMap<&Path, Named<'_>> = modules.loaded.iter().map(|(path, l)| (path.as_path(), names_in(&l.module.items))).collect();
    let mut from_elsewhere: FxHashMap<&Path, FxHashSet<&str>> = FxHashMap::default();
    for (path, loaded) in &modules.loaded {
        let Some(named) = named.get(path.as_path()) else { continue };
        for (alias, _, target) in loaded.uses.iter().chain(&loaded.imports) {
            let names = from_elsewhere.entry(target.as_path()).or_default();
            names.extend(named.through.iter().filter(|(a, _)| *a == &**alias).map(|(_, name)| *name));
        }
    }
    let mut out = Vec::new();
    let is_own = |path: &PathBuf| part.is_none_or(|own| own.contains(path));
    for (path, loaded) in modules.loaded.iter().filter(|(path, _)| is_own(path) && !uncertain.contains(path.as_path())) {
        let Some(here) = named.get(path.as_path()) else { continue };
        let there = from_elsewhere.get(path.as_path());
        let offers = there.is_none() && !loaded.module.items.iter().any(|i| matches!(i.node, ItemNode::Stack { .. }));
        if !offers {
            let is_named = |name: &str| here.own.contains(name) || there.is_some_and(|t| t.contains(name));
            declared(&loaded.module.items, &mut |what, name, span, region| {
                if !name.is_empty() && !is_named(name) {
                    out.push(finding(what, name, span, region));
                }
            });
        }
        for (alias, span, target) in &loaded.uses {
            if !here.own.contains(&**alias) {
                out.push(unused_file(alias, *span, target));
            }
        }
    }
    out
}

fn finding(what: &str, name: &Name, span: Span, region: Span) -> Diagnostic {
    let message = format!("the {what} `{name}` is never used");
    let mut finding = Diagnostic::new(Severity::Warning, "unused-declaration", span, message);
    finding.allowable = true;
    // What is removed is lost, and its use may still be to come: a person has to ask for it.
    finding.help("remove it, or use it").perhaps(format!("remove the {what} `{name}`"), region, "")
}

fn unused_file(alias: &Name, span: Span, target: &Path) -> Diagnostic {
    let message = format!("unused import `{alias}` of `{}`", target.display());
    let mut finding = Diagnostic::new(Severity::Warning, "unused-declaration", span, message);
    finding.allowable = true;
    finding.help(format!("name what it declares as `{alias}.name`, or remove the `use`"))
}

/// Visits what a file gives names to, of which somebody should make use: what it is, its name, where, and the whole.
fn declared<'a>(items: &'a [Item], visit: &mut dyn FnMut(&'static str, &'a Name, Span, Span)) {
    for item in items {
        match &item.node {
            ItemNode::Let { name, name_span, .. } => visit("constant", name, *name_span, item.span),
            ItemNode::Param { name, name_span, .. } => visit("parameter", name, *name_span, item.span),
            ItemNode::Setting { name, name_span, .. } => visit("setting", name, *name_span, item.span),
            ItemNode::Type { name, name_span, .. } => visit("type", name, *name_span, item.span),
            ItemNode::Component { name, name_span, items, .. } => {
                visit("component", name, *name_span, item.span);
                declared(items, visit);
            }
            ItemNode::For { items, .. } => declared(items, visit),
            ItemNode::If { then, otherwise, .. } => {
                declared(then, visit);
                declared(otherwise, visit);
            }
            _ => {}
        }
    }
}

fn names_in(items: &[Item]) -> Named<'_> {
    let mut named = Named::default();
    walk::items(items, &mut |met| match met {
        Met::Expr(expr) => match &expr.node {
            Node::Name(name) => drop(named.own.insert(name)),
            Node::Member(inner, name, _) => {
                if let Node::Name(alias) = &inner.node {
                    named.through.insert((alias, name));
                }
            }
            _ => {}
        },
        Met::Type(ty) => {
            if let TypeNode::Named(name) = &ty.node {
                named.own.insert(name);
            }
        }
        Met::Decl(decl) => match decl.kind.split_once('.') {
            Some((alias, name)) => {
                named.own.insert(alias);
                named.through.insert((alias, name));
            }
            None => drop(named.own.insert(&decl.kind)),
        },
    });
    named
}
