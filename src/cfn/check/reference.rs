//! What a part of a template refers to: resources, attributes, conditions, mappings. Knows nothing
//! of whether they exist.

use serde_json::Value;

use super::problem::Step;
use crate::cfn::intrinsic::single;

/// One use of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference<'a> {
    /// A resource or parameter, by the function that names it.
    Target(&'a str, &'static str),
    /// An attribute of a resource; `None` if it is computed.
    Attribute(&'a str, Option<String>, &'static str),
    /// A condition.
    Condition(&'a str),
    /// A mapping.
    Mapping(&'a str),
    /// A function whose arguments it does not take, and what it takes.
    Malformed(&'static str, &'static str),
}

/// Visits every reference in a value, with the way to the function that makes it.
pub(super) fn each<'a>(value: &'a Value, path: &mut Vec<Step<'a>>, visit: &mut dyn FnMut(Reference<'a>, &[Step<'a>])) {
    if let Some((name, argument)) = single(value) {
        malformed(name, argument, &mut |fault| visit(fault, path));
        call(name, argument, &mut |reference| visit(reference, path));
    }
    let mut descend = |step, inner| {
        path.push(step);
        each(inner, path, visit);
        path.pop();
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| descend(Step::Key(key), inner)),
        Value::Array(items) => {
            let steps = items.iter().enumerate();
            steps.for_each(|(index, inner)| descend(Step::Index(index), inner));
        }
        _ => {}
    }
}

/// Visits every condition that the definition of another names.
pub(super) fn each_condition<'a>(value: &'a Value, visit: &mut dyn FnMut(&'a str)) {
    if let Some(("Condition", Value::String(name))) = single(value) {
        visit(name);
    }
    match value {
        Value::Object(map) => map.values().for_each(|inner| each_condition(inner, visit)),
        Value::Array(items) => items.iter().for_each(|inner| each_condition(inner, visit)),
        _ => {}
    }
}

/// The functions with a fixed number of arguments: the fewest, the most, and an example.
const FUNCTIONS: [(&str, usize, usize, &str); 6] = [
    ("Fn::If", 3, 3, r#"["Condition", <if true>, <if false>]"#),
    ("Fn::Join", 2, 2, r#"[",", <list>]"#),
    ("Fn::Select", 2, 2, "[0, <list>]"),
    ("Fn::Split", 2, 2, r#"[",", <text>]"#),
    ("Fn::FindInMap", 3, 4, r#"["Mapping", "Key", "Name"]"#),
    ("Fn::Cidr", 2, 3, "[<block>, <count>, <bits>]"),
];

/// Says so if a function is written in a way it cannot be.
fn malformed<'a>(name: &str, argument: &Value, visit: &mut dyn FnMut(Reference<'a>)) {
    let items = argument.as_array().map(Vec::as_slice);
    let fixed = FUNCTIONS.into_iter().find(|(known, ..)| *known == name);
    let fault = match (name, argument, items) {
        ("Ref", argument, _) if !argument.is_string() => ("Ref", r#""Name""#),
        ("Fn::GetAtt", Value::String(dotted), _) if dotted.contains('.') => return,
        ("Fn::GetAtt", _, Some([Value::String(_), _, ..])) => return,
        ("Fn::GetAtt", ..) => ("Fn::GetAtt", r#"["Resource", "Attribute"]"#),
        ("Fn::Sub", Value::String(_), _) => return,
        ("Fn::Sub", _, Some([Value::String(_), Value::Object(_)])) => return,
        ("Fn::Sub", ..) => ("Fn::Sub", r#""text ${Name}" or ["text ${Name}", {"Name": <value>}]"#),
        (_, _, Some(items)) if fixed.is_some_and(|(_, few, many, _)| (few..=many).contains(&items.len())) => {
            return;
        }
        _ => match fixed {
            Some((function, .., takes)) => (function, takes),
            None => return,
        },
    };
    visit(Reference::Malformed(fault.0, fault.1));
}

/// The references that a function itself makes, apart from those in its arguments.
fn call<'a>(name: &str, argument: &'a Value, visit: &mut dyn FnMut(Reference<'a>)) {
    let items = argument.as_array().map(Vec::as_slice).unwrap_or_default();
    match (name, argument, items) {
        ("Ref", Value::String(target), _) => visit(Reference::Target(target, "Ref")),
        ("Fn::If", _, [Value::String(condition), ..]) => visit(Reference::Condition(condition)),
        ("Fn::FindInMap", _, [Value::String(mapping), ..]) => visit(Reference::Mapping(mapping)),
        ("Fn::GetAtt", Value::String(dotted), _) => attribute(dotted, "Fn::GetAtt", visit),
        ("Fn::GetAtt", _, [Value::String(resource), rest @ ..]) => {
            let names: Option<Vec<&str>> = rest.iter().map(Value::as_str).collect();
            let name = names.map(|names| names.join("."));
            visit(Reference::Attribute(resource, name, "Fn::GetAtt"));
        }
        ("Fn::Sub", Value::String(text), _) => substitutions(text, &Value::Null, visit),
        ("Fn::Sub", _, [Value::String(text), own]) => substitutions(text, own, visit),
        _ => {}
    }
}

fn attribute<'a>(dotted: &'a str, by: &'static str, visit: &mut dyn FnMut(Reference<'a>)) {
    visit(match dotted.split_once('.') {
        Some((resource, name)) => Reference::Attribute(resource, Some(name.to_owned()), by),
        None => Reference::Target(dotted, by),
    });
}

/// The names in `${...}`, but for `${!Literal}` and those that the function itself defines.
fn substitutions<'a>(text: &'a str, own: &Value, visit: &mut dyn FnMut(Reference<'a>)) {
    for part in text.split("${").skip(1) {
        let name = part.split_once('}').map(|(name, _)| name.trim());
        if let Some(name) = name.filter(|name| !name.starts_with('!') && own.get(name).is_none()) {
            attribute(name, "Fn::Sub", visit);
        }
    }
}
