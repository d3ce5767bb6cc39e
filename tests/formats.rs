//! What each format of `purlin check` says of one project of several files, and that all say the same, places included;
//! baselines, severities and `@allow`s. `PURLIN_BLESS=1 cargo test --test formats` writes `tests/formats/expected` anew: read it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

const DAY: &str = "2026-11-20";

/// What a run gave: its exit code, standard output and standard error.
struct Done(i32, String, String);

fn purlin(folder: &Path, arguments: &[&str]) -> Done {
    let mut command = Command::cargo_bin("purlin").unwrap();
    let done = command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Done(done.status.code().unwrap(), text(&done.stdout), text(&done.stderr))
}

fn project() -> &'static Path {
    Path::new("tests/formats/project")
}

fn checked(folder: &Path, more: &[&str]) -> Done {
    purlin(folder, &[&["check", ".", "--as-of", DAY], more].concat())
}

fn json(folder: &Path, more: &[&str]) -> Value {
    serde_json::from_str(&checked(folder, &[&["--format", "json"], more].concat()).1).unwrap()
}

/// A project of one file in a folder of its own.
fn with(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.purlin"), text).unwrap();
    folder
}

/// What a finding is in every format: its rule, its file, its line.
type Key = (String, String, u64);

type Read = fn(&str) -> Vec<Key>;

fn key(rule: &Value, file: &Value, line: &Value) -> Key {
    (rule.as_str().unwrap().into(), file.as_str().unwrap().into(), line.as_u64().unwrap())
}

fn sorted(mut keys: Vec<Key>) -> Vec<Key> {
    keys.sort();
    keys
}

fn of_json(text: &str) -> Vec<Key> {
    let all: Value = serde_json::from_str(text).unwrap();
    let open = all["findings"].as_array().unwrap().iter().filter(|f| f.get("allowed").is_none());
    open.map(|f| key(&f["rule"], &f["place"]["file"], &f["place"]["line"])).collect()
}

fn of_sarif(text: &str) -> Vec<Key> {
    let all: Value = serde_json::from_str(text).unwrap();
    let open = all["runs"][0]["results"].as_array().unwrap().iter().filter(|r| r.get("suppressions").is_none());
    let at = |r: &Value| r["locations"][0]["physicalLocation"].clone();
    open.map(|r| key(&r["ruleId"], &at(r)["artifactLocation"]["uri"], &at(r)["region"]["startLine"])).collect()
}

fn of_gitlab(text: &str) -> Vec<Key> {
    let all: Value = serde_json::from_str(text).unwrap();
    let issue = |i: &Value| key(&i["check_name"], &i["location"]["path"], &i["location"]["lines"]["begin"]);
    all.as_array().unwrap().iter().map(issue).collect()
}

fn captured(text: &str, pattern: &str) -> Vec<Key> {
    let pattern = regex::Regex::new(pattern).unwrap();
    let found = pattern.captures_iter(text);
    found.map(|c| (c["rule"].to_string(), c["file"].trim_start_matches("./").to_string(), c["line"].parse().unwrap())).collect()
}

fn of_github(text: &str) -> Vec<Key> {
    captured(text, r"(?m)^::\w+ file=(?<file>[^,]+),line=(?<line>\d+),.*title=(?<rule>[a-z0-9-]+)::")
}

fn of_junit(text: &str) -> Vec<Key> {
    captured(text, r">\w+: [^\n]*\[(?<rule>[a-z0-9-]+)\]\n(?<file>[^:\n]+):(?<line>\d+):")
}

fn of_human(text: &str) -> Vec<Key> {
    captured(text, r"(?m)^(?<rule>[a-z0-9-]+)\n\n(?:  .*\n)+? +╭─\[(?<file>[^:\n]+):(?<line>\d+):")
}

