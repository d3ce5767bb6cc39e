//! A physical name that two resources have at the same time is found where it is written: of each type, of each kind, in
//! loops, components and other stacks; names that never meet are not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod one;

use one::analysed;
use purlin::base::{Diagnostic, Severity};
use purlin::cfn::named::{named, named_types};
use purlin::session::{FileSystem, Options, Project, analyse};
use purlin::types::Library;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const RULE: &str = "duplicate-physical-name";
const FUNCTION: &str = "runtime = \"python3.13\", handler = \"a.b\", code = \"a.zip\", timeout = 9s";

/// The errors of a program, each as its rule and the texts at its places; the places of the rule of names only.
fn errors(program: &str) -> Vec<(String, Vec<String>)> {
    let analysis = analysed(program);
    let text = |label: &purlin::base::Label| program[label.span.start as usize..label.span.end as usize].to_string();
    let found = analysis.findings.iter().filter(|f| f.severity == Severity::Error);
    found.map(|f| (f.rule.to_string(), std::iter::once(&f.primary).chain(&f.related).map(text).collect())).collect()
}

/// The places of the only error, which is of the rule of names.
fn places(program: &str) -> Vec<String> {
    match errors(program).as_slice() {
        [(rule, places)] if rule == RULE => places.clone(),
        other => panic!("{other:?}\n{program}"),
    }
}

fn accepted(program: &str) {
    let found = errors(program);
    assert!(found.is_empty(), "{found:?}\n{program}");
}

#[test]
fn the_table_names_types_and_properties_that_exist() {
    let types = named_types().unwrap();
    assert!(types.len() > 60, "{}", types.len());
    for ty in types {
        let (named, schema) = (named(ty).unwrap(), purlin::cfn::schema(ty).unwrap_or_else(|| panic!("{ty}")));
        for path in [&named.name, &named.among].into_iter().filter(|path| path.chars().next().unwrap().is_ascii_uppercase()) {
            assert!(schema.property(&path.replace('.', "/")).is_some(), "{ty} has no {path}");
        }
        for given in named.gives.iter().filter(|given| *given != "Ref") {
            assert!(schema.property(&given.replace('.', "/")).is_some(), "{ty} gives no {given}");
        }
        assert!(named.with.as_deref().is_none_or(|with| purlin::cfn::named::named(with).is_some()), "{ty}");
    }
}

/// Two resources of a type, each with a name and in something.
fn of_type(ty: &str, first: (&str, &str), second: (&str, &str)) -> String {
    let named = named(ty).unwrap();
    let one = |label: &str, (name, within): (&str, &str)| {
        let name = format!("\"{name}\"");
        let (head, tail) = named.name.split_once('.').map_or((named.name.as_str(), None), |(head, tail)| (head, Some(tail)));
        let value = match tail {
            Some("Aliases") => format!("{{ Aliases = [{name}] }}"),
            Some(tail) => format!("{{ {tail} = {name} }}"),
            None => name,
        };
        let among = if within.is_empty() { String::new() } else { format!(", {} = \"{within}\"", named.among) };
        format!("resource \"{ty}\" {label} {{ {head} = {value}{among} }}\n")
    };
    format!("stack app\n{}{}", one("first", first), one("second", second))
}

#[test]
fn of_each_type_a_name_is_there_once_among_what_the_table_says() {
    for ty in named_types().unwrap() {
        let named = named(ty).unwrap();
        let inside = named.among.chars().next().unwrap().is_ascii_uppercase();
        let here = if inside { "this" } else { "" };
        let clash = |first, second| errors(&of_type(ty, first, second)).iter().any(|(rule, _)| rule == RULE);
        // What else the type needs is not written: templates are not looked at while a declaration has errors, and
        // missing properties are found beside the names.
        assert!(clash(("name", here), ("name", here)), "{ty}");
        assert!(!clash(("name", here), ("other", here)), "{ty}");
        assert_eq!(clash(("name", here), ("Name", here)), named.any_case, "{ty}");
        if inside {
            assert!(!clash(("name", "this"), ("name", "that")), "{ty}");
            assert_eq!(clash(("name", ""), ("name", named.default.as_deref().unwrap_or("x"))), named.default.is_some(), "{ty}");
        }
    }
}

