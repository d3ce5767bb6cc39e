//! What an expression evaluates to. Some of it is known only when the stack is deployed.

use super::Type;
use crate::base::{FxIndexMap, Name};
use std::sync::Arc;

/// A declaration that was made real: one for each turn of a loop and each use of a component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(pub u32);

/// What a quantity measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Milliseconds.
    Time,
    /// Bytes; AWS's MB is 1,024 KB.
    Size,
    /// Hundredths.
    Percent,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// What follows from a mistake that was already reported. Absorbs everything.
    Missing,
    /// Nothing: the property is left out.
    None,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A duration in milliseconds, a size in bytes, a percentage.
    Quantity(i64, Unit),
    /// A text.
    Str(Name),
    /// A range of addresses, in canonical notation.
    Cidr(Name),
    /// A day, as `yyyy-mm-dd`.
    Date(Name),
    /// A list.
    List(Arc<Vec<Value>>),
    /// A record or a map, in the order in which it was written.
    Record(Arc<FxIndexMap<Name, Value>>),
    /// A declaration.
    Ref(InstanceId),
    /// A CloudFormation resource by its logical id.
    Resource(Name),
    /// A namespace of the language or a module: `aws`, or what `use` brought in.
    Space(Name),
    /// A type, with the name by which it was written.
    Type(Name, Arc<Type>),
    /// What is known only when the stack is deployed.
    Deploy(Arc<Deploy>),
}

/// A value that is known only when the stack is deployed.
#[derive(Clone, Debug, PartialEq)]
pub enum Deploy {
    /// A parameter of the stack.
    Param(Name, Type),
    /// A pseudo parameter, as `AWS::Region`.
    Pseudo(&'static str),
    /// The first eight hexadecimal characters of the id of the deployed stack, which no other stack has.
    StackPart,
    /// An attribute of a resource; `Ref` is its reference.
    Attr(Name, Name),
    /// Texts joined without a separator.
    Text(Vec<Value>),
    /// One value or another.
    If(Cond, Value, Value),
    /// A true or false that CloudFormation computes.
    Bool(Cond),
    /// An intrinsic function with its argument.
    Call(&'static str, Value),
}

/// A condition on parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Cond {
    /// Two values are equal as texts.
    Equals(Value, Value),
    /// Not.
    Not(Arc<Cond>),
    /// All of them.
    And(Vec<Cond>),
    /// Any of them.
    Or(Vec<Cond>),
}

impl Cond {
    /// What holds where all of some conditions do; none if none of them is a condition.
    pub fn all<const N: usize>(conditions: [Option<Cond>; N]) -> Option<Cond> {
        let mut all: Vec<Cond> = Vec::new();
        for condition in conditions.into_iter().flatten() {
            if !all.contains(&condition) {
                all.push(condition);
            }
        }
        if all.len() > 1 { Some(Cond::And(all)) } else { all.pop() }
    }
}

impl Value {
    /// A text.
    pub fn text(text: impl AsRef<str>) -> Value {
        Value::Str(text.as_ref().into())
    }

    /// A list.
    pub fn list(values: Vec<Value>) -> Value {
        Value::List(Arc::new(values))
    }

    /// A record.
    pub fn record(fields: FxIndexMap<Name, Value>) -> Value {
        Value::Record(Arc::new(fields))
    }

    /// A deploy-time value.
    pub fn deploy(deploy: Deploy) -> Value {
        Value::Deploy(Arc::new(deploy))
    }

    /// An attribute of a resource.
    pub fn attr(resource: &Name, attribute: &str) -> Value {
        Value::deploy(Deploy::Attr(resource.clone(), attribute.into()))
    }

    /// Its text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) | Value::Cidr(text) | Value::Date(text) => Some(text),
            _ => None,
        }
    }

    /// Its elements, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(values) => Some(values),
            _ => None,
        }
    }

    /// Its fields, if it is a record.
    pub fn as_record(&self) -> Option<&FxIndexMap<Name, Value>> {
        match self {
            Value::Record(fields) => Some(fields),
            _ => None,
        }
    }

    /// The number on the scale in which bounds are compared.
    pub fn magnitude(&self) -> Option<f64> {
        match self {
            Value::Int(n) | Value::Quantity(n, _) => Some(*n as f64),
            Value::Float(n) => Some(*n),
            _ => None,
        }
    }

    /// Whether it is known only when the stack is deployed, itself or in a part.
    pub fn is_deploy(&self) -> bool {
        matches!(self, Value::Deploy(_))
    }
}

