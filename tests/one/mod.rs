//! A program that is one file, `main.purlin`, for tests of what the compiler says of it.
#![allow(dead_code, clippy::unwrap_used)]

use purlin::session::{Analysis, FileSystem, Options, Project, analyse};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The only file.
pub struct One(pub String);

impl FileSystem for One {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if path.ends_with("main.purlin") { Ok(self.0.clone().into_bytes()) } else { Err(std::io::ErrorKind::NotFound.into()) }
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// What is known of a program on the day by which the tests are written.
pub fn analysed(program: &str) -> Analysis {
    let files: Arc<dyn FileSystem> = Arc::new(One(program.to_string()));
    let project = Project { files: vec!["main.purlin".into()], ..Project::default() };
    analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).unwrap()
}
