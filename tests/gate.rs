//! Purlin as a gate: every format says the same, what is denied, what is known, what is mended.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const PROGRAM: &str = include_str!("gate/main.purlin");

fn purlin(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let done = Command::cargo_bin("purlin").unwrap().current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

fn project(program: &str, toml: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.purlin"), program).unwrap();
    std::fs::write(folder.path().join("purlin.toml"), toml).unwrap();
    folder
}

fn json(folder: &Path) -> Vec<Value> {
    let (_, text, _) = purlin(folder, &["check", "--format", "json"]);
    serde_json::from_str::<Value>(&text).unwrap()["findings"].as_array().unwrap().clone()
}

/// Rule, line and column of each finding that is not allowed.
fn open(findings: &[Value]) -> BTreeSet<(String, u64, u64)> {
    let place = |f: &Value| (f["place"]["line"].as_u64().unwrap(), f["place"]["column"].as_u64().unwrap());
    let open = findings.iter().filter(|f| f["allowed"].is_null());
    open.map(|f| (f["rule"].as_str().unwrap().to_string(), place(f).0, place(f).1)).collect()
}

#[test]
fn every_format_is_as_it_was_read() {
    let folder = project(PROGRAM, "");
    for format in ["json", "sarif", "junit", "github", "gitlab"] {
        let (code, text, _) = purlin(folder.path(), &["check", "--as-of", "2026-11-20", "--format", format]);
        assert_eq!(code, 1, "{format}");
        insta::with_settings!({ snapshot_path => "gate", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format, text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
        });
    }
}

#[test]
fn every_format_says_the_same() {
    let folder = project(PROGRAM, "");
    let findings = json(folder.path());
    let expected = open(&findings);
    assert!(expected.len() >= 6, "{expected:?}");

    let (_, text, _) = purlin(folder.path(), &["check", "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&text).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let at = |r: &Value, key: &str| r["locations"][0]["physicalLocation"]["region"][key].as_u64().unwrap();
    let told: BTreeSet<_> = results
        .iter()
        .filter(|r| r["suppressions"].is_null())
        .map(|r| (r["ruleId"].as_str().unwrap().to_string(), at(r, "startLine"), at(r, "startColumn")))
        .collect();
    assert_eq!(told, expected, "sarif");
    assert_eq!(results.len(), findings.len(), "sarif tells what is allowed too");
    for (result, finding) in results.iter().zip(&findings) {
        let related = result["relatedLocations"].as_array().map_or(0, Vec::len);
        assert_eq!(related, finding["related"].as_array().unwrap().len(), "{result}");
        assert_eq!(result["partialFingerprints"]["purlin/v1"], finding["fingerprint"]);
    }

    let (_, text, _) = purlin(folder.path(), &["check", "--format", "junit"]);
    for (rule, line, column) in &expected {
        assert!(text.contains(&format!("<testcase name=\"{rule} at {line}:{column}\">")), "junit: {rule}\n{text}");
    }
    assert_eq!(text.matches("<failure").count(), expected.len());

    let (_, text, _) = purlin(folder.path(), &["check", "--format", "github"]);
    assert_eq!(text.lines().count(), expected.len());
    for (rule, line, _) in &expected {
        assert!(text.contains(&format!("line={line},")) && text.contains(&format!("title={rule}::")), "github: {rule}");
    }

    let (_, text, _) = purlin(folder.path(), &["check", "--format", "gitlab"]);
    let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
    let told: BTreeSet<_> =
        issues.iter().map(|i| (i["check_name"].as_str().unwrap().to_string(), i["location"]["lines"]["begin"].as_u64().unwrap())).collect();
    assert_eq!(told, expected.iter().map(|(rule, line, _)| (rule.clone(), *line)).collect());

    let (_, _, human) = purlin(folder.path(), &["check"]);
    for (rule, ..) in &expected {
        assert!(human.contains(rule.as_str()), "human: {rule}");
    }
}

#[test]
fn sarif_has_the_types_of_its_standard() {
    let folder = project(PROGRAM, "");
    let (_, text, _) = purlin(folder.path(), &["check", "--format", "sarif"]);
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(&sarif).unwrap(), serde_json::from_str::<Value>(&text).unwrap(), "nothing is unknown to the standard");
}

const CLEAN: &str = "stack clean\n\nqueue jobs { }\n";
const ADVICE: &str = "stack advised\n\nbucket files { }\n";
const WARNED: &str = "stack warned\n\nlet size = 5\n\nqueue jobs { }\n";

#[test]
fn what_is_denied_ends_with_1() {
    for (program, arguments, code) in [
        (CLEAN, &["check", "--deny", "advice"][..], 0),
        (ADVICE, &["check", "--deny", "warnings"], 0),
        (ADVICE, &["check", "--deny", "advice"], 1),
        (WARNED, &["check"], 0),
        (WARNED, &["check", "--deny", "warnings"], 1),
        (PROGRAM, &["check"], 1),
        (PROGRAM, &["check", "nowhere"], 2),
        (PROGRAM, &["check", "--baseline", "nowhere.json"], 2),
    ] {
        let folder = project(program, "");
        assert_eq!(purlin(folder.path(), arguments).0, code, "{arguments:?}\n{program}");
    }
}

#[test]
fn severities_are_the_projects() {
    for (toml, arguments, code) in [
        ("[severities]\nunused-declaration = \"error\"\n", &["check"][..], 1),
        ("[severities]\nunused-declaration = \"off\"\n", &["check", "--deny", "advice"], 0),
        ("[severities]\nunused-declaration = \"advice\"\n", &["check", "--deny", "warnings"], 0),
        ("[severities]\nunused-declaration = \"loud\"\n", &["check"], 1),
        ("[severities]\nunknown-kind = \"off\"\n", &["check"], 1),
    ] {
        let folder = project(WARNED, toml);
        assert_eq!(purlin(folder.path(), arguments).0, code, "{toml}");
    }
}

#[test]
fn thresholds_are_the_projects() {
    let route = |n: usize| format!("  on front.route(\"GET /{n}\")\n");
    let function = "function a {\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n  code    = \"a.zip\"\n  timeout = 9s\n\n";
    let program = format!("stack t\n\nhttp_api front {{ }}\n\n{function}{}{}{}}}\n", route(1), route(2), route(3));
    let rules =
        |toml: &str| json(project(&program, toml).path()).iter().map(|f| f["rule"].as_str().unwrap().to_string()).collect::<Vec<_>>();
    assert!(!rules("").contains(&"function-of-many-routes".to_string()));
    assert!(rules("[limits]\nroutes_per_function = 2\n").contains(&"function-of-many-routes".to_string()));
}

#[test]
fn a_baseline_knows_findings_whatever_line_they_stand_on() {
    let folder = project(PROGRAM, "");
    let path = folder.path();
    assert_eq!(purlin(path, &["check", "--write-baseline", "known.json"]).0, 0);
    assert_eq!(purlin(path, &["check", "--baseline", "known.json", "--deny", "advice"]).0, 0);
    let moved = format!("// A line above.\n\n{PROGRAM}");
    std::fs::write(path.join("main.purlin"), &moved).unwrap();
    assert_eq!(purlin(path, &["check", "--baseline", "known.json", "--deny", "advice"]).0, 0);
    std::fs::write(path.join("main.purlin"), format!("{moved}\nqueue other {{ visibility = 5MB }}\n")).unwrap();
    let (code, text, _) = purlin(path, &["check", "--baseline", "known.json", "--format", "json"]);
    assert_eq!(code, 1);
    let new: Vec<Value> = serde_json::from_str::<Value>(&text).unwrap()["findings"].as_array().unwrap().clone();
    assert_eq!(open(&new).into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>(), ["type-mismatch"]);
}

#[test]
fn allows_are_listed() {
    let program = PROGRAM.replace("by hand\")", "by hand\", until: 2026-12-31)");
    let folder = project(&program, "");
    let (code, text, _) = purlin(folder.path(), &["allows", "--as-of", "2026-11-20"]);
    assert_eq!((code, text.as_str()), (0, "main.purlin:15: store-never-used, until 2026-12-31: the auditors fill it by hand\n"));
    let (_, text, _) = purlin(folder.path(), &["allows", "--as-of", "2027-01-01"]);
    assert!(text.trim_end().ends_with("[ended]"), "{text}");
}

#[test]
fn fix_mends_what_is_mechanical_and_ends() {
    let program = "stack t\n\nqeue jobs { visibilty = 1m }\n\nlet unused = 5\n\nqueue more { }\n";
    let folder = project(program, "");
    let (code, diff, _) = purlin(folder.path(), &["fix", "--dry-run"]);
    assert_eq!(code, 0);
    assert!(diff.contains("-qeue jobs { visibilty = 1m }\n+queue jobs {"), "{diff}");
    assert_eq!(std::fs::read_to_string(folder.path().join("main.purlin")).unwrap(), program, "a dry run changes nothing");
    assert_eq!(purlin(folder.path(), &["fix"]).0, 0);
    let mended = std::fs::read_to_string(folder.path().join("main.purlin")).unwrap();
    assert_eq!(mended, "stack t\n\nqueue jobs { visibility = 1m }\n\nlet unused = 5\n\nqueue more { }\n");
    let (code, said, _) = purlin(folder.path(), &["fix"]);
    assert_eq!((code, said.as_str()), (0, ""), "a second time it has nothing to do");
    // What nothing uses yet is a person's to remove.
    assert_eq!(purlin(folder.path(), &["fix", "--unsafe"]).0, 0);
    let mended = std::fs::read_to_string(folder.path().join("main.purlin")).unwrap();
    assert_eq!(mended, "stack t\n\nqueue jobs { visibility = 1m }\n\n\nqueue more { }\n");
}

#[test]
fn every_finding_of_the_sources_can_be_explained() {
    let rules = purlin::session::rules();
    let pattern = regex::Regex::new(r#"(?s)Diagnostic::(?:error|warning|new)\((?:[^"();]|\([^()]*\))*?"([a-z]+(?:-[a-z]+)+)""#).unwrap();
    let mut unknown = BTreeSet::new();
    let mut seen = 0;
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for found in pattern.captures_iter(&text) {
                    seen += 1;
                    if !rules.contains_key(&found[1]) {
                        unknown.insert(found[1].to_string());
                    }
                }
            }
        }
    }
    assert!(seen > 80, "the pattern finds {seen} only");
    assert!(unknown.is_empty(), "stdlib/compiler.toml does not explain {unknown:?}");
}

