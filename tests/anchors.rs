//! What a kind cannot compute is reported at the declaration that uses it, never in a file of the library: for every
//! property of every kind, with values that fit its type and are odd in some way.
#![allow(clippy::unwrap_used, clippy::panic)]

mod one;

use one::One;
use purlin::model::{Type, Unit};
use purlin::session::{FileSystem, Options, Project, analyse};
use purlin::types::{KindInfo, Library, STDLIB_FILES};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The findings of a program whose primary place is in the library.
fn in_library(program: &str) -> Vec<String> {
    let files: Arc<dyn FileSystem> = Arc::new(One(program.to_string()));
    let project = Project { files: vec!["main.purlin".into()], ..Project::default() };
    let analysis = analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).unwrap();
    let lost = analysis.findings.iter().filter(|f| f.primary.span.file.0 >= STDLIB_FILES);
    lost.map(|f| format!("{}: {}", f.rule, f.message)).collect()
}

/// A value of a type, as it is written.
fn plain(ty: &Type) -> Option<String> {
    Some(match ty.bare() {
        Type::Bool => "true".into(),
        Type::Int => "2".into(),
        Type::Float => "1.5".into(),
        Type::String => "\"x\"".into(),
        Type::Quantity(Unit::Time) => "2d".into(),
        Type::Quantity(Unit::Size) => "512MB".into(),
        Type::Quantity(Unit::Percent) => "50%".into(),
        Type::Cidr => "10.0.0.0/16".into(),
        Type::Date => "2026-01-01".into(),
        Type::Words(words) => format!("{:?}", words.first()?),
        Type::List(inner) => format!("[{}]", plain(inner)?),
        Type::Map(inner) => format!("{{ a = {} }}", plain(inner)?),
        Type::OneOf(types) => plain(types.first()?)?,
        _ => return None,
    })
}

/// Odd values of a type: known only at deployment, of no round unit, chosen by a parameter.
fn odd(ty: &Type) -> Vec<String> {
    let mut values: Vec<String> = match ty.bare() {
        Type::Quantity(Unit::Time) => vec!["1890383s".into(), "90061001ms".into(), "0s".into()],
        Type::Quantity(Unit::Size) => vec!["1537B".into(), "700KB".into()],
        Type::Int => vec!["0".into(), "-1".into()],
        Type::List(_) => vec!["[]".into(), "p".into(), "[p]".into()],
        Type::Map(_) => vec!["{}".into(), "{ a = p }".into()],
        Type::Record(_) => vec!["{}".into()],
        Type::Ref(kinds) => kinds.iter().map(|kind| format!("some_{kind}")).collect(),
        _ => Vec::new(),
    };
    values.push("p".into());
    values.push("none".into());
    if let Some(value) = plain(ty) {
        values.push(format!("{value} if stage == \"dev\" else p"));
        values.push(format!("{value} if stage == \"dev\" else none"));
    }
    values
}

fn required(info: &KindInfo, but: &str) -> String {
    let pairs = info.kind.properties.values().zip(&info.properties);
    let needed = pairs.filter(|(p, ty)| p.default.is_none() && !ty.optional() && &*p.name != but);
    needed.filter_map(|(p, ty)| Some(format!("  {} = {}\n", p.name, plain(ty)?))).collect()
}

#[test]
fn no_finding_is_in_the_library() {
    let library = Library::standard();
    let mut lost: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for info in library.kinds() {
        let mut programs = Vec::new();
        for (property, ty) in info.kind.properties.values().zip(&info.properties) {
            let ty_text = match ty.bare() {
                Type::Bool | Type::Int | Type::Float | Type::Quantity(_) | Type::Words(_) | Type::Cidr => ty.bare().to_string(),
                _ => "String".into(),
            };
            for value in odd(ty) {
                let name = &info.kind.name;
                programs.push((
                    format!("{name}.{} = {value}", property.name),
                    format!(
                        "stack a\nparam stage: \"dev\" | \"prod\" = \"dev\"\nparam p: {ty_text}\nqueue some_queue {{ }}\n{name} x {{\n{}  {} = {value}\n}}\noutput o = \"${{stage}}\"\n",
                        required(info, &property.name),
                        property.name
                    ),
                ));
            }
        }
        for (case, program) in programs {
            count += 1;
            let found = in_library(&program);
            if !found.is_empty() {
                lost.insert(case, found);
            }
        }
    }
    assert!(count > 1_000, "{count} programs");
    assert!(lost.is_empty(), "{} of {count}: {lost:#?}", lost.len());
}

#[test]
fn the_place_is_the_property() {
    let program = "stack a\ntable t {\n  key = \"id\"\n  recovery = 1890383s\n}\n";
    let files: Arc<dyn FileSystem> = Arc::new(One(program.into()));
    let project = Project { files: vec!["main.purlin".into()], ..Project::default() };
    let analysis = analyse(&files, &project, &Options::default()).unwrap();
    let finding = analysis.findings.iter().find(|f| &*f.rule == "not-whole").unwrap();
    assert_eq!(program.get(finding.primary.span.range()), Some("recovery = 1890383s"), "{finding:?}");
    assert!(finding.message.contains("`t.recovery`") && finding.related.len() == 1, "{finding:?}");
}
