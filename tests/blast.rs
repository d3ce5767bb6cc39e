//! `purlin blast`, `budget`, `explain` and `allows` on templates: the same follows from a failure as in the program of the same
//! application.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use purlin::session::{
    Analysis, Blow, FileSystem, Memories, Options, analyse_environments, blast, blast_joined, find, gauges, meant, measured,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// The files of the suite.
struct Disk;

impl FileSystem for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| e.unwrap().path()).collect();
        entries.sort();
        Ok(entries)
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }
}

/// What differs, and why: the example, the function, what and whom it concerns, `purlin` or `sam` by who says it alone.
const DIFFERENCES: &[(&str, &str, &str, &str, &str)] = &[(
    "image-function",
    "convert",
    "sam",
    "is not triggered: converted",
    "the queue gets what the function returns; of a program, destinations of successes are not counted as triggers",
)];

fn analysed(path: &Path) -> Analysis {
    let files: Arc<dyn FileSystem> = Arc::new(Disk);
    let project = find(&*files, path).unwrap();
    analyse_environments(&mut Memories::default(), &files, &project, &Options::default(), false).unwrap()
}

fn facts(blows: Vec<Blow>, name: impl Fn(&str) -> Option<String>) -> BTreeSet<String> {
    let one = |blow: &Blow| Some(format!("{}: {}", blow.what, name(&blow.of)?));
    blows.iter().filter_map(one).collect()
}

#[test]
fn a_twin_says_what_its_example_says() {
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    let (mut functions, mut said) = (0, 0);
    let mut twins: Vec<PathBuf> = std::fs::read_dir("tests/templates/twins").unwrap().map(|e| e.unwrap().path().join("sam")).collect();
    twins.retain(|twin| twin.is_dir());
    twins.sort();
    for twin in twins {
        let example = twin.parent().unwrap().file_name().unwrap().to_str().unwrap().to_string();
        let names: toml::Table = std::fs::read_to_string(twin.join("names.toml")).unwrap().parse().unwrap();
        let names: BTreeMap<String, String> =
            names["names"].as_table().unwrap().iter().map(|(id, name)| (id.clone(), name.as_str().unwrap().to_string())).collect();
        let (own, other) = (analysed(&Path::new("examples").join(&example)), analysed(&twin));
        let project = other.joined.as_ref().unwrap();
        for stack in &own.stacks {
            for function in stack.graph.world.instances.iter().filter(|i| i.kind_name() == "function") {
                let Some((id, _)) = names.iter().find(|(_, name)| ***name == *function.name) else { continue };
                functions += 1;
                let found = meant(project, id);
                assert_eq!(found.len(), 1, "{example} {id}");
                let declared = facts(blast(stack, &function.name).unwrap(), |name| names.values().find(|n| *n == name).cloned());
                let read = facts(blast_joined(project, found[0].id), |id| names.get(id).cloned());
                said += declared.len();
                for (side, fact) in declared.difference(&read).map(|f| ("purlin", f)).chain(read.difference(&declared).map(|f| ("sam", f)))
                {
                    let is_known =
                        |d: &&(&str, &str, &str, &str, &str)| (d.0, d.1, d.2, d.3) == (&*example, &*function.name, side, &**fact);
                    match DIFFERENCES.iter().position(|d| is_known(&d)) {
                        Some(at) => drop(seen.insert(at)),
                        None => wrong.push(format!("(\"{example}\", \"{}\", \"{side}\", \"{fact}\", \"\"),", function.name)),
                    }
                }
            }
        }
    }
    assert!(DIFFERENCES.iter().all(|d| !d.4.is_empty()) && seen.len() == DIFFERENCES.len(), "{seen:?} of the differences are there");
    assert!(wrong.is_empty(), "{functions} functions, {said} facts\n{}", wrong.join("\n"));
    assert!(functions >= 40 && said >= 40, "{functions} functions, {said} facts");
}

fn purlin(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_purlin")).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

const QUEUE: &str = r#"Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}}
  Dead: {Type: AWS::SQS::Queue}
  Send:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]
  Admin:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [AmazonSQSFullAccess]
  Odd:
    Type: AWS::Serverless::Function
    Properties:
      Role: !Ref RoleOfOthers
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}
Parameters: {RoleOfOthers: {Type: String}}
"#;

