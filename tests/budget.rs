//! `purlin budget`: meters of limits, and who waits for whom with what is left at each hop.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use assert_cmd::Command;

const PROGRAM: &str = r#"stack t

http_api front { }

queue jobs { retention = 7d }

function a {
  runtime = "python3.13"
  handler = "a.handler"
  code    = "build/a.zip"
  timeout = 25s
  memory  = 5GB

  on  front.route("GET /x")
  on  front.route("GET /y", timeout: 20s)
  can invoke b
  can send jobs
}

function b {
  runtime = "python3.13"
  handler = "b.handler"
  code    = "build/b.zip"
  timeout = 22s

  can run steps
}

state_machine steps {
  type    = "express"
  start   = "wait"
  timeout = 30s
  states  = { wait = { type = "wait", seconds = 10, end = true } }
}
"#;

fn budget(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.purlin"), PROGRAM).unwrap();
    let output = Command::cargo_bin("purlin").unwrap().current_dir(folder.path()).arg("budget").args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn limits_of_which_much_is_used_are_shown_and_the_slack_of_each_hop() {
    insta::assert_snapshot!(budget(&[]));
}

#[test]
fn all_of_them_are_shown_when_asked_for() {
    let (some, all) = (budget(&[]), budget(&["--all"]));
    let meters = |text: &str| text.lines().filter(|l| l.contains('%')).count();
    assert!(meters(&all) > meters(&some) && !all.contains("less than a tenth"), "{all}");
}

#[test]
fn as_data_it_is_the_same() {
    let data: serde_json::Value = serde_json::from_str(&budget(&["--format", "json"])).unwrap();
    let limits = data[0]["limits"].as_array().unwrap();
    assert!(limits.iter().any(|l| l["what"] == "queue.retention" && l["value"] == "7d" && l["limit"] == "14d" && l["share"] == 0.5));
    assert_eq!(data[0]["deadlines"][0]["hops"][0][0], "a");
}
