//! The correct programs, and the regions of them that get mistakes.

use purlin::base::FileId;
use purlin::syntax::{Kind, Node, Tree, parse};
use std::path::Path;

/// A correct program at whose regions mistakes are made.
pub struct Base {
    /// Its file name, which tells the programs of one place apart.
    pub name: String,
    /// What is special about the regions: evaluated or not, a language of their own.
    pub place: String,
    /// The text of `main.purlin`.
    pub text: String,
    /// The text of `purlin.toml`, if it has one.
    pub settings: Option<String>,
    /// The tree of `text`.
    pub tree: Tree,
    /// The byte ranges that are mutated.
    pub regions: Vec<std::ops::Range<usize>>,
    /// Words that the author of a program chooses and nothing else refers to: a slip in one of them is another program.
    pub free: Vec<String>,
    /// How many programs share this place.
    pub share: usize,
}

impl Base {
    /// Whether a byte range lies in a region.
    pub fn within(&self, range: &std::ops::Range<usize>) -> bool {
        self.regions.iter().any(|r| r.start <= range.start && range.end <= r.end)
    }

    /// The nodes of a kind within the regions.
    pub fn nodes(&self, kind: Kind) -> Vec<Node<'_>> {
        self.tree.root().descendants().filter(|n| n.kind() == kind && self.within(&n.trimmed().range())).collect()
    }
}

/// Places that are not evaluated when the program is checked.
const UNEVALUATED: &[&str] = &["untaken", "component", "kind", "rule"];

/// Whether the templates show what the regions of a place mean.
pub fn evaluated(place: &str) -> bool {
    !UNEVALUATED.contains(&place)
}

/// The floor of a cell.
pub fn floor(cell: &str, (reached, unreached): (f64, f64)) -> f64 {
    if evaluated(cell.rsplit('/').next().unwrap_or_default()) { reached } else { unreached }
}

/// Every program: those of `bases/`, and every example of one file.
pub fn bases() -> Vec<Base> {
    let mut all = Vec::new();
    for entry in sorted("tests/mutations/bases") {
        let name = entry.file_stem().unwrap().to_string_lossy().to_string();
        if entry.extension().is_some_and(|e| e == "purlin") {
            let settings = std::fs::read_to_string(entry.with_extension("toml")).ok();
            all.push(base(name.clone(), name, std::fs::read_to_string(&entry).unwrap(), settings));
        }
    }
    for folder in sorted("examples") {
        let name = folder.file_name().unwrap().to_string_lossy().to_string();
        let others = sorted(&folder.to_string_lossy()).iter().filter(|p| p.extension().is_some_and(|e| e == "purlin")).count();
        let text = std::fs::read_to_string(folder.join("main.purlin")).unwrap();
        // What reads other files has no other place than its folder.
        if others == 1 && !folder.join("purlin.toml").exists() && !text.contains("read_text(") {
            all.push(base(name, "examples".into(), text, None));
        }
    }
    let counts: Vec<usize> = all.iter().map(|b| all.iter().filter(|o| o.place == b.place).count()).collect();
    for (base, count) in all.iter_mut().zip(counts) {
        base.share = count;
    }
    all
}

fn sorted(folder: &str) -> Vec<std::path::PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(Path::new(folder)).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    all
}

fn base(name: String, place: String, text: String, settings: Option<String>) -> Base {
    let tree = parse(FileId(0), text.as_str().into()).tree;
    let mut regions = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("//<<") {
        let start = from + start;
        let end = start + text[start..].find("//>>").expect("a region ends");
        regions.push(start..end);
        from = end;
    }
    if regions.is_empty() {
        regions.push(0..text.len());
    }
    let free = text.lines().find_map(|line| line.strip_prefix("// free: ")).unwrap_or_default();
    let free = free.split(' ').map(str::to_string).collect();
    Base { name, place, text, settings, tree, regions, free, share: 1 }
}
