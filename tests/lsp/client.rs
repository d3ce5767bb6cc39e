//! A client that speaks the protocol to the real binary.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub struct Client {
    pub child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    next: i64,
    pub folder: tempfile::TempDir,
    /// What was published and not yet looked at.
    published: Vec<Value>,
}

impl Client {
    pub fn start() -> Client {
        Client::with(json!({ "capabilities": { "general": { "positionEncodings": ["utf-16"] } } }))
    }

    /// A client that says so of itself.
    pub fn with(initialize: Value) -> Client {
        let mut client = Client::silent();
        client.ask("initialize", initialize);
        client.tell("initialized", json!({}));
        client
    }

    /// A client that has not said anything.
    pub fn silent() -> Client {
        Client::silent_in(&std::env::temp_dir())
    }

    /// The same, with a folder for temporary files.
    pub fn silent_in(temporary: &Path) -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_purlin"))
            .args(["lsp", "--as-of", "2026-11-20"])
            .env("TMPDIR", temporary)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Client { child, input: Some(input), output, next: 0, folder: tempfile::tempdir().unwrap(), published: Vec::new() }
    }

    /// Sends bytes as they stand.
    pub fn write(&mut self, bytes: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    /// Ends the server's input.
    pub fn hang_up(&mut self) {
        self.input = None;
    }

    pub fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.write(&format!("Content-Length: {}\r\n\r\n{text}", text.len()));
    }

    pub fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            if line.trim().is_empty() {
                break;
            }
            if let Some(number) = line.to_lowercase().strip_prefix("content-length:") {
                length = number.trim().parse().unwrap();
            }
        }
        let mut text = vec![0; length];
        self.output.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == json!(id) {
                return message;
            }
            self.published.push(message);
        }
    }

    pub fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.path().join(name).display())
    }

    /// Opens a file, writes it to the disk too, and gives the position of its `$0`.
    pub fn open(&mut self, name: &str, text: &str) -> Value {
        let bare = text.replace("$0", "");
        std::fs::write(self.folder.path().join(name), &bare).unwrap();
        let document = json!({ "uri": self.uri(name), "languageId": "purlin", "version": 1, "text": bare });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        position(text)
    }

    pub fn change(&mut self, name: &str, text: &str) {
        let changes = json!([{ "text": text }]);
        self.tell("textDocument/didChange", json!({ "textDocument": { "uri": self.uri(name), "version": 2 }, "contentChanges": changes }));
    }

    pub fn at(&mut self, method: &str, name: &str, text: &str) -> Value {
        let position = self.open(name, text);
        let mut params = json!({ "textDocument": { "uri": self.uri(name) }, "position": position });
        params["context"] = json!({ "includeDeclaration": true, "triggerKind": 1 });
        params["newName"] = json!("renamed");
        self.ask(method, params)["result"].clone()
    }

    /// The findings that were published last for a file: after everything that was told so far.
    pub fn findings(&mut self, name: &str) -> Vec<Value> {
        self.ask("textDocument/foldingRange", json!({ "textDocument": { "uri": self.uri(name) } }));
        let uri = self.uri(name);
        let last = self.published.iter().rev().find(|m| m["params"]["uri"] == json!(uri));
        last.map(|m| m["params"]["diagnostics"].as_array().unwrap().clone()).unwrap_or_default()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn position(text: &str) -> Value {
    let before = text.split("$0").next().unwrap();
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
    json!({ "line": line, "character": character })
}

/// A line, a column and a column: of the first line of a range.
pub fn range(value: &Value) -> (u64, u64, u64) {
    let number = |a: &str, b: &str| value[a][b].as_u64().unwrap();
    (number("start", "line"), number("start", "character"), number("end", "character"))
}
