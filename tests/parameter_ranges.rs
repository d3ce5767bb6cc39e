//! A parameter that may have values which a property does not take is found at the property, for every property of every
//! kind with a range; the edit that the finding offers repairs it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod one;

use one::analysed;
use purlin::base::{Diagnostic, Severity};
use purlin::model::{Bounds, Refinement, Type, Value};
use purlin::types::Library;

const RULE: &str = "parameter-out-of-range";
const FUNCTION: &str = "runtime = \"python3.13\", handler = \"a.b\", code = \"a.zip\", timeout = 9s";

fn ours(program: &str) -> Vec<Diagnostic> {
    analysed(program).findings.into_iter().filter(|f| &*f.rule == RULE).collect()
}

/// A program after the edits of a finding.
fn edited(program: &str, finding: &Diagnostic) -> String {
    let mut text = program.to_string();
    for edit in finding.fixes[0].edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

fn limits(ty: &Type) -> Option<&Bounds> {
    match ty {
        Type::Refined(_, Refinement::In(bounds)) => Some(bounds),
        Type::Refined(inner, _) | Type::Optional(inner) => limits(inner),
        _ => None,
    }
}

/// A value that lies a step beyond another.
fn beyond(value: &Value, step: i64) -> Option<Value> {
    match value {
        Value::Int(n) => n.checked_add(step).map(Value::Int),
        Value::Float(n) => Some(Value::Float(n + step as f64)),
        Value::Quantity(n, unit) => {
            let scale = unit.scales().iter().find(|(_, factor)| n % factor == 0).map_or(1, |(_, factor)| *factor);
            Some(Value::Quantity(n + step * scale, *unit))
        }
        _ => None,
    }
}

#[test]
fn every_property_with_a_range_names_the_parameter_that_leaves_it() {
    let facts: toml::Table = include_str!("matrix_of_positions/kinds.toml").parse().unwrap();
    let mut tried = 0;
    for info in Library::standard().kinds() {
        let kind = &*info.kind.name;
        let text = |key: &str| facts.get(kind).and_then(|f| f.get(key)).and_then(toml::Value::as_str).unwrap_or_default();
        for (property, ty) in info.kind.properties.values().zip(&info.properties) {
            let name = &property.name;
            let Some(bounds) = limits(ty).filter(|_| !text("own").contains(&format!("{name} = "))) else { continue };
            let program = |range: &str| {
                let fill = |text: &str| text.replace("IT", "it").replace("NET", "net");
                let network =
                    if text("own").contains("NET") || text("beside").contains("NET") { "vpc net { nat = \"one\" }\n" } else { "" };
                let line = format!("{name} = asked");
                format!(
                    "stack app\nparam asked: {}{range}\n{network}{}\n{kind} it {{\n{}\n{line}\n}}\n",
                    ty.bare(),
                    fill(text("beside")),
                    fill(text("own"))
                )
            };
            assert!(ours(&program(&format!(" in {bounds}"))).is_empty(), "{kind}.{name}\n{}", program(&format!(" in {bounds}")));
            let mut ranges = vec![String::new()];
            ranges.extend(
                bounds
                    .most
                    .as_ref()
                    .and_then(|most| beyond(most, 1))
                    .map(|most| format!(" in {}", Bounds { least: bounds.least.clone(), most: Some(most) })),
            );
            let least = bounds.least.as_ref().filter(|least| least.magnitude() != Some(0.0));
            ranges.extend(
                least
                    .and_then(|least| beyond(least, -1))
                    .map(|least| format!(" in {}", Bounds { least: Some(least), most: bounds.most.clone() })),
            );
            for range in ranges {
                let program = program(&range);
                let found = ours(&program);
                let [finding] = found.as_slice() else { panic!("{found:?}\n{program}") };
                let limits = bounds.to_string();
                assert_eq!(&program[finding.primary.span.range()], "asked", "{program}");
                assert!(finding.message.contains(&limits) && finding.message.contains("`asked`"), "{}", finding.message);
                assert_eq!(&program[finding.related[0].span.range()], "asked");
                let repaired = edited(&program, finding);
                assert!(ours(&repaired).is_empty(), "{:?}\n{repaired}", ours(&repaired));
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn wherever_a_parameter_gets_to() {
    let cases = [
        // An argument of an event; an element of a list; a field of a record; through a component; in a branch.
        ("Int in 1..20000", format!("queue q {{ }}\nfunction f {{ {FUNCTION}\non q.messages(batch: asked) }}"), "asked"),
        ("Int in 1..20000", "table t { key = \"id\", capacity { read = asked, write = 5 } }".into(), ""),
        (
            "Duration in 0s..13h",
            "component one(hidden: Duration) {\n queue q { visibility = hidden }\n}\none a { hidden = asked }".into(),
            "hidden",
        ),
        (
            "Duration in 0s..13h",
            "component one(hidden: Duration in 0s..12h) {\n queue q { visibility = hidden }\n}\none a { hidden = asked }".into(),
            "asked",
        ),
        ("Duration in 0s..13h", "param big: Bool = true\nqueue q { visibility = asked if big else 5s }".into(), "asked"),
        ("Duration in 0s..13h", "let hidden = asked\nqueue q { visibility = hidden }".into(), "hidden"),
        // Texts: words, lengths, and the default.
        ("\"good\" | \"bad name\" = \"good\"", "queue q { physical_name = asked }".into(), "asked"),
        ("String len 1..2000", "role r { services = [\"lambda.amazonaws.com\"], description = asked }".into(), "asked"),
        ("String = \"bad name\"", "queue q { physical_name = asked }".into(), "asked"),
    ];
    for (ty, body, at) in cases {
        let program = format!("stack app\nparam asked: {ty}\n{body}\n");
        let found = ours(&program);
        let places: Vec<&str> = found.iter().map(|f| &program[f.primary.span.range()]).collect();
        let expected: Vec<&str> = Some(at).filter(|at| !at.is_empty()).into_iter().collect();
        assert_eq!(places, expected, "{program}\n{found:?}");
    }
    let program = "stack app\nparam asked: Duration = 13h\nqueue q { visibility = asked }\n";
    assert!(ours(program)[0].fixes.is_empty() && ours(program)[0].help.as_ref().unwrap().contains("another default"));
    for (ty, body) in [
        ("String", "queue q { physical_name = asked }"),
        ("String = \"good\"", "queue q { physical_name = asked }"),
        ("\"good\" | \"better\"", "queue q { physical_name = asked }"),
        ("String len 1..1000", "role r { services = [\"lambda.amazonaws.com\"], description = asked }"),
        ("Duration in 0s..12h", "queue q { visibility = asked }"),
    ] {
        let program = format!("stack app\nparam asked: {ty}\n{body}\n");
        let errors: Vec<_> = analysed(&program).findings.into_iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:?}\n{program}");
    }
}
