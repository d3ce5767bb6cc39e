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

/// Programs with one mistake in the line that uses a declaration: the declaration stays, whatever is fixed.
#[test]
fn what_a_broken_line_uses_is_not_removed() {
    let component = "component inbox(keep: Duration = 4d) {\n  queue todo { retention = keep }\n}\n\n";
    for (declaration, rest, kept) in [
        ("let keep = 3d\n\n", "queue q { retentoin: keep }\n", "let keep = 3d"),
        (component, "inbx orders { }\n", "component inbox("),
        (component, "module inbox orders { }\n", "component inbox("),
        ("setting hours: Int in 1..10 = 3\n\n", "queue q { max_receives = !Ref hours }\n", "setting hours"),
        ("let n = 3\n\n", "queue q { max_receives = local.n }\n", "let n = 3"),
        ("let keep = 3d\n\n", "queue q { retention = ${keep} }\n", "let keep = 3d"),
        ("param name: String = \"x\"\n\n", "queue q { physical_name = { \"Ref\": \"name\" } }\n", "param name"),
        ("setting hours: Int = 3\n\n", "queue q { max_receives = var.hours }\n", "setting hours"),
    ] {
        let text = format!("stack a\n\n{declaration}{rest}");
        let folder = with(&text);
        let before = errors(folder.path());
        fix(folder.path(), &[]);
        assert!(read(folder.path()).contains(kept), "{text}\nbecame\n{}", read(folder.path()));
        assert!(errors(folder.path()) <= before, "{text}\nbecame\n{}", read(folder.path()));
    }
}

fn errors(folder: &Path) -> usize {
    let done = Command::cargo_bin("purlin").unwrap().args(["check", ".", "--format", "json"]).current_dir(folder).output().unwrap();
    let found: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    found["findings"].as_array().unwrap().iter().filter(|f| f["severity"] == "error").count()
}

/// A use of each declaration of each example, misspelt: no declaration is removed, and errors do not grow.
#[test]
fn a_misspelt_use_costs_no_declaration() {
    let mut tried = 0;
    let mut examples: Vec<_> = std::fs::read_dir("examples").unwrap().map(|e| e.unwrap().path()).collect();
    examples.sort();
    for example in examples {
        let main = example.join("main.purlin");
        let text = std::fs::read_to_string(&main).unwrap();
        let index = purlin::ide::Index::new([(main.as_path(), text.as_str())]);
        let declared = index.declared();
        // One in four, spread over all examples, keeps the test short.
        for (at, (name, _)) in declared.iter().enumerate().filter(|(at, _)| (at + text.len()) % 4 == 0) {
            let Some((_, span)) = index.named(&main, declared[at].1).unwrap().places.into_iter().nth(1) else { continue };
            let broken = format!("{}x{}", &text[..span.start as usize], &text[span.start as usize..]);
            let folder = tempfile::tempdir().unwrap();
            for file in std::fs::read_dir(&example).unwrap().map(|f| f.unwrap().path()).filter(|f| f.is_file()) {
                std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
            }
            std::fs::write(folder.path().join("main.purlin"), &broken).unwrap();
            let before = errors(folder.path());
            fix(folder.path(), &[]);
            let after = read(folder.path());
            let left: Vec<String> =
                purlin::ide::Index::new([(main.as_path(), after.as_str())]).declared().into_iter().map(|(name, _)| name).collect();
            for (other, _) in &declared {
                assert!(left.contains(other), "{}: `{other}` is gone after a use of `{name}` was misspelt", example.display());
            }
            assert!(errors(folder.path()) <= before, "{}: {name}", example.display());
            tried += 1;
        }
    }
    assert!(tried >= 20, "only {tried} were tried");
}

/// What one stack does not use of a file, another may: only the whole project tells.
#[test]
fn a_part_of_a_project_is_not_all_that_uses_a_file() {
    for whole in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        if whole {
            write("purlin.toml", "");
        }
        write("lib.purlin", "let keep = 4d\n\nlet other = 5d\n");
        write("a.purlin", "stack a\n\nuse \"lib.purlin\" as lib\n\nqueue q { retention = lib.other }\n");
        write("b.purlin", "stack b\n\nuse \"lib.purlin\" as lib\n\nqueue q { retention = lib.keep }\n");
        let run = |arguments: &[&str]| {
            let done = Command::cargo_bin("purlin").unwrap().args(arguments).current_dir(folder.path()).output().unwrap();
            String::from_utf8(done.stdout).unwrap()
        };
        let found = run(&["check", "a.purlin", "--format", "json"]);
        assert!(!found.contains("unused-declaration"), "{found}");
        run(&["fix", "a.purlin", "--unsafe"]);
        assert_eq!(std::fs::read_to_string(folder.path().join("lib.purlin")).unwrap(), "let keep = 4d\n\nlet other = 5d\n");
    }
}
