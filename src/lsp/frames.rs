//! The frames of messages: headers, an empty line, and as many bytes as the headers say. What is read is bounded.

use lsp_server::Message;
use std::io::{BufRead, Error, ErrorKind, Read as _, Result};

/// The most bytes of one message.
pub(super) const LARGEST: usize = 64 << 20;
/// The most bytes of one line of the headers.
const LINE: u64 = 8 << 10;

/// Reads the next message, with its size in bytes; none at the end of the input.
///
/// # Errors
/// `InvalidData` for something that is not a message, after which the next can be read. Every other error ends the input:
/// `FileTooLarge` for a message beyond the limit, since the place of the next is then too far to look for.
pub(super) fn read(input: &mut impl BufRead) -> Result<Option<(Message, usize)>> {
    let Some(size) = size(input)? else { return Ok(None) };
    if size > LARGEST {
        return Err(too_large(format!("a message of {size} bytes; at most {LARGEST} are read")));
    }
    // The bytes are taken as they come, so that a size that was only claimed costs nothing.
    let mut bytes = Vec::new();
    if input.take(size as u64).read_to_end(&mut bytes)? < size {
        return Err(Error::new(ErrorKind::UnexpectedEof, "the input ended within a message"));
    }
    let message = serde_json::from_slice(&bytes).map_err(|error| {
        let start = String::from_utf8_lossy(bytes.get(..200).unwrap_or(&bytes)).into_owned();
        invalid(format!("this is not a message: {error}: {start}"))
    })?;
    Ok(Some((message, size)))
}

/// The size that the headers give, after the empty line that ends them.
fn size(input: &mut impl BufRead) -> Result<Option<usize>> {
    let mut size = None;
    loop {
        let mut line = Vec::new();
        if input.take(LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.len() as u64 == LINE {
            return Err(too_large(format!("a header of more than {LINE} bytes")));
        }
        let line = String::from_utf8_lossy(&line);
        let Some(line) = line.strip_suffix("\r\n") else { return Err(invalid(format!("malformed header: {line:?}"))) };
        if line.is_empty() {
            return size.map(Some).ok_or_else(|| invalid("no Content-Length".into()));
        }
        let (name, value) = line.split_once(':').ok_or_else(|| invalid(format!("malformed header: {line:?}")))?;
        if name.eq_ignore_ascii_case("Content-Length") {
            let value = value.trim();
            let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            // Digits that are no `usize` are a size beyond every limit.
            size = Some(if digits {
                value.parse().unwrap_or(usize::MAX)
            } else {
                return Err(invalid(format!("malformed header: {line:?}")));
            });
        }
    }
}

fn invalid(text: String) -> Error {
    Error::new(ErrorKind::InvalidData, text)
}

fn too_large(text: String) -> Error {
    Error::new(ErrorKind::FileTooLarge, text)
}
