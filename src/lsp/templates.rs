//! Which templates are checked with a file that an editor shows. A folder is searched once, and again when a file appears
//! in it: typing searches nothing. Knows nothing of what templates mean.

use super::overlay::Overlay;
use crate::base::budget;
use crate::session::{FileKind, FileSystem, TemplateFile, home, in_folder, is_searched, looks_like_template, may_be_template};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What an editor says of templates when it greets.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    /// Whether templates are left alone.
    pub off: bool,
    /// The folders that are open in the editor.
    pub folders: Vec<PathBuf>,
}

/// The templates of the folders that were searched.
pub(super) struct Templates {
    wish: Wish,
    homes: RefCell<FxHashMap<PathBuf, Option<PathBuf>>>,
    found: RefCell<FxHashMap<PathBuf, Found>>,
}

/// What a search found.
enum Found {
    /// Every file that may be a template by its name, with whether its text on the disk looks like one, once that is known.
    Files(Vec<(TemplateFile, Option<bool>)>),
    /// The folder could not be searched.
    Failed,
}

impl Templates {
    pub fn new(wish: Wish) -> Templates {
        Templates { wish, homes: RefCell::default(), found: RefCell::default() }
    }

    /// Whether a file is no source in Purlin, and is checked with the templates of its folder: it may be a template, or says what
    /// belongs to the project.
    pub fn is_foreign(path: &Path) -> bool {
        may_be_template(path) || path.file_name().is_some_and(|name| name == "purlin.toml")
    }

    pub fn are_off(&self) -> bool {
        self.wish.off
    }

    /// The folder that is checked as a whole for a template: that of its project, of its repository, or the one that is open
    /// in the editor.
    pub fn home(&self, files: &Overlay, template: &Path) -> Option<PathBuf> {
        let folder = template.parent()?;
        if let Some(known) = self.homes.borrow().get(folder) {
            return known.clone();
        }
        let open = self.wish.folders.iter().filter(|open| template.starts_with(open)).max_by_key(|open| open.as_os_str().len());
        let home = home(files, template, open.map(PathBuf::as_path));
        self.homes.borrow_mut().insert(folder.to_path_buf(), home.clone());
        home
    }

    /// The templates below a folder; none if it cannot be searched.
    pub fn of(&self, files: &Overlay, folder: &Path) -> Option<Vec<TemplateFile>> {
        if self.wish.off {
            return Some(Vec::new());
        }
        let mut all = self.found.borrow_mut();
        let found = all.entry(folder.to_path_buf()).or_insert_with(|| search(files, folder));
        let Found::Files(known) = found else { return None };
        let mut out = Vec::new();
        for (file, looks) in known {
            // What was deleted meanwhile is no template, and what is open is read as it is in the editor.
            let there = matches!(files.kind(&file.path), Ok(FileKind::File(_)));
            if there && (file.named || files.is_open(&file.path) || *looks.get_or_insert_with(|| looks_like_one(files, &file.path))) {
                out.push(file.clone());
            }
        }
        Some(out)
    }

    /// A file was opened, saved, closed, made, changed on the disk or deleted.
    pub fn changed(&self, path: &Path) {
        self.homes.borrow_mut().clear();
        if !may_be_template(path) {
            return;
        }
        let manifest = path.file_name().is_some_and(|name| name == "manifest.json");
        self.found.borrow_mut().retain(|folder, found| {
            if !is_searched(folder, path) {
                return true;
            }
            let Found::Files(known) = found else { return false };
            match known.iter_mut().find(|(file, _)| file.path == path).filter(|_| !manifest) {
                Some((_, looks)) => *looks = None,
                // It may be new, or what names the stacks of an assembly.
                None => return false,
            }
            true
        });
    }
}

fn search(files: &Overlay, folder: &Path) -> Found {
    match in_folder(files, folder) {
        Ok(all) => Found::Files(all.into_iter().map(|file| (file, None)).collect()),
        Err(error) => {
            // Editors show what a server writes here in its log. Each file is then checked by itself.
            let _ = writeln!(std::io::stderr(), "purlin: the templates are not checked together: {error}");
            Found::Failed
        }
    }
}

/// Whether the text of a file on the disk looks like a template. One that is too large to be read is none until it is opened.
fn looks_like_one(files: &Overlay, path: &Path) -> bool {
    let small = matches!(files.kind(path), Ok(FileKind::File(size)) if size <= budget::DOCUMENT_BYTES as u64);
    // A file that cannot be read, or is no text, is reported when it is opened.
    small && files.text(path).is_some_and(|text| looks_like_template(&text))
}
