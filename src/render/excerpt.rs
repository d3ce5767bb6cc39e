//! The lines of a source around a finding, as people see them: escaped, and long lines cut to what is near a label.

use super::escape;
use crate::base::Span;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// The longest line that is shown whole, in bytes.
const LONGEST_LINE: usize = 2_000;
/// How much of a longer line is shown before and after the end of a label, in bytes.
const NEAR: usize = 80;

/// A line that is shown.
#[derive(Debug)]
struct Line {
    /// Its number, from 0.
    number: usize,
    /// Where it begins in the text of the excerpt.
    start: usize,
}

/// Some lines of a source.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    lines: Vec<Line>,
    /// Places in the source and where they are in the excerpt, in order.
    places: Vec<(usize, usize)>,
    /// Where the finding is, and its column, from 0.
    primary: (usize, usize),
}

impl Excerpt {
    /// The lines of some spans of a text, with those beside them. `starts` are the places where lines begin; the first span
    /// is the one that the head names.
    pub fn new(name: String, text: &str, starts: &[usize], spans: &[Span]) -> Self {
        let mut excerpt = Excerpt { name, text: String::new(), lines: Vec::new(), places: Vec::new(), primary: (0, 0) };
        let line = |byte: usize| starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let mut wanted: Vec<(usize, usize)> = spans
            .iter()
            .map(|span| {
                let (start, end) = (span.start as usize, (span.end as usize).max(span.start as usize + 1));
                (line(start).saturating_sub(1), (line(end - 1) + 1).min(starts.len().saturating_sub(1)))
            })
            .collect();
        wanted.sort_unstable();
        for (first, last) in wanted {
            let next = excerpt.lines.last().map_or(0, |l| l.number + 1);
            for number in first.max(next)..=last {
                let start = starts.get(number).copied().unwrap_or(0);
                let end = starts.get(number + 1).copied().unwrap_or(text.len());
                excerpt.add(number, start, text.get(start..end).unwrap_or(""), spans);
            }
        }
        if let Some(span) = spans.first() {
            let at = span.start as usize;
            let start = starts.get(line(at)).copied().unwrap_or(0);
            excerpt.primary = (excerpt.place(at), text.get(start..at).map_or(0, |before| before.chars().count()));
        }
        excerpt
    }

    fn add(&mut self, number: usize, start: usize, line: &str, spans: &[Span]) {
        self.lines.push(Line { number, start: self.text.len() });
        let end = start + line.len();
        let long = line.len() > LONGEST_LINE;
        let mut near: Vec<(usize, usize)> = Vec::new();
        if long {
            let edges = spans.iter().flat_map(|s| [s.start as usize, s.end as usize]).filter(|at| (start..=end).contains(at));
            near.extend(edges.map(|at| (at.saturating_sub(NEAR), at + NEAR)));
            near.sort_unstable();
            if near.is_empty() {
                near.push((start, start + NEAR));
            }
        }
        let mut near = near.into_iter().peekable();
        let body = line.strip_suffix('\n').unwrap_or(line);
        let body = body.strip_suffix('\r').unwrap_or(body);
        let mut skipped = false;
        for (at, c) in body.char_indices().map(|(at, c)| (start + at, c)) {
            while near.next_if(|(_, last)| *last < at).is_some() {}
            if long && near.peek().is_none_or(|(first, _)| at < *first) {
                skipped = true;
                continue;
            }
            if std::mem::take(&mut skipped) {
                self.text.push('…');
            }
            self.places.push((at, self.text.len()));
            escape::source(&mut self.text, c);
        }
        if skipped {
            self.text.push('…');
        }
        if line.ends_with('\n') {
            self.places.push((start + body.len(), self.text.len()));
            self.text.push('\n');
        }
    }

    /// Where a place of the source is in the excerpt; of one that is not shown, the next that is.
    fn place(&self, at: usize) -> usize {
        let next = self.places.partition_point(|(source, _)| *source < at);
        self.places.get(next).map_or(self.text.len(), |(_, shown)| *shown)
    }

    /// The first byte and the length of a span in the excerpt.
    pub fn span(&self, span: Span) -> (usize, usize) {
        let (start, end) = (self.place(span.start as usize), self.place(span.end as usize));
        let first = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        (start, end.saturating_sub(start).max(if span.is_empty() { 1 } else { first }))
    }

    /// The line that a place of the excerpt is in, as a place in `lines`.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.start <= at).saturating_sub(1)
    }

    fn start(&self, line: usize) -> usize {
        self.lines.get(line).map_or(self.text.len(), |l| l.start)
    }

    /// Whether a line stands directly below the one before it in the excerpt.
    fn follows(&self, line: usize) -> bool {
        let number = |at: usize| self.lines.get(at).map(|l| l.number);
        line > 0 && number(line).is_some() && number(line - 1).map(|n| n + 1) == number(line)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let (mut first, mut last) = (self.line(span.offset()), self.line(end.max(span.offset() + 1) - 1));
        for _ in 0..before {
            first -= usize::from(self.follows(first));
        }
        for _ in 0..after {
            last += usize::from(self.follows(last + 1));
        }
        // Without lines before it, miette wants the span itself, with its column: that of the source.
        let (start, column) = match self.primary {
            (at, column) if before == 0 && at == span.offset() => (at.min(self.text.len()), column),
            _ => (self.start(first), 0),
        };
        let stop = self.start(last + 1).max(end.min(self.text.len()));
        let data = self.text.as_bytes().get(start..stop).ok_or(MietteError::OutOfBounds)?;
        let lines = data.iter().filter(|b| **b == b'\n').count();
        let number = self.lines.get(first).map_or(0, |l| l.number);
        let span = SourceSpan::new(start.into(), stop - start);
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, span, number, column, lines)))
    }
}
