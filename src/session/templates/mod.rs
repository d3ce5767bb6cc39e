//! The templates of a project as summaries, those that they nest included.

mod assembly;
mod beside;
mod find;
mod joined;
mod own;
mod permits;

use super::modules::text;
use super::project::Project;
use super::sources::{FileSystem, Sources};
use crate::base::{Diagnostic, FileId, Name, Severity, Span, budget};
use crate::document::{Entry, Form, Node, read as document};
use crate::template::{Summary, summary};
use beside::{Beside, Documents};
pub use find::{TemplateFile, in_folder, is_searched, may_be_template};
pub(super) use joined::{Joined, join};
pub(super) use own::read_back;
pub(super) use permits::allows;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A template of the project before it is understood.
struct Root {
    path: PathBuf,
    stack: Name,
    node: Node,
}

/// Reads the templates of a project. An error is a file that was named and cannot be read.
pub(super) fn read(
    files: &dyn FileSystem,
    sources: &mut Sources,
    project: &Project,
    own: &[Name],
    out: &mut Vec<Diagnostic>,
) -> Result<Vec<Summary>, String> {
    let mut texts: Vec<(&TemplateFile, FileId, Arc<str>)> = Vec::new();
    for file in &project.templates {
        match text(files, &file.path) {
            // What `build` wrote of a stack of this project is that stack.
            Ok(text)
                if file.named
                    || looks_like_template(&text) && !written_for(&text).is_some_and(|stack| own.iter().any(|o| **o == *stack)) =>
            {
                texts.push((file, sources.add(file.path.clone(), text.clone()), text));
            }
            Ok(_) => {}
            Err(error) if !file.named && error.refused => {}
            Err(error) => return Err(format!("{}: {}", file.path.display(), error.why)),
        }
    }
    let parsed: Vec<_> =
        texts.par_iter().map(|(file, id, text)| document(text, *id, Form::of(&file.path.display().to_string(), text))).collect();
    let mut roots: Vec<Root> = Vec::new();
    for ((file, id, _), (node, found)) in texts.into_iter().zip(parsed) {
        let is_template = node.as_ref().is_some_and(has_resources);
        match node {
            Some(node) if is_template => {
                out.extend(found);
                let own_name = node.at("Metadata.Purlin.Stack").and_then(Node::scalar);
                let stack = file.stack.clone().or(own_name).unwrap_or_else(|| stack_name(&file.path));
                roots.push(Root { path: file.path.clone(), stack, node });
            }
            Some(_) if file.named => out.push(no_template(id)),
            // A file of a folder that is a document, but not a template.
            Some(_) => {}
            None => out.extend(found),
        }
    }
    distinct(&mut roots);
    Ok(understood(roots, files, sources, out))
}

/// Gives stacks of one name different ones: those of their paths.
fn distinct(roots: &mut [Root]) {
    let mut seen = FxHashSet::default();
    for root in roots {
        let mut name = root.stack.clone();
        let mut folder = root.path.parent();
        while !seen.insert(name.clone()) {
            let above = folder.and_then(Path::file_name).and_then(|f| f.to_str()).unwrap_or("other");
            name = format!("{above}/{name}").into();
            folder = folder.and_then(Path::parent);
        }
        root.stack = name;
    }
}

/// The summaries of all templates that no other nests, and those of the nested ones, once for each place.
fn understood(roots: Vec<Root>, files: &dyn FileSystem, sources: &mut Sources, out: &mut Vec<Diagnostic>) -> Vec<Summary> {
    let documents = Documents::new(files, sources);
    let mut reading = Reading { documents: &documents, nested: FxHashSet::default(), out: Vec::new(), left: budget::NESTED_STACKS };
    let mut all: Vec<(PathBuf, Vec<Summary>)> = Vec::new();
    for root in roots {
        let summaries = reading.stack(&root.node, root.stack, &root.path, budget::NESTED_DEPTH);
        all.push((root.path, summaries));
    }
    out.append(&mut reading.out);
    let nested = reading.nested;
    out.append(&mut documents.findings.borrow_mut());
    all.into_iter().filter(|(path, _)| !nested.contains(path)).flat_map(|(_, summaries)| summaries).collect()
}