#[test]
fn all_formats_carry_the_same_findings() {
    let expected = sorted(of_json(&checked(project(), &["--format", "json"]).1));
    assert!(expected.len() >= 6, "{expected:?}");
    let read: [(&str, Read); 4] = [("sarif", of_sarif), ("gitlab", of_gitlab), ("github", of_github), ("junit", of_junit)];
    for (format, read) in read {
        let Done(code, out, err) = checked(project(), &["--format", format]);
        assert_eq!(code, 1, "{format}: {err}");
        assert_eq!(sorted(read(&out)), expected, "{format}");
    }
    assert_eq!(sorted(of_human(&checked(project(), &[]).2)), expected);
}

#[test]
fn each_format_is_as_it_was() {
    for format in ["human", "json", "sarif", "junit", "github", "gitlab"] {
        let Done(_, out, err) = checked(project(), &["--format", format]);
        let found = if format == "human" { err } else { out };
        // The version changes with every release, and nothing else with it.
        let found = found.replace(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": \"VERSION\"");
        let path = format!("tests/formats/expected/{format}.txt");
        if std::env::var_os("PURLIN_BLESS").is_some() {
            std::fs::create_dir_all("tests/formats/expected").unwrap();
            std::fs::write(&path, &found).unwrap();
        }
        assert_eq!(
            found,
            std::fs::read_to_string(&path).unwrap_or_default(),
            "{path}: run PURLIN_BLESS=1 cargo test --test formats and read it"
        );
    }
}

#[test]
fn sarif_holds_all_that_is_known() {
    let text = checked(project(), &["--format", "sarif"]).1;
    let sarif: Value = serde_json::from_str(&text).unwrap();
    let typed: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    let run = &typed.runs[0];
    let rules = run.tool.driver.rules.as_ref().unwrap();
    for result in run.results.as_ref().unwrap() {
        let rule = &rules[usize::try_from(result.rule_index.unwrap()).unwrap()];
        assert_eq!(Some(&rule.id), result.rule_id.as_ref());
        assert!(rule.short_description.is_some() && rule.default_configuration.is_some(), "nothing is known of {}", rule.id);
    }
    let of = |rule: &str| sarif["runs"][0]["results"].as_array().unwrap().iter().find(|r| r["ruleId"] == rule).unwrap().clone();
    let looped = of("event-loop");
    assert_eq!(looped["locations"][0]["message"]["text"], "1. `resize` can write `files`");
    assert_eq!(looped["relatedLocations"][0]["message"]["text"], "2. `files` triggers `resize`");
    let fix = of("unused-declaration")["fixes"][0]["artifactChanges"][0].clone();
    assert_eq!((&fix["artifactLocation"]["uri"], &fix["replacements"][0]["insertedContent"]["text"]), (&"work.purlin".into(), &"".into()));
    assert!(sarif["runs"][0]["results"].as_array().unwrap().iter().any(|r| r["suppressions"][0]["kind"] == "inSource"));
}

/// Nothing to find.
const CLEAN: &str = "stack s\n\n@allow(store-never-used, \"people read it\")\nbucket files { }\n";

/// A warning, an advice, and no error.
const WARNS: &str = "stack s

queue jobs { visibility = 1m }

queue lost { retention = 14d }

function work {
  runtime    = \"python3.13\"
  handler    = \"index.handler\"
  inline     = \"def handler(e, c): pass\"
  timeout    = 10s
  on_failure = lost

  on jobs.messages(batch: 1)
}
";

#[test]
fn exit_codes_are_as_documented() {
    let clean = with(CLEAN);
    let warns = with(WARNS);
    assert_eq!(checked(clean.path(), &["--deny", "advice"]).0, 0);
    assert_eq!(checked(warns.path(), &[]).0, 0);
    assert_eq!(checked(warns.path(), &["--deny", "warnings"]).0, 1);
    assert_eq!(checked(project(), &[]).0, 1);
    for format in ["human", "json", "sarif", "junit", "github", "gitlab"] {
        assert_eq!(checked(warns.path(), &["--format", format]).0, 0, "{format}");
        assert_eq!(purlin(warns.path(), &["check", "nowhere", "--format", format]).0, 2, "{format}");
    }
    assert_eq!(purlin(warns.path(), &["check", "--format", "yaml"]).0, 2);
    assert_eq!(checked(warns.path(), &["--baseline", "missing.json"]).0, 2);
}

