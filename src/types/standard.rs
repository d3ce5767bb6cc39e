//! The texts of the standard library: embedded, or read from the folder that `PURLIN_STDLIB` names.

use super::stdlib_index::index;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));
}

/// A declaration: the word that it begins with, its name, the number of its file, where it begins and ends.
pub(super) type Declared = (&'static str, &'static str, u32, u32, u32);

/// The files of the library, and what they declare.
pub(super) struct Texts {
    /// Path and text of each file.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// Every declaration.
    pub(super) items: &'static [Declared],
}

/// The library of this process.
pub(super) fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| match std::env::var_os("PURLIN_STDLIB") {
        None => Texts { files: embedded::FILES, items: embedded::ITEMS },
        Some(folder) => read(&PathBuf::from(folder)),
    })
}

/// Reads a folder. What cannot be read is left out, and said on standard error: the library's author is at work.
fn read(folder: &Path) -> Texts {
    let (mut files, mut items) = (Vec::new(), Vec::<Declared>::new());
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    paths.sort();
    for path in paths {
        match std::fs::read_to_string(&path) {
            Err(error) => eprintln!("{}: {error}", path.display()),
            Ok(text) => {
                let text: &'static str = text.leak();
                let name = Path::new("stdlib").join(path.strip_prefix(folder).unwrap_or(&path)).to_string_lossy().replace('\\', "/");
                let number = files.len() as u32;
                files.push((&*name.leak(), text));
                for item in index(text) {
                    items.push((item.word.leak(), item.name.leak(), number, item.start as u32, item.end as u32));
                }
            }
        }
    }
    Texts { files: files.leak(), items: items.leak() }
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return eprintln!("{}: {error}", folder.display()),
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|e| e == "purlin") {
            out.push(path);
        }
    }
}
