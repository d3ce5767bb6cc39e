//! Projects: what `purlin.toml` may say, every environment at once, and the border that nothing is read beyond.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

const PROGRAM: &str = "stack a\n\nsetting keep: Duration = 4d\nsetting copies: Int in 1..10 = 1\n\nqueue jobs {\n  retention    = keep\n  max_receives = copies\n  dead_letter  = dead\n}\n\nqueue dead { retention = 14d }\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn purlin(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("purlin").unwrap();
    let done = command.current_dir(folder).args(arguments).timeout(std::time::Duration::from_secs(60)).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap_or(-1), text(done.stdout), text(done.stderr))
}

fn findings(folder: &Path, more: &[&str]) -> Vec<Value> {
    let (_, out, said) = purlin(folder, &[&["check", "--as-of", "2026-11-20", "--format", "json"], more].concat());
    serde_json::from_str::<Value>(&out).unwrap_or_else(|_| panic!("{said}"))["findings"].as_array().unwrap().clone()
}

/// A finding as `file:line:column rule [environments]`.
fn short(finding: &Value) -> String {
    let place = &finding["place"];
    let environments: Vec<&str> = finding["environments"].as_array().into_iter().flatten().map(|e| e.as_str().unwrap()).collect();
    let place = format!("{}:{}:{}", place["file"].as_str().unwrap(), place["line"], place["column"]);
    format!("{place} {} [{}]", finding["rule"].as_str().unwrap(), environments.join(" "))
}

fn shorts(folder: &Path, more: &[&str]) -> Vec<String> {
    findings(folder, more).iter().map(short).collect()
}

#[test]
fn what_purlin_toml_says_wrongly_is_an_error_at_its_place() {
    for (toml, expected, help) in [
        ("x = [", "purlin.toml:1:6 invalid-toml []", ""),
        ("source = [\"main.purlin\"]", "purlin.toml:1:1 unknown-key []", "did you mean `sources`?"),
        ("colour = 1", "purlin.toml:1:1 unknown-key []", "the keys are `sources`"),
        ("sources = []", "purlin.toml:1:1 empty-sources []", "leave the key out"),
        ("sources = \"main.purlin\"", "purlin.toml:1:11 type-mismatch []", ""),
        ("sources = [1]", "purlin.toml:1:11 type-mismatch []", ""),
        ("sources = [\"../x.purlin\"]", "purlin.toml:1:12 path-leaves-project []", "move the file"),
        ("sources = [\"/etc/passwd\"]", "purlin.toml:1:12 path-leaves-project []", "move the file"),
        ("sources = [\"nope.purlin\"]", "purlin.toml:1:12 unreadable-file []", ""),
        ("rules = [\"/etc/passwd\"]", "purlin.toml:1:10 path-leaves-project []", "move the file"),
        ("rules = [\"nope.purlin\"]", "purlin.toml:1:10 unreadable-file []", ""),
        ("environment = \"prd\"\n[environments.prod]\nkeep = \"3d\"", "purlin.toml:1:15 unknown-environment []", "did you mean `prod`?"),
        ("environment = 3", "purlin.toml:1:15 type-mismatch []", ""),
        ("environments = 3", "purlin.toml:1:16 type-mismatch []", ""),
        ("[environments]\nprod = 3", "purlin.toml:2:8 type-mismatch []", ""),
        ("[environments.prod]\nkep = \"3d\"", "purlin.toml:2:1 unknown-setting [prod]", "did you mean `keep`?"),
        ("[environments.prod]\nother = \"3d\"", "purlin.toml:2:1 unknown-setting [prod]", "the settings are `copies`, `keep`"),
        ("[environments.prod]\nkeep = true", "purlin.toml:2:8 type-mismatch [prod]", ""),
        ("[environments.prod]\ncopies = 11", "purlin.toml:2:10 out-of-range [prod]", "1..10"),
        ("[limits]\nconcurency = 3000", "purlin.toml:2:1 unknown-limit []", "did you mean `concurrency`?"),
        ("[limits]\nconcurrency = \"a lot\"", "purlin.toml:2:15 type-mismatch []", ""),
        ("limits = 3", "purlin.toml:1:10 type-mismatch []", ""),
        ("[severities]\nunused-declaraton = \"off\"", "purlin.toml:2:1 unknown-rule []", "did you mean `unused-declaration`?"),
        ("[severities]\nunknown-kind = \"off\"", "purlin.toml:2:1 unknown-rule []", ""),
        ("[severities]\nunused-declaration = \"of\"", "purlin.toml:2:22 unknown-severity []", "did you mean `off`?"),
        ("[severities]\nunused-declaration = 1", "purlin.toml:2:22 unknown-severity []", ""),
    ] {
        let project = folder(&[("main.purlin", PROGRAM), ("purlin.toml", toml)]);
        let found = findings(project.path(), &[]);
        let own: Vec<&Value> = found.iter().filter(|f| f["severity"] == "error").collect();
        assert_eq!(own.iter().map(|f| short(f)).collect::<Vec<_>>(), [expected], "{toml}");
        assert!(help.is_empty() || own[0]["help"].as_str().unwrap().contains(help), "{toml}: {}", own[0]);
        assert_eq!(purlin(project.path(), &["check"]).0, 1, "{toml}");
        let environment: &[&str] = if toml.contains("[environments.prod]") { &["--env", "prod"] } else { &[] };
        let built = purlin(project.path(), &[&["build", "-o", "out"], environment].concat());
        assert_eq!(built.0, 1, "{toml}: a build refuses what a check does");
        assert!(!project.path().join("out").exists(), "{toml}");
    }
}