/// Rules that no source can be made to break, each with the reason. A fault in a template is seeded for each.
const OF_TEMPLATES: &[(&str, &str)] = &[
    ("function-outlives-origin", "a distribution of the library has buckets and APIs as origins, and no URL of a function"),
    ("machine-outlives-request", "an API of the library triggers functions only"),
    ("missing-invoke-permission", "the compiler writes the permission of each trigger"),
    ("missing-network-right", "the compiler attaches the policy to each function in a network"),
    ("missing-poller-right", "the compiler writes the rights of each trigger"),
    ("missing-queue-policy", "the compiler writes the policy of each queue that a service sends to"),
    ("missing-task-right", "the compiler writes the rights of each task"),
    ("missing-topic-policy", "the compiler writes the policy of each topic that a service publishes to"),
    ("public-database", "a database of the library has no address on the internet"),
    ("public-route", "a declared route says who may call it with `auth`, and a declared API without any is reported by no rule yet"),
];

/// The rules that a fault in a template is seeded for.
fn seeded_in_templates() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for fault in std::fs::read_dir("tests/templates/faults").unwrap().map(|e| e.unwrap().path()) {
        for file in std::fs::read_dir(fault).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()) {
            let text = std::fs::read_to_string(file).unwrap();
            found.extend(text.lines().filter_map(|line| line.split_once("# expect: ")).map(|(_, rule)| rule.trim().to_string()));
        }
    }
    found
}

