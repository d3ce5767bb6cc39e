//! The language server over the real binary's standard input and output. `$0` in a text is where the cursor is.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod cases;
mod client;
mod templates;

use client::{Client, range};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

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
    // Every word and every place: what one shows is what the other says.
    let folder = std::fs::canonicalize(client.folder.path()).unwrap();
    let short = |path: &str| path.strip_prefix("file://").unwrap_or(path).replace(&format!("{}/", folder.display()), "");
    let number = |v: &Value| v.as_u64().unwrap();
    let checked: Vec<Value> = checked["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let place = |p: &Value| {
                json!([
                    short(p["file"].as_str().unwrap()),
                    number(&p["line"]) - 1,
                    number(&p["column"]) - 1,
                    number(&p["end_line"]) - 1,
                    number(&p["end_column"]) - 1
                ])
            };
            let message: Vec<&str> =
                [&f["message"], &f["help"]].into_iter().chain(f["notes"].as_array().unwrap()).filter_map(Value::as_str).collect();
            let related: Vec<Value> = f["related"].as_array().unwrap().iter().map(|r| place(&r["place"])).collect();
            json!([f["rule"], f["severity"], message.join("\n"), place(&f["place"]), related])
        })
        .collect();
    let seen: Vec<Value> = told
        .iter()
        .map(|d| {
            let severity = ["", "error", "warning", "advice"][number(&d["severity"]) as usize];
            let place = |uri: &str, r: &Value| {
                json!([short(uri), r["start"]["line"], r["start"]["character"], r["end"]["line"], r["end"]["character"]])
            };
            let related: Vec<Value> = d["relatedInformation"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| place(r["location"]["uri"].as_str().unwrap(), &r["location"]["range"]))
                .collect();
            json!([d["code"], severity, d["message"], place("main.purlin", &d["range"]), related])
        })
        .collect();
    assert!(checked.len() >= 2, "{checked:?}");
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

/// Copies of the library are where nobody else can put or replace them, and are gone after the end.
#[cfg(unix)]
#[test]
fn copies_of_the_standard_library_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let shared = tempfile::tempdir().unwrap();
    // What was once the name of the folder: a link of somebody else, with a link to a file of this user in it.
    let (trap, precious) = (shared.path().join("trap"), shared.path().join("precious"));
    std::fs::create_dir_all(trap.join("stdlib/aws")).unwrap();
    std::fs::write(&precious, "precious").unwrap();
    std::os::unix::fs::symlink(&precious, trap.join("stdlib/aws/sqs.purlin")).unwrap();
    std::os::unix::fs::symlink(&trap, shared.path().join(format!("purlin-{}", env!("CARGO_PKG_VERSION")))).unwrap();
    let text = "stack a\n\nqueue jobs {\n  visi$0bility = 1m\n}\n";
    let start = || {
        let mut client = Client::silent_in(shared.path());
        client.ask("initialize", json!({ "capabilities": {} }));
        client
    };
    let (mut client, mut other) = (start(), start());
    let copy = |client: &mut Client| {
        let found = client.at("textDocument/definition", "main.purlin", text);
        PathBuf::from(found["uri"].as_str().unwrap().strip_prefix("file://").unwrap())
    };
    let (mine, theirs) = (copy(&mut client), copy(&mut other));
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");
    assert!(mine.starts_with(shared.path()) && mine != theirs, "{mine:?}, {theirs:?}");
    let folder = mine.ancestors().find(|p| p.parent() == Some(shared.path())).unwrap().to_path_buf();
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(copy(&mut client), mine, "one copy serves as long as it is there");
    // A cleaner of temporary files has been there.
    std::fs::remove_dir_all(&folder).unwrap();
    let again = copy(&mut client);
    assert!(again != mine && again.is_file(), "{again:?}");
    for client in [&mut client, &mut other] {
        client.ask("shutdown", Value::Null);
        client.tell("exit", Value::Null);
        assert!(client.child.wait().unwrap().success());
    }
    let mut left: Vec<String> = shared.path().read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    assert_eq!(left, ["precious".to_string(), format!("purlin-{}", env!("CARGO_PKG_VERSION")), "trap".to_string()]);
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

