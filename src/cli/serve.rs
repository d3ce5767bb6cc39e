//! `purlin serve`

use super::args::Serve;
use super::{CLEAN, disk};
use crate::serve::start;
use crate::session::{Analysis, FileSystem, Options, Project, analyse, find_sources};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(200);

/// Runs it, until it is ended from outside.
pub(super) fn run(arguments: &Serve) -> Result<u8, String> {
    let files: Arc<dyn FileSystem> = Arc::new(disk::Disk);
    let as_of = arguments.as_of.clone().unwrap_or_else(disk::today);
    let options = Options { environment: arguments.env.clone(), set: arguments.set.clone(), as_of: Some(as_of) };
    // What cannot be read at all is told at once; what breaks later is told on the page.
    let first = analyse(&files, &find_sources(&*files, &arguments.path)?, &options)?;
    disk::known_settings(std::slice::from_ref(&first))?;
    let server = start(arguments.port)?;
    super::print(&server.address())?;
    let title = arguments.path.canonicalize().ok().and_then(|p| p.file_name().map(|n| n.to_string_lossy().into_owned()));
    let title = title.unwrap_or_else(|| "Purlin".into());
    let folder = if arguments.path.is_dir() { Some(arguments.path.as_path()) } else { arguments.path.parent() };
    let root = folder
        .filter(|f| !f.as_os_str().is_empty() && *f != Path::new("."))
        .map(|f| format!("{}/", f.display().to_string().trim_end_matches('/')));
    let root = root.unwrap_or_default();
    let mut seen: Option<Seen> = None;
    loop {
        let found = find_sources(&*files, &arguments.path);
        let now = state_of(&arguments.path, found.as_ref().ok(), seen.as_ref().map_or(&[], |s| s.sources.as_slice()));
        if seen.as_ref().is_none_or(|seen| seen.stamps != now) {
            let read = found.and_then(|project| analyse(&files, &project, &options));
            let sources = read.as_ref().map(paths).unwrap_or_default();
            let stamps = state_of(&arguments.path, find_sources(&*files, &arguments.path).ok().as_ref(), &sources);
            server.update(|shown| shown.show((&title, &root), read.as_ref().map_err(String::as_str)));
            seen = Some(Seen { stamps, sources });
        }
        std::thread::sleep(PAUSE);
    }
    #[allow(unreachable_code)]
    Ok(CLEAN)
}

/// The files that were read, and how they were then.
struct Seen {
    stamps: Vec<(PathBuf, Option<(SystemTime, u64)>)>,
    sources: Vec<PathBuf>,
}

fn paths(analysis: &Analysis) -> Vec<PathBuf> {
    analysis.sources.all().iter().map(|s| s.path.clone()).collect()
}

/// When each file of a project was changed last, and how long it is.
fn state_of(path: &Path, project: Option<&Project>, sources: &[PathBuf]) -> Vec<(PathBuf, Option<(SystemTime, u64)>)> {
    let named = project.into_iter().flat_map(|p| p.files.iter().chain(&p.rules)).cloned();
    let mut all: Vec<PathBuf> = named.chain(sources.iter().cloned()).chain([path.join("purlin.toml")]).collect();
    all.sort_unstable();
    all.dedup();
    let stamp = |path: &PathBuf| std::fs::metadata(path).ok().and_then(|m| Some((m.modified().ok()?, m.len())));
    all.into_iter().map(|path| (path.clone(), stamp(&path))).collect()
}
