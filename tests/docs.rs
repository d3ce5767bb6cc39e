//! The code blocks of the documentation compile, or fail as they say; its commands print what it shows; generated pages are
//! current.
//! `PURLIN_BLESS=1 cargo test --test docs` writes the generated pages anew.
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

struct Block {
    place: String,
    info: String,
    text: String,
}

fn blocks(path: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(block), None) => {
                let _ = writeln!(block.text, "{line}");
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(info)) => {
                open = Some(Block { place: format!("{}:{}", path.display(), at + 1), info: info.to_string(), text: String::new() })
            }
            (None, None) => {}
        }
    }
    blocks
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        std::fs::read_dir("docs").unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "md")).collect();
    pages.sort();
    pages.push("README.md".into());
    pages
}

#[test]
fn every_block_compiles_or_fails_as_it_says() {
    let mut seen = 0;
    for page in pages() {
        let folder = tempfile::tempdir().unwrap();
        for block in blocks(&page) {
            let words: Vec<&str> = block.info.split(' ').collect();
            let Some(("purlin", rest)) = words.split_first().map(|(a, b)| (*a, b)) else { continue };
            if let Some(name) = rest.first().and_then(|r| r.strip_prefix("file=")) {
                std::fs::write(folder.path().join(name), &block.text).unwrap();
                continue;
            }
            seen += 1;
            let stack = if block.text.lines().any(|l| l.starts_with("stack ")) { "" } else { "stack docs\n" };
            std::fs::write(folder.path().join("main.purlin"), format!("{stack}{}", block.text)).unwrap();
            let mut command = Command::cargo_bin("purlin").unwrap();
            let done = command
                .args(["check", "main.purlin", "--as-of", "2026-11-20"])
                .current_dir(folder.path())
                .env("NO_COLOR", "1")
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&done.stderr).to_string();
            match rest {
                ["error", rule] => {
                    assert!(done.status.code() == Some(1) && said.contains(rule), "{} should break {rule}:\n{said}", block.place)
                }
                // The first program that a reader sees has not even an advice.
                _ if page.ends_with("README.md") => assert_eq!(said, "", "{}", block.place),
                _ => assert!(done.status.success(), "{}:\n{said}", block.place),
            }
        }
    }
    assert!(seen >= 15, "only {seen} blocks were found");
}

/// A block `LANGUAGE file=PATH` is a file, a block `console with=FOLDER` also needs those of a folder. In a block `console`
/// each line `$ purlin ...` is run in the folder of the page's files, and what follows it is what it printed. What other
/// programs print remains as it is written.
#[test]
fn every_command_prints_what_its_page_shows() {
    let mut seen = 0;
    for page in pages() {
        let folder = tempfile::tempdir().unwrap();
        let mut shown = std::fs::read_to_string(&page).unwrap();
        for block in blocks(&page) {
            for word in block.info.split(' ') {
                if let Some(path) = word.strip_prefix("file=").map(|path| folder.path().join(path)) {
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    std::fs::write(path, &block.text).unwrap();
                } else if let Some(from) = word.strip_prefix("with=") {
                    copy(Path::new(from), folder.path());
                }
            }
            if block.info.split(' ').next() == Some("console") {
                let fence = |text: &str| format!("```{}\n{text}```", block.info);
                let (printed, commands) = printed(&block.text, folder.path());
                shown = shown.replacen(&fence(&block.text), &fence(&printed), 1);
                seen += commands;
            }
        }
        current(&page.display().to_string(), &shown);
    }
    assert!(seen >= 12, "only {seen} commands were found");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { std::fs::copy(&path, target).map(drop).unwrap() }
    }
}

/// A block with what its commands print now, and how many there are.
fn printed(text: &str, folder: &Path) -> (String, usize) {
    let (mut out, mut commands, mut code, mut other) = (String::new(), 0, None, false);
    for line in text.lines() {
        let command = line.strip_prefix("$ ");
        if command.is_some() || other {
            let _ = writeln!(out, "{line}");
        }
        let Some(command) = command else { continue };
        other = false;
        if let Some(arguments) = command.strip_prefix("purlin ") {
            let today: &[&str] = if arguments.starts_with("check") { &["--as-of", "2026-11-25"] } else { &[] };
            let mut run = Command::cargo_bin("purlin").unwrap();
            let done = run.args(arguments.split(' ')).args(today).current_dir(folder).env("NO_COLOR", "1").output().unwrap();
            for said in [done.stdout, done.stderr] {
                out.push_str(&String::from_utf8_lossy(&said));
            }
            commands += 1;
            code = done.status.code();
        } else if command == "echo $?" {
            let _ = writeln!(out, "{}", code.unwrap());
        } else {
            other = true;
        }
    }
    (out, commands)
}

