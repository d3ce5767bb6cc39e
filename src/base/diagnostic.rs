//! A finding as data: what is wrong, every place that takes part, and what to type. Knows nothing of how it is shown.

use super::{Name, Span};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A recommendation that one may have reasons not to follow.
    Advice,
    /// A likely fault, or a quota that an account can have raised.
    Warning,
    /// It cannot be deployed, or breaks when it runs. No template is written.
    Error,
}

impl Severity {
    /// The word that stands in source and in output.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Advice => "advice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity that a word names.
    pub fn of(word: &str) -> Option<Severity> {
        [Severity::Advice, Severity::Warning, Severity::Error].into_iter().find(|s| s.word() == word)
    }
}

/// A place that takes part in a finding, with what it has to do with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Its part in the finding; may be empty.
    pub text: String,
}

/// A replacement of one range of text by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A set of edits that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the edits do, as an imperative: "change it to `queue`".
    pub title: String,
    /// The edits; none overlaps another.
    pub edits: Vec<Edit>,
    /// Whether it keeps the meaning of everything else, so that it may be applied unseen.
    pub safe: bool,
}

/// A finding: a mistake, a likely fault or a recommendation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kebab-case name of the rule, which reads well after "allow".
    pub rule: Name,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, in the user's words.
    pub message: String,
    /// The place where a person would mend it.
    pub primary: Label,
    /// The other places that take part, in the order in which they are told.
    pub related: Vec<Label>,
    /// What to type.
    pub help: Option<String>,
    /// Further facts: the limit with its source and date.
    pub notes: Vec<String>,
    /// Mechanical ways to mend it.
    pub fixes: Vec<Fix>,
    /// Whether `@allow` may suppress it: true of rules, false of mistakes of the language.
    pub allowable: bool,
    /// The environments of `purlin.toml` that it was found in; empty if the project has none.
    pub environments: Vec<Name>,
}

impl Diagnostic {
    /// An error of the language or of a hard limit.
    pub fn error(rule: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, rule, span, message)
    }

    /// A likely fault.
    pub fn warning(rule: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, rule, span, message)
    }

    /// A finding of the given severity.
    pub fn new(severity: Severity, rule: &str, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            rule: rule.into(),
            severity,
            message: message.into(),
            primary: Label { span, text: String::new() },
            related: Vec::new(),
            help: None,
            notes: Vec::new(),
            fixes: Vec::new(),
            allowable: false,
            environments: Vec::new(),
        }
    }

    /// What the primary place has to do with it.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Another place that takes part.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// What to type.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// A further fact.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// A mechanical way to mend it that replaces one range.
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        let edits = vec![Edit { span, text: text.into() }];
        self.fixes.push(Fix { title: title.into(), edits, safe: true });
        self
    }

    /// Adds an edit that a person should look at first.
    pub fn perhaps(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        let edits = vec![Edit { span, text: text.into() }];
        self.fixes.push(Fix { title: title.into(), edits, safe: false });
        self
    }
}
