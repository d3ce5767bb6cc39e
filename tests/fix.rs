//! `purlin fix`: what it changes and shows, that a second run changes nothing, and that no text gets worse.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use assert_cmd::Command;
use std::path::Path;

fn fix(folder: &Path, more: &[&str]) -> (i32, String, String) {
    let arguments = [&["fix", ".", "--as-of", "2026-11-20"], more].concat();
    let done = Command::cargo_bin("purlin").unwrap().args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (done.status.code().unwrap(), text(&done.stdout), text(&done.stderr))
}

fn with(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.purlin"), text).unwrap();
    folder
}

fn read(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("main.purlin")).unwrap()
}

const BEFORE: &str = "stack s

@allow(event-loop, \"it ends by itself\")
quue jobs {
  visibilty = 1m
}
";

/// The kind's name is mended first: only then is it known that the property's is wrong too, and then that nothing loops.
const AFTER: &str = "stack s

queue jobs {
  visibility = 1m
}
";

#[test]
fn what_one_mending_uncovers_is_mended_too() {
    let folder = with(BEFORE);
    let (code, out, err) = fix(folder.path(), &[]);
    assert_eq!(read(folder.path()), AFTER, "{err}");
    assert_eq!((code, out.as_str()), (0, "main.purlin\n"), "{err}");
    assert_eq!(fix(folder.path(), &[]).1, "", "a second run changes something");
}

#[test]
fn a_dry_run_shows_all_and_writes_nothing() {
    let folder = with(BEFORE);
    let (code, out, _) = fix(folder.path(), &["--dry-run"]);
    assert_eq!(read(folder.path()), BEFORE);
    assert_eq!(code, 0);
    let wanted = "--- main.purlin\n+++ main.purlin\n@@ -1,6 +1,5 @@\n stack s\n \n-@allow(event-loop, \"it ends by itself\")\n-quue jobs {\n-  visibilty = 1m\n+queue jobs {\n+  visibility = 1m\n }\n";
    assert_eq!(out, wanted);
    assert_eq!(fix(folder.path(), &["--diff"]).1, wanted);
}

#[test]
fn a_fix_twice_is_a_fix_once_and_no_text_gets_worse() {
    let mut changed = 0;
    let mut paths: Vec<_> = std::fs::read_dir("tests/golden").unwrap().map(|e| e.unwrap().path().join("input.purlin")).collect();
    paths.sort();
    for path in paths.iter().filter(|p| p.exists()) {
        let before = std::fs::read_to_string(path).unwrap();
        let folder = with(&before);
        let faults = |text: &str| purlin::syntax::parse(purlin::base::FileId(0), text.into()).diagnostics.len();
        fix(folder.path(), &[]);
        let once = read(folder.path());
        assert!(faults(&once) <= faults(&before), "{} is worse:\n{once}", path.display());
        fix(folder.path(), &[]);
        assert_eq!(read(folder.path()), once, "{}", path.display());
        changed += usize::from(once != before);
    }
    assert!(changed >= 10, "only {changed} cases are mended");
}
