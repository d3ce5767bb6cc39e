//! The layers of the crate use only those before them, and its files and functions stay short.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The layers in order: each may use those before it, but for those that it must know nothing of.
const LAYERS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("document", &[]),
    ("syntax", &["document"]),
    ("fmt", &["document"]),
    ("model", &["syntax", "fmt", "document"]),
    ("names", &["fmt", "document"]),
    ("types", &["fmt", "document"]),
    ("cfn", &["document", "syntax", "fmt", "model", "names", "types"]),
    ("iam", &["document", "syntax", "fmt", "model", "names", "types"]),
    ("flow", &["document", "syntax", "fmt", "types", "cfn"]),
    // What templates say must not come from kinds or from the graph that kinds declare.
    ("template", &["syntax", "fmt", "names", "types"]),
    ("project", &["syntax", "fmt", "names", "types", "document"]),
    ("graph", &["syntax", "fmt", "cfn", "document", "template", "project"]),
    ("rules", &["syntax", "fmt", "cfn", "document", "template", "project"]),
    ("emit", &["syntax", "fmt", "rules", "document", "template", "project"]),
    ("session", &[]),
    ("ide", &[]),
    // It draws the graph, and so may know it; how findings were found it must not.
    ("render", &["syntax", "fmt", "names", "types", "cfn", "rules", "emit", "ide"]),
    ("lsp", &[]),
    ("serve", &["lsp"]),
    ("cli", &[]),
];

/// Crates that are named in these files or folders only.
const HIDDEN: &[(&str, &[&str])] = &[
    ("pest", &["syntax/grammar.rs", "syntax/parse.rs"]),
    ("pest_derive", &["syntax/grammar.rs"]),
    ("miette", &["render/"]),
    ("granit_parser", &["document/yaml.rs"]),
    ("jsonc_parser", &["document/json.rs"]),
];

const LINES_OF_A_FILE: usize = 600;
const LINES_OF_A_FUNCTION: usize = 70;

struct Source {
    /// Below `src`.
    path: String,
    text: String,
    /// The text with its comments and strings blanked.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let source = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).unwrap();
        let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        Source { path, code: blanked(&text), text }
    };
    files.into_iter().map(source).collect()
}

fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The text with every comment, string and character as blanks; lines and braces of code stay.
fn blanked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = skipped(rest, out.chars().next_back());
        if len == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.extend(rest[..len].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[len..];
        }
    }
    out
}

/// How long the comment, string or character is that begins here.
fn skipped(rest: &str, before: Option<char>) -> usize {
    let all = rest.len();
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(all);
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(all, |at| at + 2);
    }
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with('r') && !in_word {
        let hashes = rest[1..].len() - rest[1..].trim_start_matches('#').len();
        if rest[1 + hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            return rest[2 + hashes..].find(&close).map_or(all, |at| at + 2 + hashes + close.len());
        }
    }
    let quote = rest.chars().next().unwrap_or(' ');
    let is_char = quote == '\'' && (rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\''));
    if quote != '"' && !is_char {
        return 0;
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    all
}

fn place(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|(name, _)| *name == layer)
}

/// The layers that a file names, by `crate::` or by as many `super::` as lead out of its own.
fn used(source: &Source) -> BTreeSet<String> {
    let module = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
    let out_of = "super::".repeat(module.split('/').count());
    let mut found = BTreeSet::new();
    for prefix in ["crate::", out_of.as_str()] {
        for (at, _) in source.code.match_indices(prefix) {
            let part_of_a_longer = prefix != "crate::" && source.code[..at].ends_with("super::");
            if !part_of_a_longer {
                names(&source.code[at + prefix.len()..], &mut found);
            }
        }
    }
    found
}

/// The first names of a path, or of each path between braces.
fn names(path: &str, out: &mut BTreeSet<String>) {
    let word = |text: &str| text.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_owned();
    let Some(group) = path.strip_prefix('{') else {
        out.insert(word(path));
        return;
    };
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                out.insert(word(&group[start..at]));
                return;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                out.insert(word(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
}

#[test]
fn each_layer_uses_only_those_before_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((layer, _)) = source.path.split_once('/') else { continue };
        let Some(own) = place(layer) else {
            wrong.push(format!("{}: `{layer}` is no layer: give it a place in tests/layers.rs", source.path));
            continue;
        };
        for name in used(&source) {
            let Some(other) = place(&name) else { continue };
            if other > own || LAYERS[own].1.contains(&name.as_str()) {
                wrong.push(format!("{}: {layer} must know nothing of {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_serves_one_layer_is_named_there_only() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| s.path.contains('/')) {
        for (name, places) in HIDDEN {
            let home = places.iter().any(|p| source.path.starts_with(p));
            let named = source
                .code
                .match_indices(&format!("{name}::"))
                .any(|(at, _)| !source.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            if named && !home {
                wrong.push(format!("{} names {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_file_is_short_and_says_what_it_is() {
    let mut wrong = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > LINES_OF_A_FILE {
            wrong.push(format!("{} has {lines} lines", source.path));
        }
        if !source.text.starts_with("//!") {
            wrong.push(format!("{} does not begin with `//!`", source.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_function_is_short() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (at, _) in source.code.match_indices("fn ") {
            let begins = source.code[..at].ends_with(|c: char| c.is_whitespace() || c == '(');
            let lines = lines_of_function(&source.code[at..]);
            if begins && lines > LINES_OF_A_FUNCTION {
                let name = source.code[at..].split(['(', '<']).next().unwrap_or("");
                wrong.push(format!("{}: `{name}` has {lines} lines", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines from `fn` to the brace that closes its body; 0 without a body.
fn lines_of_function(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 && !code[..at].contains('[') => return 0,
            '{' => depth += 1,
            '}' if depth <= 1 => return code[..at].matches('\n').count() + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    0
}

#[test]
fn the_reader_of_code_is_right() {
    let code = blanked("a // b {\n\"c { \\\" \" 'd' '\\'' 'e r#\"f \" }\"# /* g */ h");
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "'e", "h"]);
    let source = |path: &str, code: &str| Source { path: path.to_owned(), text: String::new(), code: code.to_owned() };
    let all = used(&source(
        "fmt/write.rs",
        "use crate::{base::{Edit, Span}, syntax}; use super::super::types::A; use super::items; crate::names::x()",
    ));
    assert_eq!(all.into_iter().collect::<Vec<_>>(), ["base", "names", "syntax", "types"]);
    assert_eq!(lines_of_function("fn a() {\n if b {\n }\n}\nfn c() {}"), 4);
    assert_eq!(lines_of_function("fn a();\nfn c() {}"), 0);
}