#[test]
fn did_you_mean_is_an_edit_of_purlin_toml() {
    let toml = "[environments.prod]\nkep = \"3d\"\n\n[limits]\nconcurency = 3000\n";
    let project = folder(&[("main.purlin", PROGRAM), ("purlin.toml", toml)]);
    assert_eq!(purlin(project.path(), &["fix"]).0, 0);
    let fixed = std::fs::read_to_string(project.path().join("purlin.toml")).unwrap();
    assert_eq!(fixed, "[environments.prod]\nkeep = \"3d\"\n\n[limits]\nconcurrency = 3000\n");
}

#[test]
fn a_setting_of_the_command_line_must_exist() {
    let project = folder(&[("main.purlin", PROGRAM)]);
    for command in ["check", "build", "graph", "budget", "fix", "serve", "allows"] {
        let (code, _, said) = purlin(project.path(), &[command, "--set", "kep=2d"]);
        assert_eq!(code, 2, "{command}: {said}");
        assert!(said.contains("there is no setting `kep`; did you mean `keep`?"), "{command}: {said}");
    }
    assert_eq!(purlin(project.path(), &["check", "--set", "keep=2d"]).0, 0);
    assert_eq!(purlin(project.path(), &["check", "--set", "keep=20d"]).0, 1);
    let (code, _, said) = purlin(project.path(), &["check", "--env", "prod"]);
    assert!(code == 2 && said.contains("there is no environment `prod`"), "{said}");
}

#[test]
fn what_is_not_there_is_not_served() {
    let project = folder(&[("main.purlin", PROGRAM)]);
    let (code, _, said) = purlin(project.path(), &["serve", "nope", "--port", "0"]);
    assert!(code == 2 && said.contains("there is no such file"), "{said}");
}

const ENVIRONMENTS: &str = "environment = \"dev\"\n\n[environments.dev]\ncopies = 1\n\n[environments.test]\nkeep = \"20d\"\n\n[environments.prod]\nkeep = \"21d\"\ncopies = 40\n";

#[test]
fn a_check_is_of_every_environment_and_each_mistake_is_told_once() {
    let program = format!("{PROGRAM}\nqueue late {{ retention = 99d }}\n");
    let project = folder(&[("main.purlin", &program), ("purlin.toml", ENVIRONMENTS)]);
    let errors = |more: &[&str]| {
        let found = findings(project.path(), more);
        found.iter().filter(|f| f["severity"] == "error").map(short).collect::<Vec<_>>()
    };
    assert_eq!(
        errors(&[]),
        [
            "main.purlin:14:26 out-of-range [dev test prod]",
            "purlin.toml:7:8 out-of-range [test]",
            "purlin.toml:10:8 out-of-range [prod]",
            "purlin.toml:11:10 out-of-range [prod]",
        ]
    );
    assert_eq!(errors(&["--env", "dev"]), ["main.purlin:14:26 out-of-range [dev]"]);
    assert_eq!(errors(&["--env", "test"]), ["main.purlin:14:26 out-of-range [test]", "purlin.toml:7:8 out-of-range [test]"]);
    // The value of the command line stands before those of every environment.
    assert_eq!(errors(&["--set", "keep=1d", "--set", "copies=2"]), ["main.purlin:14:26 out-of-range [dev test prod]"]);
    for format in ["human", "github", "sarif", "junit", "gitlab"] {
        let (_, out, said) = purlin(project.path(), &["check", "--format", format]);
        assert!(format!("{out}{said}").contains("in the environments `dev`, `test`, `prod`"), "{format}:\n{out}{said}");
        assert!(format!("{out}{said}").contains("in the environment `test`"), "{format}:\n{out}{said}");
    }
    // The place in the source is told too.
    let kept = findings(project.path(), &["--env", "test"]).into_iter().find(|f| f["place"]["file"] == "purlin.toml").unwrap();
    assert_eq!(kept["related"][0]["place"]["line"], 7, "{kept}");
}

