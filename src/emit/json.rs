//! Values to CloudFormation's JSON with its intrinsic functions. Knows nothing of what a property means.

use super::conditions::Conditions;
use crate::base::Name;
use crate::model::{Cond, Deploy, Value};
use crate::types::World;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};
use std::cell::RefCell;

/// Writes values, and keeps the conditions and parameters that they use.
pub(super) struct Writer<'w> {
    pub world: &'w World,
    /// New logical ids of resources whose id holds a hash.
    pub renamed: FxHashMap<Name, Name>,
    pub conditions: RefCell<Conditions>,
    /// The parameters that are used.
    pub used: RefCell<Vec<Name>>,
    /// The conditions that hold, or do not, where something is written: a choice by one of them is made already.
    assumed: RefCell<Vec<(Cond, bool)>>,
}

impl<'w> Writer<'w> {
    pub fn new(world: &'w World) -> Self {
        Writer {
            world,
            renamed: FxHashMap::default(),
            conditions: RefCell::default(),
            used: RefCell::default(),
            assumed: RefCell::default(),
        }
    }

    /// The logical id as it stands in the template.
    pub fn id(&self, id: &Name) -> Name {
        self.renamed.get(id).unwrap_or(id).clone()
    }

    /// A value as JSON; `none` is what is left out.
    pub fn json(&self, value: &Value) -> Option<Json> {
        match value {
            Value::None | Value::Missing => None,
            Value::Deploy(deploy) => match &**deploy {
                Deploy::If(cond, then, otherwise) if let Some(holds) = self.known(cond) => self.json(if holds { then } else { otherwise }),
                _ => Some(self.deploy(deploy)),
            },
            other => Some(self.plain(other)),
        }
    }

    /// A value as JSON; `none` is `AWS::NoValue`.
    pub fn plain(&self, value: &Value) -> Json {
        match value {
            // A type is no value of a template; where one may stand is checked before.
            Value::None | Value::Missing | Value::Type(..) => json!({ "Ref": "AWS::NoValue" }),
            Value::Bool(b) => json!(b),
            Value::Int(n) => json!(n),
            Value::Float(n) => json!(n),
            Value::Quantity(..) => json!(value.to_string()),
            Value::Str(text) | Value::Cidr(text) | Value::Date(text) | Value::Space(text) => json!(&**text),
            Value::List(values) => Json::Array(values.iter().filter_map(|v| self.json(v)).collect()),
            Value::Record(fields) => Json::Object(self.object(fields.iter())),
            Value::Ref(id) => match self.world.instance(*id) {
                Some(instance) => json!({ "Ref": &*self.id(&instance.logical) }),
                None => Json::Null,
            },
            Value::Resource(id) => json!({ "Ref": &*self.id(id) }),
            Value::Deploy(deploy) => self.deploy(deploy),
        }
    }

    /// Fields as a JSON object, without those that are `none`.
    pub fn object<'v>(&self, fields: impl Iterator<Item = (&'v Name, &'v Value)>) -> Map<String, Json> {
        fields.filter_map(|(key, value)| Some((key.to_string(), self.json(value)?))).collect()
    }

    fn deploy(&self, deploy: &Deploy) -> Json {
        match deploy {
            Deploy::Param(name, _) => {
                self.uses(name);
                json!({ "Ref": &**name })
            }
            Deploy::Pseudo(name) => json!({ "Ref": name }),
            Deploy::StackPart => stack_part(),
            Deploy::Attr(id, attribute) if &**attribute == "Ref" => json!({ "Ref": &*self.id(id) }),
            Deploy::Attr(id, attribute) => json!({ "Fn::GetAtt": [&*self.id(id), &**attribute] }),
            Deploy::Text(parts) => self.sub(parts),
            Deploy::If(cond, then, otherwise) => match self.known(cond) {
                Some(true) => self.plain(then),
                Some(false) => self.plain(otherwise),
                None => {
                    let name = self.condition(cond);
                    let then = self.assuming(cond, true, || self.plain(then));
                    let otherwise = self.assuming(cond, false, || self.plain(otherwise));
                    json!({ "Fn::If": [name, then, otherwise] })
                }
            },
            Deploy::Bool(cond) => json!({ "Fn::If": [self.condition(cond), true, false] }),
            Deploy::Call(name, argument) => json!({ *name: self.plain(argument) }),
        }
    }

    /// Writes something where a condition holds, or does not.
    pub fn assuming<T>(&self, cond: &Cond, holds: bool, write: impl FnOnce() -> T) -> T {
        let before = self.assumed.borrow().len();
        self.assume(cond, holds);
        let written = write();
        self.assumed.borrow_mut().truncate(before);
        written
    }

    fn assume(&self, cond: &Cond, holds: bool) {
        match (cond, holds) {
            (Cond::Not(inner), _) => self.assume(inner, !holds),
            (Cond::And(all), true) | (Cond::Or(all), false) => all.iter().for_each(|part| self.assume(part, holds)),
            _ => self.assumed.borrow_mut().push((cond.clone(), holds)),
        }
    }

    fn known(&self, cond: &Cond) -> Option<bool> {
        if let Cond::Not(inner) = cond {
            return self.known(inner).map(|holds| !holds);
        }
        self.assumed.borrow().iter().find(|(known, _)| known == cond).map(|(_, holds)| *holds)
    }

    fn uses(&self, name: &Name) {
        let mut used = self.used.borrow_mut();
        if !used.contains(name) {
            used.push(name.clone());
        }
    }

    /// A text with parts that are known at deployment: `Fn::Sub`.
    fn sub(&self, parts: &[Value]) -> Json {
        let mut text = String::new();
        let mut variables = Map::new();
        for part in parts {
            match part {
                Value::Deploy(deploy) => match &**deploy {
                    Deploy::Param(name, _) => {
                        self.uses(name);
                        text.push_str(&format!("${{{name}}}"));
                    }
                    Deploy::Pseudo(name) => text.push_str(&format!("${{{name}}}")),
                    Deploy::Attr(id, attribute) if &**attribute == "Ref" => text.push_str(&format!("${{{}}}", self.id(id))),
                    Deploy::Attr(id, attribute) => text.push_str(&format!("${{{}.{attribute}}}", self.id(id))),
                    Deploy::StackPart => {
                        text.push_str("${Unique}");
                        variables.insert("Unique".into(), stack_part());
                    }
                    _ => {
                        let name = format!("V{}", variables.len() + 1);
                        text.push_str(&format!("${{{name}}}"));
                        variables.insert(name, self.plain(part));
                    }
                },
                other => text.push_str(&other.as_str().map_or_else(|| other.to_string(), |t| t.replace("${", "${!"))),
            }
        }
        if variables.is_empty() { json!({ "Fn::Sub": text }) } else { json!({ "Fn::Sub": [text, variables] }) }
    }
}

/// The first segment of the UUID in which `arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/NAME/UUID` ends. The last
/// one is no use: it is the same for stacks that are created close together.
fn stack_part() -> Json {
    let uuid = json!({ "Fn::Select": [2, { "Fn::Split": ["/", { "Ref": "AWS::StackId" }] }] });
    json!({ "Fn::Select": [0, { "Fn::Split": ["-", uuid] }] })
}
