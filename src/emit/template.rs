//! The template: parameters, conditions, resources and outputs in order. Knows nothing of files.

use super::collect::{Collected, collect};
use super::json::Writer;
use super::resource::{Resource, Statement};
use crate::base::{Diagnostic, FxIndexMap, Name};
use crate::graph::Graph;
use crate::model::{Bounds, Cond, Deploy, Refinement, Type, Unit, Value};
use crate::types::{Env, StackOutput, StackParam};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};

/// A template and what it was made from.
pub struct Template {
    /// The stack's name.
    pub stack: Name,
    /// Its text, as it is written to a file: its bytes are what CloudFormation counts. The tree it was written from is
    /// several times as large and is wanted seldom, so that it is not kept.
    pub text: String,
    /// How many entries each section has.
    pub counts: FxIndexMap<&'static str, usize>,
    /// The resources by logical id.
    pub resources: FxIndexMap<Name, Resource>,
    /// The logical ids of resources whose id in the template ends in a hash of content, by that id.
    pub renamed: FxHashMap<Name, Name>,
    /// The statements of each role, merged, by the role's logical id.
    pub statements: FxIndexMap<Name, Vec<Statement>>,
}

impl Template {
    /// A resource by its id in the template.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.get(self.renamed.get(id).map_or(id, |own| own))
    }

    /// The template, read again from its text.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

/// Makes the template of a graph, and the tree it is written from.
pub fn template(graph: &Graph) -> (Template, Json) {
    let mut collected = collect(graph);
    let statements = super::roles::roles(&mut collected, &graph.world.stack);
    super::statements::settle(&mut collected);
    let mut writer = Writer::new(&graph.world);
    rename(&mut writer, &collected);
    let mut resources = Map::new();
    for resource in collected.resources.values() {
        resources.insert(writer.id(&resource.id).to_string(), body(&writer, resource, &collected));
    }
    let outputs = outputs(graph, &writer);
    let conditions = std::mem::take(&mut writer.conditions.borrow_mut().named);
    super::stamp::stamp(&graph.world, &collected, &|id| writer.id(id).to_string(), &conditions, &mut resources);
    let mut top = Map::new();
    top.insert("AWSTemplateFormatVersion".into(), json!("2010-09-09"));
    if let Some(Value::Str(text)) = graph.world.about.get("description") {
        top.insert("Description".into(), json!(&**text));
    }
    top.insert("Metadata".into(), json!({ "Purlin": { "Version": env!("CARGO_PKG_VERSION"), "Stack": &*graph.world.stack } }));
    let parameters = parameters(graph, &writer);
    let mut counts = FxIndexMap::default();
    for (key, map) in [("Parameters", parameters), ("Conditions", conditions), ("Resources", resources), ("Outputs", outputs)] {
        counts.insert(key, map.len());
        if !map.is_empty() {
            top.insert(key.into(), Json::Object(map));
        }
    }
    let json = Json::Object(top);
    let text = super::text::text(&json);
    let renamed = writer.renamed.iter().map(|(own, shown)| (shown.clone(), own.clone())).collect();
    let template = Template { stack: graph.world.stack.clone(), text, counts, resources: collected.resources, renamed, statements };
    (template, json)
}

/// Gives resources whose id follows the content of others their ids.
fn rename(writer: &mut Writer<'_>, collected: &Collected) {
    for resource in collected.resources.values() {
        let Some(followed) = &resource.hashed else { continue };
        let mut hasher = blake3::Hasher::new();
        // The order in which edges are written must not count.
        let mut followed: Vec<&Name> = followed.iter().collect();
        followed.sort_unstable();
        for id in followed.into_iter().chain([&resource.id]) {
            if let Some(other) = collected.resources.get(id) {
                hasher.update(id.as_bytes());
                let except = resource.stamped.as_ref().map_or(&[][..], |stamp| &stamp.except);
                let published = other.properties.iter().filter(|(name, _)| !except.contains(name));
                hasher.update(Json::Object(writer.object(published)).to_string().as_bytes());
            }
        }
        let hash: String = hasher.finalize().to_hex().as_str().chars().take(10).collect();
        writer.renamed.insert(resource.id.clone(), format!("{}{hash}", resource.id).into());
    }
}

