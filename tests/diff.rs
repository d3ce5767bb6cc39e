//! `purlin diff`: what changes between two revisions, as text, Markdown and data, of folders and of Git.
//! `PURLIN_BLESS=1 cargo test --test diff` writes `tests/diff/*.{txt,md,json}` anew: read them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

const OLD: &str = include_str!("diff/old.purlin");
const NEW: &str = include_str!("diff/new.purlin");

fn purlin(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let arguments = [&["diff", "--as-of", "2026-11-20"], arguments].concat();
    let done = Command::cargo_bin("purlin").unwrap().args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (done.status.code().unwrap(), text(&done.stdout), text(&done.stderr))
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").args(who).args(arguments).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Both revisions in folders beside each other.
fn both() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("old/main.purlin"), OLD);
    write(&folder.path().join("new/main.purlin"), NEW);
    folder
}

#[test]
fn each_form_is_as_it_was() {
    let folder = both();
    for (format, extension) in [("text", "txt"), ("markdown", "md"), ("json", "json")] {
        let (code, found, err) = purlin(folder.path(), &["old", "new", "--format", format]);
        assert_eq!(code, 0, "{err}");
        let path = format!("tests/diff/expected.{extension}");
        if std::env::var_os("PURLIN_BLESS").is_some() {
            std::fs::write(&path, &found).unwrap();
        }
        assert_eq!(
            found,
            std::fs::read_to_string(&path).unwrap_or_default(),
            "{path}: run PURLIN_BLESS=1 cargo test --test diff and read it"
        );
    }
}

#[test]
fn what_is_gained_one_way_is_lost_the_other() {
    let folder = both();
    let read = |a: &str, b: &str| serde_json::from_str::<Value>(&purlin(folder.path(), &[a, b, "--format", "json"]).1).unwrap()[0].clone();
    let (there, back) = (read("old", "new"), read("new", "old"));
    for part in ["declarations", "edges", "rights", "public"] {
        assert_eq!(there[part]["gained"], back[part]["lost"], "{part}");
        assert_eq!(there[part]["lost"], back[part]["gained"], "{part}");
    }
    assert_eq!(purlin(folder.path(), &["old", "old"]).1, "no changes\n");
}

#[test]
fn a_revision_of_git_is_read_without_checking_it_out() {
    let folder = both();
    let app = folder.path().join("app");
    write(&app.join("infra/main.purlin"), OLD);
    git(&app, &["init", "-q"]);
    git(&app, &["add", "."]);
    git(&app, &["commit", "-q", "-m", "first"]);
    write(&app.join("infra/main.purlin"), NEW);
    let expected = purlin(folder.path(), &["old", "new"]).1;
    assert_eq!(purlin(&app, &["HEAD", "--path", "infra"]).1, expected, "the files as they are");
    assert_eq!(purlin(&app.join("infra"), &["HEAD"]).1, expected, "from within the folder");
    git(&app, &["commit", "-q", "-a", "-m", "second"]);
    assert_eq!(purlin(&app, &["HEAD~1", "HEAD", "--path", "infra/main.purlin"]).1, expected, "two revisions");
    let (code, _, err) = purlin(&app, &["no-such-branch", "--path", "infra"]);
    assert!(code == 2 && err.contains("neither a path nor a revision"), "{err}");
}

#[test]
fn a_stack_that_goes_takes_its_data_with_it() {
    let folder = both();
    write(&folder.path().join("gone/main.purlin"), "stack other\n\n@allow(store-never-used, \"read by hand\")\nbucket files { }\n");
    let (_, text, _) = purlin(folder.path(), &["old", "gone", "--format", "json"]);
    let all: Value = serde_json::from_str(&text).unwrap();
    let shop = all.as_array().unwrap().iter().find(|d| d["stack"] == "shop").unwrap().clone();
    let data = |id: &str| shop["replaced"].as_array().unwrap().iter().find(|r| r["resource"] == id).unwrap()["data"].clone();
    assert_eq!(data("Orders"), "is lost");
    assert_eq!(data("Files"), "stays, outside of the stack");
}

#[test]
fn a_revision_with_errors_is_told() {
    let folder = both();
    write(&folder.path().join("bad/main.purlin"), "stack shop\n\nquue jobs { }\n");
    let (code, out, err) = purlin(folder.path(), &["old", "bad"]);
    assert!(code == 1 && out.is_empty() && err.contains("the new revision has errors") && err.contains("unknown-kind"), "{err}");
}
