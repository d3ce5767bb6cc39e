//! The names a template defines, and what refers to them. Knows nothing of resource types but what
//! `Fn::GetAtt` offers of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::attribute;
use super::finding::{TemplateProblem, TemplateProblemKind};
use super::problem::{ProblemKind, Step, owned};
use super::reference::{self, Reference};
use crate::cfn::intrinsic::{Gives, single};
use crate::cfn::schema::ResourceSchema;
use crate::cfn::shape::Kind;
use crate::cfn::{near, store};

const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];
const SECTIONS_WITH_LOOPS: [&str; 3] = ["Conditions", "Outputs", "Resources"];

fn is_module(resource: &Value) -> bool {
    let type_name = resource.get("Type").and_then(Value::as_str);
    type_name.is_some_and(|name| name.ends_with("::MODULE"))
}

/// The members of a section, in the order written.
pub(super) fn members<'a>(template: &'a Value, section: &str) -> Vec<(&'a str, &'a Value)> {
    let map = template.get(section).and_then(Value::as_object);
    map.into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect()
}

/// The names that a template defines, and what has been found in it so far.
pub(super) struct Scope<'a> {
    pub(super) resources: Vec<(&'a str, &'a Value)>,
    places: HashMap<&'a str, usize>,
    /// With the type of each.
    parameters: BTreeMap<&'a str, &'a str>,
    conditions: BTreeSet<&'a str>,
    mappings: BTreeSet<&'a str>,
    /// A macro may add to the template what is not seen here.
    pub(super) is_open: bool,
    pub(super) problems: Vec<TemplateProblem>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(template: &'a Value) -> Scope<'a> {
        let names = |section| members(template, section).into_iter().map(|(name, _)| name);
        let loops = |name: &str| name.starts_with("Fn::");
        let mut resources = members(template, "Resources");
        resources.retain(|(name, _)| !loops(name));
        let places = resources.iter().enumerate().map(|(place, (name, _))| (*name, place));
        let transform = template.get("Transform").unwrap_or(&Value::Null);
        let expands = |value: &Value| value != "AWS::LanguageExtensions" && !value.is_null();
        let list = transform.as_array();
        let type_of = |parameter: &'a Value| parameter.get("Type").and_then(Value::as_str);
        let parameters = members(template, "Parameters").into_iter();
        let parameters = parameters.map(|(name, p)| (name, type_of(p).unwrap_or_default()));
        Scope {
            is_open: list.map_or_else(|| expands(transform), |list| list.iter().any(expands))
                || SECTIONS_WITH_LOOPS.iter().any(|section| names(section).any(loops))
                || resources.iter().any(|(_, resource)| is_module(resource)),
            places: places.collect(),
            resources,
            parameters: parameters.collect(),
            conditions: names("Conditions").collect(),
            mappings: names("Mappings").collect(),
            problems: vec![],
        }
    }

    pub(super) fn report(&mut self, path: &[Step<'_>], kind: TemplateProblemKind) {
        self.problems.push(TemplateProblem { path: owned(path), kind });
    }

    /// Reports a value that is not what it must be.
    pub(super) fn value(&mut self, path: &[Step<'_>], kind: ProblemKind) {
        self.report(path, TemplateProblemKind::Value(kind));
    }

    pub(super) fn missing(&mut self, name: &str, path: &[Step<'_>]) {
        let kind = ProblemKind::MissingRequired { name: name.to_owned() };
        self.value(path, kind);
    }

    /// Reports the keys of an object that have no meaning there.
    pub(super) fn keys(&mut self, value: &Value, known: &[&str], path: &[Step<'_>]) {
        if self.is_open {
            return;
        }
        let keys = value.as_object().map(Map::keys).into_iter().flatten();
        for key in keys.filter(|key| !known.contains(&key.as_str()) && !key.starts_with("Fn::")) {
            let nearest = near::nearest(key, known.iter().copied()).map(str::to_owned);
            let kind = ProblemKind::UnknownProperty { name: key.clone(), nearest };
            self.report(&[path, &[Step::Key(key)]].concat(), TemplateProblemKind::Value(kind));
        }
    }

    pub(super) fn condition(&mut self, value: &Value, path: &[Step<'_>]) {
        if let Some(name) = value.get("Condition").and_then(Value::as_str) {
            self.defined("Condition", name, &[path, &[Step::Key("Condition")]].concat());
        }
    }

    pub(super) fn depends_on(&mut self, resource: &'a Value, path: &[Step<'a>]) -> Vec<usize> {
        let path = [path, &[Step::Key("DependsOn")]].concat();
        let targets = resource.get("DependsOn").map_or(&[][..], |targets| match targets {
            Value::Array(targets) => targets,
            target => std::slice::from_ref(target),
        });
        let names: Vec<&str> = targets.iter().filter_map(Value::as_str).collect();
        for name in &names {
            if self.places.contains_key(name) {
                continue;
            }
            let known = self.resources.iter().map(|(name, _)| *name).collect();
            self.unknown("DependsOn", name, known, &path);
        }
        names.iter().filter_map(|name| self.places.get(name).copied()).collect()
    }

    /// Checks the references in a value and gives the places of the resources they name.
    pub(super) fn references(&mut self, value: &'a Value, path: &[Step<'a>]) -> Vec<usize> {
        let mut found = vec![];
        reference::each(value, &mut path.to_vec(), &mut |reference, path| {
            found.push((reference, path.to_vec()));
        });
        let mut edges = vec![];
        for (reference, path) in found {
            match reference {
                Reference::Condition(name) => self.defined("Condition", name, &path),
                Reference::Mapping(name) => self.defined("Fn::FindInMap", name, &path),
                // A loop's own names may stand where a text does.
                Reference::Malformed(..) if self.is_open => {}
                Reference::Malformed(function, takes) => {
                    self.report(&path, TemplateProblemKind::Malformed { function, takes });
                }
                Reference::Target(name, by) => match self.places.get(name) {
                    Some(&place) => edges.push(place),
                    None if self.parameters.contains_key(name) || PSEUDO_PARAMETERS.contains(&name) => {}
                    None => self.unknown(by, name, self.targets(), &path),
                },
                Reference::Attribute(name, attribute, by) => match self.places.get(name).copied() {
                    Some(place) => {
                        edges.push(place);
                        self.attribute(name, attribute, &path);
                    }
                    None => self.unknown(by, name, self.targets(), &path),
                },
            }
        }
        edges
    }

    pub(super) fn targets(&self) -> Vec<&'a str> {
        self.resources.iter().map(|(name, _)| *name).chain(self.parameters.keys().copied()).collect()
    }

    pub(super) fn attribute(&mut self, resource: &str, name: Option<String>, path: &[Step<'_>]) {
        if let (Some(schema), Some(name)) = (self.schema(resource), name)
            && let Err(suggestion) = attribute(schema, &name)
        {
            let kind = TemplateProblemKind::UnknownAttribute {
                resource: resource.to_owned(),
                type_name: schema.name().to_owned(),
                attribute: name,
                suggestion,
            };
            self.report(path, kind);
        }
    }

    /// What a function gives, where what it names tells.
    pub(super) fn gives(&self, value: &Value) -> Option<Gives> {
        match single(value)? {
            ("Ref", Value::String(name)) if self.places.contains_key(name.as_str()) => Some(Gives::Scalar),
            ("Ref", Value::String(name)) => {
                let type_name = self.parameters.get(name.as_str())?;
                let is_list = type_name.contains("List<") || *type_name == "CommaDelimitedList";
                Some(if is_list { Gives::List } else { Gives::Scalar })
            }
            ("Fn::GetAtt", argument) => {
                let joined = argument.as_array().map(|items| {
                    let names: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                    names.join(".")
                });
                let written = joined.as_deref().or(argument.as_str())?;
                let (resource, name) = written.split_once('.')?;
                let shape = self.schema(resource)?.property(&name.replace('.', "/"))?;
                let (list, object) = (shape.kinds.has(Kind::Array), shape.kinds.has(Kind::Object));
                match (shape.kinds.has_scalar(), list, object) {
                    (true, false, false) => Some(Gives::Scalar),
                    (false, true, false) => Some(Gives::List),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn schema(&self, resource: &str) -> Option<&'static ResourceSchema> {
        let (_, resource) = self.resources.get(*self.places.get(resource)?)?;
        store::schema(resource.get("Type")?.as_str()?)
    }

    /// Reports a condition or a mapping that the template does not define.
    pub(super) fn defined(&mut self, by: &'static str, name: &str, path: &[Step<'_>]) {
        let known = match by {
            "Condition" => &self.conditions,
            _ => &self.mappings,
        };
        if !known.contains(name) {
            self.unknown(by, name, known.iter().copied().collect(), path);
        }
    }

    pub(super) fn unknown(&mut self, by: &'static str, name: &str, known: Vec<&str>, path: &[Step<'_>]) {
        if !self.is_open {
            let nearest = near::nearest(name, known).map(str::to_owned);
            self.report(path, TemplateProblemKind::UnknownTarget { by, name: name.to_owned(), nearest });
        }
    }
}
