//! Which answer a request gets: only by this machine's own names, only to who knows the address, and only to read.

use super::listen::listen;
use super::state::Shown;
use super::wire::{Answer, Request};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The files of the page, by their names.
const FILES: [(&str, &str, &str); 3] = [
    ("", "text/html; charset=utf-8", include_str!("page/index.html")),
    ("style.css", "text/css; charset=utf-8", include_str!("page/style.css")),
    ("script.js", "text/javascript; charset=utf-8", include_str!("page/script.js")),
];
/// How long a page waits for something new before it asks again.
const WAIT: Duration = Duration::from_secs(20);
/// A server that answers.
#[derive(Clone)]
pub struct Server {
    shown: Arc<(Mutex<Shown>, Condvar)>,
    /// The first part of every path: a word that nobody can guess. Other users of the machine can connect, but not ask.
    token: Arc<str>,
    /// The port that it listens on.
    port: u16,
}

/// Listens on a port of this machine, or on a free one if it is 0, and answers from then on.
///
/// # Errors
/// If the port cannot be listened on, or the system has no random numbers.
pub fn start(port: u16) -> Result<Server, String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| format!("the system gives no random numbers: {error}"))?;
    let token: Arc<str> = random.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    let mut server = Server { shown: Arc::default(), token, port };
    let answering = server.clone();
    server.port = listen(port, move |request, port| answering.answer(request, port))?;
    Ok(server)
}

impl Server {
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is shown, and tells the pages.
    pub fn update(&self, change: impl FnOnce(&mut Shown)) {
        change(&mut self.shown());
        self.shown.1.notify_all();
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    fn answer(&self, request: &Request, port: u16) -> Answer {
        // Another site's page may make a browser ask by a name of its own that leads here, or send requests from there.
        let hosts: Vec<&str> = request.all("host").collect();
        let strange = request.all("origin").any(|origin| !origin.strip_prefix("http://").is_some_and(|host| own(host, port)));
        if strange || !matches!(*hosts, [host] if own(host, port)) {
            return Answer::plain(403, "this page is for this machine only");
        }
        if request.method != "GET" {
            return Answer::plain(405, "this page is only read");
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let Some((token, name)) = path.strip_prefix('/').and_then(|path| path.split_once('/')) else {
            return Answer::plain(403, "open the whole address that `purlin serve` printed");
        };
        if !same(token, &self.token) {
            return Answer::plain(403, "open the whole address that `purlin serve` printed");
        }
        if let Some((_, kind, text)) = FILES.iter().find(|(file, ..)| *file == name) {
            return Answer(200, kind, (*text).to_string());
        }
        if name == "state" {
            let since = query.strip_prefix("since=").and_then(|n| n.parse().ok()).unwrap_or(0);
            return match self.newer(since) {
                Some(text) => Answer(200, "application/json", text),
                None => Answer(204, "", String::new()),
            };
        }
        Answer::plain(404, "there is no such page")
    }

    /// What is newer than a version, as soon as there is something; none if there is nothing for a while.
    fn newer(&self, since: u64) -> Option<String> {
        let waiting = self.shown.1.wait_timeout_while(self.shown(), WAIT, |shown| shown.version <= since);
        let (shown, waited) = waiting.unwrap_or_else(PoisonError::into_inner);
        (!waited.timed_out()).then(|| shown.text.clone())
    }
}

/// Whether a host is this machine by one of its own names, with the port; 80 is left out by browsers.
fn own(host: &str, port: u16) -> bool {
    let host = host.to_ascii_lowercase();
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .filter_map(|name| host.strip_prefix(name))
        .any(|rest| (rest.is_empty() && port == 80) || rest == format!(":{port}"))
}

/// Compares in a time that does not depend on where texts differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}