fn severities(folder: &Path, rules: &str) -> Done {
    std::fs::write(folder.join("purlin.toml"), format!("[severities]\n{rules}\n")).unwrap();
    checked(folder, &[])
}

#[test]
fn severities_can_be_set() {
    let folder = with(WARNS);
    let raised = severities(folder.path(), "queue-without-dead-letter = \"error\"");
    assert!(raised.0 == 1 && raised.2.contains("1 error, 0 warnings"), "{}", raised.2);
    let off = severities(folder.path(), "queue-without-dead-letter = \"off\"");
    assert!(off.0 == 0 && !off.2.contains("queue-without-dead-letter"), "{}", off.2);
    let word = severities(folder.path(), "queue-without-dead-letter = \"fatal\"");
    assert!(word.0 == 1 && word.2.contains("\"off\", \"advice\", \"warning\" or \"error\""), "{}", word.2);
    let mistake = severities(folder.path(), "unknown-property = \"off\"");
    assert!(mistake.0 == 1 && mistake.2.contains("its severity is fixed"), "{}", mistake.2);
    let misspelt = severities(folder.path(), "queue-without-dead-leter = \"off\"");
    assert!(misspelt.0 == 1 && misspelt.2.contains("did you mean `queue-without-dead-letter`?"), "{}", misspelt.2);
}

#[test]
fn severities_know_the_rules_of_the_project() {
    let folder = with("stack s\n\nbucket files { }\n\noutput name = files.name\n");
    std::fs::write(folder.path().join("own.purlin"), "rule no-buckets error {\n  for b: bucket {\n    report at b: \"no\"\n  }\n}\n")
        .unwrap();
    std::fs::write(folder.path().join("purlin.toml"), "sources = [\"main.purlin\"]\nrules = [\"own.purlin\"]\n").unwrap();
    assert_eq!(checked(folder.path(), &[]).0, 1);
    let toml = "sources = [\"main.purlin\"]\nrules = [\"own.purlin\"]\n[severities]\nno-buckets = \"advice\"\n";
    std::fs::write(folder.path().join("purlin.toml"), toml).unwrap();
    let done = checked(folder.path(), &[]);
    assert_eq!(done.0, 0, "{}", done.2);
}

#[test]
fn a_baseline_fails_only_on_what_is_new() {
    let folder = with(WARNS);
    let first = checked(folder.path(), &["--deny", "warnings", "--write-baseline", "known.json"]);
    assert_eq!(first.0, 0, "{}", first.2);
    let known = ["--deny", "warnings", "--baseline", "known.json"];
    assert_eq!(checked(folder.path(), &known).0, 0);
    assert_eq!(json(folder.path(), &["--baseline", "known.json"])["findings"].as_array().unwrap().len(), 0);
    // Lines move, and other declarations come before it: what it is about stays.
    let moved = WARNS.replace("stack s\n", "stack s\n\n// A comment.\nbucket files { }\n\noutput name = files.name\n");
    std::fs::write(folder.path().join("main.purlin"), &moved).unwrap();
    let same = checked(folder.path(), &known);
    assert_eq!(same.0, 0, "{}", same.2);
    // The same rule broken by another declaration is new, and alone told.
    let second = WARNS.split_once("function").unwrap().1.replace("work {", "other {").replace("jobs", "more");
    std::fs::write(folder.path().join("main.purlin"), format!("{moved}\nqueue more {{ visibility = 1m }}\n\nfunction{second}")).unwrap();
    let done = checked(folder.path(), &known);
    assert!(done.0 == 1 && done.2.contains("0 errors, 1 warning"), "{}", done.2);
}

