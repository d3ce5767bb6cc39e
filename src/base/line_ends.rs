//! Line ends: a text means the same with `\n` and with `\r\n`, as Git writes it on Windows.

use std::borrow::Cow;

/// A text whose lines end with `\n` alone. A `\r` that is not before a line end stays.
pub fn unix(text: &str) -> Cow<'_, str> {
    if !text.contains("\r\n") {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let last = lines.len() - 1;
    Cow::Owned(lines.iter().enumerate().map(|(at, l)| if at < last { l.trim_end_matches('\r') } else { l }).collect::<Vec<_>>().join("\n"))
}

/// A text whose lines all end as the first line of another text does: with `\r\n` or with `\n`.
pub fn like(text: &str, first: &str) -> String {
    let windows = first.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r'));
    let unix = unix(text);
    if windows { unix.replace('\n', "\r\n") } else { unix.into_owned() }
}