fn body(writer: &Writer<'_>, resource: &Resource, collected: &Collected) -> Json {
    let mut out = Map::new();
    out.insert("Type".into(), json!(&*resource.ty));
    let (mut after, mut perhaps): (Vec<String>, Vec<Json>) = Default::default();
    for other in resource.after.iter().filter_map(|id| collected.resources.get(id)) {
        let id = writer.id(&other.id).to_string();
        match &other.condition {
            // CloudFormation takes no `DependsOn` on what may not be there; a reference orders as well.
            Some(cond) if !implied(cond, &resource.condition) => {
                let reference = json!({ "Fn::If": [writer.condition(cond), { "Ref": id }, { "Ref": "AWS::NoValue" }] });
                if !perhaps.contains(&reference) {
                    perhaps.push(reference);
                }
            }
            _ if !after.contains(&id) => after.push(id),
            _ => {}
        }
    }
    if !after.is_empty() {
        out.insert("DependsOn".into(), json!(after));
    }
    if let Some(cond) = &resource.condition {
        out.insert("Condition".into(), json!(writer.condition(cond)));
    }
    if !perhaps.is_empty() {
        out.insert("Metadata".into(), json!({ "Purlin": { "After": perhaps } }));
    }
    if let Some(deletion) = &resource.deletion {
        out.insert("DeletionPolicy".into(), json!(deletion.deleted));
        out.insert("UpdateReplacePolicy".into(), json!(deletion.replaced));
    }
    let write = || writer.object(resource.properties.iter());
    let properties = match &resource.condition {
        Some(cond) => writer.assuming(cond, true, write),
        None => write(),
    };
    if !properties.is_empty() {
        out.insert("Properties".into(), Json::Object(properties));
    }
    Json::Object(out)
}

/// Whether a condition holds wherever another does.
fn implied(cond: &Cond, by: &Option<Cond>) -> bool {
    match by {
        Some(by) if by == cond => true,
        Some(Cond::And(all)) => all.iter().any(|part| implied(cond, &Some(part.clone()))),
        _ => false,
    }
}

fn outputs(graph: &Graph, writer: &Writer<'_>) -> Map<String, Json> {
    let mut outputs = Map::new();
    for output in &graph.world.outputs {
        match (&output.value, output.export) {
            (Value::Ref(id), true) => {
                let instance = graph.world.instance(*id).and_then(|i| Some((i, i.kind()?)));
                let Some((instance, info)) = instance else { continue };
                for (name, out) in info.kind.outs.iter().filter(|(_, out)| !out.internal) {
                    let value = Env::kind(&graph.world, instance.id).of_instance(instance.id, name, output.span);
                    let whole = format!("{}_{name}", output.name);
                    let joined = match &value {
                        Value::List(values) if values.is_empty() => Value::None,
                        Value::List(_) => Value::deploy(Deploy::Call("Fn::Join", Value::list(vec![Value::text(","), value.clone()]))),
                        _ => value.clone(),
                    };
                    one_output(writer, (output, &whole, &out.doc), &joined, &mut outputs);
                }
                for (whole, doc, value) in super::exports::read_through_it(graph, output, instance.id) {
                    one_output(writer, (output, &whole, doc), &value, &mut outputs);
                }
            }
            (value, _) => one_output(writer, (output, &output.name, &output.doc), value, &mut outputs),
        }
    }
    outputs
}