/// A client that can choose among edits is asked whether what is deployed keeps its logical id.
#[test]
fn a_rename_offers_to_keep_what_is_deployed() {
    let capabilities = json!({ "workspace": { "workspaceEdit": { "documentChanges": true, "changeAnnotationSupport": {} } } });
    let mut client = Client::with(json!({ "capabilities": capabilities }));
    let edit = client.at("textDocument/rename", "main.purlin", "stack a\n\nqueue jo$0bs { }\n");
    let edits = edit["documentChanges"][0]["edits"].as_array().unwrap();
    assert_eq!(edits[0]["newText"], "renamed");
    assert_eq!((&edits[1]["newText"], &edits[1]["annotationId"]), (&json!("@id(\"Jobs\")\n"), &json!("keep")));
    assert_eq!(edit["changeAnnotations"]["keep"]["needsConfirmation"], true);
}

/// Who asks for findings is not told them too: an editor would show each twice.
#[test]
fn findings_are_told_or_asked_for() {
    for (options, asks) in [(json!({}), true), (json!({ "initializationOptions": { "diagnostics": "push" } }), false)] {
        let mut initialize = options;
        initialize["capabilities"] = json!({ "textDocument": { "diagnostic": {} } });
        let mut client = Client::with(initialize);
        client.open("main.purlin", "stack a\n\nqueue jobs { visibilty = 1m }\n");
        assert_eq!(client.findings("main.purlin").is_empty(), asks);
        let all = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
        assert_eq!(all["result"]["items"][0]["items"][0]["code"], "unknown-property");
    }
}

/// Several folders, each a project of its own; and a file that its project does not name.
#[test]
fn several_roots_and_files_outside_of_projects_do_not_mix() {
    let mut client = Client::start();
    for folder in ["one", "two"] {
        std::fs::create_dir(client.folder.path().join(folder)).unwrap();
        std::fs::write(client.folder.path().join(folder).join("purlin.toml"), "sources = [\"main.purlin\"]\n").unwrap();
    }
    client.open("one/main.purlin", "stack a\n\nqueue jobs { }\n");
    client.open("two/main.purlin", "stack a\n\nqueue jobs { visibilty = 1m }\n");
    client.open("two/scratch.purlin", "stack b\n\nqueue jobs { retenton = 1m }\n");
    let said = |all: Vec<Value>| all.iter().map(|d| d["message"].as_str().unwrap().lines().next().unwrap().to_string()).collect::<Vec<_>>();
    assert_eq!(said(client.findings("one/main.purlin")), Vec::<String>::new());
    assert_eq!(said(client.findings("two/main.purlin")), ["a queue has no `visibilty`"]);
    assert_eq!(said(client.findings("two/scratch.purlin")), ["a queue has no `retenton`"]);
}

/// What stands beside a source is looked at anew when the editor says that it changed.
#[test]
fn what_stands_beside_a_source_counts_when_it_changes() {
    let mut client = Client::start();
    std::fs::write(client.folder.path().join("name.txt"), "a").unwrap();
    client.open("main.purlin", "stack a\n\nqueue jobs { physical_name = read_text(\"name.txt\") }\n");
    assert_eq!(client.findings("main.purlin"), Vec::<Value>::new());
    std::fs::remove_file(client.folder.path().join("name.txt")).unwrap();
    let uri = client.uri("name.txt");
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 3 }] }));
    assert_eq!(client.findings("main.purlin")[0]["code"], "unreadable-file");
}