#[test]
fn templates_are_asked_by_the_names_of_their_resources() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("jobs.yaml"), QUEUE).unwrap();
    let (code, text, said) = purlin(&["blast", "Jobs", &path("jobs.yaml")]);
    assert_eq!((code, said.as_str()), (0, ""));
    for line in [
        "If `Jobs` fails:",
        "  stops: `Send`, which can sqs:SendMessage* `Jobs`",
        "  may stop: `Admin`, which can sqs:* `Jobs`: the managed policy `AmazonSQSFullAccess` is on every resource",
        "  is not triggered: `Work`, by Jobs.messages",
        "  is not known: whether `Odd` needs it: the role `${RoleOfOthers}` is not in this template",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let (_, text, _) = purlin(&["blast", "Work", &path("")]);
    assert!(text.contains("is tried again: what comes of Jobs.messages: then sent to `Dead` (`Work`)"), "{text}");
    // Two stacks have it: the name of the stack says which.
    std::fs::write(path("other.yaml"), QUEUE).unwrap();
    let (code, _, said) = purlin(&["blast", "Jobs", &path("")]);
    assert_eq!(code, 2);
    assert!(said.contains("`Jobs` is in several stacks: name one of `jobs.Jobs`, `other.Jobs`"), "{said}");
    let (code, text, _) = purlin(&["blast", "other.Jobs", &path("")]);
    assert!(code == 0 && text.contains("stops: `other.Send`") && !text.contains("stops: `jobs.Send`"), "{text}");
    let (code, _, said) = purlin(&["blast", "Nothing", &path("")]);
    assert!(code == 2 && said.contains("there is no declaration or resource `Nothing`"), "{said}");
}

/// What fails in a stack of Purlin concerns a template that uses it.
#[test]
fn a_failure_crosses_from_a_program_to_a_template() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("main.purlin"), "stack intake\n\ntopic orders { }\n\nexport topic = orders.arn\n").unwrap();
    let ship = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Ship:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        - Statement: [{Effect: Allow, Action: sns:Publish, Resource: !ImportValue intake-topic}]\n";
    std::fs::write(path("ship.yaml"), ship).unwrap();
    for name in ["orders", "intake.orders"] {
        let (code, text, _) = purlin(&["blast", name, &path("")]);
        assert!(code == 0 && text.contains("stops: `ship.Ship`, which can sns:Publish `intake.orders`"), "{text}");
    }
}

/// What `explain` says to write is accepted, and `allows` lists it.
#[test]
fn an_explained_permit_is_one() {
    let (code, text, _) = purlin(&["explain", "event-loop"]);
    assert!(code == 0 && text.contains("@allow(event-loop, \"why\")"), "{text}");
    let (_, permit) = text.split_once("In a template, under a resource that takes part:\n\n").unwrap();
    assert_eq!(permit.lines().next(), Some("    Metadata:"), "{permit}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("template.yaml").display().to_string();
    let send = "Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]\n      Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}\n";
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Jobs: {{Type: AWS::SQS::Queue}}\n  Work:\n    Type: AWS::Serverless::Function\n{}    Properties:\n      {send}",
        permit
    );
    std::fs::write(&path, &template).unwrap();
    let (code, text, said) = purlin(&["check", &path]);
    assert!((code, text.as_str()) == (0, "") && !said.contains("event-loop") && !said.contains("-allow"), "{template}\n{said}");
    let (code, text, _) = purlin(&["allows", &path]);
    assert_eq!((code, text), (0, format!("{path}:9: event-loop: why\n")));
    // A rule on what only programs declare has no form for templates.
    let (code, text, _) = purlin(&["explain", "too-many-policies"]);
    assert!(code == 0 && !text.contains("In a template"), "{text}");
}

/// A program and the template that is made of it use the same of CloudFormation's limits.
#[test]
fn a_template_uses_what_its_program_uses() {
    let mut compared = 0;
    let mut examples: Vec<PathBuf> = std::fs::read_dir("examples").unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    examples.sort();
    for example in examples {
        let own = analysed(&example);
        for stack in own.stacks.iter().filter(|stack| stack.template.is_some()) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format!("{}.json", stack.name));
            std::fs::write(&path, &*stack.template.as_ref().unwrap().text).unwrap();
            let read = measured(&analysed(&path));
            assert_eq!(read.len(), 1, "{}", example.display());
            assert!(!read[0].unknown.is_empty());
            for limit in &read[0].limits {
                let declared = gauges(stack).into_iter().find(|gauge| gauge.what == limit.what).unwrap();
                assert_eq!((&declared.value, &declared.limit), (&limit.value, &limit.limit), "{} {}", example.display(), limit.what);
                compared += 1;
            }
        }
    }
    assert!(compared >= 60, "{compared}");
}

#[test]
fn the_budget_of_a_template_says_what_it_leaves_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs.yaml").display().to_string();
    std::fs::write(&path, QUEUE).unwrap();
    let (code, text, _) = purlin(&["budget", "--all", &path]);
    assert_eq!(code, 0);
    for part in
        ["jobs\n", "too-many-parameters              1 of 200 (jobs)", "not measured: who waits", "not measured: template-too-large"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let (_, text, _) = purlin(&["budget", "--format", "json", &path]);
    let data: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(data[0]["stack"], "jobs");
    assert_eq!(data[0]["unknown"].as_array().unwrap().len(), 3, "{text}");
}
