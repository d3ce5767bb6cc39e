//! Texts with places that stand for other characters, as the languages of AWS write them, and whether several of them
//! can match one text.
//!
//! Each glob is an automaton whose states are positions; sets of positions are walked together, character by
//! character, over an alphabet of the characters that occur and one that does not. That decides emptiness exactly,
//! for any mix of globs that must match and globs that must not.

use rustc_hash::FxHashSet;
use std::collections::VecDeque;

/// A text with places for any character and for any run of characters, perhaps without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Glob {
    parts: Vec<Part>,
    fold: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Char(char),
    /// Any one character.
    One,
    /// Any run of characters, also none.
    Star,
}

/// How many sets of positions are looked at before giving up.
const MOST_STATES: usize = 50_000;

impl Glob {
    /// Exactly this text.
    pub fn exact(text: &str) -> Glob {
        Glob { parts: text.chars().map(Part::Char).collect(), fold: false }
    }

    /// What begins with this text.
    pub fn prefix(text: &str) -> Glob {
        let mut glob = Glob::exact(text);
        glob.parts.push(Part::Star);
        glob
    }

    /// What ends with this text.
    pub fn suffix(text: &str) -> Glob {
        let mut glob = Glob::exact(text);
        glob.parts.insert(0, Part::Star);
        glob
    }

    /// What EventBridge's `wildcard` matches: `*` is any run of characters, `\*` a star and `\\` a backslash.
    /// source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>, read 2026-11-20
    pub fn wildcard(text: &str) -> Glob {
        let mut parts = Vec::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            parts.push(match c {
                '*' => Part::Star,
                // A backslash at the end stands for itself; such a pattern is refused where patterns are checked.
                '\\' => Part::Char(rest.next().unwrap_or('\\')),
                c => Part::Char(c),
            });
        }
        Glob::of(parts)
    }

    /// What IAM matches in the resource of a statement and with `StringLike`: `*` is any run of characters, `?` any one,
    /// and a policy variable `${...}` may be any text; `${*}`, `${?}` and `${$}` are the character itself.
    /// source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>, read 2026-11-20
    pub fn iam(text: &str) -> Glob {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some(c) = rest.chars().next() {
            let variable = rest.strip_prefix("${").and_then(|inner| inner.split_once('}'));
            if let Some((name, after)) = variable {
                parts.push(match name {
                    "*" | "?" | "$" => Part::Char(name.chars().next().unwrap_or('$')),
                    _ => Part::Star,
                });
                rest = after;
                continue;
            }
            parts.push(match c {
                '*' => Part::Star,
                '?' => Part::One,
                c => Part::Char(c),
            });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
        Glob::of(parts)
    }

    fn of(mut parts: Vec<Part>) -> Glob {
        parts.dedup_by(|a, b| *a == Part::Star && *b == Part::Star);
        Glob { parts, fold: false }
    }

    /// The one text that it matches, if there is one only.
    pub fn literal(&self) -> Option<String> {
        let chars = self.parts.iter().map(|part| if let Part::Char(c) = part { Some(*c) } else { None });
        if self.fold { None } else { chars.collect() }
    }

    /// The text that it matches with its case put aside, if it has no places for other characters.
    pub(super) fn spelled(&self) -> Option<String> {
        self.parts.iter().map(|part| if let Part::Char(c) = part { Some(*c) } else { None }).collect()
    }

    /// The same without regard to case.
    pub fn ignoring_case(mut self) -> Glob {
        self.fold = true;
        self
    }

    /// Whether a text matches.
    pub fn matches(&self, text: &str) -> bool {
        let mut state = self.start();
        for c in text.chars() {
            state = self.step(&state, c);
        }
        self.accepts(&state)
    }

    fn start(&self) -> Vec<bool> {
        let mut state = vec![false; self.parts.len() + 1];
        if let Some(first) = state.first_mut() {
            *first = true;
        }
        self.close(&mut state);
        state
    }

    /// A star may match nothing: its position implies the one behind it.
    fn close(&self, state: &mut [bool]) {
        for (at, part) in self.parts.iter().enumerate() {
            if *part == Part::Star
                && state.get(at) == Some(&true)
                && let Some(next) = state.get_mut(at + 1)
            {
                *next = true;
            }
        }
    }

    fn step(&self, state: &[bool], c: char) -> Vec<bool> {
        let mut next = vec![false; state.len()];
        for (at, part) in self.parts.iter().enumerate().filter(|(at, _)| state.get(*at) == Some(&true)) {
            let to = match part {
                Part::Star => at,
                Part::One => at + 1,
                Part::Char(own) if *own == c || self.fold && own.to_lowercase().eq(c.to_lowercase()) => at + 1,
                Part::Char(_) => continue,
            };
            if let Some(slot) = next.get_mut(to) {
                *slot = true;
            }
        }
        self.close(&mut next);
        next
    }

    fn accepts(&self, state: &[bool]) -> bool {
        state.last() == Some(&true)
    }

    fn letters(&self) -> impl Iterator<Item = char> + '_ {
        self.parts.iter().flat_map(|part| match part {
            Part::Char(c) if self.fold => c.to_lowercase().chain(c.to_uppercase()).collect::<Vec<_>>(),
            Part::Char(c) => vec![*c],
            Part::One | Part::Star => Vec::new(),
        })
    }
}

impl std::fmt::Display for Glob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Char(c) => write!(f, "{c}"),
            Part::One => f.write_str("?"),
            Part::Star => f.write_str("*"),
        })
    }
}

/// Whether some text matches all of `must` and none of `must_not`; `None` if that took too long to find out.
pub(super) fn satisfiable(must: &[&Glob], must_not: &[&Glob]) -> Option<bool> {
    if let Some(text) = must.iter().find_map(|g| g.literal()) {
        return Some(must.iter().all(|g| g.matches(&text)) && !must_not.iter().any(|g| g.matches(&text)));
    }
    let all: Vec<&Glob> = must.iter().chain(must_not).copied().collect();
    let mut alphabet: Vec<char> = all.iter().flat_map(|g| g.letters()).collect();
    alphabet.sort_unstable();
    alphabet.dedup();
    // One character that none of them names stands for all such.
    alphabet.extend(('\u{E000}'..'\u{F8FF}').find(|c| !alphabet.contains(c)));
    let start: Vec<Vec<bool>> = all.iter().map(|g| g.start()).collect();
    let mut seen: FxHashSet<Vec<Vec<bool>>> = FxHashSet::default();
    let mut queue = VecDeque::from([start.clone()]);
    seen.insert(start);
    while let Some(states) = queue.pop_front() {
        let ends = |at: usize| all.get(at).zip(states.get(at)).is_some_and(|(g, s)| g.accepts(s));
        if (0..must.len()).all(ends) && (must.len()..all.len()).all(|at| !ends(at)) {
            return Some(true);
        }
        for c in &alphabet {
            let next: Vec<Vec<bool>> = all.iter().zip(&states).map(|(g, s)| g.step(s, *c)).collect();
            // A glob that must match and has no position left never will.
            let dead = next.iter().take(must.len()).any(|s| !s.contains(&true));
            if !dead && seen.insert(next.clone()) {
                queue.push_back(next);
            }
        }
        if seen.len() > MOST_STATES {
            return None;
        }
    }
    Some(false)
}
