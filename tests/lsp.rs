//! The language server over the real binary's standard input and output. `$0` in a text is where the cursor is.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: i64,
    folder: tempfile::TempDir,
    /// What was published and not yet looked at.
    published: Vec<Value>,
}

impl Client {
    fn start() -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_purlin"))
            .args(["lsp", "--as-of", "2026-11-20"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut client = Client { child, input, output, next: 0, folder: tempfile::tempdir().unwrap(), published: Vec::new() };
        client.ask("initialize", json!({ "capabilities": { "general": { "positionEncodings": ["utf-16"] } } }));
        client.tell("initialized", json!({}));
        client
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
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

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
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

    fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.path().join(name).display())
    }

    /// Opens a file, writes it to the disk too, and gives the position of its `$0`.
    fn open(&mut self, name: &str, text: &str) -> Value {
        let bare = text.replace("$0", "");
        std::fs::write(self.folder.path().join(name), &bare).unwrap();
        let document = json!({ "uri": self.uri(name), "languageId": "purlin", "version": 1, "text": bare });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        position(text)
    }

    fn change(&mut self, name: &str, text: &str) {
        let changes = json!([{ "text": text }]);
        self.tell("textDocument/didChange", json!({ "textDocument": { "uri": self.uri(name), "version": 2 }, "contentChanges": changes }));
    }

    fn at(&mut self, method: &str, name: &str, text: &str) -> Value {
        let position = self.open(name, text);
        let mut params = json!({ "textDocument": { "uri": self.uri(name) }, "position": position });
        params["context"] = json!({ "includeDeclaration": true, "triggerKind": 1 });
        params["newName"] = json!("renamed");
        self.ask(method, params)["result"].clone()
    }

