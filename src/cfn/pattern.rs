//! Regular expressions of the schemas, in the dialect of `ECMAScript` and Java, brought to that of
//! the `regex` crate. Knows nothing of what a pattern is for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::base::{Matcher, MatcherFault};

/// A pattern ready for use.
#[derive(Debug, Clone)]
pub struct Pattern(Arc<Both>);

/// A pattern as it is, and with its large counts relaxed for where it is too large.
#[derive(Debug)]
struct Both {
    exact: Matcher,
    relaxed: OnceLock<Matcher>,
}

static CACHE: OnceLock<Mutex<HashMap<String, Pattern>>> = OnceLock::new();

/// A compiled pattern above this many bytes is replaced by one with its large counts relaxed.
const SIZE: usize = 1 << 18;
/// The greatest count that a relaxed pattern keeps.
const COUNT: u32 = 32;

impl Pattern {
    /// A pattern, or the same from those asked for before.
    #[must_use]
    pub fn new(source: &str) -> Pattern {
        let cache = CACHE.get_or_init(Mutex::default);
        let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = cache.get(source) {
            return known.clone();
        }
        let both = Both { exact: Matcher::new(translate(source)).within(SIZE), relaxed: OnceLock::new() };
        let made = Pattern(Arc::new(both));
        cache.insert(source.to_owned(), made.clone());
        made
    }

    /// Whether a text contains a match; a pattern that cannot be compiled accepts every text.
    #[must_use]
    pub fn accepts(&self, text: &str) -> bool {
        let Both { exact, relaxed } = &*self.0;
        let relaxed = || relaxed.get_or_init(|| Matcher::new(relax(exact.pattern())).within(SIZE));
        exact.is_match(text).or_else(|| relaxed().is_match(text)).unwrap_or(true)
    }
}

/// Of these patterns, those that cannot be compiled and so accept every text.
pub fn uncompiled<'a>(sources: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let compiles = |source: &str| match Matcher::new(translate(source)).within(SIZE).check() {
        Err(MatcherFault::TooLarge) => Matcher::new(relax(&translate(source))).within(SIZE).check().is_ok(),
        other => other.is_ok(),
    };
    sources.into_iter().filter(|source| !compiles(source)).collect()
}

/// Pairs of UTF-16 units that stand for the characters above U+FFFF, as the schemas write them.
const SURROGATES: [(&str, &str); 4] = [
    (r"\uD800\uDC00-\uDBFF\uDFFF", r"\u{10000}-\u{10FFFF}"),
    (r"\uD800-\uDBFF\uDC00-\uDFFF", r"\u{10000}-\u{10FFFF}"),
    (r"\uD800\uDBFF-\uDC00\uDFFF", r"\u{10000}-\u{10FFFF}"),
    (r"\uD83C-\uDBFF\uDC00-\uDFFF", r"\u{1F000}-\u{10FFFF}"),
];

/// Writes a pattern in the dialect of the `regex` crate. There a bracket opens a class inside a
/// class, a brace is always a count, and `\d` and `\w` hold all of Unicode.
fn translate(source: &str) -> String {
    let source = SURROGATES.iter().fold(source.to_owned(), |text, (pair, range)| text.replace(pair, range));
    let mut out = String::with_capacity(source.len() + 16);
    let mut rest = source.chars().peekable();
    let mut in_class = false;
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                let escaped = rest.next().unwrap_or('\\');
                let name: String = if matches!(escaped, 'p' | 'P') && rest.peek() == Some(&'{') {
                    rest.by_ref().take_while(|&c| c != '}').skip(1).collect()
                } else {
                    String::new()
                };
                push_escape(&mut out, escaped, &name, in_class);
                // A dash after a set of characters stands for itself: it can begin no range.
                let is_set = matches!(escaped, 'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'p' | 'P');
                if in_class && is_set && rest.next_if_eq(&'-').is_some() {
                    out.push_str(r"\-");
                }
            }
            '[' if in_class => out.push_str(r"\["),
            '[' => {
                in_class = true;
                out.push('[');
                if rest.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                if rest.next_if_eq(&']').is_some() {
                    out.push_str(r"\]");
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => out.extend(['\\', c]),
            '-' if in_class && rest.peek() == Some(&'-') => out.push_str(r"\-"),
            '{' if !in_class && !is_count(rest.clone()) => out.push_str(r"\{"),
            _ => out.push(c),
        }
    }
    out
}

/// Whether what follows an opening brace makes it a count: `3}`, `1,}`, `1,64}`.
fn is_count(rest: impl Iterator<Item = char>) -> bool {
    let inside: Vec<char> = rest.take_while(|&c| c.is_ascii_digit() || c == ',' || c == '}').collect();
    inside.first().is_some_and(char::is_ascii_digit) && inside.contains(&'}')
}

fn push_escape(out: &mut String, escaped: char, name: &str, in_class: bool) {
    let (open, close) = if in_class { ("", "") } else { ("[", "]") };
    let members = match (escaped, name) {
        ('d', _) => "0-9",
        ('w', _) => "0-9A-Za-z_",
        ('p', "Alnum" | "IsAlnum") => "0-9A-Za-z",
        ('p', "Alpha") => "A-Za-z",
        ('p', "Digit") => "0-9",
        ('p', "ASCII") => r"\x00-\x7F",
        ('p', "Graph") => "!-~",
        ('p', "Print") => " -~",
        ('p', "Punct") => r"!-/:-@\[-`{-~",
        ('p', "Space") => r"\s",
        ('p' | 'P', name) if !name.is_empty() => {
            let name = name.strip_prefix("Is").unwrap_or(name);
            out.push_str(&format!(r"\{escaped}{{{name}}}"));
            return;
        }
        ('Z', _) => {
            out.push_str(r"\z");
            return;
        }
        ('<' | '>', _) => {
            out.push(escaped);
            return;
        }
        _ => {
            out.extend(['\\', escaped]);
            return;
        }
    };
    out.extend([open, members, close]);
}

/// Replaces counts too large to compile by their open form: what is then accepted only grows.
fn relax(pattern: &str) -> String {
    let mut parts = pattern.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let count = part.split_once('}').filter(|_| {
            let escaped = [r"\", r"\u", r"\x"].iter().any(|escape| out.ends_with(escape));
            !escaped && is_count(part.chars())
        });
        match count {
            Some((count, rest)) => {
                let (low, high) = count.split_once(',').unwrap_or((count, count));
                let low: u32 = low.parse().unwrap_or(0);
                let open = high.is_empty() || high.parse().is_ok_and(|high: u32| high > COUNT);
                let low = low.min(COUNT);
                out.push_str(&if open { format!("{{{low},}}") } else { format!("{{{count}}}") });
                out.push_str(rest);
            }
            None => out.extend(["{", part]),
        }
    }
    out
}