struct Reading<'a, 'd> {
    documents: &'d Documents<'a>,
    /// The files of nested templates.
    nested: FxHashSet<PathBuf>,
    out: Vec<Diagnostic>,
    /// How many nested stacks may still be read.
    left: usize,
}

impl Reading<'_, '_> {
    /// The summary of a template, and behind it those of the stacks that it nests.
    fn stack(&mut self, node: &Node, name: Name, path: &Path, depth: usize) -> Vec<Summary> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let beside = Beside { documents: self.documents, folder };
        let mut own = summary(node, name.clone(), &beside);
        let mut inner = Vec::new();
        for nested in &mut own.nested {
            let Some(path) = nested.file.take().and_then(|file| beside.path(&file)) else {
                self.out.push(unread(nested.span, &nested.id, "its file is not in this project"));
                continue;
            };
            let read = self.documents.read(&path).filter(has_resources);
            let (Some(node), Some(depth), Some(left)) = (read, depth.checked_sub(1), self.left.checked_sub(1)) else {
                self.out.push(unread(nested.span, &nested.id, "its file is no template, or too many stacks are nested"));
                continue;
            };
            self.left = left;
            self.nested.insert(path.clone());
            let child: Name = format!("{name}.{}", nested.id).into();
            nested.file = Some(child.clone());
            inner.extend(self.stack(&node, child, &path, depth));
        }
        let mut all = vec![own];
        all.extend(inner);
        all
    }
}

fn unread(span: Span, id: &Name, why: &str) -> Diagnostic {
    let message = format!("what the nested stack `{id}` does is not known: {why}");
    let finding = Diagnostic::error("nested-stack-not-read", span, message);
    Diagnostic { severity: Severity::Advice, ..finding }
        .help("name the template as a file beside this one, or check what the packaging tool writes")
}

fn no_template(file: FileId) -> Diagnostic {
    let message = "this is not a template: it has no map `Resources` whose entries have a `Type`";
    let finding = Diagnostic::error("not-a-template", Span::new(file, 0, 0), message);
    finding.help("name a template of CloudFormation or SAM, a `cdk.out` folder, or a folder that holds templates")
}

fn has_resources(node: &Node) -> bool {
    let resource = |e: &Entry| e.value.get("Type").is_some_and(|ty| ty.as_str().is_some());
    // A loop over a collection writes resources that are only known when it is expanded.
    let written = |e: &Entry| e.key.starts_with("Fn::ForEach::") || resource(e);
    node.get("Resources").is_some_and(|r| r.entries().iter().any(written))
}

/// Whether a text may be a template, before it is parsed.
pub fn looks_like_template(text: &str) -> bool {
    text.contains("Resources") && (text.contains("AWS::") || text.contains("Custom::"))
}

/// The stack of whose sources a template was made: `build` writes it first.
fn written_for(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("\"Metadata\"")?.1.split_once("\"Purlin\"")?;
    let (between, name) = after.split_once("\"Stack\": \"")?;
    (!between.contains('}')).then(|| name.split_once('"').map(|(name, _)| name)).flatten()
}

/// The name of the stack of a template that does not say it: that of its file, or of its folder where every project has
/// the same file name.
fn stack_name(path: &Path) -> Name {
    let stem = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default();
    let usual = ["template", "sam", "cloudformation", "cloudformation-template-update-stack"].contains(&stem);
    let absolute = std::path::absolute(path).ok();
    let folders = absolute.as_deref().unwrap_or(path).parent().into_iter().flat_map(Path::ancestors);
    let folder = folders.filter_map(|f| f.file_name()?.to_str()).find(|f| !f.starts_with('.'));
    folder.filter(|_| usual).unwrap_or(stem).into()
}