/// The page of resource types lists the tables that templates are read with.
#[test]
fn the_page_of_resource_types_is_current() {
    let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in std::fs::read_dir("stdlib/templates").unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("resources") {
            continue;
        }
        let table: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        for (ty, row) in table.get("type").and_then(toml::Value::as_table).into_iter().flatten() {
            if row.get("pseudo").is_some() {
                continue;
            }
            let edges = row.get("edge").and_then(toml::Value::as_array).into_iter().flatten();
            types.entry(ty.clone()).or_default().extend(edges.filter_map(|e| Some(e.get("what")?.as_str()?.to_string())));
        }
    }
    let mut text = String::from(
        "# Resource types of templates\n\nGenerated from `stdlib/templates`. [templates.md](templates.md) says what `purlin check` does with them.\n\n## CloudFormation\n\nThe second column has the relations that a resource of the type declares. The names and ARNs of all types are read.\n\n| type | declares |\n|---|---|\n",
    );
    for (ty, edges) in &types {
        let edges: Vec<&str> = edges.iter().map(String::as_str).collect();
        let _ = writeln!(text, "| `{ty}` | {} |", edges.join("; "));
    }
    let sam: toml::Table = std::fs::read_to_string("stdlib/templates/sam.toml").unwrap().parse().unwrap();
    let prefix = sam.get("prefix").and_then(toml::Value::as_str).unwrap();
    text.push_str("\n## AWS SAM\n\n");
    for ty in sam.get("resource").and_then(toml::Value::as_table).unwrap().keys() {
        let _ = writeln!(text, "- `{prefix}{ty}`");
    }
    let events = |of: &str| {
        let of = sam.get("event").and_then(|e| e.get(of)).and_then(toml::Value::as_table).unwrap();
        of.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let _ = writeln!(text, "\nEvents of functions: {}.\n\nEvents of state machines: {}.", events("function"), events("machine"));
    let unread = sam.get("unread").and_then(toml::Value::as_array).unwrap();
    let unread: Vec<String> = unread.iter().map(|u| format!("`{prefix}{}`", u.as_str().unwrap())).collect();
    let _ = writeln!(text, "\nNot read, and reported as `sam-not-read`: {}.", unread.join(", "));
    current("docs/template-types.md", &text);
}

/// A generated page must be what is generated now.
fn current(path: &str, text: &str) {
    if std::env::var_os("PURLIN_BLESS").is_some() {
        std::fs::create_dir_all(Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{path} is out of date: run PURLIN_BLESS=1 cargo test --test docs");
}

#[test]
fn the_page_of_functions_is_current() {
    let mut text = String::from("# Functions\n\nGenerated from the compiler.\n\n| call | what it gives |\n|---|---|\n");
    for builtin in purlin::types::BUILTINS {
        let _ = writeln!(text, "| `{}` | {} |", builtin.usage.replace('|', "\\|"), builtin.doc.replace('|', "\\|"));
    }
    current("docs/functions.md", &text);
}

#[test]
fn the_reference_of_kinds_is_current() {
    let library = purlin::types::Library::standard();
    let mut index = String::from("# Kinds\n\nGenerated from the standard library.\n\n");
    for info in library.kinds() {
        let kind = &info.kind;
        let first = kind.doc.lines().next().unwrap_or_default();
        let _ = writeln!(index, "- [{}]({}.md): {first}", kind.name, kind.name);
        current(&format!("docs/reference/{}.md", kind.name), &reference(info));
    }
    current("docs/reference/README.md", &index);
}

fn reference(info: &purlin::types::KindInfo) -> String {
    let kind = &info.kind;
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let mut text = format!("# {}\n\n{}\n\n## Properties\n\n| name | type | required | meaning |\n|---|---|---|---|\n", kind.name, kind.doc);
    for (property, ty) in kind.properties.values().zip(&info.properties) {
        let required = if property.default.is_none() && !ty.optional() { "yes" } else { "" };
        let _ = writeln!(text, "| `{}` | `{}` | {required} | {} |", property.name, cell(&ty.to_string()), cell(&property.doc));
    }
    if !kind.outs.is_empty() {
        text.push_str("\n## What it gives\n\n| name | meaning |\n|---|---|\n");
        kind.outs.values().for_each(|out| {
            let _ = writeln!(text, "| `.{}` | {} |", out.name, cell(&out.doc));
        });
    }
    if !kind.verbs.is_empty() {
        text.push_str("\n## Verbs\n\n| capability | meaning |\n|---|---|\n");
        for verb in kind.verbs.values().filter(|v| !v.internal()) {
            let parameters: Vec<String> = verb.parameters.iter().map(|p| p.name.to_string()).collect();
            let call = if parameters.is_empty() { "it".into() } else { format!("it({})", parameters.join(", ")) };
            let _ = writeln!(text, "| `can {} {call}` | {} |", verb.name, cell(&verb.doc));
        }
    }
    for (event, types) in kind.events.iter().zip(&info.events) {
        let _ = writeln!(
            text,
            "\n## `on it.{}(...)` in a {}\n\n{} ({})\n\n| argument | type |\n|---|---|",
            event.name,
            event.target,
            event.doc,
            event.mode.word()
        );
        for (parameter, ty) in event.parameters.iter().zip(types) {
            let _ = writeln!(text, "| `{}` | `{}` |", parameter.name, cell(&ty.to_string()));
        }
    }
    text
}

#[test]
fn the_page_of_rules_is_current() {
    let rules = purlin::session::rules();
    let mut text = String::from(
        "# Rules\n\nGenerated. `purlin explain RULE` shows the same, with a program that a rule flags and one that it does not.\n\n",
    );
    let cell = |text: &str| text.replace('|', "\\|").replace('<', "&lt;").replace("{{", "{").replace('\n', " ");
    let _ = writeln!(text, "| rule | severity | of | what |\n|---|---|---|---|");
    for rule in rules.values().filter(|r| r.allowable) {
        let source = rule.source.as_deref().map(|s| format!(" [source]({s})")).unwrap_or_default();
        let help = rule.help.as_deref().map(|h| format!(" {}.", cell(h).trim_end_matches('.'))).unwrap_or_default();
        let _ = writeln!(text, "| `{}` | {} | {} | {}{help}{source} |", rule.name, rule.severity.word(), rule.of, cell(&rule.about));
    }
    text.push_str("\n## Mistakes\n\nThese no `@allow` suppresses.\n\n| name | what |\n|---|---|\n");
    for rule in rules.values().filter(|r| !r.allowable) {
        let _ = writeln!(text, "| `{}` | {} |", rule.name, cell(&rule.about));
    }
    current("docs/rules.md", &text);
}
