//! Places of a text as the protocol counts them: lines, and UTF-16 units or bytes within them.

use lsp_types::{Position, Range, Uri};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// How columns are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    Utf8,
    Utf16,
}

impl Columns {
    /// The byte of a position; one beyond a line's end is its end.
    pub fn byte(self, text: &str, position: Position) -> usize {
        let mut start = 0;
        for _ in 0..position.line {
            match text.get(start..).and_then(|rest| rest.find('\n')) {
                Some(end) => start += end + 1,
                None => return text.len(),
            }
        }
        let line = text.get(start..).and_then(|rest| rest.split('\n').next()).unwrap_or("");
        let mut units = 0;
        for (at, c) in line.char_indices() {
            if units >= position.character as usize {
                return start + at;
            }
            units += self.width(c);
        }
        start + line.len()
    }

    /// The position of a byte.
    pub fn position(self, text: &str, byte: usize) -> Position {
        let before = text.get(..byte.min(text.len())).unwrap_or(text);
        let line = before.bytes().filter(|b| *b == b'\n').count();
        let column: usize = before.rsplit('\n').next().unwrap_or("").chars().map(|c| self.width(c)).sum();
        Position::new(line as u32, column as u32)
    }

    /// The range of a span.
    pub fn range(self, text: &str, span: crate::base::Span) -> Range {
        Range::new(self.position(text, span.start as usize), self.position(text, span.end as usize))
    }

    fn width(self, c: char) -> usize {
        match self {
            Columns::Utf8 => c.len_utf8(),
            Columns::Utf16 => c.len_utf16(),
        }
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
