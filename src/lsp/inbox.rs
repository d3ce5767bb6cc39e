//! Messages that have arrived and were not handled yet. They are read ahead, so that a request that the editor cancels
//! before its turn is known to be cancelled.

use super::frames;
use lsp_server::{Message, Notification, RequestId};
use std::collections::VecDeque;
use std::io::{BufRead, Error, ErrorKind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Reading ahead stops when this many bytes wait.
const AHEAD: usize = frames::LARGEST;

/// What came from the editor.
pub(super) enum Arrived {
    Message(Message),
    /// A request that was cancelled before it was handled.
    Cancelled(RequestId),
    /// Something that is not a message.
    Unreadable(Error),
    /// The input ended, in order or with an error. It stays so.
    End(Option<Error>),
}

/// The queue between the thread that reads and the one that answers.
#[derive(Default)]
pub(super) struct Inbox {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    queue: VecDeque<(Arrived, usize)>,
    bytes: usize,
}

impl Inbox {
    /// Reads to the end of an input, or to `exit`.
    pub fn fill(&self, input: &mut impl BufRead) {
        loop {
            let (arrived, size) = match frames::read(input) {
                Ok(Some((message, size))) => (Arrived::Message(message), size),
                Ok(None) => (Arrived::End(None), 0),
                Err(error) if error.kind() == ErrorKind::InvalidData => (Arrived::Unreadable(error), 0),
                Err(error) => (Arrived::End(Some(error)), 0),
            };
            let last = match &arrived {
                Arrived::Message(Message::Notification(notification)) => notification.method == "exit",
                Arrived::End(_) => true,
                _ => false,
            };
            self.put(arrived, size);
            if last {
                return;
            }
        }
    }

    fn put(&self, arrived: Arrived, size: usize) {
        let mut waiting = self.locked();
        if let Arrived::Message(Message::Notification(notification)) = &arrived
            && let Some(id) = cancels(notification)
        {
            waiting.cancel(&id);
        }
        while !waiting.queue.is_empty() && waiting.bytes + size > AHEAD {
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.bytes += size;
        waiting.queue.push_back((arrived, size));
        self.changed.notify_all();
    }

    /// The next, as soon as there is one.
    pub fn take(&self) -> Arrived {
        let mut waiting = self.locked();
        loop {
            if let Some((arrived, size)) = waiting.queue.pop_front() {
                waiting.bytes -= size;
                self.changed.notify_all();
                return arrived;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether the next is another change of a text.
    pub fn is_change_next(&self) -> bool {
        let next = |waiting: &Waiting| match waiting.queue.front() {
            Some((Arrived::Message(Message::Notification(notification)), _)) => notification.method == "textDocument/didChange",
            _ => false,
        };
        next(&self.locked())
    }

    fn locked(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Cancels a request that waits. `initialize` and `shutdown` change what follows, and are handled all the same.
    fn cancel(&mut self, id: &RequestId) {
        for (arrived, _) in &mut self.queue {
            if let Arrived::Message(Message::Request(request)) = arrived
                && request.id == *id
                && !matches!(&*request.method, "initialize" | "shutdown")
            {
                *arrived = Arrived::Cancelled(id.clone());
            }
        }
    }
}

/// The request that a notification cancels.
fn cancels(notification: &Notification) -> Option<RequestId> {
    let id = (notification.method == "$/cancelRequest").then(|| notification.params.get("id").cloned())??;
    // An id that is no id is of no request.
    serde_json::from_value(id).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn frame(text: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    }

    #[test]
    fn what_was_cancelled_before_its_turn_is_known() {
        let request = |id: &str, method: &str| frame(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{}}}}"#));
        let cancel = |id: &str| frame(&format!(r#"{{"jsonrpc":"2.0","method":"$/cancelRequest","params":{{"id":{id}}}}}"#));
        let all = [
            request("1", "textDocument/hover"),
            request("\"a\"", "textDocument/hover"),
            request("2", "textDocument/hover"),
            request("3", "shutdown"),
            cancel("1"),
            cancel("\"a\""),
            cancel("3"),
            cancel("99"),
            cancel("null"),
        ];
        let inbox = Inbox::default();
        inbox.fill(&mut all.concat().as_bytes());
        let first: Vec<String> = (0..4)
            .map(|_| match inbox.take() {
                Arrived::Message(Message::Request(request)) => request.id.to_string(),
                Arrived::Cancelled(id) => format!("cancelled {id}"),
                _ => panic!("not a request"),
            })
            .collect();
        assert_eq!(first, ["cancelled 1", "cancelled \"a\"", "2", "3"]);
        let rest: Vec<Arrived> = (0..6).map(|_| inbox.take()).collect();
        assert!(matches!(rest.last(), Some(Arrived::End(None))));
    }

    #[test]
    fn reading_ahead_is_bounded() {
        let big = frame(&format!(r#"{{"jsonrpc":"2.0","method":"x","params":["{}"]}}"#, "x".repeat(AHEAD / 2)));
        let inbox = Inbox::default();
        std::thread::scope(|scope| {
            scope.spawn(|| inbox.fill(&mut big.repeat(3).as_bytes()));
            for _ in 0..3 {
                assert!(matches!(inbox.take(), Arrived::Message(_)));
                assert!(inbox.locked().bytes <= AHEAD);
            }
            assert!(matches!(inbox.take(), Arrived::End(None)));
        });
    }
}
