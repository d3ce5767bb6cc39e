//! What `fmt`, `fix` and `build` do to the files that they write: permissions and links stay, and all are written or none.
//! Also when findings have colours.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

/// A source that `fmt` changes, and `fix` too.
const SOURCE: &str = "stack a\n\n\nqueue q{visibility=1m}\nbucket b { }\nlet unused = 1\noutput x = q.arn\n";

/// The commands that write sources.
const WRITERS: [&[&str]; 2] = [&["fmt"], &["fix", "--unsafe"]];

fn purlin(folder: &Path, arguments: &[&str]) -> i32 {
    let done = Command::cargo_bin("purlin").unwrap().args(arguments).current_dir(folder).output().unwrap();
    done.status.code().unwrap()
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("purlin.toml"), "").unwrap();
    folder
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn writes(arguments: &[&str], folder: &Path, name: &str) -> i32 {
    purlin(folder, &[arguments, &[name]].concat())
}

#[test]
fn permissions_stay() {
    for writer in WRITERS {
        for wanted in [0o600, 0o640, 0o755] {
            let folder = project();
            let file = folder.path().join("main.purlin");
            fs::write(&file, SOURCE).unwrap();
            set_mode(&file, wanted);
            assert_eq!(writes(writer, folder.path(), "main.purlin"), 0, "{writer:?}");
            assert_ne!(fs::read_to_string(&file).unwrap(), SOURCE, "{writer:?}");
            assert_eq!(mode(&file), wanted, "{writer:?}");
        }
    }
}

#[test]
fn a_file_that_is_read_only_is_refused() {
    for writer in WRITERS {
        let folder = project();
        let file = folder.path().join("main.purlin");
        fs::write(&file, SOURCE).unwrap();
        set_mode(&file, 0o444);
        assert_eq!(writes(writer, folder.path(), "main.purlin"), 2, "{writer:?}");
        assert_eq!((fs::read_to_string(&file).unwrap().as_str(), mode(&file)), (SOURCE, 0o444), "{writer:?}");
    }
}

#[test]
fn a_link_stays_and_its_file_changes() {
    for writer in WRITERS {
        let folder = project();
        let (file, link) = (folder.path().join("parts/real.purlin"), folder.path().join("link.purlin"));
        fs::create_dir(folder.path().join("parts")).unwrap();
        fs::write(&file, SOURCE).unwrap();
        set_mode(&file, 0o600);
        symlink("parts/real.purlin", &link).unwrap();
        assert_eq!(writes(writer, folder.path(), "link.purlin"), 0, "{writer:?}");
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("parts/real.purlin"), "{writer:?}");
        assert_ne!(fs::read_to_string(&file).unwrap(), SOURCE, "{writer:?}");
        assert_eq!(mode(&file), 0o600, "{writer:?}");
    }
}

#[test]
fn a_link_that_leads_outside_the_project_is_refused() {
    for writer in WRITERS {
        let (folder, outside) = (project(), tempfile::tempdir().unwrap());
        let file = outside.path().join("real.purlin");
        fs::write(&file, SOURCE).unwrap();
        symlink(&file, folder.path().join("link.purlin")).unwrap();
        // `fix` does not even read it: that is a finding.
        let code = if writer == ["fmt"] { 2 } else { 1 };
        assert_eq!(writes(writer, folder.path(), "link.purlin"), code, "{writer:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), SOURCE, "{writer:?}");
    }
}

#[test]
fn several_files_are_formatted_all_or_none() {
    let folder = project();
    let files = ["a.purlin", "b.purlin", "c.purlin"].map(|name| folder.path().join(name));
    files.iter().for_each(|file| fs::write(file, SOURCE).unwrap());
    set_mode(&files[1], 0o444);
    assert_eq!(purlin(folder.path(), &["fmt", "."]), 2);
    files.iter().for_each(|file| assert_eq!(fs::read_to_string(file).unwrap(), SOURCE));
    set_mode(&files[1], 0o644);
    assert_eq!(purlin(folder.path(), &["fmt", "."]), 0);
    files.iter().for_each(|file| assert_ne!(fs::read_to_string(file).unwrap(), SOURCE));
    assert_eq!(names(folder.path()), ["a.purlin", "b.purlin", "c.purlin", "purlin.toml"]);
}

/// The names of all files in a folder, hidden ones too: nothing unfinished is left there.
fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    all.sort();
    all
}

#[test]
fn several_templates_are_written_all_or_none() {
    // Each way in which the second template cannot be written.
    let faults: [fn(&Path); 2] = [
        |b| fs::create_dir(b).unwrap(),
        |b| {
            fs::write(b, "old").unwrap();
            set_mode(b, 0o444);
        },
    ];
    for fault in faults {
        let folder = project();
        for name in ["a", "b", "c"] {
            fs::write(folder.path().join(format!("{name}.purlin")), format!("stack {name}\n\nqueue q {{ visibility = 1m }}\n")).unwrap();
        }
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("a.json"), "old").unwrap();
        fault(&out.join("b.json"));
        assert_eq!(purlin(folder.path(), &["build", ".", "--output", "out"]), 2);
        assert_eq!(fs::read_to_string(out.join("a.json")).unwrap(), "old");
        assert_eq!(names(&out), ["a.json", "b.json"]);
    }
}

#[test]
fn colours_are_chosen() {
    let folder = project();
    fs::write(folder.path().join("main.purlin"), "stack a\n\nqueue q { visibility = nothing }\n").unwrap();
    let coloured = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("purlin").unwrap();
        let done = command.args(arguments).current_dir(folder.path()).env("NO_COLOR", "1").output().unwrap();
        done.stderr.contains(&0x1b)
    };
    assert!(coloured(&["check", "--color", "always"]));
    assert!(coloured(&["--color", "always", "check"]));
    assert!(!coloured(&["check", "--color", "never"]));
    // What is not a terminal has no colours.
    assert!(!coloured(&["check"]));
}