/// Files that find rules of several names by one check, each with the reason.
const OF_SEVERAL_NAMES: &[(&str, &str)] =
    &[("missing_permission", "the table of resource types names the rule for the policy that a target has")];

#[test]
fn each_rule_on_projects_has_a_file_with_its_name() {
    let rules = purlin::session::rules();
    for file in std::fs::read_dir("src/project/rules").unwrap().map(|e| e.unwrap().path()) {
        let name = file.file_stem().unwrap().to_string_lossy().to_string();
        let several = OF_SEVERAL_NAMES.iter().any(|(file, reason)| *file == name && !reason.is_empty());
        assert!(name == "mod" || several || rules.contains_key(&name.replace('_', "-")), "{name} is no rule");
    }
}

#[test]
fn there_are_at_least_150_rules_each_with_its_programs_and_its_source() {
    let rules = purlin::session::rules();
    let rules: Vec<_> = rules.values().filter(|r| r.allowable).collect();
    assert!(rules.len() >= 150, "{}", rules.len());
    let limits_of_a_template = [
        "template-needs-bucket",
        "template-too-large",
        "too-many-outputs",
        "too-many-parameters",
        "too-many-policies",
        "too-many-resources",
    ];
    let seeded = seeded_in_templates();
    for (rule, reason) in OF_TEMPLATES {
        assert!(seeded.contains(*rule) && !reason.is_empty(), "no fault in a template is seeded for {rule}");
        assert!(rules.iter().any(|r| r.name == *rule && r.cases.is_none()), "{rule} is no rule, or has programs: remove it here");
    }
    for rule in rules {
        let of_templates = OF_TEMPLATES.iter().any(|(name, _)| *name == rule.name);
        let written = rule.cases.is_some() || limits_of_a_template.contains(&rule.name.as_str()) || of_templates;
        assert!(written, "{} has no stdlib/cases/{}.txt", rule.name, rule.name);
        let own = ["unused-declaration", "failed-assertion", "rule-without-stack"].contains(&rule.name.as_str());
        assert!(own || rule.source.as_deref().is_some_and(|s| s.starts_with("https://")), "{} names no source", rule.name);
        assert!(!rule.about.is_empty());
        let texts = [Some(&rule.about), rule.help.as_ref()];
        assert!(
            texts.into_iter().flatten().all(|t| !t.contains("${")),
            "the page of {} has an expression in it: {}",
            rule.name,
            rule.about
        );
    }
}

#[test]
fn explain_budget_and_blast_answer() {
    let folder = project(PROGRAM.split("function idle").next().unwrap(), "");
    let (code, text, _) = purlin(folder.path(), &["explain", "visibility-too-short"]);
    assert!(code == 0 && text.contains("Flagged:") && text.contains("Not flagged:"), "{text}");
    let (code, _, said) = purlin(folder.path(), &["explain", "visibilty-too-short"]);
    assert!(code == 2 && said.contains("did you mean `visibility-too-short`?"), "{said}");
    let fixed = PROGRAM.split("function idle").next().unwrap().replace("visibility = 30s", "visibility = 6m");
    let folder = project(&fixed, "");
    let (code, text, _) = purlin(folder.path(), &["budget"]);
    assert!(code == 0 && text.contains("less than 10% is used"), "{text}");
    let (code, text, _) = purlin(folder.path(), &["blast", "work"]);
    assert_eq!((code, text.as_str()), (0, "If `work` fails:\n  is tried again: what comes of jobs.messages: until it expires (`work`)\n"));
    assert_eq!(purlin(folder.path(), &["blast", "nothing"]).0, 2);
}