#[test]
fn allows_are_listed_and_end_on_their_day() {
    let Done(code, out, _) = purlin(project(), &["allows", ".", "--as-of", DAY]);
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "./main.purlin:7: dead-letters-unwatched, until 2026-10-31: until the alarms are there [ended]\n\
         ./main.purlin:10: dead-letters-unwatched, until 2027-03-01: read by hand each Monday: 100% of them\n"
            .replace("./", "")
    );
    let earlier = purlin(project(), &["check", ".", "--as-of", "2026-10-31"]);
    assert!(!earlier.2.contains("expired-allow"), "it holds on its last day: {}", earlier.2);
    let unused = with("stack s\n\n@allow(event-loop, \"it ends\")\nbucket files { }\n\noutput name = files.name\n");
    let done = checked(unused.path(), &["--deny", "warnings"]);
    assert!(done.0 == 1 && done.2.contains("unused `@allow(event-loop)`"), "{}", done.2);
    let listed = purlin(unused.path(), &["allows", ".", "--as-of", DAY]).1;
    assert!(listed.contains("[of no use]"), "{listed}");
}

#[test]
fn findings_stand_in_one_order() {
    let first = checked(project(), &["--format", "json"]).1;
    (0..5).for_each(|_| assert_eq!(checked(project(), &["--format", "json"]).1, first));
}

#[test]
fn the_projects_own_rules_are_explained_as_the_others_are() {
    let folder = with("stack s\n\nbucket files { }\n");
    let rule = "/// Files belong to another team.\n/// source: https://example.com/files\nrule no-buckets error {\n  for b: bucket {\n    report at b: \"no\" { help = \"ask them\" }\n  }\n}\n";
    std::fs::write(folder.path().join("own.purlin"), rule).unwrap();
    std::fs::write(folder.path().join("purlin.toml"), "sources = [\"main.purlin\"]\nrules = [\"own.purlin\"]\n").unwrap();
    let Done(code, out, err) = purlin(folder.path(), &["explain", "no-buckets"]);
    assert_eq!(code, 0, "{err}");
    let wanted = "no-buckets (error, of this project)\n\nFiles belong to another team.\n\nWhat to do: ask them\n\nSource: https://example.com/files\n\nWhere it is right all the same: @allow(no-buckets, \"why\")\n";
    assert_eq!(out, wanted);
    assert!(purlin(folder.path(), &["rules"]).1.contains("no-buckets"));
    let near = purlin(folder.path(), &["explain", "no-bucket"]);
    assert!(near.0 == 2 && near.2.contains("did you mean `no-buckets`?"), "{}", near.2);
    let sarif: Value = serde_json::from_str(&checked(folder.path(), &["--format", "sarif"]).1).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let own = rules.iter().find(|r| r["id"] == "no-buckets").unwrap();
    assert_eq!(own["helpUri"], "https://example.com/files");
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(purlin(elsewhere.path(), &["explain", "event-loop"]).0, 0, "without a project too");
    assert_eq!(purlin(elsewhere.path(), &["rules"]).0, 0, "without a project too");
}

#[test]
fn paths_are_uris_in_sarif_and_lose_nothing_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let name = "a b#1, 100%: é.purlin";
    std::fs::write(folder.path().join(name), WARNS).unwrap();
    let said = |format: &str, path: &str| purlin(folder.path(), &["check", path, "--as-of", DAY, "--format", format]).1;
    let uri = |text: &str| -> String {
        let sarif: Value = serde_json::from_str(text).unwrap();
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().into()
    };
    assert_eq!(uri(&said("sarif", name)), "a%20b%231%2C%20100%25%3A%20%C3%A9.purlin");
    let whole = folder.path().join(name);
    let absolute = uri(&said("sarif", whole.to_str().unwrap()));
    assert!(absolute.starts_with("file:///") && absolute.ends_with("/a%20b%231%2C%20100%25%3A%20%C3%A9.purlin"), "{absolute}");
    assert!(said("github", name).contains("file=a b#1%2C 100%25%3A é.purlin,"));
    assert!(said("junit", name).contains(&format!("<testsuite name=\"{name}\"")));
    assert!(said("gitlab", name).contains(&format!("\"path\": \"{name}\"")));
}
