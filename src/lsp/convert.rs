//! Places of a text as the protocol counts them: lines, and UTF-16 units or bytes within them.

use crate::base::FileId;
use crate::session::Sources;
use lsp_types::{Position, Range, Uri};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// How columns are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    Utf8,
    Utf16,
}

impl Columns {
    /// The byte of a position; one beyond a line's end is its end.
    pub fn byte(self, text: &str, position: Position) -> usize {
        let mut lines = text.split_inclusive('\n');
        let start: usize = lines.by_ref().take(position.line as usize).map(str::len).sum();
        let Some(line) = lines.next() else { return text.len() };
        let line = line.strip_suffix('\n').unwrap_or(line);
        let mut units = 0;
        for (at, c) in line.char_indices() {
            if units >= position.character as usize {
                return start + at;
            }
            units += self.width(c);
        }
        start + line.len()
    }

    fn width(self, c: char) -> usize {
        match self {
            Columns::Utf8 => c.len_utf8(),
            Columns::Utf16 => c.len_utf16(),
        }
    }
}

/// A text whose lines are known, for many places of it.
pub(super) struct Lines<'t> {
    columns: Columns,
    text: &'t str,
    starts: Arc<[usize]>,
}

impl<'t> Lines<'t> {
    pub fn new(columns: Columns, text: &'t str) -> Lines<'t> {
        let starts = std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1)).collect();
        Lines { columns, text, starts }
    }

    /// The same of a file that was analysed.
    pub fn of(columns: Columns, sources: &'t Sources, file: FileId) -> Lines<'t> {
        Lines { columns, text: sources.get(file).map_or("", |(_, text)| text), starts: sources.starts(file) }
    }

    /// The position of a byte.
    pub fn position(&self, byte: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let before = self.starts.get(line).and_then(|start| self.text.get(*start..byte.min(self.text.len()))).unwrap_or("");
        Position::new(line as u32, self.units(before))
    }

    /// The range of a span.
    pub fn range(&self, span: crate::base::Span) -> Range {
        Range::new(self.position(span.start as usize), self.position(span.end as usize))
    }

    /// How long a text is, as the protocol counts.
    pub fn units(&self, text: &str) -> u32 {
        text.chars().map(|c| self.columns.width(c)).sum::<usize>() as u32
    }
}

/// The path of a file URI.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let mut bytes = Vec::with_capacity(rest.len());
    let mut all = rest.bytes();
    while let Some(byte) = all.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [all.next()?, all.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// The URI of a path.
pub(super) fn uri(path: &Path) -> Option<Uri> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let text: String =
        path.to_string_lossy().bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    Uri::from_str(&format!("file://{text}")).ok()
}
