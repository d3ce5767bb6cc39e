//! Requests and answers. Only this machine is answered, only what is asked for by its own names, and only what is read.

use super::state::Shown;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tiny_http::{Header, Method, Request, Response, StatusCode};

/// The files of the page, by their paths.
const FILES: [(&str, &str, &str); 3] = [
    ("/", "text/html; charset=utf-8", include_str!("page/index.html")),
    ("/style.css", "text/css; charset=utf-8", include_str!("page/style.css")),
    ("/script.js", "text/javascript; charset=utf-8", include_str!("page/script.js")),
];
/// How long a page waits for something new before it asks again.
const WAIT: Duration = Duration::from_secs(20);
/// What a page may do: nothing but what it brings itself. The graph has its style in itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A server that answers.
#[derive(Clone)]
pub struct Server {
    shown: Arc<(Mutex<Shown>, Condvar)>,
    /// The port that it listens on.
    pub port: u16,
}

/// Listens on a port of this machine, or on a free one if it is 0, and answers from then on.
pub fn start(port: u16) -> Result<Server, String> {
    let http = tiny_http::Server::http(("127.0.0.1", port)).map_err(|error| format!("port {port} cannot be listened on: {error}"))?;
    let port = http.server_addr().to_ip().map_or(port, |address| address.port());
    let server = Server { shown: Arc::default(), port };
    let answering = server.clone();
    std::thread::spawn(move || {
        for request in http.incoming_requests() {
            let server = answering.clone();
            // One that waits for something new must not keep the others waiting.
            std::thread::spawn(move || server.answer(request));
        }
    });
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

    fn answer(&self, request: Request) {
        let (status, kind, text) = self.found(&request);
        let response = Response::from_string(text).with_status_code(StatusCode(status));
        let headers = [
            ("Content-Type", kind),
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ];
        let headers = headers.iter().filter_map(|(name, value)| Header::from_bytes(name.as_bytes(), value.as_bytes()).ok());
        // A page that went away is no failure.
        let _ = request.respond(headers.fold(response, Response::with_header));
    }

    fn found(&self, request: &Request) -> (u16, &'static str, String) {
        const TEXT: &str = "text/plain; charset=utf-8";
        // Another site's page may make a browser ask by a name of its own that leads here.
        let host = request.headers().iter().find(|h| h.field.equiv("Host")).map(|h| h.value.as_str().to_string()).unwrap_or_default();
        let own = ["127.0.0.1", "localhost"].iter().any(|name| host == format!("{name}:{}", self.port));
        if !own {
            return (403, TEXT, "this page is for this machine only\n".into());
        }
        if *request.method() != Method::Get {
            return (405, TEXT, "this page is only read\n".into());
        }
        let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
        if let Some((_, kind, text)) = FILES.iter().find(|(name, ..)| *name == path) {
            return (200, kind, (*text).to_string());
        }
        if path == "/state" {
            let since = query.strip_prefix("since=").and_then(|n| n.parse().ok()).unwrap_or(0);
            return match self.newer(since) {
                Some(text) => (200, "application/json", text),
                None => (204, TEXT, String::new()),
            };
        }
        (404, TEXT, "there is no such page\n".into())
    }

    /// What is newer than a version, as soon as there is something; none if there is nothing for a while.
    fn newer(&self, since: u64) -> Option<String> {
        let waiting = self.shown.1.wait_timeout_while(self.shown(), WAIT, |shown| shown.version <= since);
        let (shown, waited) = waiting.unwrap_or_else(PoisonError::into_inner);
        (!waited.timed_out()).then(|| shown.text.clone())
    }
}
