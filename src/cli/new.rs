//! `purlin new`

use super::args::New;
use super::{CLEAN, write};

/// The files of a new project: their paths and their texts, in which NAME and STACK stand for its names.
const FILES: [(&str, &str); 4] = [
    ("main.purlin", include_str!("project/main.purlin")),
    ("purlin.toml", include_str!("project/purlin.toml")),
    ("README.md", include_str!("project/README.md")),
    (".gitignore", include_str!("project/gitignore")),
];

/// Runs it.
pub(super) fn run(arguments: &New) -> Result<u8, String> {
    let folder = &arguments.path;
    let name = folder.file_name().map(|n| n.to_string_lossy().to_string()).unwrap_or_default();
    let stack: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if !stack.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(format!("`{name}` cannot name a stack: begin with a letter"));
    }
    if let Ok(mut entries) = std::fs::read_dir(folder)
        && entries.next().is_some()
    {
        return Err(format!("{} is there already and is not empty", folder.display()));
    }
    for (path, text) in FILES {
        write::whole(
            &folder.join(path),
            &text.replace("NAME.json", "STACK.json").replace("stack NAME", "stack STACK").replace("NAME", &name).replace("STACK", &stack),
        )?;
    }
    super::say(&format!("{}: now `cd {}` and `purlin check`", folder.display(), folder.display()))?;
    Ok(CLEAN)
}
