//! The tables about rights, held against CloudFormation's types and IAM's actions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use purlin::base::tables;
use purlin::cfn;
use purlin::iam::{self, ArnForm, Part};

#[derive(serde::Deserialize)]
struct Actions {
    cause: Vec<toml::Value>,
}

/// The names of the events that the head of the table explains.
fn explained_events() -> Vec<String> {
    let text = tables::table("templates/actions.toml").unwrap();
    let head = text.split("#   kinds").next().unwrap().split("#   event").nth(1).unwrap();
    let words = head.lines().skip(1).flat_map(|line| line.trim_start_matches('#').split("  ").map(str::trim));
    words.filter(|w| !w.is_empty()).flat_map(|w| w.split(' ')).map(str::to_owned).collect()
}

#[test]
fn the_table_of_causes_is_read_whole() {
    let text = tables::table("templates/actions.toml").unwrap();
    let table: Actions = toml::from_str(text).unwrap();
    assert_eq!(iam::causes().len(), table.cause.len());
    assert!(iam::causes().len() > 100);
    assert_eq!(iam::READ_ON.len(), 10);
}

#[test]
fn every_cause_names_what_exists() {
    let mut wrong = Vec::new();
    for cause in iam::causes() {
        let place = format!("{} on {}", cause.actions.join(" "), cause.types.join(" "));
        for action in &cause.actions {
            let known: Vec<String> = cfn::actions::matching(action).collect();
            if known != [action.clone()] {
                wrong.push(format!("{place}: no action `{action}`: {known:?}"));
            }
        }
        for ty in &cause.types {
            let Some(schema) = cfn::schema(ty) else {
                wrong.push(format!("{place}: no type `{ty}`"));
                continue;
            };
            let own = cause.on.iter().any(|form| form.parts.contains(&Part::Own)).then(|| iam::own_arn(ty));
            if own.is_some_and(|own| own.is_none_or(|attribute| !schema.has_attribute(attribute))) {
                wrong.push(format!("{place}: the ARN of {ty} is not known: {own:?}"));
            }
            let has = |name: &str| schema.property(name).is_some() || schema.has_attribute(name);
            let filled = cause.on.iter().flat_map(|form| &form.parts).filter_map(|part| match part {
                Part::Property(name) => Some(name),
                _ => None,
            });
            for name in filled.chain(&cause.at).chain(&cause.when) {
                if !has(name) {
                    wrong.push(format!("{place}: {ty} has no `{name}`"));
                }
            }
        }
        if !explained_events().contains(&cause.event) {
            wrong.push(format!("{place}: the head of the table does not explain `{}`", cause.event));
        }
        if cause.actions.is_empty() || cause.types.is_empty() || cause.on.is_empty() {
            wrong.push(format!("{place}: incomplete"));
        }
        if !cause.source.starts_with("https://docs.aws.amazon.com/") {
            wrong.push(format!("{place}: no page of AWS as source"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_form_of_an_arn_is_read_in_parts() {
    let form = ArnForm::parse("{self}/{key}").unwrap();
    assert_eq!(form.parts, [Part::Own, Part::Text("/".to_owned()), Part::Field("key".to_owned())]);
    assert_eq!(form.fields().collect::<Vec<_>>(), ["key"]);
    assert!(ArnForm::parse("*").unwrap().is_any());
    for wrong in ["{", "}", "{}", "a{b", "a}b"] {
        assert_eq!(ArnForm::parse(wrong), None, "{wrong}");
    }
}