fn one_output(writer: &Writer<'_>, (output, name, doc): (&StackOutput, &str, &str), value: &Value, outputs: &mut Map<String, Json>) {
    let mut body = Map::new();
    if !doc.is_empty() {
        body.insert("Description".into(), json!(doc));
    }
    if let Some(cond) = &output.condition {
        body.insert("Condition".into(), json!(writer.condition(cond)));
    }
    let Some(value) = writer.json(value) else { return };
    body.insert("Value".into(), if value.is_number() || value.is_boolean() { json!(value.to_string()) } else { value });
    if output.export {
        body.insert("Export".into(), json!({ "Name": { "Fn::Sub": format!("${{AWS::StackName}}-{}", export_name(name)) } }));
    }
    let id = crate::types::camel(name);
    if outputs.insert(id.clone(), Json::Object(body)).is_some() {
        let message = format!("two outputs would both be called {id} in the template");
        writer.world.report(Diagnostic::error("duplicate-logical-id", output.span, message).help("rename one of them"));
    }
}

/// What follows the name of a deployed stack in the name under which it exports a value.
pub fn export_name(name: &str) -> String {
    name.replace('_', "-")
}

fn parameters(graph: &Graph, writer: &Writer<'_>) -> Map<String, Json> {
    let mut out = Map::new();
    let used = writer.used.borrow();
    for param in &graph.world.params {
        out.insert(param.name.to_string(), parameter(param));
    }
    let imported = graph.world.imported.iter().map(crate::types::deployed_name);
    for param in crate::types::implicit_params().into_iter().chain(imported) {
        if used.contains(&param.name) && !out.contains_key(&*param.name) {
            out.insert(param.name.to_string(), parameter(&param));
        }
    }
    out
}

fn parameter(param: &StackParam) -> Json {
    let mut out = Map::new();
    if !param.doc.is_empty() {
        out.insert("Description".into(), json!(param.doc));
    }
    let number = matches!(param.ty.bare(), Type::Int | Type::Float | Type::Quantity(_));
    out.insert("Type".into(), json!(if number { "Number" } else { "String" }));
    if let Some(default) = &param.default {
        out.insert("Default".into(), scalar(default));
    }
    match param.ty.bare() {
        Type::Words(words) => {
            out.insert("AllowedValues".into(), json!(words.iter().map(|w| &**w).collect::<Vec<_>>()));
        }
        Type::Bool => {
            out.insert("AllowedValues".into(), json!(["true", "false"]));
        }
        _ => {}
    }
    constraints(&param.ty, number, &mut out);
    if param.secret {
        out.insert("NoEcho".into(), json!(true));
    }
    Json::Object(out)
}

fn constraints(ty: &Type, number: bool, out: &mut Map<String, Json>) {
    let mut bounds = |bounds: &Bounds, least: &str, most: &str| {
        for (key, bound) in [(least, &bounds.least), (most, &bounds.most)] {
            if let Some(bound) = bound {
                out.insert(key.into(), scalar(bound));
            }
        }
    };
    match ty {
        Type::Optional(inner) => constraints(inner, number, out),
        Type::Refined(inner, refinement) => {
            match refinement {
                Refinement::In(b) if number => bounds(b, "MinValue", "MaxValue"),
                Refinement::Len(b) => bounds(b, "MinLength", "MaxLength"),
                Refinement::Matching(pattern) => {
                    out.insert("AllowedPattern".into(), json!(&*pattern.text));
                }
                Refinement::In(_) => {}
            }
            constraints(inner, number, out);
        }
        _ => {}
    }
}

fn scalar(value: &Value) -> Json {
    match value {
        Value::Quantity(n, Unit::Time) => json!(n / 1_000),
        Value::Quantity(n, Unit::Size) => json!(n >> 20),
        Value::Quantity(n, Unit::Percent) => json!(n),
        Value::Int(n) => json!(n),
        Value::Float(n) => json!(n),
        Value::Bool(b) => json!(b.to_string()),
        other => json!(other.as_str().unwrap_or_default()),
    }
}
