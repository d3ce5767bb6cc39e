//! Texts that users read are plain technical English: no banned phrasing in messages, help, documentation.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use regex::Regex;
use std::path::{Path, PathBuf};

/// Phrasings that read foreign, each with what to write instead.
const BANNED: &[(&str, &str)] = &[
    (r"\bstands?\b", "is, is written"),
    (r"\btold\b|\btells?\b", "report, notify, send"),
    (r"\bbehind\b", "after, of, queued"),
    (r"\bwhat is no\b", "invalid ..."),
    (r"\bone's own\b|\bof its own\b|\bof their own\b", "declared, separate"),
    (r"\bnobody\b|\bsomebody\b", "no reader, no principal, without a ..."),
    (r"\b(?:hold|holds|held|holding) against\b|\bheld to\b", "check against, compare with"),
    (r"\bmend(?:s|ed|ing)?\b", "fix, repair"),
    (r"\btak(?:e|es|en|ing)\b[^.;:]{0,40}\baway\b", "remove"),
    (r"\bwak(?:e|es|ing)\b|\bwoken\b|\bwoke\b", "trigger"),
    (r"\bmade real\b", "instantiated"),
    (r"\bgrave\b", "severe"),
    (r"\banew\b", "again"),
    (r"\btime-out", "timeout"),
    (r"\bturns? of (?:a|the) loop\b", "iteration"),
    (r"\bone can(?:not)?\b", "the verbs are ..."),
    (r"\band this is\b", "expected ..., found ..."),
    (r"\bfor good\b", "permanent"),
    (r"\bworked off\b|\bwork it off\b", "consumed, processed"),
    (r"\bnought\b", "zero"),
];

/// Words of the language itself, which texts about it name as code.
const CODE: &[&str] = &["wakes", "woken", "tell", "tell_ok"];

#[test]
fn users_read_plain_technical_english() {
    let banned: Vec<(Regex, &str)> = BANNED.iter().map(|(p, better)| (Regex::new(&format!("(?i){p}")).unwrap(), *better)).collect();
    let mut problems = Vec::new();
    for (place, text) in texts() {
        let prose = without_code(&text);
        for (pattern, better) in &banned {
            if let Some(found) = pattern.find(&prose) {
                problems.push(format!("{place}: `{}`, better: {better}\n    {}", found.as_str(), text.trim()));
            }
        }
    }
    assert!(problems.is_empty(), "{} texts\n{}", problems.len(), problems.join("\n"));
}

/// The text without what is written as code: between backticks, in `${...}`, and words of the language.
fn without_code(text: &str) -> String {
    let code = Regex::new(r"`[^`]*`|\$\{[^}]*\}|https?://\S+").unwrap();
    let prose = code.replace_all(text, " ");
    prose
        .split(' ')
        .filter(|word| !CODE.contains(&word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_')))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Every text that users read, with its place.
fn texts() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for path in files("stdlib", &["purlin"]) {
        for (at, line) in lines(&path) {
            // Documentation comments appear in hover and in the reference, strings in messages.
            if let Some(doc) = line.trim_start().strip_prefix("///") {
                all.push((at, doc.to_string()));
            } else if !line.trim_start().starts_with("//") {
                all.extend(strings(&line).into_iter().map(|text| (at.clone(), text)));
            }
        }
    }
    for path in files("src", &["rs"]) {
        for (at, line) in lines(&path) {
            let code = line.trim_start();
            if !code.starts_with("//") && !code.contains("Regex::new") {
                all.extend(strings(&line).into_iter().map(|text| (at.clone(), text)));
            } else if path.ends_with("cli/args.rs") {
                all.push((at, code.trim_start_matches('/').to_string()));
            }
        }
    }
    for path in files("docs", &["md"]).into_iter().chain([PathBuf::from("README.md"), PathBuf::from("stdlib/compiler.toml")]) {
        let mut block = false;
        for (at, line) in lines(&path) {
            block ^= line.starts_with("```");
            if !block {
                all.push((at, line));
            }
        }
    }
    assert!(all.len() > 2000, "only {} texts were found", all.len());
    all
}

/// The string literals of a line that have a space in them: what has none is a name.
fn strings(line: &str) -> Vec<String> {
    let literal = Regex::new(r#""((?:[^"\\]|\\.)*)""#).unwrap();
    literal.captures_iter(line).map(|c| c[1].to_string()).filter(|text| text.contains(' ')).collect()
}

fn lines(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).expect("a text");
    text.lines().enumerate().map(|(at, line)| (format!("{}:{}", path.display(), at + 1), line.to_string())).collect()
}

fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending)) {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}