    /// The findings that were published last for a file: after everything that was told so far.
    fn findings(&mut self, name: &str) -> Vec<Value> {
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

fn position(text: &str) -> Value {
    let before = text.split("$0").next().unwrap();
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
    json!({ "line": line, "character": character })
}

/// A line, a column and a column: of the first line of a range.
fn range(value: &Value) -> (u64, u64, u64) {
    let number = |a: &str, b: &str| value[a][b].as_u64().unwrap();
    (number("start", "line"), number("start", "character"), number("end", "character"))
}

const PROGRAM: &str = r#"stack shop

/// What waits for the worker.
queue jobs { visibility = 3m }

function work {
  runtime = "python3.13"
  handler = "work.handler"
  code    = "build/work.zip"
  timeout = 10s

  on  jobs.messages(batch: 1)
  can send jobs
}
"#;

fn labels(items: &Value) -> Vec<String> {
    items.as_array().map(|all| all.iter().map(|i| i["label"].as_str().unwrap().to_string()).collect()).unwrap_or_default()
}

#[test]
fn findings_are_those_of_check() {
    let mut client = Client::start();
    client.open("main.purlin", PROGRAM);
    let told = client.findings("main.purlin");
    let checked = Command::new(env!("CARGO_BIN_EXE_purlin"))
        .args(["check", "--as-of", "2026-11-20", "--format", "json"])
        .arg(client.folder.path())
        .output()
        .unwrap();
    let checked: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let checked: Vec<(String, u64)> = checked["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["rule"].as_str().unwrap().to_string(), f["place"]["line"].as_u64().unwrap() - 1))
        .collect();
    let seen: Vec<(String, u64)> = told.iter().map(|d| (d["code"].as_str().unwrap().to_string(), range(&d["range"]).0)).collect();
    assert_eq!(seen, checked);
    let of_loop = told.iter().find(|d| d["code"] == "event-loop").unwrap();
    assert!(!of_loop["relatedInformation"].as_array().unwrap().is_empty(), "each hop is told: {of_loop}");
    let uri = client.uri("main.purlin");
    let pulled = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(pulled["result"]["items"].as_array().unwrap(), &told, "pulled as pushed");
}

#[test]
fn what_is_not_saved_counts_and_what_is_closed_does_not() {
    let mut client = Client::start();
    client.open("main.purlin", "stack a\n\nqueue jobs { }\n");
    assert_eq!(client.findings("main.purlin"), Vec::<Value>::new());
    client.change("main.purlin", "stack a\n\nqueue jobs { visibilty = 1m }\n");
    assert_eq!(client.findings("main.purlin").len(), 1);
    let uri = client.uri("main.purlin");
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(client.findings("main.purlin"), Vec::<Value>::new(), "the disk counts again");
}

#[test]
fn completion_knows_what_can_stand() {
    let mut client = Client::start();
    for (text, has, has_not) in [
        ("stack a\n\nqu$0\n", &["queue", "function", "let"][..], &["visibility"][..]),
        ("stack a\n\nqueue jobs {\n  $0\n}\n", &["visibility", "dead_letter", "on", "can"], &["queue"]),
        ("stack a\n\nqueue jobs {\n  visibility = 1m\n  $0\n}\n", &["dead_letter"], &["visibility"]),
        ("stack a\n\nfunction f {\n  architecture = $0\n}\n", &["\"arm64\"", "\"x86_64\""], &[]),
        ("stack a\n\nqueue jobs {\n  fifo = $0\n}\n", &["true", "false"], &[]),
        ("stack a\n\nqueue lost { }\n\ntopic news { }\n\nqueue jobs {\n  dead_letter = $0\n}\n", &["lost"], &["news"]),
        ("stack a\n\nqueue jobs { }\n\nbucket files { }\n\nfunction f {\n  on $0\n}\n", &["jobs", "files"], &["f"]),
        ("stack a\n\nqueue jobs { }\n\nfunction f {\n  on jobs.$0\n}\n", &["messages"], &[]),
        ("stack a\n\nqueue jobs { }\n\nfunction f {\n  can $0\n}\n", &["send", "read", "connect"], &["serve"]),
        ("stack a\n\nqueue jobs { }\n\nbucket files { }\n\nfunction f {\n  can send $0\n}\n", &["jobs"], &["files"]),
    ] {
        let found = labels(&client.at("textDocument/completion", "main.purlin", text));
        for label in has {
            assert!(found.iter().any(|l| l == label), "{label} is missing of {found:?}\n{text}");
        }
        for label in has_not {
            assert!(!found.iter().any(|l| l == label), "{label} cannot stand here\n{text}");
        }
    }
    let required = labels(&client.at("textDocument/completion", "main.purlin", "stack a\n\ntable t {\n  $0\n}\n"));
    assert_eq!(required[0], "key", "what has no default comes first");
}

#[test]
fn hover_says_what_a_word_means() {
    let mut client = Client::start();
    for (text, said) in [
        ("stack a\n\nque$0ue jobs { }\n", "a queue"),
        ("stack a\n\nqueue jobs {\n  visi$0bility = 1m\n}\n", "visibility: Duration in 0s..12h = 30s"),
        ("stack a\n\nqueue jobs { }\n\nfunction f {\n  can se$0nd jobs\n}\n", "can send"),
        ("stack a\n\nqueue jobs { }\n\nfunction f {\n  on jobs.mess$0ages()\n}\n", "queue.messages"),
        ("stack a\n\n/// What waits.\nqueue jobs { }\n\nfunction f {\n  can send jo$0bs\n}\n", "What waits."),
        ("stack a\n\n@allow(store-never-u$0sed, \"so\")\nbucket files { }\n", "store-never-used"),
    ] {
        let found = client.at("textDocument/hover", "main.purlin", text);
        let value = found["contents"]["value"].as_str().unwrap_or_default();
        assert!(value.contains(said), "{said} is not in {value}\n{text}");
    }
}

#[test]
fn definitions_lead_to_names_and_into_the_standard_library() {
    let mut client = Client::start();
    let text = "stack a\n\nqueue jobs { }\n\nfunction f {\n  can send jo$0bs\n}\n";
    let found = client.at("textDocument/definition", "main.purlin", text);
    assert_eq!((found["uri"].as_str().unwrap(), range(&found["range"])), (client.uri("main.purlin").as_str(), (2, 6, 10)));
    let found = client.at("textDocument/definition", "main.purlin", "stack a\n\nqueue jobs {\n  visi$0bility = 1m\n}\n");
    let path = PathBuf::from(found["uri"].as_str().unwrap().strip_prefix("file://").unwrap());
    assert!(path.ends_with("stdlib/aws/sqs.purlin") && path.is_file(), "{path:?}");
    let line = std::fs::read_to_string(&path).unwrap().lines().nth(range(&found["range"]).0 as usize).unwrap().to_string();
    assert!(line.trim_start().starts_with("visibility:"), "{line}");
}

#[test]
fn references_and_rename_take_names_and_nothing_else() {
    let mut client = Client::start();
    let text = "stack a\n\n// jobs wait\nqueue jo$0bs { }\n\nfunction f {\n  env { TEXT = \"jobs ${jobs.url}\" }\n\n  can send jobs\n}\n";
    let found = client.at("textDocument/references", "main.purlin", text);
    let lines: Vec<(u64, u64, u64)> = found.as_array().unwrap().iter().map(|l| range(&l["range"])).collect();
    assert_eq!(lines, [(3, 6, 10), (6, 23, 27), (8, 11, 15)]);
    let edit = client.at("textDocument/rename", "main.purlin", text);
    let uri = client.uri("main.purlin");
    assert_eq!(edit["changes"][&uri].as_array().unwrap().len(), 3);
    assert_eq!(client.at("textDocument/documentHighlight", "main.purlin", text).as_array().unwrap().len(), 3);
}

#[test]
fn symbols_folds_and_format() {
    let mut client = Client::start();
    let symbols = client.at("textDocument/documentSymbol", "main.purlin", PROGRAM);
    let names: Vec<(String, String)> = symbols
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["detail"].as_str().unwrap().to_string(), s["name"].as_str().unwrap().to_string()))
        .collect();
    let expected = [("stack", "shop"), ("queue", "jobs"), ("function", "work")].map(|(a, b)| (a.to_string(), b.to_string()));
    assert_eq!(names, expected);
    let folds = client.at("textDocument/foldingRange", "main.purlin", PROGRAM);
    assert_eq!(folds.as_array().unwrap()[0], json!({ "startLine": 5, "endLine": 12 }));
    client.open("main.purlin", "stack a\nqueue   jobs{visibility=1m}\n");
    let uri = client.uri("main.purlin");
    let params = json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = client.ask("textDocument/formatting", params)["result"].clone();
    assert_eq!(edits[0]["newText"], "stack a\nqueue jobs { visibility = 1m }\n");
}

#[test]
fn findings_can_be_mended_or_allowed() {
    let mut client = Client::start();
    let text = "stack a\n\nqueue jobs { visi$0bilty = 1m }\n\nbucket files { }\n";
    let position = client.open("main.purlin", text);
    let uri = client.uri("main.purlin");
    let params =
        json!({ "textDocument": { "uri": uri }, "range": { "start": position, "end": position }, "context": { "diagnostics": [] } });
    let actions = client.ask("textDocument/codeAction", params)["result"].clone();
    assert_eq!(actions[0]["title"], "change it to `visibility`");
    assert_eq!(actions[0]["edit"]["changes"][&uri][0]["newText"], "visibility");
    let place = json!({ "line": 4, "character": 8 });
    let text = "stack a\n\nqueue jobs { }\n\nbucket files { }\n";
    client.change("main.purlin", text);
    let params = json!({ "textDocument": { "uri": uri }, "range": { "start": place, "end": place }, "context": { "diagnostics": [] } });
    let actions = client.ask("textDocument/codeAction", params)["result"].clone();
    assert_eq!(actions[0]["edit"]["changes"][&uri][0]["newText"], "@allow(store-never-used, \"why this is right here\")\n");
}

#[test]
fn columns_are_counted_in_utf_16() {
    let mut client = Client::start();
    client.open("main.purlin", "stack a\n\nqueue jobs { } // \u{1F600}\u{1F600}\noutput x = \"\u{1F600}\" + y\n");
    let told = client.findings("main.purlin");
    let unknown = told.iter().find(|d| d["code"] == "unknown-name").unwrap();
    assert_eq!(range(&unknown["range"]), (3, 18, 19));
}

#[test]
fn what_cannot_be_read_gets_an_error_and_the_next_is_answered() {
    let mut client = Client::start();
    client.open("main.purlin", PROGRAM);
    assert_eq!(client.ask("textDocument/hover", json!({ "nonsense": true }))["error"]["code"], -32602);
    assert_eq!(client.ask("textDocument/unheardOf", json!({}))["error"]["code"], -32601);
    client.tell("textDocument/didChange", json!([1, 2, 3]));
    client.tell(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": "untitled:1", "languageId": "purlin", "version": 1, "text": "x" } }),
    );
    let beyond = json!({ "line": 9_999, "character": 9_999 });
    let uri = client.uri("main.purlin");
    assert!(client.ask("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": beyond }))["error"].is_null());
    assert!(!labels(&client.at("textDocument/completion", "main.purlin", "stack a\n\n$0\n")).is_empty());
}

