//! Where a name is declared and used, over the files that use each other; and what a rename of it changes. What is not
//! surely a use of the declaration keeps the name from being changed, with the reason. Knows no protocol.

use super::scopes::{Binding, Declared, Names, holds, names};
use crate::base::{FileId, Span};
use crate::syntax::{Tree, parse};
use crate::types::Library;
use std::path::{Component, Path, PathBuf};

/// Words that no declaration may be named.
const RESERVED: [&str; 44] = [
    "if",
    "else",
    "for",
    "in",
    "as",
    "when",
    "where",
    "on",
    "of",
    "by",
    "can",
    "let",
    "use",
    "stack",
    "param",
    "setting",
    "type",
    "component",
    "output",
    "export",
    "import_stack",
    "existing",
    "resource",
    "kind",
    "emit",
    "out",
    "verb",
    "event",
    "check",
    "grant",
    "needs",
    "append",
    "rule",
    "assert",
    "report",
    "true",
    "false",
    "none",
    "self",
    "aws",
    "it",
    "to",
    "wakes",
    "reaches",
];

/// The files that may name each other, read once.
pub struct Index {
    trees: Vec<(PathBuf, Tree)>,
}

/// A declaration with every place that names it: the file and the place; the declaration itself is the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The places.
    pub places: Vec<(PathBuf, Span)>,
    /// Whether it is a setting, which `purlin.toml` names too.
    pub setting: bool,
}

impl Index {
    /// Of files with their texts.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a Path, &'a str)>) -> Index {
        let tree = |(path, text): (&Path, &str)| (path.to_path_buf(), parse(FileId(0), text.into()).tree);
        Index { trees: files.into_iter().map(tree).collect() }
    }

    fn names(&self) -> Vec<(&Path, Names<'_>)> {
        self.trees.iter().map(|(path, tree)| (path.as_path(), names(tree))).collect()
    }

    /// The declared names of the first file, with their places.
    pub fn declared(&self) -> Vec<(String, Span)> {
        let names = self.names();
        let bindings = names.first().into_iter().flat_map(|(_, names)| &names.bindings);
        bindings.map(|b| (b.name.to_string(), b.span)).collect()
    }

    /// What the name at a place means, or why that is not known.
    pub fn named(&self, path: &Path, at: Span) -> Result<Named, String> {
        let all = self.names();
        let (owner, binding) =
            declaration(&all, path, at).ok_or("this is not a declared name: a keyword, a property, a text or another word")?;
        Ok(places(&all, owner, binding))
    }

    /// The places that a rename changes, or why it is refused.
    pub fn renamed(&self, path: &Path, at: Span, new: &str) -> Result<Named, String> {
        if RESERVED.contains(&new) {
            return Err(format!("`{new}` is a word of the language"));
        }
        let found = self.named(path, at)?;
        if Library::shared().kind(new).is_some() {
            return Err(format!("`{new}` is a kind"));
        }
        for (path, names) in self.names().iter().filter(|(path, _)| found.places.iter().any(|(of, _)| of == path)) {
            let declared = names.bindings.iter().any(|b| b.name == new);
            // What stands behind a dot and the keys of blocks are names of other things.
            let used = names.uses.iter().any(|u| u.name == new);
            // Elsewhere the name stands behind an alias or is a key, where nothing can take its place.
            let is_owner = found.places.first().is_some_and(|(owner, _)| owner == path);
            if is_owner && (declared || used) {
                return Err(format!("`{new}` is already a name in {}", path.display()));
            }
            let own = |span: Span| found.places.iter().any(|(of, place)| of == path && *place == span);
            let inside = |span: Span| names.closed.iter().any(|closed| holds(*closed, span));
            if names.uses.iter().any(|u| u.name == found.name && inside(u.span))
                || names.bindings.iter().any(|b| own(b.span) && inside(b.span))
            {
                return Err(format!("`{}` is used in a rule or a kind of {}: rename it there by hand", found.name, path.display()));
            }
        }
        Ok(found)
    }
}

