//! The types of messages, as declarations say them: kinds say with `@carries(event, at: "body")` which property names the
//! type of the messages of which event. Knows no service.

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

    /// What it promises of each message.
    pub fn promise(&self) -> Promise {
        let content = match &self.types {
            Types::One(_, ty) => Filter::of_type(ty, &self.at),
            Types::By(by, types) => Filter::of_types(by, types.iter().map(|(key, _, ty)| (&**key, &**ty)), &self.at),
        };
        Promise { at: self.span, content, by: Promiser::Type }
    }
}
