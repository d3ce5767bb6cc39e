//! Every example compiles without a finding, is laid out canonically, and stands in the README.
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use std::path::PathBuf;

fn examples() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir("examples").unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    all
}

fn purlin() -> Command {
    let mut command = Command::cargo_bin("purlin").unwrap();
    command.env("NO_COLOR", "1");
    command
}

#[test]
fn there_are_fifteen_and_each_has_a_line_in_the_readme() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    assert!(examples().len() >= 15);
    for example in examples() {
        let link = format!("]({})", example.display());
        assert!(readme.contains(&link), "the README does not name {}", example.display());
    }
}

#[test]
fn each_compiles_without_a_finding() {
    for example in examples() {
        let done = purlin().args(["check", "--as-of", "2026-11-20"]).arg(&example).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).to_string();
        assert!(done.status.success() && said.is_empty(), "{}:\n{said}", example.display());
    }
}

#[test]
fn everything_is_laid_out_canonically() {
    purlin().args(["fmt", "--check", "examples", "stdlib"]).assert().success().stdout("");
}

#[test]
fn a_template_is_the_same_every_time_and_from_any_place() {
    for example in examples() {
        let build = || purlin().args(["build", "--stdout", "--as-of", "2026-11-20"]).arg(&example).output().unwrap().stdout;
        let first = build();
        assert!(!first.is_empty(), "{}", example.display());
        assert_eq!(first, build(), "{}", example.display());
        let inside = purlin().args(["build", "--stdout", "--as-of", "2026-11-20"]).current_dir(&example).output().unwrap().stdout;
        assert_eq!(first, inside, "{} differs when it is built from its own folder", example.display());
    }
}

#[test]
fn formatting_changes_no_template() {
    let folder = tempfile::tempdir().unwrap();
    for example in examples() {
        let copy = folder.path().join(example.file_name().unwrap());
        std::fs::create_dir(&copy).unwrap();
        for file in std::fs::read_dir(&example).unwrap().map(|f| f.unwrap().path()).filter(|f| f.extension().is_some_and(|e| e == "purlin"))
        {
            // Squeezed to one blank between words on a line, the text means the same.
            let text = std::fs::read_to_string(&file).unwrap();
            let squeezed: Vec<String> = text.lines().map(|l| l.replace("  = ", " = ")).collect();
            std::fs::write(copy.join(file.file_name().unwrap()), squeezed.join("\n")).unwrap();
        }
        let build = || purlin().args(["build", "--stdout"]).arg(&copy).output().unwrap().stdout;
        let before = build();
        purlin().arg("fmt").arg(&copy).assert().success();
        assert_eq!(before, build(), "{}", example.display());
    }
}

#[test]
fn line_ends_of_windows_change_no_template() {
    let folder = tempfile::tempdir().unwrap();
    for example in examples() {
        let copy = folder.path().join(example.file_name().unwrap());
        copied(&example, &copy);
        let build = || purlin().args(["build", "--stdout", "--as-of", "2026-11-20"]).arg(&copy).output().unwrap().stdout;
        let before = build();
        assert!(!before.is_empty(), "{}", example.display());
        for file in std::fs::read_dir(&copy).unwrap().map(|f| f.unwrap().path()) {
            if file.extension().is_some_and(|e| e == "purlin" || e == "toml") {
                let text = std::fs::read_to_string(&file).unwrap();
                std::fs::write(&file, text.replace('\n', "\r\n")).unwrap();
            }
        }
        assert_eq!(before, build(), "{}", example.display());
        purlin().args(["fmt", "--check"]).arg(&copy).assert().success();
        purlin().args(["check", "--as-of", "2026-11-20"]).arg(&copy).assert().success().stderr("");
    }
}

/// Copies a folder with all that is in it.
fn copied(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for path in std::fs::read_dir(from).unwrap().map(|f| f.unwrap().path()) {
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).unwrap();
        }
    }
}

#[test]
fn a_new_project_compiles_without_a_finding_and_is_canonical() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("my-app");
    purlin().arg("new").arg(&project).assert().success();
    purlin().arg("check").arg(&project).assert().success().stderr("");
    purlin().args(["fmt", "--check"]).arg(&project).assert().success();
    purlin().arg("new").arg(&project).assert().code(2);
}
