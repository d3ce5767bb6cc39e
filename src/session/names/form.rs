//! A deploy-time value as the texts that it can be, comparable with others. Knows nothing of names.

use crate::base::Name;
use crate::cfn::named::named;
use crate::emit::Template;
use crate::model::{Cond, Deploy, Value};

/// The most texts that one value is taken apart into. Of a value with more nothing is said.
const MOST: usize = 64;

/// A text that is known but for parts that are one thing wherever they occur.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Form {
    /// What is equal where the texts are.
    pub key: String,
    /// The text as one would write it.
    pub shown: String,
    /// Whether a part of it differs from stack to stack: a parameter, the name of a resource.
    pub of_stack: bool,
    /// Whether a part of it differs from account to account or from region to region.
    pub of_region: bool,
}

impl Form {
    /// A text that is known.
    pub fn text(text: &str) -> Form {
        Form { key: text.to_string(), shown: text.to_string(), of_stack: false, of_region: false }
    }

    fn open(value: &Value, of_stack: bool) -> Form {
        // No text that AWS takes as a name has this character.
        Form { key: format!("\u{0}{value:?}\u{0}"), shown: value.to_string(), of_stack, of_region: true }
    }

    fn join(&self, next: &Form) -> Form {
        Form {
            key: format!("{}{}", self.key, next.key),
            shown: format!("{}{}", self.shown, next.shown),
            of_stack: self.of_stack || next.of_stack,
            of_region: self.of_region || next.of_region,
        }
    }
}

/// The texts of a value, each with what holds where the value is this text.
type Texts = Vec<(Vec<Cond>, Form)>;

/// What values of a template can be.
pub(super) struct Forms<'t> {
    template: &'t Template,
}

impl<'t> Forms<'t> {
    pub fn of(template: &'t Template) -> Forms<'t> {
        Forms { template }
    }

    /// The texts that a value can be; none for what is no text, or too many.
    pub fn all(&self, value: &Value) -> Texts {
        let all = self.texts(value, 0);
        if all.len() > MOST { Vec::new() } else { all }
    }

    fn texts(&self, value: &Value, depth: usize) -> Texts {
        match value {
            Value::Str(_) | Value::Int(_) | Value::Cidr(_) | Value::Date(_) => vec![(Vec::new(), Form::text(&plain(value)))],
            Value::Deploy(deploy) => match &**deploy {
                Deploy::Text(parts) => self.joined(parts, depth),
                Deploy::If(condition, then, otherwise) => {
                    let mut all = under(condition.clone(), self.texts(then, depth));
                    all.extend(under(Cond::Not(condition.clone().into()), self.texts(otherwise, depth)));
                    all
                }
                Deploy::Attr(id, attribute) => self.attribute(id, attribute, depth).unwrap_or_else(|| open(value, true)),
                Deploy::Pseudo(name) => open(value, name.starts_with("AWS::Stack")),
                Deploy::Param(..) | Deploy::StackPart | Deploy::Bool(_) | Deploy::Call(..) => open(value, true),
            },
            Value::Resource(id) => self.attribute(id, "Ref", depth).unwrap_or_else(|| open(value, true)),
            // As `raw` writes a function of CloudFormation.
            Value::Record(_) => open(value, true),
            _ => Vec::new(),
        }
    }

    /// The name of a resource, where an attribute gives it and the template says it.
    fn attribute(&self, id: &Name, attribute: &str, depth: usize) -> Option<Texts> {
        let resource = self.template.resources.get(id)?;
        let named = named(&resource.ty).filter(|named| named.gives.iter().any(|given| given == attribute))?;
        // Names made of each other in a circle are a finding of their own.
        (depth < 4).then_some(())?;
        Some(self.texts(super::at(resource, &named.name)?, depth + 1)).filter(|all| !all.is_empty())
    }

    fn joined(&self, parts: &[Value], depth: usize) -> Texts {
        parts.iter().fold(vec![(Vec::new(), Form::text(""))], |before, part| {
            let next = self.texts(part, depth);
            if before.len().saturating_mul(next.len()) > MOST {
                return Vec::new();
            }
            let pairs = before.iter().flat_map(|(conditions, text)| {
                next.iter().map(move |(more, part)| ([conditions.as_slice(), more].concat(), text.join(part)))
            });
            pairs.collect()
        })
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

fn open(value: &Value, of_stack: bool) -> Texts {
    vec![(Vec::new(), Form::open(value, of_stack))]
}

fn under(condition: Cond, mut texts: Texts) -> Texts {
    texts.iter_mut().for_each(|(conditions, _)| conditions.push(condition.clone()));
    texts
}