/// Changes of a part of a text, as editors send them, each on top of the one before.
#[test]
fn parts_of_a_text_can_change() {
    let mut client = Client::start();
    client.open("main.purlin", "stack a\n\nqueue \u{1F600} { }\n");
    let at =
        |line: u32, from: u32, to: u32| json!({ "start": { "line": line, "character": from }, "end": { "line": line, "character": to } });
    let uri = client.uri("main.purlin");
    let changes = json!([{ "range": at(2, 6, 8), "text": "jobs" }, { "range": at(2, 13, 13), "text": "visibilty = 1m " }]);
    client.tell("textDocument/didChange", json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": changes }));
    let told = client.findings("main.purlin");
    assert_eq!((told.len(), &told[0]["code"], range(&told[0]["range"])), (1, &json!("unknown-property"), (2, 13, 22)));
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
    client.open("main.purlin", "stack a\n\nqueue   jobs{visibility=1m}\n");
    let uri = client.uri("main.purlin");
    let params = json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = client.ask("textDocument/formatting", params)["result"].clone();
    assert_eq!((edits.as_array().unwrap().len(), &edits[0]["newText"]), (1, &json!("queue jobs { visibility = 1m }\n")), "only the line");
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
fn what_comes_late_does_not_hinder_the_end() {
    let mut client = Client::start();
    client.open("main.purlin", PROGRAM);
    assert!(client.ask("shutdown", Value::Null)["error"].is_null());
    client.tell("$/cancelRequest", json!({ "id": 1 }));
    assert_eq!(client.ask("textDocument/hover", json!({}))["error"]["code"], -32600);
    client.tell("exit", Value::Null);
    assert!(client.child.wait().unwrap().success());
}

/// The exit code tells whether the editor shut the server down first, however the session ends.
#[test]
fn the_exit_code_tells_whether_shutdown_came_first() {
    for (greets, shuts_down, exits, code) in
        [(true, true, true, 0), (true, false, true, 1), (false, false, true, 1), (true, true, false, 0), (true, false, false, 1)]
    {
        let mut client = if greets { Client::start() } else { Client::silent() };
        if shuts_down {
            client.ask("shutdown", Value::Null);
        }
        if exits {
            client.tell("exit", Value::Null);
        } else {
            client.hang_up();
        }
        assert_eq!(client.child.wait().unwrap().code(), Some(code), "{greets} {shuts_down} {exits}");
    }
}

/// A request that is cancelled while the server still works on what came before it is not answered with a result.
#[test]
fn cancelled_requests_are_answered_as_cancelled() {
    let mut client = Client::start();
    let queues: String = (0..2000).map(|i| format!("queue q{i} {{ }}\n")).collect();
    let uri = client.uri("main.purlin");
    let document = json!({ "uri": uri, "languageId": "purlin", "version": 1, "text": format!("stack a\n{queues}") });
    let mut all = vec![json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } })];
    let hover = json!({ "textDocument": { "uri": uri }, "position": { "line": 1, "character": 1 } });
    let request = |id: Value| json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": hover });
    let ids = [json!(101), json!("one"), json!(102)];
    all.extend(ids.iter().map(|id| request(id.clone())));
    all.extend(ids[..2].iter().map(|id| json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": id } })));
    let text: String = all.iter().map(Value::to_string).map(|text| format!("Content-Length: {}\r\n\r\n{text}", text.len())).collect();
    client.write(&text);
    let mut answers = std::iter::repeat_with(|| client.receive()).filter(|m| m.get("id").is_some());
    for id in &ids {
        let answer = answers.next().unwrap();
        assert_eq!(&answer["id"], id);
        assert_eq!(answer["error"]["code"], if *id == json!(102) { Value::Null } else { json!(-32800) }, "{answer}");
    }
}

/// A message that would not fit into memory ends the server with a message, and costs nothing before.
#[test]
fn what_is_too_large_ends_with_a_message() {
    let long = format!("X-Long: {}", "x".repeat(1 << 20));
    for (header, said) in [
        ("Content-Length: 67108865\r\n\r\n", "at most 67108864"),
        ("Content-Length: 99999999999\r\n\r\n", "99999999999 bytes"),
        ("Content-Length: 99999999999999999999999999\r\n\r\n", "at most 67108864"),
        (long.as_str(), "a header of more than"),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_purlin"))
            .arg("lsp")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // The server may be gone before everything is written.
        let mut input = child.stdin.take().unwrap();
        let _ = std::io::Write::write_all(&mut input, header.as_bytes());
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.starts_with("purlin: the editor cannot be read: ") && error.contains(said), "{error}");
        drop(input);
    }
}

