//! What belongs to a project: its folder, `purlin.toml` and the files to read. Knows nothing of what they declare.

use super::boundary::{IRREGULAR, OUTSIDE};
use super::config::{Config, Written};
use super::path::normal;
use super::sources::{FileKind, FileSystem};
use super::templates::{TemplateFile, in_folder, may_be_template};
use crate::base::Name;
use std::path::{Component, Path, PathBuf};

/// A project.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The project's folder: nothing outside of it is read.
    pub root: PathBuf,
    /// The files to read.
    pub files: Vec<PathBuf>,
    /// The templates to read: CloudFormation, SAM, and what tools wrote.
    pub templates: Vec<TemplateFile>,
    /// The files of rules that hold for every stack.
    pub rules: Vec<PathBuf>,
    /// The other sources of the project, of which the path that was named is a part.
    pub others: Vec<PathBuf>,
    /// Whether the path that was named may be a part of the project, so that what it refers to may be in another part.
    pub part: bool,
    /// What `purlin.toml` says.
    pub config: Config,
}

impl Project {
    /// The environment that is taken when none is named, if there is one of that name.
    pub fn default_environment(&self) -> Option<&str> {
        let name = &*self.config.environment.as_ref()?.value;
        // One that does not exist is a finding in `purlin.toml`.
        self.config.settings(name).map(|_| name)
    }

    /// Where `purlin.toml` names a file.
    pub(super) fn named(&self, path: &Path) -> Option<&Written<Name>> {
        let written = self.config.sources.iter().flat_map(|s| &s.value).chain(&self.config.rules);
        written.into_iter().find(|written| normal(&self.root.join(&*written.value)) == path)
    }
}

/// The folder of the project that a folder belongs to: the nearest with a `purlin.toml`, upwards to the folder of the
/// repository; the folder itself if there is none.
pub fn root(files: &dyn FileSystem, folder: &Path) -> PathBuf {
    let own = normal(folder);
    let mut at = own.clone();
    loop {
        if matches!(files.kind(&at.join("purlin.toml")), Ok(FileKind::File(_) | FileKind::Other)) {
            return at;
        }
        let top = files.kind(&at.join(".git")).is_ok() || files.real(here(&at)).map_or(true, |real| real.parent().is_none());
        if top {
            return own;
        }
        at = above(&at);
    }
}

/// The folder above, as one would write it.
fn above(folder: &Path) -> PathBuf {
    match folder.components().next_back() {
        Some(Component::Normal(_)) => folder.parent().unwrap_or(Path::new("")).to_path_buf(),
        _ => folder.join(".."),
    }
}

fn here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// Finds what belongs to a path: a file, or a folder with sources or templates.
pub fn find(files: &dyn FileSystem, path: &Path) -> Result<Project, String> {
    let is_folder = files.is_folder(here(path));
    if !is_folder && may_be_template(path) {
        return of_template(files, path);
    }
    let templates = if is_folder { in_folder(files, &normal(path))? } else { Vec::new() };
    find_with(files, path, templates)
}

/// The same of a folder whose templates are known.
pub fn find_with(files: &dyn FileSystem, path: &Path, templates: Vec<TemplateFile>) -> Result<Project, String> {
    match find_sources(files, path) {
        Ok(project) => {
            // What `sources` names is all there is.
            let templates = if project.config.sources.is_some() { project.templates } else { templates };
            Ok(Project { templates, ..project })
        }
        Err(why) if templates.is_empty() => Err(why),
        Err(_) => {
            let root = repository(files, &normal(path));
            let config = config(files, &root)?;
            let part = root != normal(path);
            Ok(Project { root, templates, config, part, ..Project::default() })
        }
    }
}

/// A project of several: what is known of all of them together. Only templates are joined; sources keep their own project.
pub fn together(projects: Vec<Project>) -> Vec<Project> {
    let mut all: Vec<Project> = Vec::new();
    for project in projects {
        let same = |p: &&mut Project| p.root == project.root;
        match all.iter_mut().find(same).filter(|p| p.files.is_empty() || project.files.is_empty()) {
            Some(first) => {
                let templates = project.templates.into_iter().filter(|t| !first.templates.iter().any(|f| f.path == t.path));
                let templates: Vec<TemplateFile> = templates.collect();
                first.templates.extend(templates);
                first.part &= project.part;
                if first.files.is_empty() {
                    (first.files, first.rules, first.others) = (project.files, project.rules, project.others);
                }
            }
            None => all.push(project),
        }
    }
    all
}

fn of_template(files: &dyn FileSystem, path: &Path) -> Result<Project, String> {
    let root = repository(files, &normal(path.parent().unwrap_or(Path::new(""))));
    let config = config(files, &root)?;
    let templates = vec![TemplateFile { path: normal(path), stack: None, named: true }];
    Ok(Project { root, templates, config, part: true, ..Project::default() })
}

