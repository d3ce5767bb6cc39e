//! Which files of a folder are templates: those of CloudFormation and SAM anywhere below it, the assemblies of the CDK and
//! the output of the Serverless Framework. Knows nothing of what they mean.

use super::super::path::normal;
use super::super::sources::{FileKind, FileSystem};
use super::assembly;
use crate::base::{Name, budget};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file that is read as a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateFile {
    /// Where it is.
    pub path: PathBuf,
    /// The name of its stack, if something says it.
    pub stack: Option<Name>,
    /// Whether it was named: then it must be a template. In a folder, other files are none.
    pub named: bool,
}

/// The ends of the names of files that may be templates.
const ENDS: [&str; 4] = ["yaml", "yml", "json", "template"];
/// Folders that hold what others wrote, or what is made of what is read anyway.
const FOREIGN: [&str; 4] = ["node_modules", "target", "venv", "__pycache__"];
/// The folder of the Serverless Framework, and its template: that for the creation of the stack is a part of it.
const SERVERLESS: (&str, &str) = (".serverless", "cloudformation-template-update-stack.json");

/// Whether a path may be that of a template, by its name.
pub fn may_be_template(path: &Path) -> bool {
    path.extension().is_some_and(|end| ENDS.iter().any(|e| end.eq_ignore_ascii_case(e)))
}

/// The templates of a folder and of the folders below it. An error is a folder that cannot be read, or one too large.
pub fn in_folder(files: &dyn FileSystem, folder: &Path) -> Result<Vec<TemplateFile>, String> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let root = files.real(here).map_err(|error| format!("{} cannot be read: {error}", here.display()))?;
    let mut walk = Walk { files, root, seen: BTreeSet::new(), left: budget::FOLDER_ENTRIES, found: Vec::new() };
    walk.folder(folder)?;
    walk.found.sort();
    walk.found.dedup();
    Ok(walk.found)
}

/// Whether the search of a folder comes to a path below it, by the names on the way.
pub fn is_searched(folder: &Path, path: &Path) -> bool {
    let Ok(below) = path.strip_prefix(folder) else { return false };
    let names: Vec<&str> = below.iter().map(|name| name.to_str().unwrap_or_default()).collect();
    let Some((_, folders)) = names.split_last() else { return false };
    folders.iter().all(|name| *name == SERVERLESS.0 || !name.starts_with('.') && !FOREIGN.contains(name))
}

struct Walk<'a> {
    files: &'a dyn FileSystem,
    /// The real path of the folder: nothing outside of it is read.
    root: PathBuf,
    /// Folders by their real paths: a link may lead to one that was seen.
    seen: BTreeSet<PathBuf>,
    /// How many entries may still be looked at.
    left: usize,
    found: Vec<TemplateFile>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path) -> Result<(), String> {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let real = self.files.real(here).map_err(|error| format!("{} cannot be read: {error}", here.display()))?;
        let serverless = real.file_name().is_some_and(|name| name == SERVERLESS.0);
        if !self.seen.insert(real) {
            return Ok(());
        }
        if serverless {
            self.serverless(folder);
            return Ok(());
        }
        let entries = self.files.list(here).map_err(|error| format!("{} cannot be read: {error}", here.display()))?;
        let Some(left) = self.left.checked_sub(entries.len()) else {
            let most = budget::FOLDER_ENTRIES;
            return Err(format!("{} holds more than {most} files and folders: name the folders of the templates", here.display()));
        };
        self.left = left;
        if let Some(stacks) = assembly::stacks(self.files, folder) {
            self.found.extend(stacks?);
            return Ok(());
        }
        for path in entries.iter().map(|path| normal(path)) {
            self.entry(&path)?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path) -> Result<(), String> {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(()) };
        // A link that leads out of the folder is not followed, as no file of it would be read.
        if !self.files.real(path).is_ok_and(|real| real.starts_with(&self.root)) {
            return Ok(());
        }
        match self.files.kind(path) {
            Ok(FileKind::Folder) if name == SERVERLESS.0 || !name.starts_with('.') && !FOREIGN.contains(&name) => {
                self.folder(path)?;
            }
            Ok(FileKind::File(_)) if !name.starts_with('.') && may_be_template(path) => {
                self.found.push(TemplateFile { path: path.to_path_buf(), stack: None, named: false });
            }
            // Devices are no templates, and what cannot be looked at is not below this folder.
            _ => {}
        }
        Ok(())
    }
    /// The template of a folder that the Serverless Framework wrote.
    fn serverless(&mut self, folder: &Path) {
        let path = folder.join(SERVERLESS.1);
        if matches!(self.files.kind(&path), Ok(FileKind::File(_))) {
            self.found.push(TemplateFile { path, stack: None, named: true });
        }
    }
}
