//! Bad input gets a clear message and a documented exit code, never a panic and never a hang.
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use std::path::Path;
use std::time::Duration;

struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new(files: &[(&str, &[u8])]) -> Case {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        Case { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs in the folder; gives the exit code and what was said.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::cargo_bin("purlin").unwrap();
        // The time-out only guards against a hang.
        let done =
            command.args(arguments).current_dir(self.path()).env("NO_COLOR", "1").timeout(Duration::from_secs(120)).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(!said.contains("panicked"), "{said}");
        (done.status.code().unwrap_or(-1), said.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn expect(files: &[(&str, &[u8])], arguments: &[&str], code: i32, message: &str) {
    let (found, said) = Case::new(files).run(arguments);
    assert!(found == code && said.contains(message), "{arguments:?} ended with {found} instead of {code}:\n{said}");
}

#[test]
fn files_that_cannot_be_read() {
    expect(&[("a.purlin", b"stack a \xff")], &["check", "a.purlin"], 2, "it is not UTF-8: byte 8 is not part of a character");
    expect(&[], &["check", "a.purlin"], 2, "there is no such file");
    expect(&[("x/y", b"")], &["check", "x"], 2, "holds no .purlin file");
    expect(&[("a.purlin/y", b"")], &["build", "a.purlin"], 2, "holds no .purlin file");
    expect(&[("a.purlin", b"")], &["check", "a.purlin"], 1, "no file declares a stack");
    expect(&[("a.purlin", b"stack a"), ("purlin.toml", b"x = [")], &["check"], 1, "this is not TOML");
    expect(&[("a.purlin", b"stack a"), ("purlin.toml", b"colour = 1")], &["check"], 1, "`purlin.toml` has no key `colour`");
    expect(&[("a.purlin", b"stack a")], &["check", "--env", "prod"], 2, "there is no environment `prod`");
}

#[test]
fn files_that_use_each_other_wrongly() {
    let a = b"stack a\nuse \"./b.purlin\" as b\n";
    expect(&[("a.purlin", a), ("b.purlin", b"use \"./a.purlin\" as a\n")], &["check", "a.purlin"], 1, "files use each other in a circle");
    expect(&[("a.purlin", a)], &["check", "a.purlin"], 1, "`b.purlin` cannot be used: there is no such file");
    expect(&[("a.purlin", b"stack a\nuse \"../../etc/passwd\" as b\n")], &["check", "a.purlin"], 1, "leads out of the project");
    expect(&[("a.purlin", b"stack a\nuse \"./b\" as b\n"), ("b/c", b"")], &["check", "a.purlin"], 1, "it is a folder");
    expect(&[("a.purlin", b"stack a\n"), ("b.purlin", b"stack a\n")], &["check"], 1, "there are two stacks `a`");
    expect(
        &[("a.purlin", b"stack a\nlet x = read_text(\"../x\")\nqueue q { physical_name = x }\n")],
        &["check", "a.purlin"],
        1,
        "it is not in the folder of the source",
    );
}

#[test]
fn outputs_that_cannot_be_written() {
    let program: &[(&str, &[u8])] = &[("a.purlin", b"stack a\nqueue q { }\n"), ("file", b"here first"), ("out/a.json/x", b"")];
    expect(program, &["build", "a.purlin", "-o", "file"], 2, "cannot write file/a.json");
    expect(program, &["build", "a.purlin", "-o", "out"], 2, "it is a folder");
    expect(program, &["build", "a.purlin", "-o", "/proc/nowhere"], 2, "cannot write /proc/nowhere/a.json");
}

#[test]
fn an_error_leaves_old_templates_alone() {
    let case = Case::new(&[("a.purlin", b"stack a\nqueue q { visibility = 99d }\n"), ("out/a.json", b"old")]);
    assert_eq!(case.run(&["build", "a.purlin", "-o", "out"]).0, 1);
    assert_eq!(std::fs::read(case.path().join("out/a.json")).unwrap(), b"old");
}

#[test]
fn two_stacks_do_not_fit_on_the_screen() {
    expect(
        &[("a.purlin", b"stack a\nqueue q { }"), ("b.purlin", b"stack b\nqueue q { }")],
        &["build", "--stdout"],
        2,
        "there are 2 stacks (a, b)",
    );
}

#[test]
fn deep_and_large_texts() {
    for open in ["[", "{", "(", "a {\n", "\"${", "[[{("] {
        let text = format!("stack a\nlet x = {}", open.repeat(10_000));
        expect(&[("a.purlin", text.as_bytes())], &["check", "a.purlin"], 1, "nested more than 128 deep");
    }
    let large = "// nothing but a comment, again and again and again\n".repeat(1_000_000);
    let (code, _) = Case::new(&[("a.purlin", large.as_bytes())]).run(&["check", "a.purlin"]);
    assert_eq!(code, 1);
}

#[test]
fn values_without_end() {
    let doubling: String = (1..64).map(|i| format!("let x{i} = x{} + x{}\n", i - 1, i - 1)).collect();
    let text = format!("stack a\nlet x0 = 1\n{doubling}queue q {{ max_receives = x63 }}\n");
    expect(&[("a.purlin", text.as_bytes())], &["check", "a.purlin"], 1, "is not defined for");
    expect(
        &[("a.purlin", b"stack a\nlet x = range(0, 2000000000)\nqueue q { max_receives = len(x) }")],
        &["check", "a.purlin"],
        1,
        "at most 1,000",
    );
}

#[test]
fn unknown_arguments() {
    expect(&[], &["bild"], 2, "unrecognized subcommand 'bild'");
    expect(&[("a.purlin", b"stack a")], &["check", "--set", "x"], 2, "write NAME=VALUE");
    expect(&[("a.purlin", b"stack a")], &["check", "--as-of", "today"], 2, "write a day as 2027-03-01");
}

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let (code, said) = Case::new(&[]).run(&["--help"]);
    assert_eq!(code, 0);
    for word in ["check", "build", "graph", "iam", "fmt", "new", "completions", "man", "Exit codes"] {
        assert!(said.contains(word), "{word} is missing: {said}");
    }
}

/// Who stops reading what is wrong, as `head` does, does not make the program fail otherwise than it would.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.purlin"), "stack a\n\nqueue jobs { visibilty = 1m }\n").unwrap();
    for (command, code) in [(&["check"][..], 1), (&["check", "--format", "json"], 1), (&["rules"], 0), (&["check", "nowhere"], 2)] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_purlin"))
            .args(command)
            .current_dir(folder.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(code), "{command:?}");
    }
}