/// The declaration of the name at a place, with the file that declares it.
fn declaration<'a, 't>(all: &'a [(&'a Path, Names<'t>)], path: &Path, at: Span) -> Option<(&'a Path, &'a Binding<'t>)> {
    let (own, names) = all.iter().find(|(of, _)| *of == path)?;
    if let Some(binding) = names.at(at) {
        return Some((own, binding));
    }
    // Behind the alias of a file: what that file declares.
    if let Some(using) = names.uses.iter().find(|u| u.member.is_some_and(|(_, span)| span == at)) {
        let alias = names.meant(using.name, using.span).filter(|b| b.what == Declared::Alias)?;
        let (target, there) = all.iter().find(|(of, _)| leads(own, names, alias.name, of))?;
        let (member, _) = using.member?;
        return Some((target, there.bindings.iter().find(|b| b.name == member && is_top(b))?));
    }
    // A key in the use of a component: its parameter.
    let (head, key, _) = names.keys.iter().find(|(.., span)| *span == at)?;
    let (owner, component) = component(all, own, names, *head)?;
    let (_, there) = all.iter().find(|(of, _)| *of == owner)?;
    Some((owner, parameters(there, component).find(|b| b.name == *key)?))
}

/// The component that the head of a use means.
fn component<'a, 't>(
    all: &'a [(&'a Path, Names<'t>)],
    own: &'a Path,
    names: &'a Names<'t>,
    head: Span,
) -> Option<(&'a Path, &'a Binding<'t>)> {
    let using = names.uses.iter().find(|u| holds(head, u.span))?;
    let meant = names.meant(using.name, using.span)?;
    match (meant.what, using.member) {
        (Declared::Component, None) => Some((own, meant)),
        (Declared::Alias, Some((member, _))) => {
            let (target, there) = all.iter().find(|(of, _)| leads(own, names, meant.name, of))?;
            Some((target, there.bindings.iter().find(|b| b.name == member && b.what == Declared::Component && is_top(b))?))
        }
        _ => None,
    }
}

/// The parameters of a component: what is declared with its whole statement as scope.
fn parameters<'a, 't>(names: &'a Names<'t>, component: &'a Binding<'t>) -> impl Iterator<Item = &'a Binding<'t>> {
    let around = |b: &&Binding<'t>| b.what == Declared::Parameter && holds(b.scope, component.span);
    let smallest = names.bindings.iter().filter(around).map(|b| b.scope.len()).min();
    names.bindings.iter().filter(move |b| around(b) && Some(b.scope.len()) == smallest)
}

fn is_top(binding: &Binding<'_>) -> bool {
    binding.scope.end == u32::MAX
}

/// Every place that names a declaration.
fn places<'t>(all: &[(&Path, Names<'t>)], owner: &Path, binding: &Binding<'t>) -> Named {
    let mut places = vec![(owner.to_path_buf(), binding.span)];
    let is = |of: &Path, found: Option<&Binding<'t>>| of == owner && found.is_some_and(|b| b.span == binding.span);
    for (path, names) in all {
        for using in names.uses.iter().filter(|u| u.name == binding.name) {
            if is(path, names.meant(using.name, using.span)) {
                places.push((path.to_path_buf(), using.span));
            }
        }
        if is_top(binding) {
            for using in &names.uses {
                let Some((_, at)) = using.member.filter(|(name, _)| *name == binding.name) else { continue };
                let alias = names.meant(using.name, using.span).filter(|b| b.what == Declared::Alias);
                if alias.is_some_and(|alias| leads(path, names, alias.name, owner)) {
                    places.push((path.to_path_buf(), at));
                }
            }
        }
        if binding.what == Declared::Parameter {
            for (head, _, at) in names.keys.iter().filter(|(_, key, _)| *key == binding.name) {
                let of = component(all, path, names, *head).and_then(|(file, component)| {
                    let (_, there) = all.iter().find(|(of, _)| *of == file)?;
                    parameters(there, component).find(|b| b.name == binding.name).map(|b| (file, b.span))
                });
                if of == Some((owner, binding.span)) {
                    places.push((path.to_path_buf(), *at));
                }
            }
        }
    }
    places.dedup();
    Named { name: binding.name.to_string(), places, setting: binding.what == Declared::Setting }
}

/// Whether an alias of a file leads to another.
fn leads(from: &Path, names: &Names<'_>, alias: &str, to: &Path) -> bool {
    let mut paths = names.files.iter().filter(|(of, _)| *of == alias).map(|(_, path)| path);
    paths.any(|path| normal(&from.parent().unwrap_or(Path::new("")).join(path)) == normal(to))
}

fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => _ = out.pop(),
            other => out.push(other),
        }
    }
    out
}