/// What is no message gets an error without a number, and the next is answered.
#[test]
fn what_is_no_message_gets_an_error_too() {
    let mut client = Client::start();
    client.open("main.purlin", PROGRAM);
    client.findings("main.purlin");
    for nonsense in ["Content-Length: 5\r\n\r\n{{{{{", "Content-Length: 2\r\n\r\n42", "Content-Length: no\r\n\r\n", "no header\r\n"] {
        client.write(nonsense);
        let mut answer = client.receive();
        while answer["id"] != Value::Null || answer["error"].is_null() {
            answer = client.receive();
        }
        assert_eq!(answer["error"]["code"], -32700, "{nonsense:?}");
    }
    assert!(!labels(&client.at("textDocument/completion", "main.purlin", "stack a\n\n$0\n")).is_empty());
}

#[test]
fn who_has_not_greeted_is_not_served() {
    let mut client = Client::silent();
    assert_eq!(client.ask("textDocument/hover", json!({}))["error"]["code"], -32002);
    assert!(client.ask("initialize", json!({ "capabilities": {} }))["result"]["capabilities"].is_object());
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

/// A hundred sequences of a hundred random edits and requests: the server lives, and after each says what a fresh one says.
#[test]
fn any_sequence_of_edits_ends_where_a_fresh_server_begins() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut client = Client::start();
    client.open("main.purlin", PROGRAM);
    for sequence in 0..100 {
        let mut text: Vec<char> = PROGRAM.chars().collect();
        client.change("main.purlin", PROGRAM);
        for _ in 0..100 {
            let at = random(text.len() + 1);
            if random(2) == 0 {
                text.splice(at..at, PIECES[random(PIECES.len())].chars());
            } else {
                let end = (at + random(20)).min(text.len());
                text.drain(at..end);
            }
            let now: String = text.iter().collect();
            client.change("main.purlin", &now);
            let method = METHODS[random(METHODS.len())];
            let answer = client.ask(method, anywhere(&client, random(20), random(40)));
            // Only names can be renamed; elsewhere the editor is told why not.
            let refused = method == "textDocument/rename" && answer["error"]["code"] == -32602;
            assert!(refused || answer["error"].is_null(), "{answer}\n{now}");
        }
        let end: String = text.iter().collect();
        let told = client.findings("main.purlin");
        let mut fresh = Client::start();
        fresh.open("main.purlin", &end.replace("$0", ""));
        let expected = fresh.findings("main.purlin");
        let bare = |client: &Client, all: &[Value]| {
            let folder = client.folder.path().display().to_string();
            all.iter().map(|d| json!([d["code"], d["range"], d["message"]]).to_string().replace(&folder, "")).collect::<Vec<_>>()
        };
        assert_eq!(bare(&client, &told), bare(&fresh, &expected), "sequence {sequence}\n{end}");
    }
    assert!(Path::new(client.folder.path()).is_dir());
}

const PIECES: [&str; 15] = [
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
    "component c(n: Int) { ",
    "let x = [y for y in ",
    "use \"./main.purlin\" as me\n",
];

const METHODS: [&str; 24] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/signatureHelp",
    "textDocument/definition",
    "textDocument/typeDefinition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/linkedEditingRange",
    "textDocument/documentLink",
    "textDocument/prepareCallHierarchy",
    "textDocument/documentSymbol",
    "workspace/symbol",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/semanticTokens/full",
    "textDocument/formatting",
    "textDocument/rangeFormatting",
    "textDocument/onTypeFormatting",
    "textDocument/codeAction",
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/diagnostic",
];

/// The parameters of any request, at some place.
fn anywhere(client: &Client, line: usize, column: usize) -> Value {
    let place = json!({ "line": line, "character": column });
    json!({
        "textDocument": { "uri": client.uri("main.purlin") },
        "position": place,
        "positions": [place],
        "range": { "start": { "line": line / 2, "character": 0 }, "end": place },
        "context": { "includeDeclaration": true, "triggerKind": 1, "isRetrigger": false, "diagnostics": [] },
        "options": { "tabSize": 2, "insertSpaces": true },
        "newName": "renamed",
        "query": "",
        "ch": "}",
    })
}
