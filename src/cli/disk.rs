//! Files on the disk.

use crate::session::{Analysis, FileSystem, Options, analyse, find};
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

    fn open(&self, path: &Path) -> std::io::Result<Box<dyn crate::session::ReadSeek>> {
        Ok(Box::new(std::fs::File::open(path)?))
    }
}

/// Analyses each path that was named, as a project of its own.
pub(super) fn analyses(input: &super::args::Input) -> Result<Vec<Analysis>, String> {
    analyses_of(&(Arc::new(Disk) as Arc<dyn FileSystem>), input)
}

/// Analyses each path that was named, of these files.
pub(super) fn analyses_of(files: &Arc<dyn FileSystem>, input: &super::args::Input) -> Result<Vec<Analysis>, String> {
    let options =
        Options { environment: input.env.clone(), set: input.set.clone(), as_of: Some(input.as_of.clone().unwrap_or_else(today)) };
    input.paths.iter().map(|path| analyse(files, &find(&**files, path)?, &options)).collect()
}

/// The day on this machine's clock, in UTC.
pub(super) fn today() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
