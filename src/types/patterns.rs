//! The regular expressions that programs ask for with built-in functions, each compiled once.
//! Knows nothing of what they are asked about.

use crate::base::budget::PATTERN_BYTES;
use crate::base::{Matcher, Name};
use regex::Regex;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A pattern as a test and, where matches are replaced, as a `Regex`.
struct Compiled {
    test: Matcher,
    full: OnceLock<Option<Regex>>,
}

static KNOWN: OnceLock<Mutex<FxHashMap<Name, Arc<Compiled>>>> = OnceLock::new();

fn compiled(pattern: &Name) -> Arc<Compiled> {
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let make = || Arc::new(Compiled { test: Matcher::new(&**pattern).within(PATTERN_BYTES), full: OnceLock::new() });
    known.entry(pattern.clone()).or_insert_with(make).clone()
}

/// Whether a pattern matches somewhere in a text; nothing if it is no pattern.
pub(super) fn matches(pattern: &Name, text: &str) -> Option<bool> {
    compiled(pattern).test.is_match(text)
}

/// The text with each match replaced; nothing if the pattern is none.
pub(super) fn replace_all(pattern: &Name, text: &str, with: &str) -> Option<String> {
    let compiled = compiled(pattern);
    let regex = compiled.full.get_or_init(|| regex::RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build().ok()).as_ref()?;
    Some(regex.replace_all(text, with).into_owned())
}
