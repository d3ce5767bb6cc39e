//! `purlin serve` over plain HTTP: what it tells is what the other commands say, and who may not ask is not answered.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = "stack shop\n\nqueue jobs { visibility = 3m }\n\nfunction work {\n  runtime = \"python3.13\"\n  handler = \"work.handler\"\n  code    = \"build/work.zip\"\n  timeout = 10s\n\n  on jobs.messages(batch: 1)\n}\n";

struct Served {
    child: Child,
    port: u16,
    token: String,
    folder: tempfile::TempDir,
}

impl Served {
    fn start(text: &str) -> Served {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.purlin"), text).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_purlin"))
            .args(["serve", "--port", "0", "--as-of", "2026-11-20"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (port, token) = line.trim().strip_prefix("http://127.0.0.1:").unwrap().strip_suffix('/').unwrap().split_once('/').unwrap();
        Served { child, port: port.parse().unwrap(), token: token.into(), folder }
    }

    /// Sends a request as it stands; gives the status and the rest of the answer.
    fn raw(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        // The server may have answered what is too long before it is written.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        (status, answer)
    }

    fn get(&self, name: &str) -> (u16, String) {
        self.raw(&format!("GET /{}/{name} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.token, self.port))
    }

    fn state(&self, since: u64) -> Value {
        let (status, answer) = self.get(&format!("state?since={since}"));
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer[answer.find("\r\n\r\n").unwrap() + 4..]).unwrap()
    }

    fn said(&self, command: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_purlin")).args(command).arg(self.folder.path()).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_tells_what_the_commands_say() {
    let served = Served::start(PROGRAM);
    let state = served.state(0);
    let checked = served.said(&["check", "--as-of", "2026-11-20", "--format", "json"]);
    assert_eq!(state["findings"], checked["findings"]);
    assert_eq!(state["findings"][0]["rule"], "queue-never-filled");
    let graph = served.said(&["graph", "--format", "json"]);
    let names = |list: &Value| list.as_array().unwrap().iter().map(|n| n["name"].as_str().unwrap().to_string()).collect::<Vec<_>>();
    assert_eq!(names(&state["declarations"]), names(&graph["nodes"]));
    let work = &state["declarations"][1];
    assert_eq!((&work["from"], &work["to"]), (&Value::from(5), &Value::from(12)));
    assert!(work["cloudformation"].as_str().unwrap().contains("AWS::Lambda::Function"));
    let because = &work["policy"].as_array().unwrap().iter().find(|s| s["actions"][0] == "sqs:ReceiveMessage").unwrap()["because"][0];
    assert_eq!((&because["line"], &because["text"]), (&Value::from(11), &Value::from("on jobs.messages(batch: 1)")));
    assert_eq!(state["files"][0]["text"], PROGRAM);
}

#[test]
fn it_follows_the_files() {
    let served = Served::start(PROGRAM);
    let first = served.state(0);
    std::fs::write(served.folder.path().join("main.purlin"), PROGRAM.replace("visibility", "visibilty")).unwrap();
    let second = served.state(first["version"].as_u64().unwrap());
    assert!(second["findings"].as_array().unwrap().iter().any(|f| f["rule"] == "unknown-property"));
    assert_eq!(
        (&second["stacks"][0]["old"], &second["stacks"][0]["svg"]),
        (&Value::from(true), &first["stacks"][0]["svg"]),
        "the last that could be drawn"
    );
    std::fs::remove_file(served.folder.path().join("main.purlin")).unwrap();
    let third = served.state(second["version"].as_u64().unwrap());
    assert!(third["error"].as_str().unwrap().contains("holds no .purlin file"), "{}", third["error"]);
    std::fs::write(served.folder.path().join("main.purlin"), PROGRAM).unwrap();
    assert!(served.state(third["version"].as_u64().unwrap())["error"].is_null());
}

#[test]
fn who_may_not_ask_is_not_answered() {
    let served = Served::start(PROGRAM);
    let (port, token) = (served.port, served.token.as_str());
    assert_eq!(token.len(), 32, "{token}");
    assert_ne!(token, Served::start(PROGRAM).token, "each run has its own");
    let by = |host: &str, more: &str, path: &str| served.raw(&format!("GET {path} HTTP/1.1\r\n{host}{more}Connection: close\r\n\r\n")).0;
    let own = format!("Host: 127.0.0.1:{port}\r\n");
    let page = format!("/{token}/");
    let wrong = if let Some(rest) = token.strip_prefix('0') { format!("1{rest}") } else { format!("0{}", &token[1..]) };
    for file in ["", "style.css", "script.js", "state"] {
        assert_eq!(by(&own, "", &format!("/{token}/{file}")), 200, "{file}");
        for path in [format!("/{file}"), format!("/{wrong}/{file}"), format!("//{file}"), format!("/{}/{file}", &token[1..])] {
            assert_eq!(by(&own, "", &path), 403, "{path}");
        }
    }
    for (host, expected) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("LOCALHOST:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        ("evil.example".into(), 403),
        (format!("evil.example:{port}"), 403),
        (format!("localhost.evil.example:{port}"), 403),
        (format!("evil.example@localhost:{port}"), 403),
        (format!("localhost:{port}0"), 403),
        ("localhost".into(), 403),
        (String::new(), 403),
    ] {
        assert_eq!(by(&format!("Host: {host}\r\n"), "", &page), expected, "{host}");
    }
    assert_eq!(by("", "", &page), 403, "no host");
    assert_eq!(by(&own, "Host: evil.example\r\n", &page), 403, "two hosts");
    assert_eq!(by(&own, &format!("Origin: http://localhost:{port}\r\n"), &page), 200);
    for origin in ["https://evil.example".to_string(), "null".into(), format!("https://localhost:{port}"), "http://localhost:1".into()] {
        assert_eq!(by(&own, &format!("Origin: {origin}\r\n"), &page), 403, "{origin}");
    }
    let path = |path: &str| by(&own, "", &format!("/{token}{path}"));
    assert_eq!([path("/../main.purlin"), path("/%2e%2e/etc/passwd"), path("/main.purlin"), path("")], [404, 404, 404, 403]);
    for method in ["POST", "HEAD", "PUT", "OPTIONS"] {
        assert_eq!(served.raw(&format!("{method} {page} HTTP/1.1\r\n{own}Content-Length: 0\r\n\r\n")).0, 405, "{method}");
    }
    let (status, answer) = served.get("");
    assert_eq!(status, 200, "it goes on");
    for header in ["Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer"] {
        assert!(answer.contains(header), "{header}");
    }
}

#[cfg(target_os = "linux")]
fn threads(served: &Served) -> usize {
    std::fs::read_dir(format!("/proc/{}/task", served.child.id())).unwrap().count()
}

/// What is asked is bounded: in bytes, in headers, in time, and in connections at once.
#[test]
fn requests_are_bounded() {
    let served = Served::start(PROGRAM);
    let own = format!("Host: 127.0.0.1:{}\r\n", served.port);
    let page = format!("GET /{}/ HTTP/1.1\r\n{own}", served.token);
    for (request, expected) in [
        ("nonsense\r\n\r\n".to_string(), 400),
        ("\0\u{1}\r\n\r\n".to_string(), 400),
        (format!("GET /{} HTTP/1.1\r\n{own}\r\n", "x".repeat(3 << 10)), 414),
        ("x".repeat(200_000), 414),
        (format!("{page}X-Long: {}\r\n\r\n", "x".repeat(15 << 10)), 200),
        (format!("{page}X-Long: {}\r\n\r\n", "x".repeat(17 << 10)), 431),
        (format!("{page}X-Long: {}", "x".repeat(200_000)), 431),
        (format!("{page}{}\r\n", "X: y\r\n".repeat(60)), 200),
        (format!("{page}{}\r\n", "X: y\r\n".repeat(100)), 431),
        // The end never comes.
        (page.clone(), 408),
    ] {
        let start: String = request.chars().take(80).collect();
        assert_eq!(served.raw(&request).0, expected, "{start}");
    }
    // Half a request each: as many as may be, and no more.
    let idle: Vec<TcpStream> = (0..200).map(|_| TcpStream::connect(("127.0.0.1", served.port)).unwrap()).collect();
    std::thread::sleep(std::time::Duration::from_millis(500));
    #[cfg(target_os = "linux")]
    assert!(threads(&served) <= 40, "{}", threads(&served));
    drop(idle);
    let answered = (0..50).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        served.get("").0 == 200
    });
    assert!(answered, "it goes on");
}

#[test]
fn what_cannot_be_served_is_said_and_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_purlin")).arg("serve").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("holds no .purlin file"));
    let taken = Served::start(PROGRAM);
    let output = Command::new(env!("CARGO_BIN_EXE_purlin"))
        .args(["serve", "--port", &taken.port.to_string()])
        .arg(taken.folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be listened on"));
}