#[test]
fn an_allow_that_one_environment_needs_is_of_use() {
    let program = "stack a\n\nqueue jobs { }\n\nsetting many: Bool = false\n\nif many {\n  @allow(default-timeout, \"short enough\")\n  function f {\n    runtime = \"python3.13\"\n    handler = \"f.h\"\n    code    = \"f.zip\"\n  }\n}\n";
    let toml = "[environments.dev]\nmany = false\n\n[environments.prod]\nmany = true\n";
    let project = folder(&[("main.purlin", program), ("purlin.toml", toml)]);
    let unused = |more: &[&str]| findings(project.path(), more).iter().any(|f| f["rule"] == "unused-allow");
    assert!(!unused(&[]));
    assert!(unused(&["--env", "dev"]));
}

/// Two projects beside each other, where one uses a file of the other.
fn neighbours(toml: bool) -> tempfile::TempDir {
    let mut files = vec![
        ("a/main.purlin", "stack a\n\nuse \"../lib/parts.purlin\" as parts\n\nparts.inbox orders { }\n"),
        ("lib/parts.purlin", "component inbox() {\n  queue todo { }\n}\n"),
    ];
    if toml {
        files.push(("purlin.toml", "[environments.dev]\n"));
    }
    folder(&files)
}

#[test]
fn the_verdict_does_not_depend_on_how_a_path_is_written() {
    for toml in [false, true] {
        let project = neighbours(toml);
        let root = project.path();
        std::os::unix::fs::symlink("a", root.join("alias")).unwrap();
        let absolute = root.join("a").display().to_string();
        let file = root.join("a/main.purlin").display().to_string();
        let calls: Vec<(&str, Vec<&str>)> = vec![
            ("a", vec![]),
            ("a", vec!["."]),
            ("a", vec!["main.purlin"]),
            ("a", vec!["./main.purlin"]),
            ("a", vec!["../a"]),
            ("a", vec!["../a/main.purlin"]),
            (".", vec!["a"]),
            (".", vec!["a/main.purlin"]),
            (".", vec!["./a/../a"]),
            (".", vec!["alias"]),
            (".", vec!["alias/main.purlin"]),
            ("lib", vec!["../a"]),
            ("/", vec![&absolute]),
            ("/", vec![&file]),
        ];
        let mut verdicts = Vec::new();
        for (from, arguments) in &calls {
            let found = findings(&root.join(from), arguments);
            let rules: Vec<String> = found.iter().map(|f| format!("{} {}", f["rule"], f["place"]["line"])).collect();
            verdicts.push((from, arguments, rules));
        }
        let first = verdicts[0].2.clone();
        assert_eq!(first.iter().any(|rule| rule.contains("path-leaves-project")), !toml, "{first:?}");
        verdicts.iter().for_each(|(from, arguments, rules)| assert_eq!(*rules, first, "{from} {arguments:?}"));
    }
}

#[test]
fn the_settings_of_the_project_hold_below_its_folder() {
    let project =
        folder(&[("sub/main.purlin", PROGRAM), ("purlin.toml", "sources = [\"sub/main.purlin\"]\n[environments.prod]\nkeep = \"20d\"\n")]);
    for (from, arguments) in [(".", vec![]), (".", vec!["sub"]), ("sub", vec![]), ("sub", vec!["main.purlin"]), ("sub", vec![".."])] {
        let found = findings(&project.path().join(from), &arguments);
        assert_eq!(found.iter().filter(|f| f["rule"] == "out-of-range").count(), 1, "{from} {arguments:?}: {found:?}");
    }
}

#[test]
fn a_repository_ends_the_search_for_a_project() {
    let project = folder(&[("repo/main.purlin", PROGRAM), ("repo/.git/HEAD", ""), ("purlin.toml", "colour = 1\n")]);
    assert!(findings(&project.path().join("repo"), &[]).iter().all(|f| f["rule"] != "unknown-key"));
}

