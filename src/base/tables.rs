//! The tables of the standard library as texts: every `stdlib/templates/*.toml` and `*.json`, embedded, or read from the
//! folder that `PURLIN_STDLIB` names. Knows nothing of what they say.

use std::path::Path;
use std::sync::OnceLock;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}

/// Names and texts.
type Tables = Vec<(&'static str, &'static str)>;

/// The text of a table, by its path below `stdlib`, such as `templates/actions.toml`; nothing if there is none.
#[must_use]
pub fn table(name: &str) -> Option<&'static str> {
    tables().iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of all tables, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    tables().iter().map(|(name, _)| *name)
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| match std::env::var_os("PURLIN_STDLIB") {
        None => embedded::TABLES.to_vec(),
        Some(folder) => read(&Path::new(&folder).join("templates")),
    })
}

/// Reads a folder. What cannot be read is left out, and said on standard error: the library's author is at work.
fn read(folder: &Path) -> Tables {
    let mut found = Tables::new();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            return found;
        }
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if !path.extension().is_some_and(|e| e == "toml" || e == "json") {
            continue;
        }
        // A path that a folder lists has a name.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match std::fs::read_to_string(&path) {
            Ok(text) => found.push((format!("templates/{name}").leak(), text.leak())),
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    found.sort_unstable();
    found
}
