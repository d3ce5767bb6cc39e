//! Embeds the standard library: every `stdlib/**/*.purlin`, by its path, with an index of what it declares, so that
//! only what a program names is read when it is compiled; the tables below `stdlib/templates`; and names every rule below
//! `src/rules/graph`.
//! Dropping in a file registers it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[path = "types/stdlib_index.rs"]
mod stdlib_index;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-env-changed=PURLIN_STDLIB");
    println!("cargo:rerun-if-changed=stdlib/cases");
    println!("cargo:rerun-if-changed=grammar/purlin.pest");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    // Whoever works on the library sets the variable: the compiler then reads the folder when it runs, and is not compiled
    // again after every edit.
    if std::env::var_os("PURLIN_STDLIB").is_none() {
        println!("cargo:rerun-if-changed=stdlib");
        collect(&root.join("stdlib"), &mut files)?;
    }
    files.sort();
    let mut code = String::from("pub(super) const FILES: &[(&str, &str)] = &[\n");
    for file in &files {
        let name = file.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.to_string_lossy())?;
    }
    code.push_str("];\npub(super) const ITEMS: &[(&str, &str, u32, u32, u32)] = &[\n");
    for (at, file) in files.iter().enumerate() {
        for stdlib_index::Item { word, name, start, end } in stdlib_index::index(&std::fs::read_to_string(file)?) {
            writeln!(code, "    ({word:?}, {name:?}, {at}, {start}, {end}),")?;
        }
    }
    code.push_str("];\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("stdlib.rs"), code)?;
    let mut cases: Vec<PathBuf> = std::fs::read_dir(root.join("stdlib/cases"))?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    cases.sort();
    let mut code = String::from("pub(super) const CASES: &[(&str, &str)] = &[\n");
    for case in cases {
        let name = case.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(code, "    ({name:?}, include_str!({:?})),", case.to_string_lossy())?;
    }
    code.push_str("];\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("cases.rs"), code)?;
    tables(&root)?;
    project_rules(&root)?;
    rules(&root)
}

/// The tables below `stdlib/templates`, by their path below `stdlib`.
fn tables(root: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let library = root.join("stdlib");
    let mut files = Vec::new();
    if std::env::var_os("PURLIN_STDLIB").is_none() {
        for entry in std::fs::read_dir(library.join("templates"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "json" || e == "toml") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut code = String::from("pub(super) const TABLES: &[(&str, &str)] = &[\n");
    for file in files {
        let name = file.strip_prefix(&library)?.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.to_string_lossy())?;
    }
    code.push_str("];\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("tables.rs"), code)?;
    Ok(())
}

/// The rules on projects, by their names: those that templates can break. Each is a file with its name.
fn project_rules(root: &Path) -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src/project/rules");
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(root.join("src/project/rules"))? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().replace('_', "-");
        names.extend(Some(stem).filter(|stem| stem != "mod"));
    }
    names.sort();
    let code = format!("/// The rules on projects.\npub(crate) const PROJECT_RULES: &[&str] = &{names:?};\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("project_rules.rs"), code)?;
    Ok(())
}

/// The modules below `src/rules/graph`, and the list of their rules.
fn rules(root: &Path) -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src/rules/graph");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root.join("src/rules/graph"))?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    let (mut code, mut list) = (String::new(), String::new());
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(code, "#[path = {:?}]\nmod {name};", file.to_string_lossy())?;
        write!(list, "&{name}::RULE, ")?;
    }
    writeln!(code, "/// Every rule that is written in Rust.\npub const RULES: &[&Rule] = &[{list}];")?;
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("rules.rs"), code)?;
    Ok(())
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, out)?;
        } else if path.extension().is_some_and(|e| e == "purlin") {
            out.push(path);
        }
    }
    Ok(())
}