/// The folder whose check says what is wrong with a template: the nearest that has a `purlin.toml`, or else Purlin files, up
/// to the folder of the repository or of the editor (`open`), or else that. Outside of both, nothing is searched but the folder
/// of the template: none if that has no Purlin file.
pub fn home(files: &dyn FileSystem, template: &Path, open: Option<&Path>) -> Option<PathBuf> {
    let own = normal(template.parent().unwrap_or(Path::new("")));
    let project = root(files, &own);
    if files.kind(&project.join("purlin.toml")).is_ok() {
        return Some(project);
    }
    let above: Vec<&Path> = own.ancestors().collect();
    let is_top = |folder: &&&Path| open == Some(**folder) || files.kind(&folder.join(".git")).is_ok();
    let top = above.iter().find(is_top).copied();
    let within =
        above.iter().take_while(|folder| top.is_none_or(|top| folder.starts_with(top))).take(if top.is_some() { usize::MAX } else { 1 });
    // A folder that cannot be listed holds no source that could be read.
    let mut with_sources = within.filter(|folder| sources_in(files, folder).is_ok_and(|sources| !sources.is_empty()));
    with_sources.next().copied().or(top).map(Path::to_path_buf)
}

/// The folder below which a template may name files: that of its project, or else of its repository.
fn repository(files: &dyn FileSystem, folder: &Path) -> PathBuf {
    let own = root(files, folder);
    if files.kind(&own.join("purlin.toml")).is_ok() {
        return own;
    }
    let mut at = normal(folder);
    loop {
        if files.kind(&at.join(".git")).is_ok() {
            return at;
        }
        if files.real(here(&at)).map_or(true, |real| real.parent().is_none()) {
            return own;
        }
        at = above(&at);
    }
}

/// Finds what belongs to a path, without looking for templates: a folder may be large.
pub fn find_sources(files: &dyn FileSystem, path: &Path) -> Result<Project, String> {
    let is_folder = files.is_folder(here(path));
    let folder = if is_folder { normal(path) } else { normal(path.parent().unwrap_or(Path::new(""))) };
    let root = root(files, &folder);
    let config = config(files, &root)?;
    let rules = config.rules.iter().map(|s| root.join(&*s.value)).collect();
    let own = |root: &Path| match &config.sources {
        Some(sources) => Ok(sources.value.iter().map(|s| root.join(&*s.value)).collect()),
        None => sources_in(files, root),
    };
    let named = if !is_folder {
        vec![path.to_path_buf()]
    } else if folder == root {
        own(&root)?
    } else {
        sources_in(files, &folder)?
    };
    if named.is_empty() && !(folder == root && config.sources.is_some()) {
        return Err(format!("{} holds no .purlin file and no template", here(path).display()));
    }
    let whole = is_folder && folder == root || config.file.is_none();
    let others = if whole { Vec::new() } else { own(&root).unwrap_or_default() };
    let (listed, files): (Vec<PathBuf>, _) = named.into_iter().partition(|path| may_be_template(path));
    let templates = listed.into_iter().map(|path| TemplateFile { path: normal(&path), stack: None, named: true }).collect();
    let part = !(is_folder && folder == root);
    Ok(Project { root, files, templates, rules, others, part, config })
}

fn config(files: &dyn FileSystem, root: &Path) -> Result<Config, String> {
    let path = root.join("purlin.toml");
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    match files.kind(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Config::default()),
        Err(error) => return Err(failed(&error)),
        Ok(FileKind::Other) => return Err(failed(&IRREGULAR)),
        Ok(FileKind::Folder) => return Ok(Config::default()),
        Ok(FileKind::File(size)) if size > LARGEST => return Err(failed(&format!("it has {size} bytes, and the most is {LARGEST}"))),
        Ok(FileKind::File(_)) => {}
    }
    let inside = files.real(&path).and_then(|real| Ok(real.starts_with(files.real(here(root))?)));
    if !inside.map_err(|error| failed(&error))? {
        return Err(failed(&OUTSIDE));
    }
    let bytes = match files.read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Config::default()),
        read => read.map_err(|error| failed(&error))?,
    };
    let text = String::from_utf8(bytes).map_err(|_| failed(&"it is not UTF-8"))?;
    Ok(Config::read(path, &text))
}

/// The longest `purlin.toml` that is read, in bytes.
const LARGEST: u64 = 1 << 20;

fn sources_in(files: &dyn FileSystem, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = files.list(here(folder)).map_err(|error| format!("{} cannot be read: {error}", here(folder).display()))?;
    Ok(entries.into_iter().filter(|p| p.extension().is_some_and(|e| e == "purlin") && !files.is_folder(p)).collect())
}
