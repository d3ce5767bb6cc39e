//! Files beside the source that a program names: texts that it takes in, and packages whose size counts.
//! Knows nothing of what is done with them.

use super::path::normal;
use super::sources::FileSystem;
use crate::base::FileId;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most files of a folder that are counted: a package with more is too large anyway.
const MOST_FILES: usize = 100_000;

/// The files beside each source.
pub(super) struct Beside {
    pub files: Arc<dyn FileSystem>,
    pub paths: FxHashMap<u32, PathBuf>,
}

impl Beside {
    /// The path that is meant in a file, if it is beside the file or below.
    fn target(&self, from: FileId, path: &str) -> Option<PathBuf> {
        let beside = self.paths.get(&from.0).and_then(|p| p.parent()).unwrap_or(Path::new(""));
        let target = normal(&beside.join(path));
        let outside = !target.starts_with(beside) || beside.as_os_str().is_empty() && (target.starts_with("..") || target.is_absolute());
        (!outside).then_some(target)
    }
}

impl crate::types::Files for Beside {
    fn read(&self, from: FileId, path: &str) -> Result<String, String> {
        let target = self.target(from, path).ok_or("it is not in the folder of the source or below")?;
        super::modules::text(&*self.files, &target).map(|text| text.to_string()).map_err(|error| error.why)
    }

    fn unpacked(&self, from: FileId, path: &str) -> Option<u64> {
        let target = self.target(from, path)?;
        if self.files.is_folder(&target) { folder(&*self.files, target) } else { archive(&*self.files, &target) }
    }
}

/// The bytes of the files of an archive, by its directory: nothing is unpacked.
fn archive(files: &dyn FileSystem, path: &Path) -> Option<u64> {
    let archive = zip::ZipArchive::new(files.open(path).ok()?).ok()?;
    u64::try_from(archive.decompressed_size()?).ok()
}

/// The bytes of the files of a folder.
fn folder(files: &dyn FileSystem, path: PathBuf) -> Option<u64> {
    let (mut folders, mut size, mut seen) = (vec![path], 0, 0);
    while let Some(folder) = folders.pop() {
        for entry in files.list(&folder).ok()? {
            seen += 1;
            if seen > MOST_FILES {
                return None;
            }
            if files.is_folder(&entry) {
                folders.push(entry);
            } else {
                size += files.open(&entry).ok()?.seek(std::io::SeekFrom::End(0)).ok()?;
            }
        }
    }
    Some(size)
}