#[test]
fn of_each_kind_with_a_physical_name_two_declarations_have_two() {
    let facts: toml::Table = include_str!("matrix_of_positions/kinds.toml").parse().unwrap();
    let mut tried = 0;
    for info in Library::standard().kinds() {
        let kind = &*info.kind.name;
        let text = |key: &str| facts.get(kind).and_then(|f| f.get(key)).and_then(toml::Value::as_str).unwrap_or_default().to_string();
        for property in ["physical_name", "alias"].into_iter().filter(|p| info.kind.properties.contains_key(*p)) {
            let own = if text("own").contains("physical_name") { String::new() } else { text("own") };
            let fill = |text: &str, name: &str| {
                let database = format!("{name}_db");
                let text = text.replace("IT", name).replace("NET", "net");
                text.replace("database db", &format!("database {database}")).replace("target = db", &format!("target = {database}"))
            };
            let one = |name: &str, value: &str| {
                format!("{}\n{kind} {name} {{\n{}\n{property} = \"{value}\"\n}}\n", fill(&text("beside"), name), fill(&own, name))
            };
            let program = |second: &str| {
                let both = format!("{}{}", one("first", "orders"), one("second", second));
                format!("stack app\n{}{both}", if both.contains("= net") { "vpc net { nat = \"one\" }\n" } else { "" })
            };
            let found = |program: &str| {
                let all = errors(program);
                all.into_iter().filter(|(rule, _)| rule == RULE).map(|(_, places)| places).collect::<Vec<_>>()
            };
            let same = program("orders");
            assert_eq!(found(&same), [["\"orders\"", "\"orders\""]], "{:?}\n{same}", errors(&same));
            assert!(found(&program("other")).is_empty(), "{kind}");
            tried += 1;
        }
    }
    assert!(tried >= 10, "{tried}");
}

#[test]
fn wherever_the_name_comes_from_it_is_found_there() {
    let cases: Vec<(String, Vec<&str>)> = vec![
        (
            "queue a { fifo = true, physical_name = \"jobs\" }\nqueue b { fifo = true, physical_name = \"jobs\" }".into(),
            vec!["\"jobs\""; 2],
        ),
        ("queue a { raw { QueueName = \"jobs\" } }\nqueue b { physical_name = \"jobs\" }".into(), vec!["\"jobs\""; 2]),
        ("resource \"AWS::SQS::Queue\" a { QueueName = \"jobs\" }\nqueue b { physical_name = \"jobs\" }".into(), vec!["\"jobs\""; 2]),
        ("let name = \"jobs\"\nqueue a { physical_name = name }\nqueue b { physical_name = \"jo${\"bs\"}\" }".into(), vec!["\"jo${\"bs\"}\"", "name"]),
        ("param stage: String = \"dev\"\nqueue a { physical_name = \"${stage}-jobs\" }\nqueue b { physical_name = \"${stage}-jobs\" }".into(), vec!["\"${stage}-jobs\""; 2]),
        ("for k in [\"x\", \"y\"] {\n queue q { physical_name = \"jobs\" }\n}".into(), vec!["\"jobs\""]),
        ("component one() {\n queue q { physical_name = \"jobs\" }\n}\none a { }\none b { }".into(), vec!["\"jobs\"", "a", "b"]),
        ("component one(name: String) {\n queue q { physical_name = name }\n}\none a { name = \"jobs\" }\nqueue b { physical_name = \"jobs\" }".into(), vec!["\"jobs\"", "name"]),
        (
            format!("function f {{ {FUNCTION}, physical_name = \"f\" }}\nlog_group a {{ physical_name = \"/aws/lambda/${{f.name}}\" }}\nlog_group b {{ physical_name = \"/aws/lambda/f\" }}"),
            vec!["\"/aws/lambda/f\"", "\"/aws/lambda/${f.name}\""],
        ),
        // One of the two values of a choice.
        (
            "param stage: \"dev\" | \"prod\" = \"dev\"\nqueue a { physical_name = \"jobs\" if stage == \"prod\" else \"dev-jobs\" }\nqueue b { physical_name = \"jobs\" }".into(),
            vec!["\"jobs\""; 2],
        ),
    ];
    for (body, at) in cases {
        let program = format!("stack app\n{body}\n");
        assert_eq!(places(&program), at, "{program}");
    }
}