#[test]
fn links_do_not_lead_out_of_the_project() {
    let secret = "this is a secret\n";
    let outside = folder(&[("secret.txt", secret), ("secret.purlin", "component c() { }\nthis is a secret\n")]);
    let link = |project: &Path, from: &str, to: &str| std::os::unix::fs::symlink(outside.path().join(to), project.join(from)).unwrap();
    for (name, main, toml, links, rule) in [
        ("use", "stack a\nuse \"./link.purlin\" as l\nl.c x { }\n", "", vec![("link.purlin", "secret.purlin")], "path-leaves-project"),
        ("use in a folder", "stack a\nuse \"./d/secret.purlin\" as l\nl.c x { }\n", "", vec![("d", ".")], "path-leaves-project"),
        ("read_text", "stack a\noutput x = read_text(\"link.txt\")\n", "", vec![("link.txt", "secret.txt")], "unreadable-file"),
        ("read_text in a folder", "stack a\noutput x = read_text(\"d/secret.txt\")\n", "", vec![("d", ".")], "unreadable-file"),
        ("rules", "stack a\n", "rules = [\"link.purlin\"]\n", vec![("link.purlin", "secret.txt")], "path-leaves-project"),
        (
            "sources",
            "stack a\n",
            "sources = [\"main.purlin\", \"link.purlin\"]\n",
            vec![("link.purlin", "secret.txt")],
            "path-leaves-project",
        ),
        ("found", "stack a\n", "", vec![("link.purlin", "secret.txt")], "path-leaves-project"),
    ] {
        let project = folder(&[("main.purlin", main), ("purlin.toml", toml)]);
        links.iter().for_each(|(from, to)| link(project.path(), from, to));
        let paths: &[&str] = if name == "found" { &[".", "link.purlin"] } else { &["."] };
        for path in paths {
            for format in ["human", "json", "github", "sarif", "junit", "gitlab"] {
                let (code, out, said) = purlin(project.path(), &["check", "--format", format, path]);
                assert_eq!(code, 1, "{name}: {out}{said}");
                assert!(format!("{out}{said}").contains(rule), "{name}: {out}{said}");
                assert!(!format!("{out}{said}").contains("this is a secret"), "{name}: {out}{said}");
            }
        }
    }
}

#[test]
fn a_link_inside_of_the_project_is_one_file_with_what_it_leads_to() {
    let project = folder(&[("main.purlin", "stack a\n\nqueue jobs { }\n")]);
    std::os::unix::fs::symlink("main.purlin", project.path().join("other.purlin")).unwrap();
    assert_eq!(shorts(project.path(), &[]), Vec::<String>::new());
}

#[test]
fn what_is_no_regular_file_is_refused_and_does_not_block() {
    let pipe = |path: &Path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    for (main, name, arguments, rule) in [
        ("stack a\n", "pipe.purlin", vec![], "unreadable-file"),
        ("stack a\n", "pipe.purlin", vec!["pipe.purlin"], "unreadable-file"),
        ("stack a\noutput x = read_text(\"pipe.txt\")\n", "pipe.txt", vec![], "unreadable-file"),
        ("stack a\nuse \"./sub/pipe.purlin\" as p\n", "sub/pipe.purlin", vec![], "unreadable-file"),
    ] {
        let project = folder(&[("main.purlin", main), ("sub/x", "")]);
        pipe(&project.path().join(name));
        let found = findings(project.path(), &arguments);
        assert!(
            found.iter().any(|f| f["rule"] == rule && f["message"].as_str().unwrap().contains("not a regular file")),
            "{name}: {found:?}"
        );
    }
    let project = folder(&[("main.purlin", "stack a\n")]);
    pipe(&project.path().join("purlin.toml"));
    assert_eq!(purlin(project.path(), &["check"]).0, 2);
    let device = folder(&[("main.purlin", "stack a\noutput x = read_text(\"zero\")\n")]);
    std::os::unix::fs::symlink("/dev/zero", device.path().join("zero")).unwrap();
    assert!(findings(device.path(), &[]).iter().any(|f| f["rule"] == "unreadable-file"));
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let project = folder(&[("main.purlin", "stack a\noutput x = read_text(\"big.txt\")\n")]);
    for name in ["big.txt", "big.purlin"] {
        std::fs::File::create(project.path().join(name)).unwrap().set_len(1 << 40).unwrap();
    }
    let found = findings(project.path(), &[]);
    assert_eq!(found.iter().filter(|f| f["message"].as_str().unwrap().contains("bytes, and the most is")).count(), 2, "{found:?}");
}
