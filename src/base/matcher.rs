//! Regular expressions for short texts: cheap to compile rather than fast to run, and compiled when first asked.
//! Knows nothing of where a pattern stands.

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;
use std::sync::OnceLock;

/// A regular expression.
///
/// Nearly every text it is asked about is ASCII, and then classes such as `.` and `\w` need not hold all of Unicode,
/// which is most of what compiling costs. So there is one automaton for each, made when first needed.
#[derive(Debug)]
pub struct Matcher {
    pattern: String,
    size: Option<usize>,
    ascii: OnceLock<Option<Regex>>,
    unicode: OnceLock<Option<Regex>>,
}

impl Matcher {
    /// For a pattern in the dialect of the `regex` crate.
    pub fn new(pattern: impl Into<String>) -> Matcher {
        Matcher { pattern: pattern.into(), size: None, ascii: OnceLock::new(), unicode: OnceLock::new() }
    }

    /// The same, which refuses to become larger than this many bytes.
    pub fn within(mut self, size: usize) -> Matcher {
        self.size = Some(size);
        self
    }

    /// As it was given.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether the text contains a match; nothing if the pattern is none, or too large.
    pub fn is_match(&self, text: &str) -> Option<bool> {
        let ascii = || text.is_ascii().then(|| self.ascii.get_or_init(|| self.build(false).ok()).as_ref()).flatten();
        let regex = ascii().or_else(|| self.unicode.get_or_init(|| self.build(true).ok()).as_ref())?;
        Some(regex.is_match(text))
    }

    /// Whether it can be compiled.
    pub fn check(&self) -> Result<(), MatcherFault> {
        match self.build(true) {
            Ok(regex) => {
                let _ = self.unicode.set(Some(regex));
                Ok(())
            }
            Err(error) if error.size_limit().is_some() => Err(MatcherFault::TooLarge),
            Err(error) => Err(MatcherFault::Wrong(error.syntax_error().map_or_else(|| error.to_string(), ToString::to_string))),
        }
    }

    fn build(&self, unicode: bool) -> Result<Regex, Box<BuildError>> {
        // One automaton, simulated: the faster engines want a second one in reverse and tables besides.
        let config = Config::new().hybrid(false).dfa(false).onepass(false).which_captures(WhichCaptures::None);
        Regex::builder()
            .configure(config.nfa_size_limit(self.size).auto_prefilter(false))
            .syntax(syntax::Config::new().unicode(unicode).utf8(unicode))
            .build(&self.pattern)
            .map_err(Box::new)
    }
}

/// Why a pattern cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatcherFault {
    /// It would take more room than allowed.
    TooLarge,
    /// It is no regular expression.
    Wrong(String),
}
