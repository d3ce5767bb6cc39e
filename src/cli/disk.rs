//! Files on the disk.

use crate::session::{Analysis, FileKind, FileSystem, Memories, Options, Project, analyse_environments, find, together};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The disk.
pub(super) struct Disk;

impl FileSystem for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
        entries.sort();
        Ok(entries)
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn real(&self, path: &Path) -> std::io::Result<PathBuf> {
        path.canonicalize()
    }

    fn kind(&self, path: &Path) -> std::io::Result<FileKind> {
        let data = std::fs::metadata(path)?;
        Ok(if data.is_dir() {
            FileKind::Folder
        } else if data.is_file() {
            FileKind::File(data.len())
        } else {
            FileKind::Other
        })
    }

    fn open(&self, path: &Path) -> std::io::Result<Box<dyn crate::session::ReadSeek>> {
        Ok(Box::new(std::fs::File::open(path)?))
    }
}

/// Analyses the sources of each path that was named, as a project of its own, in the environment that is chosen.
pub(super) fn analyses(input: &super::args::Input) -> Result<Vec<Analysis>, String> {
    analyses_of(&(Arc::new(Disk) as Arc<dyn FileSystem>), input)
}

/// The same with the templates.
pub(super) fn analyses_with_templates(input: &super::args::Input) -> Result<Vec<Analysis>, String> {
    analyses_in(&(Arc::new(Disk) as Arc<dyn FileSystem>), input, false, true)
}

/// The same in every environment, unless one is chosen, with the templates.
pub(super) fn analyses_everywhere(input: &super::args::Input) -> Result<Vec<Analysis>, String> {
    analyses_in(&(Arc::new(Disk) as Arc<dyn FileSystem>), input, true, true)
}

/// Analyses the sources of these files in every environment, unless one is chosen.
pub(super) fn sources_everywhere(files: &Arc<dyn FileSystem>, input: &super::args::Input) -> Result<Vec<Analysis>, String> {
    analyses_in(files, input, true, false)
}

/// Analyses each path that was named, of these files.
pub(super) fn analyses_of(files: &Arc<dyn FileSystem>, input: &super::args::Input) -> Result<Vec<Analysis>, String> {
    analyses_in(files, input, false, false)
}

fn analyses_in(
    files: &Arc<dyn FileSystem>,
    input: &super::args::Input,
    everywhere: bool,
    templates: bool,
) -> Result<Vec<Analysis>, String> {
    let options =
        Options { environment: input.env.clone(), set: input.set.clone(), as_of: Some(input.as_of.clone().unwrap_or_else(today)) };
    let found = |path: &PathBuf| {
        let mut project = find(&**files, path)?;
        if !templates {
            // What works on sources leaves templates alone: a fault of theirs keeps no source from being built.
            project.templates.clear();
            if project.files.is_empty() && project.config.sources.is_none() {
                return Err(format!("{} holds no .purlin file", path.display()));
            }
        }
        Ok(project)
    };
    let found: Vec<Project> = input.paths.iter().map(found).collect::<Result<_, String>>()?;
    let one = |project: &Project| analyse_environments(&mut Memories::default(), files, project, &options, everywhere);
    let analyses: Vec<Analysis> = together(found).iter().map(one).collect::<Result<_, String>>()?;
    known_settings(&analyses)?;
    Ok(analyses)
}

/// Refuses a setting of the command line that none of the projects has.
pub(super) fn known_settings(analyses: &[Analysis]) -> Result<(), String> {
    let Some((first, others)) = analyses.split_first() else { return Ok(()) };
    let unknown_everywhere = |name: &String| others.iter().all(|a| a.unknown_settings.iter().any(|(other, _)| other == name));
    match first.unknown_settings.iter().find(|(name, _)| unknown_everywhere(name)) {
        None => Ok(()),
        Some((name, None)) => Err(format!("--set {name}: there is no setting `{name}`")),
        Some((name, Some(near))) => Err(format!("--set {name}: there is no setting `{name}`; did you mean `{near}`?")),
    }
}

/// The day on this machine's clock, in UTC.
pub(super) fn today() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
