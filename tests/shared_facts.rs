//! Facts about AWS that the rules on declarations and those on templates both need: the library has them as `let`s, which
//! rules on templates must not read, and `stdlib/templates/rules.toml` has them as data. Both must say the same.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

fn library(file: &str) -> String {
    std::fs::read_to_string(format!("stdlib/{file}")).unwrap()
}

fn rules() -> toml::Table {
    library("templates/rules.toml").parse().unwrap()
}

/// What a `let` of the library is, as it is written.
fn declared(file: &str, name: &str) -> String {
    let text = library(file);
    let begin = text.find(&format!("\nlet {name} = ")).unwrap_or_else(|| panic!("{file} has no `let {name}`"));
    let value = &text[begin + format!("\nlet {name} = ").len()..];
    let end = value.find("\n}\n").or_else(|| value.find("\n]\n")).unwrap().min(value.find("\n]\n").unwrap_or(usize::MAX));
    value[..end].to_string()
}

/// The texts of a list.
fn list(file: &str, name: &str) -> BTreeSet<String> {
    Regex::new("\"([^\"]+)\"").unwrap().captures_iter(&declared(file, name)).map(|c| c[1].to_string()).collect()
}

/// The entries of a map, with their values as they are written.
fn map(file: &str, name: &str) -> BTreeMap<String, String> {
    let entry = Regex::new(r#"(?m)^\s*"?([A-Za-z0-9:_-]+)"?\s+= (.+)$"#).unwrap();
    entry.captures_iter(&declared(file, name)).map(|c| (c[1].to_string(), c[2].trim_matches('"').to_string())).collect()
}

fn actions(rule: &str) -> BTreeSet<String> {
    rules()[rule]["actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap().to_string()).collect()
}

#[test]
fn lists_of_actions_are_equal() {
    assert_eq!(list("rules/reach.purlin", "escalating"), actions("escalating-rights"));
    assert_eq!(list("rules/reach.purlin", "on_one_resource"), actions("wildcard-resource"));
}

#[test]
fn endpoints_of_services_are_equal() {
    // In one of them only, with the reason.
    let alone = [
        ("logs", "the role of a function in a template may write its log, which Lambda sends without the network"),
        ("ssm", "no declaration gives a right on parameters"),
    ];
    let strip = |mut all: BTreeMap<String, String>| {
        alone.iter().for_each(|(service, _)| drop(all.remove(*service)));
        all
    };
    let declared = map("rules/reach.purlin", "endpoint_of");
    let written: BTreeMap<String, String> = rules()["service-out-of-reach"]["texts"].clone().try_into().unwrap();
    for (service, reason) in alone {
        assert!(declared.contains_key(service) != written.contains_key(service), "{service} is in both, or in none: {reason}");
    }
    assert_eq!(strip(declared), strip(written));
}

#[test]
fn connections_of_databases_are_equal() {
    let limits: BTreeMap<String, f64> = rules()["connections-beyond-database"]["limits"].clone().try_into().unwrap();
    let number = |text: &str| text.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<f64>().unwrap();
    let mut declared = BTreeMap::new();
    for (name, prefix) in [("class_memory", "memory"), ("connection_memory", "bytes"), ("most_connections", "most")] {
        declared.extend(map("aws/rds.purlin", name).iter().map(|(key, value)| (format!("{prefix}.{key}"), number(value))));
    }
    let large = map("aws/rds.purlin", "large_aurora_mysql");
    let pair = Regex::new(r#""?([a-z0-9]+)"? = ([0-9]+)"#).unwrap();
    for (family, sizes) in map("aws/rds.purlin", "aurora_mysql_connections") {
        let own: BTreeMap<String, String> = pair.captures_iter(&sizes).map(|c| (c[1].to_string(), c[2].to_string())).collect();
        let sizes = if sizes == "large_aurora_mysql" { large.clone() } else { own };
        declared.extend(sizes.iter().map(|(size, most)| (format!("aurora-mysql.{family}.{size}"), number(most))));
    }
    assert_eq!(declared, limits);
}

#[test]
fn names_of_secrets_are_equal() {
    let text = library("rules/reach.purlin");
    let of = |pattern: &str| Regex::new(pattern).unwrap().captures(&text).unwrap()[1].to_string();
    let parts = of(r#"matches\(\s*k,\s*"\(\?i\)\(([^)]*)\)""#);
    let endings = of(r#"matches\(k, "\(\?i\)\(([^)]*)\)\$"\)"#);
    // `api_?key` is both `apikey` and `api_key`.
    let spelled = |part: &str| [part.replace("_?", ""), part.replace("_?", "_")];
    let parts: BTreeSet<String> = parts.split('|').flat_map(spelled).collect();
    let endings: BTreeSet<String> = endings.split('|').map(String::from).collect();
    let table = rules();
    let written = |key: &str| -> BTreeSet<String> { table["secret-in-environment"][key].clone().try_into().unwrap() };
    assert_eq!((parts, endings), (written("fields"), written("endings")));
}
