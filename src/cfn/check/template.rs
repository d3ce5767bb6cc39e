//! Checks of a whole template: that its types, attributes and targets exist, that its resources are
//! well formed, and that none waits for itself. Knows nothing of where a template came from.

use serde_json::{Map, Value};

use super::cycle::cycles;
use super::finding::{TemplateProblem, TemplateProblemKind};
use super::problem::{ProblemKind, Step, owned};
use super::properties_in;
use super::reference;
use super::scalar::describe;
use super::scope::{Scope, members};
use crate::cfn::intrinsic::{Form, form};
use crate::cfn::shape::Kind;
use crate::cfn::{near, store};

const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];
const RESOURCE_KEYS: [&str; 9] =
    ["Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy", "UpdateReplacePolicy"];
const OUTPUT_KEYS: [&str; 4] = ["Condition", "Description", "Export", "Value"];
const POLICIES: [&str; 4] = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];
/// The types of which CloudFormation can take a snapshot before it deletes them.
const WITH_SNAPSHOT: [&str; 8] = [
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
];
const NAME: &str = "^[a-zA-Z0-9]+$";

/// Checks every resource of a template and every reference in it.
#[must_use]
pub fn template(template: &Value) -> Vec<TemplateProblem> {
    let mut scope = Scope::new(template);
    scope.keys(template, &SECTIONS, &[]);
    if scope.resources.is_empty() {
        scope.missing("Resources", &[]);
    }
    let resources = scope.resources.clone();
    let mut edges = vec![];
    for (name, resource) in &resources {
        edges.push(self::resource(&mut scope, name, resource));
    }
    for (name, output) in members(template, "Outputs") {
        let path = [Step::Key("Outputs"), Step::Key(name)];
        if name.starts_with("Fn::") {
            continue;
        }
        self::name(&mut scope, name, &path);
        scope.keys(output, &OUTPUT_KEYS, &path);
        if output.get("Value").is_none() {
            scope.missing("Value", &path);
        }
        scope.condition(output, &path);
        scope.references(output, &path);
    }
    for (name, condition) in members(template, "Conditions") {
        let path = [Step::Key("Conditions"), Step::Key(name)];
        scope.references(condition, &path);
        reference::each_condition(condition, &mut |name| scope.defined("Condition", name, &path));
    }
    if scope.is_open {
        return scope.problems;
    }
    for circle in cycles(&edges) {
        let names = circle.iter().filter_map(|&place| resources.get(place));
        let resources: Vec<String> = names.map(|(name, _)| (*name).to_owned()).collect();
        let first = resources.first().cloned().unwrap_or_default();
        let path = [Step::Key("Resources"), Step::Key(&first)];
        scope.report(&path, TemplateProblemKind::Cycle { resources });
    }
    scope.problems
}

/// Checks a resource and gives the places of those it waits for.
fn resource<'a>(scope: &mut Scope<'a>, name: &'a str, resource: &'a Value) -> Vec<usize> {
    let path = [Step::Key("Resources"), Step::Key(name)];
    self::name(scope, name, &path);
    scope.keys(resource, &RESOURCE_KEYS, &path);
    scope.condition(resource, &path);
    let type_name = resource.get("Type").and_then(Value::as_str);
    for key in ["DeletionPolicy", "UpdateReplacePolicy"] {
        if let Some(policy) = resource.get(key) {
            let path = [&path[..], &[Step::Key(key)]].concat();
            self::policy(scope, key, policy, type_name, &path);
        }
    }
    match type_name {
        Some(type_name) => properties(scope, type_name, resource, &path),
        None => scope.missing("Type", &path),
    }
    let mut edges = scope.references(resource, &path);
    edges.extend(scope.depends_on(resource, &path));
    edges
}

/// Checks the name of a resource or an output.
fn name(scope: &mut Scope<'_>, name: &str, path: &[Step<'_>]) {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        let (value, pattern) = (name.to_owned(), NAME.to_owned());
        scope.value(path, ProblemKind::PatternMismatch { value, pattern });
    }
}

/// Checks what becomes of a resource that is deleted or replaced.
fn policy(scope: &mut Scope<'_>, key: &str, policy: &Value, type_name: Option<&str>, path: &[Step<'_>]) {
    let snapshot = type_name.is_none_or(|name| WITH_SNAPSHOT.contains(&name));
    let fits = |policy: &&str| match *policy {
        "Snapshot" => snapshot,
        "RetainExceptOnCreate" => key == "DeletionPolicy",
        _ => true,
    };
    match policy.as_str() {
        Some(text) if !POLICIES.iter().filter(|policy| fits(policy)).any(|known| *known == text) => {
            let allowed: Vec<&str> = POLICIES.into_iter().filter(fits).collect();
            let kind = ProblemKind::NotInEnum {
                value: text.to_owned(),
                nearest: near::nearest(text, allowed.iter().copied()).map(str::to_owned),
                allowed: allowed.into_iter().map(str::to_owned).collect(),
            };
            scope.value(path, kind);
        }
        None if form(policy) == Form::Plain => {
            let expected = [Kind::String].into_iter().collect();
            scope.value(path, ProblemKind::WrongType { expected, found: describe(policy) });
        }
        _ => {}
    }
}

/// Checks the type of a resource, and its properties against that type.
fn properties(scope: &mut Scope<'_>, type_name: &str, resource: &Value, path: &[Step<'_>]) {
    let Some(schema) = store::schema(type_name) else {
        let nearest = store::nearest_type(type_name).map(str::to_owned);
        // Other namespaces belong to third parties, modules and macros.
        let is_aws = type_name.starts_with("AWS::") && !type_name.ends_with("::MODULE");
        if is_aws && !scope.is_open || !is_aws && nearest.is_some() {
            let kind = TemplateProblemKind::UnknownType { name: type_name.to_owned(), nearest };
            scope.report(&[path, &[Step::Key("Type")]].concat(), kind);
        }
        return;
    };
    let none = Value::Object(Map::new());
    let condition = resource.get("Condition").and_then(Value::as_str);
    let start = [path, &[Step::Key("Properties")]].concat();
    let written = resource.get("Properties").unwrap_or(&none);
    let problems = properties_in(schema, written, condition, &|value| scope.gives(value));
    for problem in problems {
        let path = owned(&start).into_iter().chain(problem.path).collect();
        let kind = TemplateProblemKind::Value(problem.kind);
        scope.problems.push(TemplateProblem { path, kind });
    }
}
