//! Texts to test with: every real file, soups of tokens, and mutations of real files.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use std::path::{Path, PathBuf};

/// A small generator of numbers that is the same on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Every Purlin file of the repository, sorted.
pub fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["examples", "stdlib"] {
        walk(&root.join(folder), &mut all);
    }
    all.sort();
    all.into_iter().map(|p| { let text = std::fs::read_to_string(&p).unwrap(); (p, text) }).collect()
}

fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, out);
        } else if path.extension().is_some_and(|e| e == "purlin") {
            out.push(path);
        }
    }
}

pub const TOKENS: &[&str] = &[
    "use", "stack", "param", "setting", "let", "type", "component", "output", "export", "import_stack", "existing", "resource", "for",
    "if", "else", "on", "can", "kind", "emit", "out", "verb", "event", "check", "grant", "needs", "append", "rule", "assert", "report",
    "in", "as", "when", "where", "of", "by", "to", "at", "len", "matching", "function", "queue", "a", "b_c", "X", "true", "none",
    "{", "}", "(", ")", "[", "]", "{", "}", "(", ")", "[", "]", "\"", "\"", "\"\"\"", "${", "$${", "\\", "=", "=", "==", "!=", "<=", ">=",
    "<", ">", "+", "-", "*", "/", "%", "&&", "||", "??", "!", "?", "|", ":", ":", ",", ",", ";", ".", ".", "..", "@", "#", "'", "$",
    "\n", "\n", "\n", "\n", "\r\n", "\t", " ", "  ", "//", "///", "// c\n", "/", "1", "42", "5m", "512MB", "75%", "10.20.0.0/16", "2027-03-01",
    "1.5", "\"x\"", "\"a b\"", "\"${a}\"", "\"x\" =", "a =", "a: T", "é", "\u{FEFF}", "\u{a0}", "=>", "->", "a-b", "_",
];

/// Random tokens, some without a blank between them.
pub fn soup(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..1 + random.below(30) {
        text.push_str(random.pick(TOKENS));
        if random.below(3) > 0 {
            text.push(' ');
        }
    }
    text
}

/// The text cut into tokens, roughly: words, numbers, blanks and signs.
fn cut(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let len = if word(first) { rest.find(|c| !word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, behind) = rest.split_at(len);
        all.push(token);
        rest = behind;
    }
    all
}

/// The text with a few tokens dropped, doubled, swapped or put in, or its end cut off.
pub fn mutation(text: &str, random: &mut Random) -> String {
    let mut tokens = cut(text);
    for _ in 0..1 + random.below(3) {
        let at = random.below(tokens.len());
        match random.below(6) {
            0 => { tokens.remove(at); }
            1 => tokens.insert(at, tokens[at]),
            2 => { let other = random.below(tokens.len()); tokens.swap(at, other); }
            3 => tokens.insert(at, random.pick(TOKENS)),
            4 => tokens[at] = random.pick(TOKENS),
            _ => tokens.truncate(at.max(1)),
        }
    }
    tokens.concat()
}
