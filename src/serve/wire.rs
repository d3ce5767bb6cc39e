//! HTTP/1.1 as far as this page needs it: one request without a body from each connection, and one answer. Every length and
//! every wait is bounded, so that no other program of this machine can use up memory or threads.

use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// The most bytes of a request line with its headers.
const HEAD: usize = 16 << 10;
/// The most bytes of what is asked for.
const TARGET: usize = 2 << 10;
/// The most headers.
const HEADERS: usize = 64;
/// How long a request may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(5);
/// How long an answer may take to be read.
const DEPARTURE: Duration = Duration::from_secs(30);
/// How long, and for how many bytes, what was sent beyond the limits is read, so that the answer is seen before the end.
const LINGER: (Duration, usize) = (Duration::from_secs(1), 256 << 10);
/// What a page may do: nothing but what it brings itself. The graph has its style in itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A request.
pub(super) struct Request {
    pub method: String,
    /// The path with its query.
    pub target: String,
    /// The headers in order, names in lower case.
    headers: Vec<(String, String)>,
}

impl Request {
    /// The values of a header.
    pub fn all<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        self.headers.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// An answer: its status, its type and its text.
pub(super) struct Answer(pub u16, pub &'static str, pub String);

impl Answer {
    /// An answer in plain words.
    pub fn plain(status: u16, text: &str) -> Answer {
        Answer(status, "text/plain; charset=utf-8", format!("{text}\n"))
    }
}

/// Reads a request; if it is not a request or beyond a limit, gives the answer to that.
///
/// # Errors
/// If the other side is gone.
pub(super) fn read(stream: &mut TcpStream) -> Result<std::result::Result<Request, Answer>> {
    let until = Instant::now() + ARRIVAL;
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Err(Answer::plain(408, "the request did not arrive in time")));
        }
        stream.set_read_timeout(Some(left))?;
        let count = match stream.read(&mut chunk) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => count,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => continue,
            Err(error) => return Err(error),
        };
        let before = head.len().saturating_sub(3);
        head.extend_from_slice(chunk.get(..count).unwrap_or_default());
        if head.len() > TARGET && !head.iter().take(TARGET).any(|byte| *byte == b'\n') {
            return Ok(Err(Answer::plain(414, "the request line is too long")));
        }
        if head.len() > HEAD {
            return Ok(Err(Answer::plain(431, "the headers are too long")));
        }
        // The parser looks at everything each time: only a head that seems to be whole is given to it.
        if head.get(before..).is_some_and(|new| new.windows(2).any(|w| w == b"\n\n") || new.windows(4).any(|w| w == b"\r\n\r\n")) {
            return Ok(parsed(&head));
        }
    }
}

fn parsed(head: &[u8]) -> std::result::Result<Request, Answer> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Answer::plain(431, "there are too many headers")),
        Ok(httparse::Status::Partial) | Err(_) => return Err(Answer::plain(400, "this is not a request")),
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Request {
        method: request.method.unwrap_or_default().into(),
        target: request.path.unwrap_or_default().into(),
        headers: request.headers.iter().map(|h| (h.name.to_ascii_lowercase(), text(h.value))).collect(),
    })
}

/// Says that there are too many connections, without waiting for the request.
///
/// # Errors
/// If the other side is gone.
pub(super) fn busy(stream: &mut TcpStream) -> Result<()> {
    stream.set_nonblocking(true)?;
    stream.write_all(head(503, "text/plain", 0).as_bytes())
}

/// Sends an answer and ends the connection.
///
/// # Errors
/// If the other side is gone or does not read.
pub(super) fn answer(stream: &mut TcpStream, Answer(status, kind, text): &Answer) -> Result<()> {
    let mut all = head(*status, kind, text.len());
    all.push_str(text);
    let until = Instant::now() + DEPARTURE;
    for part in all.as_bytes().chunks(64 << 10) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::from(ErrorKind::TimedOut));
        }
        stream.set_write_timeout(Some(left))?;
        stream.write_all(part)?;
    }
    stream.shutdown(Shutdown::Write)?;
    if *status >= 400 {
        linger(stream);
    }
    Ok(())
}

fn head(status: u16, kind: &str, length: usize) -> String {
    // An answer without content has no length either.
    let content = if status == 204 { String::new() } else { format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n") };
    let status = format!("HTTP/1.1 {status} {}\r\n", reason(status));
    let rest = "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
    format!("{status}{content}Content-Security-Policy: {POLICY}\r\n{rest}")
}

/// Reads what is still under way: a connection that is closed before is reset, and the answer lost.
fn linger(stream: &mut TcpStream) {
    let (until, mut left) = (Instant::now() + LINGER.0, LINGER.1);
    let mut chunk = [0; 4096];
    while left > 0 {
        let wait = until.saturating_duration_since(Instant::now());
        if wait.is_zero() || stream.set_read_timeout(Some(wait)).is_err() {
            return;
        }
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => left = left.saturating_sub(count),
            _ => return,
        }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        414 => "URI Too Long",
        431 => "Request Header Fields Too Large",
        _ => "Service Unavailable",
    }
}
