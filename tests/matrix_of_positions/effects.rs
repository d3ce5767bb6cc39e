//! What a use adds to a template: resources by type, and what roles allow, each without the names of its position.

use super::program::{Kinds, Program};
use purlin::session::Analysis;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Each effect with the number of times that it is there.
#[derive(PartialEq, Eq, Debug, Default)]
pub struct Effects(BTreeMap<String, usize>);

impl std::fmt::Display for Effects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|(effect, n)| writeln!(f, "  {n} x {effect}"))
    }
}

impl Effects {
    pub fn without(mut self, other: &Effects) -> Effects {
        for (effect, n) in &other.0 {
            if let Some(own) = self.0.get_mut(effect) {
                *own = own.saturating_sub(*n);
            }
        }
        self.0.retain(|_, n| *n > 0);
        self
    }
}

/// The effects of the stack `app`.
pub fn effects(analysis: &Analysis, program: &Program, kinds: &Kinds) -> Effects {
    let stack = analysis.stacks.iter().find(|s| &*s.name == "app").unwrap();
    let json = stack.template.as_ref().unwrap().json();
    let mut out = Effects::default();
    let empty = serde_json::Map::new();
    for resource in json["Resources"].as_object().unwrap_or(&empty).values() {
        let ty = resource["Type"].as_str().unwrap();
        *out.0.entry(format!("emits {ty}")).or_default() += 1;
        if ty.starts_with("AWS::IAM::") {
            statements(resource, &mut |statement| {
                for action in list(&statement["Action"]) {
                    for on in list(&statement["Resource"]) {
                        let condition = statement.get("Condition").map(flat).unwrap_or_default();
                        let effect = format!("allows {} on {} {condition}", flat(&action), flat(&on));
                        *out.0.entry(plain(&effect, program, kinds)).or_default() += 1;
                    }
                }
            });
        }
    }
    // A role's right is there or not, however many statements say so.
    out.0.iter_mut().filter(|(effect, _)| effect.starts_with("allows")).for_each(|(_, n)| *n = 1);
    out
}

fn statements(json: &Json, visit: &mut dyn FnMut(&Json)) {
    match json {
        Json::Object(fields) => {
            if fields.contains_key("Action") && fields.contains_key("Resource") {
                visit(json);
            }
            fields.values().for_each(|v| statements(v, visit));
        }
        Json::Array(values) => values.iter().for_each(|v| statements(v, visit)),
        _ => {}
    }
}

fn list(json: &Json) -> Vec<Json> {
    match json {
        Json::Array(values) => values.clone(),
        other => vec![other.clone()],
    }
}

/// A value as one text, with `${...}` for what is known at deployment.
fn flat(json: &Json) -> String {
    let Json::Object(fields) = json else {
        return json.as_str().map_or_else(|| json.to_string(), str::to_string);
    };
    let Some((key, value)) = fields.iter().next().filter(|_| fields.len() == 1) else { return json.to_string() };
    match (key.as_str(), value) {
        ("Ref", name) => format!("${{{}}}", flat(name)),
        ("Fn::GetAtt", Json::Array(parts)) => format!("${{{}}}", parts.iter().map(flat).collect::<Vec<_>>().join(".")),
        // The stack of an export is a parameter: its name has braces of its own.
        ("Fn::ImportValue", name) => format!("${{import {}}}", flat(name).replace(['{', '}'], "")),
        ("Fn::Sub", Json::String(text)) => text.clone(),
        ("Fn::Sub", Json::Array(parts)) => {
            let variables = parts[1].as_object().unwrap();
            variables.iter().fold(flat(&parts[0]), |text, (name, value)| text.replace(&format!("${{{name}}}"), &flat(value)))
        }
        ("Fn::Join", Json::Array(parts)) => list(&parts[1]).iter().map(flat).collect::<Vec<_>>().join(&flat(&parts[0])),
        ("Fn::Select", Json::Array(parts)) => format!("part {} of {}", flat(&parts[0]), flat(&parts[1])),
        ("Fn::Split", Json::Array(parts)) => flat(&parts[1]),
        ("Fn::If", Json::Array(parts)) => flat(&parts[1]),
        _ => json.to_string(),
    }
}

/// An effect without the names that differ with the position of the declaration.
fn plain(effect: &str, program: &Program, kinds: &Kinds) -> String {
    let reference = regex::Regex::new(r"\$\{(Box)?(It|Db)[A-Za-z0-9]*(\.[A-Za-z0-9.]+)?\}|\$\{import [^}]*\}").unwrap();
    let mut text = reference.replace_all(effect, "<it>").into_owned();
    let facts = &kinds.0[&program.kind];
    let mut forms: Vec<String> = facts.existing.values().map(|v| v.trim_matches('"').to_string()).filter(|v| v.len() > 5).collect();
    forms.extend(facts.forms.iter().cloned());
    forms.extend(kinds.0["database"].existing.values().map(|v| v.trim_matches('"').to_string()).filter(|v| v.len() > 5));
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    for form in forms {
        text = text.replace(&form, "<it>");
    }
    text
}