/// Random edits and requests: the server lives, and in the end says what a fresh one says.
#[test]
fn any_sequence_of_edits_ends_where_a_fresh_server_begins() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let pieces = [
        "queue x { ",
        "}",
        "on jobs.messages()",
        "can send ",
        "\"",
        "${",
        "@allow(",
        "= ",
        "5m",
        "\n",
        "for f: function where ",
        "é\u{1F600}",
    ];
    let methods = ["hover", "completion", "definition", "references", "documentSymbol", "foldingRange", "documentHighlight"];
    let mut client = Client::start();
    client.open("main.purlin", PROGRAM);
    let mut text: Vec<char> = PROGRAM.chars().collect();
    for _ in 0..400 {
        let at = random(text.len() + 1);
        if random(2) == 0 {
            text.splice(at..at, pieces[random(pieces.len())].chars());
        } else {
            let end = (at + random(20)).min(text.len());
            text.drain(at..end);
        }
        let now: String = text.iter().collect();
        client.change("main.purlin", &now);
        let place = json!({ "line": random(20), "character": random(40) });
        let uri = client.uri("main.purlin");
        let params =
            json!({ "textDocument": { "uri": uri }, "position": place, "context": { "includeDeclaration": true, "triggerKind": 1 } });
        let answer = client.ask(&format!("textDocument/{}", methods[random(methods.len())]), params);
        assert!(answer["error"].is_null(), "{answer}\n{now}");
    }
    let end: String = text.iter().collect();
    let told = client.findings("main.purlin");
    let mut fresh = Client::start();
    fresh.open("main.purlin", &end.replace("$0", ""));
    let expected = fresh.findings("main.purlin");
    let bare = |all: &[Value]| all.iter().map(|d| (d["code"].clone(), d["range"].clone(), d["message"].clone())).collect::<Vec<_>>();
    assert_eq!(bare(&told), bare(&expected));
    assert!(Path::new(client.folder.path()).is_dir());
}