#[test]
fn names_that_never_meet_are_accepted() {
    let stage = "param stage: \"dev\" | \"prod\" = \"dev\"\n";
    for body in [
        "queue a { physical_name = \"jobs\" }\ntopic b { physical_name = \"jobs\" }",
        "queue a { physical_name = \"jobs\" }\nqueue b { physical_name = \"jobs\", fifo = true }",
        "queue a { physical_name = \"jobs\" }\nqueue b { physical_name = \"Jobs\" }",
        "queue a { }\nqueue b { }",
        &format!(
            "{stage}if stage == \"dev\" {{\n queue a {{ physical_name = \"jobs\" }}\n}} else {{\n queue b {{ physical_name = \"jobs\" }}\n}}"
        ),
        &format!(
            "{stage}if stage == \"dev\" {{\n queue a {{ physical_name = \"jobs\" }}\n}}\nif stage == \"prod\" {{\n queue b {{ physical_name = \"jobs\" }}\n}}"
        ),
        &format!(
            "{stage}queue a {{ physical_name = \"jobs\" if stage == \"dev\" else \"more\" }}\nqueue b {{ physical_name = \"more\" if stage == \"dev\" else \"jobs\" }}"
        ),
        "for k in [\"x\", \"y\"] {\n queue q { physical_name = \"jobs-${k}\" }\n}",
    ] {
        accepted(&format!("stack app\n{body}\n"));
    }
}

struct Files(BTreeMap<PathBuf, String>);

impl FileSystem for Files {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// The errors of a project of two stacks.
fn of_two(one: &str, other: &str) -> Vec<Diagnostic> {
    let files = [("one.purlin", one), ("other.purlin", other)];
    let files: BTreeMap<PathBuf, String> = files.map(|(path, text)| (PathBuf::from(path), text.to_string())).into();
    let project = Project { files: files.keys().cloned().collect(), ..Project::default() };
    let files: Arc<dyn FileSystem> = Arc::new(Files(files));
    let analysis = analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).unwrap();
    analysis.findings.into_iter().filter(|f| f.severity == Severity::Error).collect()
}

#[test]
fn stacks_of_one_project_clash_where_their_names_are_in_one_place() {
    let queue = |name: &str| format!("queue {name} {{ physical_name = \"jobs\" }}\n");
    let bucket = |name: &str, text: &str| format!("bucket {name} {{ physical_name = \"{text}\" }}\n");
    let import = "import_stack \"./one.purlin\" as first\noutput x = first.value\n";
    // Names of all accounts.
    let found = of_two(&format!("stack one\n{}", bucket("a", "shop-data")), &format!("stack other\n{}", bucket("b", "shop-data")));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&*found[0].rule, found[0].related.len()), (RULE, 1));
    assert_ne!(found[0].primary.span.file, found[0].related[0].span.file);
    assert!(
        of_two(&format!("stack one\n{}", bucket("a", "${aws.region}-x")), &format!("stack other\n{}", bucket("b", "${aws.region}-x")))
            .is_empty()
    );
    // Names of a region: known to be one where a stack imports the other's exports.
    assert!(of_two(&format!("stack one\n{}", queue("a")), &format!("stack other\n{}", queue("b"))).is_empty());
    let found = of_two(&format!("stack one\n{}export value = \"x\"\n", queue("a")), &format!("stack other\n{import}{}", queue("b")));
    assert_eq!(found.iter().map(|f| &*f.rule).collect::<Vec<_>>(), [RULE], "{found:?}");
    // A parameter of one stack is not the parameter of the other.
    let with = |stack: &str, before: &str, name: &str| {
        format!("stack {stack}\n{before}param stage: String = \"dev\"\nqueue {name} {{ physical_name = \"${{stage}}-jobs\" }}\n")
    };
    let found = of_two(&with("one", "export value = \"x\"\n", "a"), &with("other", import, "b"));
    assert!(found.is_empty(), "{found:?}");
}
