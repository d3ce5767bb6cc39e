//! Findings as plain data for other programs: places as files, lines and columns, and what tells one finding from
//! another whatever line it stands on. Knows no output format.

use super::analysis::Analysis;
use super::sources::Sources;
use crate::base::{Diagnostic, FileId, FxIndexMap, Span};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// A finding.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Record {
    /// The rule's name.
    pub rule: String,
    /// `error`, `warning` or `advice`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where a person would mend it.
    pub place: Place,
    /// What that place has to do with it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The other places that take part, in the order in which they are told.
    pub related: Vec<Related>,
    /// What to type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// Mechanical ways to mend it.
    pub fixes: Vec<Remedy>,
    /// The reason of the `@allow` that suppresses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
    /// The environments of `purlin.toml` that it was found in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<String>,
    /// What it is about, as a number that outlives moved lines.
    pub fingerprint: String,
}

/// A range of a file. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Place {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// A place with its part in a finding.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Related {
    pub place: Place,
    pub text: String,
}

/// A set of replacements.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Remedy {
    pub title: String,
    /// Whether it keeps the meaning of everything else.
    pub safe: bool,
    pub edits: Vec<Related>,
}

/// Every finding of an analysis, those that are allowed behind the others.
pub fn records(analysis: &Analysis) -> Vec<Record> {
    let owners = Owners::of(analysis);
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let open = analysis.findings.iter().map(|f| (f, None));
    let allowed = analysis.suppressed.iter().map(|(f, reason)| (f, Some(reason.to_string())));
    open.chain(allowed)
        .map(|(finding, allowed)| {
            let about = owners.about(finding, &analysis.sources);
            let count = seen.entry(about.clone()).or_default();
            *count += 1;
            let hash = blake3::hash(format!("{about} {count}").as_bytes()).to_hex();
            record(finding, allowed, hash.as_str().chars().take(16).collect(), &analysis.sources)
        })
        .collect()
}

fn record(finding: &Diagnostic, allowed: Option<String>, fingerprint: String, sources: &Sources) -> Record {
    let related = |span: Span, text: &str| Related { place: place(span, sources), text: text.to_string() };
    Record {
        rule: finding.rule.to_string(),
        severity: finding.severity.word(),
        message: finding.message.clone(),
        place: place(finding.primary.span, sources),
        label: finding.primary.text.clone(),
        related: finding.related.iter().map(|l| related(l.span, &l.text)).collect(),
        help: finding.help.clone(),
        notes: finding.notes.clone(),
        fixes: finding
            .fixes
            .iter()
            .map(|f| Remedy { title: f.title.clone(), safe: f.safe, edits: f.edits.iter().map(|e| related(e.span, &e.text)).collect() })
            .collect(),
        allowed,
        environments: finding.environments.iter().map(ToString::to_string).collect(),
        fingerprint,
    }
}

/// A span as a place.
pub fn place(span: Span, sources: &Sources) -> Place {
    let (line, column) = sources.position(span);
    let (end_line, end_column) = sources.position(Span::new(span.file, span.end, span.end));
    let file = sources.get(span.file).map_or_else(String::new, |(path, _)| path.display().to_string().replace('\\', "/"));
    Place { file, line, column, end_line, end_column }
}

/// Which declaration each place of a file belongs to.
struct Owners(FxHashMap<FileId, Vec<(Span, String)>>);

impl Owners {
    fn of(analysis: &Analysis) -> Owners {
        let mut owners: FxHashMap<FileId, FxIndexMap<Span, String>> = FxHashMap::default();
        for instance in analysis.stacks.iter().flat_map(|s| &s.graph.world.instances) {
            let name = format!("{} {}", instance.kind_name(), instance.decl.name);
            owners.entry(instance.decl.span.file).or_default().entry(instance.decl.span).or_insert(name);
        }
        let sorted = owners.into_iter().map(|(file, spans)| {
            let mut spans: Vec<(Span, String)> = spans.into_iter().collect();
            spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
            (file, spans)
        });
        Owners(sorted.collect())
    }

    /// What a finding is about: its rule, the declarations that take part, and the words at its place.
    fn about(&self, finding: &Diagnostic, sources: &Sources) -> String {
        let mut about = finding.rule.to_string();
        for label in std::iter::once(&finding.primary).chain(&finding.related) {
            about.push(' ');
            match self.owner(label.span) {
                Some(owner) => about.push_str(owner),
                None => about.push_str(word(label.span, sources)),
            }
        }
        about.push(' ');
        about.push_str(word(finding.primary.span, sources));
        about
    }

    fn owner(&self, span: Span) -> Option<&str> {
        let spans = self.0.get(&span.file)?;
        let behind = spans.partition_point(|(s, _)| s.start <= span.start);
        // Declarations nest only as deep as components do.
        spans.get(..behind)?.iter().rev().take(8).find(|(s, _)| s.end >= span.end).map(|(_, name)| name.as_str())
    }
}

/// The first word at a place.
fn word(span: Span, sources: &Sources) -> &str {
    let text = sources.get(span.file).and_then(|(_, text)| text.get(span.range())).unwrap_or("");
    text.split(|c: char| !c.is_alphanumeric() && c != '_').find(|w| !w.is_empty()).unwrap_or("")
}
