//! The types of messages, as declarations say them: kinds say with `@carries(event, at: "body")` which property names the
//! type of the messages of which event. Knows no service.

use super::edge::{Edge, EdgeKind, Graph};
use super::flows::read::{argument, names};
use crate::base::{Name, Span};
use crate::flow::filter::Filter;
use crate::flow::{Promise, Promiser};
use crate::model::{InstanceId, Type, Value};
use crate::types::{Env, World, place};
use std::sync::Arc;

/// The types that a declaration says its messages are of.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The property that says so.
    pub property: Name,
    /// Where it is written.
    pub span: Span,
    /// The path of the value in the message.
    pub at: String,
    /// What they are.
    pub types: Types,
}

/// The types of messages.
#[derive(Clone, Debug)]
pub enum Types {
    /// Every message is of one, which has a name.
    One(Name, Arc<Type>),
    /// A field of the message, by its path, says which of some it is of.
    By(String, Vec<(Name, Name, Arc<Type>)>),
}

impl Carried {
    /// What the messages of an event of a declaration are declared to be.
    pub fn of(world: &World, id: InstanceId, event: &str) -> Option<Carried> {
        let instance = world.instance(id)?;
        let info = instance.kind()?;
        for property in info.kind.properties.values() {
            let named = |a: &&crate::model::Attribute| &*a.name == "carries" && names(a).any(|name| &*name == event);
            let Some(attribute) = property.attributes.iter().find(named) else { continue };
            let env = Env::kind(world, id).lenient();
            let text = |name: &str| argument(attribute, name).and_then(|e| env.eval(e).as_str().map(String::from));
            let types = match env.property(id, &property.name) {
                Value::Type(name, ty) => Types::One(name, ty),
                Value::Record(fields) if !fields.is_empty() => {
                    let one = |(key, value): (&Name, &Value)| match value {
                        Value::Type(name, ty) => Some((key.clone(), name.clone(), ty.clone())),
                        _ => None,
                    };
                    Types::By(text("by")?, fields.iter().filter_map(one).collect())
                }
                _ => return None,
            };
            return Some(Carried { property: property.name.clone(), span: place(&instance.decl, &property.name), at: text("at")?, types });
        }
        None
    }

    /// The field of the messages of an event whose type can be declared, and the field that names the type.
    pub fn field(world: &World, id: InstanceId, event: &str) -> Option<(String, Option<String>)> {
        let kind = &world.instance(id)?.kind()?.kind;
        let mut attributes = kind.properties.values().flat_map(|p| &p.attributes);
        let attribute = attributes.find(|a| &*a.name == "carries" && names(a).any(|name| &*name == event))?;
        let env = Env::kind(world, id).lenient();
        let text = |name: &str| argument(attribute, name).and_then(|e| env.eval(e).as_str().map(String::from));
        Some((text("at")?, text("by")))
    }

    /// What it promises of each message.
    pub fn promise(&self) -> Promise {
        let content = match &self.types {
            Types::One(_, ty) => Filter::of_type(ty, &self.at),
            Types::By(by, types) => Filter::of_types(by, types.iter().map(|(key, _, ty)| (&**key, &**ty)), &self.at),
        };
        Promise { at: self.span, content, by: Promiser::Type }
    }
}

/// A type that messages of an event can have: the name of the event, that of the type, and the type.
type Possible<'c> = (&'c Name, &'c Name, &'c Type);

impl Edge {
    /// What its messages are declared to be.
    pub fn carried(&self, graph: &Graph) -> Option<Carried> {
        match self.kind {
            EdgeKind::Trigger(_) => Carried::of(&graph.world, self.subject, &self.name),
            EdgeKind::Capability => {
                let wakes = self.attributes_of_kind(&graph.world).iter().filter(|a| &*a.name == "wakes");
                wakes.flat_map(names).find_map(|event| Carried::of(&graph.world, self.subject, &event))
            }
        }
    }

    /// Its argument that names types, with those that it names; none where they can be types of others.
    pub(super) fn named_types(&self, graph: &Graph) -> Option<(Name, Vec<Name>)> {
        let attribute = self.attributes_of_kind(&graph.world).iter().find(|a| &*a.name == "types")?;
        let env = self.env(&graph.world).lenient();
        if argument(attribute, "unless").is_some_and(|unless| env.eval(unless) == Value::Bool(true)) {
            return None;
        }
        let name = names(attribute).next()?;
        let texts = self.arguments.get(&name)?.as_list()?.iter().map(|v| v.as_str().unwrap_or_default().into()).collect();
        Some((name, texts))
    }

    /// The types that its messages can have.
    pub fn types_of<'c>(&self, graph: &Graph, carried: &'c Carried) -> Vec<Possible<'c>> {
        match &carried.types {
            Types::One(name, ty) => vec![(name, name, ty)],
            Types::By(_, types) => {
                let Some((_, named)) = self.named_types(graph) else { return Vec::new() };
                let fits = |key: &Name| named.is_empty() || named.contains(key);
                types.iter().filter(|(key, ..)| fits(key)).map(|(key, name, ty)| (key, name, &**ty)).collect()
            }
        }
    }
}
