//! Findings for people, with the source around them. The only user of miette.

use crate::base::{Diagnostic, FileId, Severity};
use crate::session::Sources;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError, MietteSpanContents, Report, SourceCode, SourceSpan,
    SpanContents,
};
use std::sync::Arc;

/// Findings as text. Without `colour` it is plain.
pub fn human(findings: &[Diagnostic], sources: &Sources, colour: bool, width: usize) -> String {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut out = String::new();
    for finding in findings {
        let shown = one(finding, sources);
        if handler.render_report(&mut out, shown.as_ref()).is_err() {
            out.push_str(&finding.message);
        }
        out.push('\n');
    }
    out
}

fn one(finding: &Diagnostic, sources: &Sources) -> Report {
    let file = finding.primary.span.file;
    let severity = match finding.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Advice => miette::Severity::Advice,
    };
    let labels = std::iter::once(&finding.primary).chain(&finding.related).filter(|l| l.span.file == file).map(|l| {
        let text = (!l.text.is_empty()).then(|| l.text.clone());
        let span = (l.span.start as usize, (l.span.len() as usize).max(1));
        // The head names the place where one would mend it, even if another stands before it.
        if std::ptr::eq(l, &finding.primary) {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        }
    });
    let mut help: Vec<String> = finding.help.iter().cloned().collect();
    for label in finding.related.iter().filter(|l| l.span.file != file) {
        help.push(format!("{} {}", label.text, place(sources, label.span)));
    }
    help.extend(finding.notes.iter().cloned());
    let mut report = MietteDiagnostic::new(finding.message.clone())
        .with_code(finding.rule.to_string())
        .with_severity(severity)
        .with_labels(labels.collect::<Vec<_>>());
    if !help.is_empty() {
        report = report.with_help(help.join("\n"));
    }
    let text = sources.get(file).map_or("", |(_, text)| text);
    if line_length(text, finding.primary.span.start as usize) > LONGEST_LINE {
        // Nobody reads a line of such length: say where instead of showing it.
        let mut plain = MietteDiagnostic::new(format!("{} {}", finding.message, place(sources, finding.primary.span)));
        plain.code = report.code;
        plain.severity = report.severity;
        plain.help = report.help;
        return Report::new(plain);
    }
    Report::new(report).with_source_code(Lines { name: name(sources, file), text: sources.shared(file), starts: sources.starts(file) })
}

/// The longest line that is shown around a finding, in bytes.
const LONGEST_LINE: usize = 2_000;

/// The length of the line that a byte is in.
fn line_length(text: &str, at: usize) -> usize {
    let (before, after) = (text.get(..at).unwrap_or(text), text.get(at..).unwrap_or(""));
    before.len() - before.rfind('\n').map_or(0, |n| n + 1) + after.find('\n').unwrap_or(after.len())
}

fn place(sources: &Sources, span: crate::base::Span) -> String {
    let (line, column) = sources.position(span);
    format!("({}:{line}:{column})", name(sources, span.file))
}

fn name(sources: &Sources, file: FileId) -> String {
    sources.get(file).map_or_else(String::new, |(path, _)| path.display().to_string())
}

/// A text with the places of its lines: miette's own sources look for them anew with each finding.
#[derive(Debug)]
struct Lines {
    name: String,
    text: Arc<str>,
    starts: Arc<[usize]>,
}

impl SourceCode for Lines {
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let line = |byte: usize| self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let end = span.offset() + span.len();
        let (first, last) = (line(span.offset()).saturating_sub(before), line(end.max(span.offset() + 1) - 1) + after);
        let line_start = self.starts.get(first).copied().unwrap_or(0);
        // Without lines before it, miette wants the span itself, with its column.
        let start = if before == 0 { span.offset().min(self.text.len()) } else { line_start };
        let column = self.text.get(line_start..start).map_or(0, |before| before.chars().count());
        let stop = self.starts.get(last + 1).copied().unwrap_or(self.text.len()).max(end.min(self.text.len()));
        let data = self.text.as_bytes().get(start..stop).ok_or(MietteError::OutOfBounds)?;
        let lines = data.iter().filter(|b| **b == b'\n').count();
        let span = SourceSpan::new(start.into(), stop - start);
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, span, first, column, lines)))
    }
}
