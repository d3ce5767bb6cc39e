//! Findings for people, with the source around them.

use super::escape;
use super::excerpt::Excerpt;
use crate::base::{Diagnostic, FileId, Label, Severity, Span};
use crate::session::Sources;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, Report};

/// Findings as text. Without `colour` it is plain.
pub fn human(findings: &[Diagnostic], sources: &Sources, colour: bool, width: usize) -> String {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut out = String::new();
    for finding in findings {
        let shown = one(finding, sources);
        if handler.render_report(&mut out, shown.as_ref()).is_err() {
            out.push_str(&escape::part(&finding.message));
        }
        out.push('\n');
    }
    escape::styled(&out)
}

fn one(finding: &Diagnostic, sources: &Sources) -> Report {
    let file = finding.primary.span.file;
    let severity = match finding.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Advice => miette::Severity::Advice,
    };
    let shown: Vec<&Label> = std::iter::once(&finding.primary).chain(&finding.related).filter(|l| l.span.file == file).collect();
    let spans: Vec<Span> = shown.iter().map(|l| l.span).collect();
    let text = sources.get(file).map_or("", |(_, text)| text);
    let excerpt = Excerpt::new(name(sources, file), text, &sources.starts(file), &spans);
    let labels = shown.iter().map(|l| {
        let text = (!l.text.is_empty()).then(|| escape::part(&l.text));
        // The head names the place where one would change it, even if another stands before it.
        if std::ptr::eq(*l, &finding.primary) {
            LabeledSpan::new_primary_with_span(text, excerpt.span(l.span))
        } else {
            LabeledSpan::new_with_span(text, excerpt.span(l.span))
        }
    });
    let mut help: Vec<String> = finding.help.iter().cloned().collect();
    for label in finding.related.iter().filter(|l| l.span.file != file) {
        help.push(format!("{} {}", label.text, place(sources, label.span)));
    }
    help.extend(finding.notes.iter().cloned());
    let mut report = MietteDiagnostic::new(escape::part(&finding.message))
        .with_code(finding.rule.to_string())
        .with_severity(severity)
        .with_labels(labels.collect::<Vec<_>>());
    if !help.is_empty() {
        report = report.with_help(help.iter().map(|text| escape::part(text)).collect::<Vec<_>>().join("\n"));
    }
    Report::new(report).with_source_code(excerpt)
}

fn place(sources: &Sources, span: Span) -> String {
    let (line, column) = sources.position(span);
    format!("({}:{line}:{column})", name(sources, span.file))
}

fn name(sources: &Sources, file: FileId) -> String {
    sources.get(file).map_or_else(String::new, |(path, _)| escape::line(&path.display().to_string()).into_owned())
}
