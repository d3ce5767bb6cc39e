//! Connections: accepted on this machine only, each answered by a thread of its own, of which there is a bounded number.

use super::wire::{self, Answer, Request};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The most connections at once. An open page has one, and a few more while it loads.
const CONNECTIONS: usize = 32;

/// Listens on a port of this machine, or on a free one if it is 0; gives the port.
///
/// # Errors
/// If the port is taken or may not be used.
pub(super) fn listen<F>(port: u16, answer: F) -> Result<u16, String>
where
    F: Fn(&Request, u16) -> Answer + Send + Sync + 'static,
{
    let unusable = |error: std::io::Error| format!("port {port} cannot be listened on: {error}");
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(unusable)?;
    let port = first.local_addr().map_err(unusable)?.port();
    // The same by the other protocol, for `http://[::1]`. A machine without it is served without it.
    let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok();
    let answer = Arc::new(move |request: &Request| answer(request, port));
    let open = Arc::new(AtomicUsize::new(0));
    for listener in std::iter::once(first).chain(second) {
        let (answer, open) = (Arc::clone(&answer), Arc::clone(&open));
        std::thread::spawn(move || accept(&listener, &answer, &open));
    }
    Ok(port)
}

fn accept<F>(listener: &TcpListener, answer: &Arc<F>, open: &Arc<AtomicUsize>)
where
    F: Fn(&Request) -> Answer + Send + Sync + 'static,
{
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else {
            // Such as too many open files: trying again at once would only use up the processor.
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        let Some(place) = Place::taken(open) else {
            // A short answer fits into the buffer of a new connection. One that is not read is no failure.
            let _ = wire::busy(&mut stream);
            continue;
        };
        let answer = Arc::clone(answer);
        // A thread that cannot be started drops the connection, and the next is accepted.
        let _ = std::thread::Builder::new().spawn(move || {
            let _place = place;
            // A page that went away is no failure.
            let _ = handle(&mut stream, &*answer);
        });
    }
}

fn handle(stream: &mut TcpStream, answer: &impl Fn(&Request) -> Answer) -> std::io::Result<()> {
    let answer = wire::read(stream)?.map_or_else(|refused| refused, |request| answer(&request));
    wire::answer(stream, &answer)
}

/// One of the connections that may be open at once; given back at the end.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn taken(open: &Arc<AtomicUsize>) -> Option<Place> {
        let more = |count: usize| (count < CONNECTIONS).then_some(count + 1);
        open.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok().then(|| Place(Arc::clone(open)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
