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
    all.into_iter()
        .map(|p| {
            let text = std::fs::read_to_string(&p).unwrap();
            (p, text)
        })
        .collect()
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
    "use",
    "stack",
    "param",
    "setting",
    "let",
    "type",
    "component",
    "output",
    "export",
    "import_stack",
    "existing",
    "resource",
    "for",
    "if",
    "else",
    "on",
    "can",
    "kind",
    "emit",
    "out",
    "verb",
    "event",
    "check",
    "grant",
    "needs",
    "append",
    "rule",
    "assert",
    "report",
    "in",
    "as",
    "when",
    "where",
    "of",
    "by",
    "to",
    "at",
    "len",
    "matching",
    "function",
    "queue",
    "a",
    "b_c",
    "X",
    "true",
    "none",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\"",
    "\"\"\"",
    "${",
    "$${",
    "\\",
    "=",
    "=",
    "==",
    "!=",
    "<=",
    ">=",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&&",
    "||",
    "??",
    "!",
    "?",
    "|",
    ":",
    ":",
    ",",
    ",",
    ";",
    ".",
    ".",
    "..",
    "@",
    "#",
    "'",
    "$",
    "\n",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\t",
    " ",
    "  ",
    "//",
    "///",
    "// c\n",
    "/",
    "1",
    "42",
    "5m",
    "512MB",
    "75%",
    "10.20.0.0/16",
    "2027-03-01",
    "1.5",
    "\"x\"",
    "\"a b\"",
    "\"${a}\"",
    "\"x\" =",
    "a =",
    "a: T",
    "é",
    "\u{FEFF}",
    "\u{a0}",
    "=>",
    "->",
    "a-b",
    "_",
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
        if tokens.is_empty() {
            break;
        }
        let at = random.below(tokens.len());
        match random.below(6) {
            0 => {
                tokens.remove(at);
            }
            1 => tokens.insert(at, tokens[at]),
            2 => {
                let other = random.below(tokens.len());
                tokens.swap(at, other);
            }
            3 => tokens.insert(at, random.pick(TOKENS)),
            4 => tokens[at] = random.pick(TOKENS),
            _ => tokens.truncate(at.max(1)),
        }
    }
    tokens.concat()
}

/// A program without a mistake, laid out at random, with comments wherever a line may end.
pub fn program(random: &mut Random) -> String {
    let mut out = String::new();
    for _ in 0..1 + random.below(5) {
        statement(random, 3, &mut out);
        line_end(random, &mut out);
    }
    out
}

fn line_end(random: &mut Random, out: &mut String) {
    out.push_str(random.pick(&["\n", "\n", "\n", "\n\n", "\n\n\n", " // note\n", "\n  // own line\n", "  \n", ",\n", "\n/// told\n"]));
}

fn blank(random: &mut Random, out: &mut String) {
    out.push_str(random.pick(&[" ", " ", " ", "  ", ""]));
}

const NAMES: &[&str] = &["a", "timeout", "dead_letter", "x9", "on_failure", "partial_failures", "really_quite_a_long_name_of_a_field"];

fn statement(random: &mut Random, depth: usize, out: &mut String) {
    let name = random.pick(NAMES);
    match random.below(if depth == 0 { 6 } else { 13 }) {
        0..=3 => {
            out.push_str(name);
            blank(random, out);
            out.push('=');
            blank(random, out);
            expression(random, depth, out);
        }
        4 => {
            out.push_str("on ");
            out.push_str(name);
            out.push_str(".messages");
            row(random, depth, "(", ")", out);
        }
        5 => {
            out.push_str("can  send ");
            out.push_str(name);
        }
        6 => {
            out.push_str("queue ");
            out.push_str(name);
            blank(random, out);
            block(random, depth - 1, out);
        }
        7 => {
            out.push_str("let ");
            out.push_str(name);
            out.push_str(": Int in 1..10=");
            expression(random, depth, out);
        }
        8 => {
            out.push_str("if ");
            expression(random, 0, out);
            out.push(' ');
            block(random, depth - 1, out);
            branch(random, depth, out);
        }
        9 => {
            out.push_str("for a , b in ");
            expression(random, 0, out);
            out.push(' ');
            block(random, depth - 1, out);
        }
        10 => {
            out.push_str("component ");
            out.push_str(name);
            out.push_str("( a:queue,b :[ String ]? = none )");
            block(random, depth - 1, out);
        }
        11 => {
            out.push_str("@allow(some-rule, \"why\", until:2027-03-01)\n");
            out.push_str(name);
            out.push_str("{}");
        }
        _ => {
            out.push_str(name);
            out.push_str(": { a : \"x\"|\"y\" , b:{String:Int}? }?");
        }
    }
}

fn branch(random: &mut Random, depth: usize, out: &mut String) {
    if random.below(2) == 0 {
        out.push_str(" else ");
        block(random, depth - 1, out);
    }
}

fn block(random: &mut Random, depth: usize, out: &mut String) {
    let lines = random.below(2) == 0;
    out.push_str(if lines { "{\n" } else { "{ " });
    for _ in 0..random.below(4) {
        if lines {
            out.push_str(random.pick(&["", "  ", "      "]));
            statement(random, depth, out);
            line_end(random, out);
        } else {
            out.push_str(random.pick(NAMES));
            out.push('=');
            expression(random, 0, out);
            out.push_str(" , ");
        }
    }
    out.push('}');
}

fn row(random: &mut Random, depth: usize, open: &str, close: &str, out: &mut String) {
    out.push_str(open);
    let lines = depth > 0 && random.below(3) == 0;
    for _ in 0..random.below(6) {
        if lines {
            line_end_in_row(random, out);
        }
        expression(random, depth.saturating_sub(1), out);
        blank(random, out);
        out.push(',');
    }
    if lines {
        line_end_in_row(random, out);
    }
    out.push_str(close);
}

fn line_end_in_row(random: &mut Random, out: &mut String) {
    out.push_str(random.pick(&["\n", "\n", " // note\n", "\n\n\n", "\n  // own line\n"]));
}

fn expression(random: &mut Random, depth: usize, out: &mut String) {
    match random.below(if depth == 0 { 5 } else { 10 }) {
        0 => out.push_str(random.pick(&["5m", "512MB", "75%", "10.20.0.0/16", "2027-03-01", "1_000", "-3"])),
        1 => out.push_str(random.pick(&[
            "\"text\"",
            "\"a ${b.c(1)} d\"",
            "\"\"",
            "\"a rather long text that fills a good part of the line\"",
        ])),
        2 => out.push_str(random.pick(&["intake.arn", "a.b.c[0]", "f(a, b)", "!a", "xs as s"])),
        3 => {
            out.push('a');
            out.push_str(random.pick(&[" + ", "+", " && ", "&&", " == ", "??", "\n  && "]));
            expression(random, depth.saturating_sub(1), out);
        }
        4 => out.push_str(random.pick(NAMES)),
        5 => row(random, depth, "[", "]", out),
        6 => {
            out.push('f');
            row(random, depth, "(", ")", out);
        }
        7 => block(random, depth - 1, out),
        8 => {
            out.push_str("a if ");
            expression(random, 0, out);
            out.push_str(random.pick(&[" else ", "\n else "]));
            expression(random, 0, out);
        }
        _ => {
            out.push_str("[x for x in ");
            expression(random, 0, out);
            out.push_str(random.pick(&["]", " if x > 1]", "\n if x > 1 ]"]));
        }
    }
}