const TIME: [(&str, i64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
const SIZE: [(&str, i64); 5] = [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)];

impl Unit {
    /// The names of its scales, the largest first, with their factors.
    pub fn scales(self) -> &'static [(&'static str, i64)] {
        match self {
            Unit::Time => &TIME,
            Unit::Size => &SIZE,
            Unit::Percent => &[("%", 1)],
        }
    }

    /// What a suffix of a number means: `s`, `MB`, `%`.
    pub fn of(suffix: &str) -> Option<(Unit, i64)> {
        [Unit::Time, Unit::Size, Unit::Percent]
            .into_iter()
            .find_map(|unit| unit.scales().iter().find(|(name, _)| *name == suffix).map(|(_, factor)| (unit, *factor)))
    }

    /// A quantity as one would write it: the largest unit that leaves no fraction.
    pub fn show(self, amount: i64) -> String {
        let smallest = self.scales().last().map_or("", |(name, _)| name);
        if amount == 0 {
            return format!("0{}", if self == Unit::Time { "s" } else { smallest });
        }
        let fitting = self.scales().iter().find(|(_, factor)| amount % factor == 0);
        fitting.map_or_else(|| format!("{amount}{smallest}"), |(name, factor)| format!("{}{name}", amount / factor))
    }
}

/// As one would write it in source.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Missing => f.write_str("?"),
            Value::None => f.write_str("none"),
            Value::Bool(b) => write!(f, "{b}"),
            Value::Int(n) => write!(f, "{n}"),
            Value::Float(n) => write!(f, "{n}"),
            Value::Quantity(n, unit) => f.write_str(&unit.show(*n)),
            Value::Str(text) => write!(f, "{text:?}"),
            Value::Cidr(text) | Value::Date(text) | Value::Resource(text) | Value::Space(text) | Value::Type(text, _) => f.write_str(text),
            Value::List(values) => {
                f.write_str("[")?;
                for (i, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Value::Record(fields) => {
                f.write_str("{")?;
                for (i, (key, value)) in fields.iter().enumerate() {
                    write!(f, "{} {key} = {value}", if i == 0 { "" } else { "," })?;
                }
                f.write_str(" }")
            }
            Value::Ref(id) => write!(f, "#{}", id.0),
            Value::Deploy(deploy) => write!(f, "{deploy}"),
        }
    }
}

impl std::fmt::Display for Deploy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Deploy::Param(name, _) => write!(f, "${{{name}}}"),
            Deploy::Pseudo(name) => write!(f, "${{{name}}}"),
            Deploy::StackPart => f.write_str("${AWS::StackId, 8 characters}"),
            Deploy::Attr(resource, attribute) => write!(f, "${{{resource}.{attribute}}}"),
            Deploy::Text(parts) => parts.iter().try_for_each(|part| match part.as_str() {
                Some(text) => f.write_str(text),
                None => write!(f, "{part}"),
            }),
            Deploy::If(_, then, otherwise) => write!(f, "({then} or {otherwise})"),
            Deploy::Bool(_) => f.write_str("(true or false)"),
            Deploy::Call(name, argument) => write!(f, "{name}({argument})"),
        }
    }
}

/// As one would write it in source.
impl std::fmt::Display for Cond {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = |f: &mut std::fmt::Formatter<'_>, parts: &[Cond], sign: &str| {
            parts.iter().enumerate().try_for_each(|(at, part)| write!(f, "{}({part})", if at == 0 { "" } else { sign }))
        };
        match self {
            Cond::Equals(a, b) => write!(f, "{a} == {b}"),
            Cond::Not(inner) => write!(f, "!({inner})"),
            Cond::And(parts) => all(f, parts, " && "),
            Cond::Or(parts) => all(f, parts, " || "),
        }
    }
}
