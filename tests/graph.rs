//! `purlin graph`: every form shows every declaration and edge, and marks what was found; the picture can be read.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use assert_cmd::Command;
use std::path::Path;

fn graph(folder: &Path, format: &str) -> (i32, String) {
    let arguments = ["graph", ".", "--as-of", "2026-11-20", "--format", format];
    let done = Command::cargo_bin("purlin").unwrap().args(arguments).current_dir(folder).output().unwrap();
    (done.status.code().unwrap(), String::from_utf8(done.stdout).unwrap())
}

fn with(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.purlin"), text).unwrap();
    folder
}

fn function(name: &str, body: &str) -> String {
    let code = "  runtime = \"python3.13\"\n  handler = \"index.handler\"\n  inline  = \"def handler(e, c): pass\"\n  timeout = 10s\n";
    format!("\nfunction {name} {{\n{code}\n{body}}}\n")
}

const LOOP: &str = "  on  files.created(prefix: \"in/\")\n  can write files(\"in/small/*\")\n";

fn looping() -> tempfile::TempDir {
    let other = function("other", "  can read files\n");
    with(&format!("stack s\n\nbucket files {{ }}\n{}{other}", function("resize", LOOP)))
}

#[test]
fn a_loop_is_drawn_and_marked_in_every_form() {
    let folder = looping();
    let (code, json) = graph(folder.path(), "json");
    assert_eq!(code, 0, "what a rule finds is drawn");
    let picture: serde_json::Value = serde_json::from_str(&json).unwrap();
    let looped = |edge: &&serde_json::Value| {
        let findings = edge["findings"].as_array();
        findings.is_some_and(|all| all.iter().any(|m| m["rule"] == "event-loop" && m["severity"] == "error"))
    };
    let marked: Vec<_> =
        picture["edges"].as_array().unwrap().iter().filter(looped).map(|e| e["from"].as_str().unwrap().to_string()).collect();
    assert_eq!(marked, ["files", "resize"], "{json}");
    let mermaid = graph(folder.path(), "mermaid").1;
    assert_eq!(mermaid.matches("stroke:#c62828").count(), 2, "{mermaid}");
    let dot = graph(folder.path(), "dot").1;
    assert_eq!(dot.lines().filter(|l| l.contains("->") && l.contains("#c62828")).count(), 2, "{dot}");
    let svg = graph(folder.path(), "svg").1;
    assert_eq!(svg.matches("<path").count(), 3, "{svg}");
    assert_eq!(svg.split("<path").skip(1).filter(|path| path.split('>').next().unwrap().contains("#c62828")).count(), 2, "{svg}");
}

#[test]
fn a_mistake_leaves_nothing_to_draw() {
    assert_eq!(graph(with("stack s\n\nquue jobs { }\n").path(), "svg"), (1, String::new()));
}

/// The boxes of a picture: left, top, width, height.
fn boxes(svg: &str) -> Vec<[f64; 4]> {
    let pattern = regex::Regex::new(r#"<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)""#).unwrap();
    pattern.captures_iter(svg).map(|c| [1, 2, 3, 4].map(|at| c[at].parse().unwrap())).collect()
}

#[test]
fn sixty_declarations_stand_apart_and_hold_their_names() {
    let mut program = String::from("stack s\n\nhttp_api front { }\n");
    for n in 0..20 {
        program.push_str(&format!("\nqueue jobs_{n} {{ visibility = 1m }}\n\nbucket files_{n} {{ }}\n"));
        let body = format!("  on  jobs_{n}.messages()\n  can write files_{n}\n  can send jobs_{}\n", (n + 1).min(19));
        let body = if n == 19 { body.replace("  can send jobs_19\n", "") } else { body };
        program.push_str(&function(&format!("work_{n}"), &body));
    }
    let folder = with(&program);
    let svg = graph(folder.path(), "svg").1;
    let boxes = boxes(&svg);
    assert_eq!(boxes.len(), 61);
    for (at, a) in boxes.iter().enumerate() {
        for b in &boxes[at + 1..] {
            let apart = a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
            assert!(apart, "{a:?} and {b:?} overlap");
        }
    }
    for n in 0..20 {
        for name in [format!("jobs_{n}"), format!("files_{n}"), format!("work_{n}")] {
            assert!(svg.contains(&format!(">{name}</tspan>")), "{name} is not in the picture");
        }
    }
    assert_eq!(svg.matches("href=").count(), svg.matches("href=\"#").count(), "it stands for itself");
    assert_eq!(graph(folder.path(), "svg").1, svg, "it is always the same");
}
