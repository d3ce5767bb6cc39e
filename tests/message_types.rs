//! Types of messages: every pattern that the library lets one write over messages is compared with the type that their
//! carrier declares. The programs are made from the library's declarations.
#![allow(clippy::unwrap_used, clippy::panic)]

mod one;

use purlin::model::{Attribute, Expr, Node, Parameter, Type, Value};
use purlin::types::{KindInfo, Library};
use std::collections::BTreeSet;

/// The declaration of the type, in which `total` is the nearest name to `totl`.
const TYPE: &str = "type Order = { id: String, state: \"open\" | \"paid\", total: Int }";

fn word(attribute: &Attribute, name: Option<&str>) -> Option<String> {
    let argument = attribute.arguments.iter().find(|a| a.name.as_ref().map(|(n, _)| &**n) == name)?;
    text(&argument.value)
}

fn text(expr: &Expr) -> Option<String> {
    match &expr.node {
        Node::Name(name) | Node::Literal(Value::Str(name)) => Some(name.to_string()),
        _ => None,
    }
}

/// A carrier: the kind, the event, the field of the message, and how it declares the type.
struct Carrier<'l> {
    info: &'l KindInfo,
    event: String,
    at: String,
    declares: String,
}

fn carriers(library: &Library) -> Vec<Carrier<'_>> {
    let mut out = Vec::new();
    for info in library.kinds() {
        for property in info.kind.properties.values() {
            let Some(carries) = property.attributes.iter().find(|a| &*a.name == "carries") else { continue };
            let value = if word(carries, Some("by")).is_some() { "{ Placed = Order }" } else { "Order" };
            out.push(Carrier {
                info,
                event: word(carries, None).unwrap(),
                at: word(carries, Some("at")).unwrap(),
                declares: format!("{} = {value}", property.name),
            });
        }
    }
    out
}

/// The ways to write a pattern over a field of the message as an argument, with the settings of other arguments.
fn written(at: &str, pattern: &Attribute, parameters: &[Parameter], types: &[Type], fields: &str) -> Vec<String> {
    let name = word(pattern, None).unwrap();
    let (_, ty) = parameters.iter().zip(types).find(|(p, _)| *p.name == *name).unwrap();
    let list = matches!(ty.bare(), Type::List(_));
    let mut values = vec![format!("{{ {at} = {fields} }}")];
    if word(pattern, Some("below")).as_deref() == Some(at) {
        values = vec![fields.to_string()];
    }
    if pattern.arguments.iter().any(|a| a.name.as_ref().is_some_and(|(n, _)| &**n == "within")) {
        // Which field it is depends on another argument: each of its words is tried.
        values.clear();
        for (parameter, ty) in parameters.iter().zip(types) {
            if let Type::Words(words) = ty.bare() {
                values.extend(words.iter().map(|w| format!("{fields}, {}: {:?}", parameter.name, &**w)));
            }
        }
    }
    values.into_iter().map(|v| if list { format!("{name}: [{v}]") } else { format!("{name}: {v}") }).collect()
}

/// The lines by which each pattern over the messages of a carrier can be written: in which kind, and the line.
fn lines(carrier: &Carrier<'_>, fields: &str) -> Vec<(String, Vec<String>)> {
    let mut out = Vec::new();
    let kind = &carrier.info.kind;
    for (event, info) in kind.events.iter().zip(&carrier.info.events).filter(|(e, _)| *e.name == *carrier.event) {
        for pattern in event.attributes.iter().filter(|a| &*a.name == "pattern") {
            let arguments = written(&carrier.at, pattern, &event.parameters, info, fields);
            let lines = arguments.iter().map(|a| format!("on it.{}({a})", event.name)).collect();
            out.push((event.target.to_string(), lines));
        }
    }
    for verb in kind.verbs.values() {
        let wakes = verb.attributes.iter().any(|a| &*a.name == "wakes" && word(a, None).as_deref() == Some(&*carrier.event));
        let types = carrier.info.verbs.get(&verb.name).unwrap();
        for pattern in verb.attributes.iter().filter(|a| wakes && &*a.name == "pattern") {
            let arguments = written(&carrier.at, pattern, &verb.parameters, types, fields);
            out.push(("function".into(), arguments.iter().map(|a| format!("can {} it({a})", verb.name)).collect()));
        }
    }
    out
}

fn program(carrier: &Carrier<'_>, actor: &str, line: &str) -> String {
    let body = if actor == "function" {
        "runtime = \"python3.13\"\n  handler = \"a.handler\"\n  code = \"a.zip\"\n  timeout = 5s\n  "
    } else {
        ""
    };
    format!("stack t\n{TYPE}\n{} it {{ {} }}\n{actor} other {{\n  {body}{line}\n}}\n", carrier.info.kind.name, carrier.declares)
}

/// The findings of these rules in a program: the rule and the text that it marks.
fn found(program: &str) -> Vec<(String, String)> {
    let analysis = one::analysed(program);
    let rules = ["unknown-message-field", "pattern-unlike-type"];
    let found = analysis.findings.iter().filter(|f| rules.contains(&&*f.rule));
    found.map(|f| (f.rule.to_string(), program[f.primary.span.range()].to_string())).collect()
}

#[test]
fn every_pattern_is_compared_with_the_type_of_its_messages() {
    let library = Library::standard();
    let (mut seen, mut kinds) = (0, BTreeSet::new());
    for carrier in carriers(&library) {
        let wrong = [("{ totl = [1] }", "unknown-message-field", "totl"), ("{ total = [\"x\"] }", "pattern-unlike-type", "\"x\"")];
        for (fields, rule, marked) in wrong {
            for (actor, lines) in lines(&carrier, fields) {
                let programs: Vec<String> = lines.iter().map(|line| program(&carrier, &actor, line)).collect();
                let hits = programs.iter().filter(|p| found(p) == [(rule.to_string(), marked.to_string())]).count();
                assert_eq!(hits, 1, "{rule} is not found in one of\n{}", programs.join("\n"));
                seen += 1;
                kinds.insert(carrier.info.kind.name.to_string());
            }
        }
        for (actor, lines) in lines(&carrier, "{ total = [1], state = [\"open\"] }") {
            for program in lines.iter().map(|line| program(&carrier, &actor, line)) {
                assert_eq!(found(&program), [], "{program}");
            }
        }
    }
    assert!(seen >= 16, "{seen}");
    assert!(kinds.len() >= 4, "{kinds:?}");
}
