//! What stands behind a dot, and between brackets. Knows nothing of operators.

use super::deploy::lift;
use super::eval::Env;
use super::world::{Binding, Made};
use crate::base::{Diagnostic, Name, Span};
use crate::model::{Deploy, Expr, InstanceId, Node, Unit, Value};
use crate::names::nearest;

/// The factor of the unit in which a parameter of a quantity is given: seconds, megabytes, percent.
pub(super) fn param_scale(unit: Unit) -> i64 {
    match unit {
        Unit::Time => 1_000,
        Unit::Size => 1 << 20,
        Unit::Percent => 1,
    }
}

/// The members of `aws`, and the pseudo parameters that they stand for.
const PSEUDO: [(&str, &str); 6] = [
    ("region", "AWS::Region"),
    ("account", "AWS::AccountId"),
    ("partition", "AWS::Partition"),
    ("stack_name", "AWS::StackName"),
    ("stack_id", "AWS::StackId"),
    ("url_suffix", "AWS::URLSuffix"),
];

impl Env<'_> {
    pub(super) fn member(&self, value: &Value, name: &Name, at: Span, inner: &Expr) -> Value {
        match value {
            Value::Missing => Value::Missing,
            Value::None => Value::None,
            Value::Ref(id) => self.of_instance(*id, name, at),
            Value::Resource(resource) => Value::attr(resource, name),
            Value::Record(fields) => match fields.get(name) {
                Some(value) => value.clone(),
                None => self.unknown_member("this record", name, at, fields.keys().cloned().collect()),
            },
            Value::Space(space) => self.of_space(space, name, at, inner),
            Value::List(values) => Value::list(values.iter().map(|v| self.member(v, name, at, inner)).collect()),
            // An attribute within an attribute, as `Endpoint.Address`: GetAtt takes both as one name.
            Value::Deploy(deploy)
                if let Deploy::Attr(resource, attribute) = &**deploy
                    && &**attribute != "Ref" =>
            {
                Value::attr(resource, &format!("{attribute}.{name}"))
            }
            Value::Deploy(deploy) if matches!(**deploy, Deploy::If(..)) => lift(value, &mut |v| self.member(v, name, at, inner)),
            other => {
                let message = format!("{other} has no `{name}`");
                self.fail(Diagnostic::error("unknown-member", at, message))
            }
        }
    }

    fn of_space(&self, space: &Name, name: &Name, at: Span, inner: &Expr) -> Value {
        match &**space {
            "aws" if &**name == "artifact_bucket" => Value::deploy(Deploy::Param("ArtifactBucket".into(), crate::model::Type::String)),
            "aws" if &**name == "artifact_prefix" => Value::deploy(Deploy::Param("ArtifactPrefix".into(), crate::model::Type::String)),
            "aws" => match PSEUDO.iter().find(|(known, _)| **known == **name) {
                Some((_, pseudo)) => Value::deploy(Deploy::Pseudo(pseudo)),
                None => self.unknown_member("`aws`", name, at, PSEUDO.iter().map(|(n, _)| (*n).into()).collect()),
            },
            "stack" => match &**name {
                "name" => Value::Str(self.world.stack.clone()),
                _ => self.unknown_member("`stack`", name, at, vec!["name".into()]),
            },
            _ => {
                let (super::eval::Scope::Frame(frame), Node::Name(alias)) = (self.scope, &inner.node) else { return Value::Missing };
                let Some(Binding::Module(module)) = self.world.lookup(frame, alias).map(|b| &b.to) else { return Value::Missing };
                let own = self.world.frames.get(module.0 as usize);
                if own.is_some_and(|f| f.names.contains_key(name)) {
                    return Env { of_types: self.of_types, ..Env::frame(self.world, *module) }
                        .eval(&Expr::new(at, Node::Name(name.clone())));
                }
                self.unknown_member(
                    &format!("`{alias}`"),
                    name,
                    at,
                    own.map(|f| f.names.keys().filter(|n| !n.contains(['.', ' '])).cloned().collect()).unwrap_or_default(),
                )
            }
        }
    }

    pub(super) fn unknown_member(&self, of: &str, name: &Name, at: Span, known: Vec<Name>) -> Value {
        let mut finding = Diagnostic::error("unknown-member", at, format!("{of} has no `{name}`"));
        if let Some(near) = nearest(name, known.iter().map(|n| &**n)) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), at, near);
        } else if !known.is_empty() {
            let list: Vec<String> = known.iter().map(|n| format!("`{n}`")).collect();
            finding = finding.help(format!("it has {}", list.join(", ")));
        }
        self.fail(finding)
    }

    /// `declaration.name`: what its kind gives out, or one of its properties.
    pub fn of_instance(&self, id: InstanceId, name: &Name, at: Span) -> Value {
        let Some(instance) = self.world.instance(id) else { return Value::Missing };
        match &instance.made {
            Made::Unknown => Value::Missing,
            Made::Kind(info) => {
                if instance.decl.existing {
                    return self.of_existing(instance, info, name, at);
                }
                if let Some((at, _, out)) = info.kind.outs.get_full(name) {
                    return self.out(id, at, out);
                }
                if info.kind.properties.contains_key(name) {
                    return self.property(id, name);
                }
                let known = info.kind.outs.keys().chain(info.kind.properties.keys()).cloned().collect();
                self.unknown_member(&format!("the {} `{}`", info.kind.name, instance.name), name, at, known)
            }
            Made::Resource(_) => Value::attr(&instance.logical, if &**name == "ref" { "Ref" } else { name }),
            Made::Component(_, frame) => {
                let outputs = self.world.frames.get(frame.0 as usize);
                let key: Name = format!("output {name}").into();
                if outputs.is_some_and(|f| f.names.contains_key(&key)) {
                    return Env { trail: self.trail, ..Env::frame(self.world, *frame) }.eval(&Expr::new(at, Node::Name(key)));
                }
                let known =
                    outputs.map(|f| f.names.keys().filter_map(|n| n.strip_prefix("output ").map(Name::from)).collect()).unwrap_or_default();
                self.unknown_member(&format!("the component `{}`", instance.name), name, at, known)
            }
        }
    }

    pub(super) fn index(&self, value: &Value, index: &Value, span: Span) -> Value {
        match (value, index) {
            (Value::Missing, _) | (_, Value::Missing) => Value::Missing,
            (Value::List(values), Value::Int(n)) => {
                let at = if *n < 0 { n + values.len() as i64 } else { *n };
                match usize::try_from(at).ok().and_then(|at| values.get(at)) {
                    Some(value) => value.clone(),
                    None => self.fail(Diagnostic::error(
                        "index-out-of-range",
                        span,
                        format!("the list has {} elements, and none at {n}", values.len()),
                    )),
                }
            }
            (Value::Record(fields), Value::Str(key)) => match fields.get(key) {
                Some(value) => value.clone(),
                None => self.unknown_member("this map", key, span, fields.keys().cloned().collect()),
            },
            (Value::List(values), Value::Str(key)) => {
                let suffix = format!("[{key}]");
                let found = values
                    .iter()
                    .find(|v| matches!(v, Value::Ref(id) if self.world.instance(*id).is_some_and(|i| i.name.ends_with(&suffix))));
                found.cloned().unwrap_or_else(|| {
                    self.fail(Diagnostic::error("unknown-member", span, format!("the loop has no iteration with the key {key:?}")))
                })
            }
            (Value::Ref(id), Value::Str(attribute)) if self.world.instance(*id).is_some_and(|i| matches!(i.made, Made::Resource(_))) => {
                self.of_instance(*id, attribute, span)
            }
            (Value::Deploy(deploy), Value::Int(n)) if !matches!(**deploy, Deploy::If(..)) => {
                Value::deploy(Deploy::Call("Fn::Select", Value::list(vec![Value::Int(*n), value.clone()])))
            }
            (other, index) => self.fail(Diagnostic::error("type-mismatch", span, format!("{other} cannot be indexed with {index}"))),
        }
    }
}

/// "a queue", "an alarm".
pub fn a_kind(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// The parameter for the name under which a stack is deployed from which another imports.
pub fn deployed_name(stack: &Name) -> super::world::StackParam {
    super::world::StackParam {
        name: format!("{}StackName", super::ids::camel(stack)).into(),
        declared: format!("{}StackName", super::ids::camel(stack)).into(),
        type_span: None,
        span: Span::default(),
        ty: crate::model::Type::String,
        default: Some(Value::text(stack.replace('_', "-"))),
        doc: format!("The name under which the stack `{stack}` is deployed"),
        secret: false,
    }
}

/// The parameters that a template gets when it uses them: where the packages of code lie.
pub fn implicit_params() -> Vec<super::world::StackParam> {
    let param = |name: &str, default: Option<&str>, doc: &str| super::world::StackParam {
        name: name.into(),
        declared: name.into(),
        type_span: None,
        span: Span::default(),
        ty: crate::model::Type::String,
        default: default.map(Value::text),
        doc: doc.to_string(),
        secret: false,
    };
    vec![
        param("ArtifactBucket", None, "The bucket that holds the packages of code"),
        param("ArtifactPrefix", Some(""), "What the keys of the packages begin with, as a version and a slash"),
    ]
}
