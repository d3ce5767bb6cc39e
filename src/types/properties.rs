//! The properties of declarations: what was written, what is the default, and what names mean inside a kind.

use super::eval::{Env, Scope, Trail};
use super::locals::Locals;
use super::world::Made;
use crate::base::{Diagnostic, Name, Span};
use crate::model::{Body, Decl, Entry, Expr, InstanceId, Node, Value};
use crate::names::nearest;

/// The expression that a declaration gives to a property, if it is written plainly.
pub fn written<'d>(decl: &'d Decl, name: &str) -> Option<&'d Expr> {
    decl.body.iter().find_map(|part| match part {
        Body::Entry(Entry::Field { key, value, .. }, _) if **key == *name => Some(value),
        _ => None,
    })
}

/// Where a declaration gives a property its name, or the declaration's own name.
pub fn place(decl: &Decl, name: &str) -> Span {
    let found = decl.body.iter().find_map(|part| match part {
        Body::Entry(Entry::Field { key, key_span, value }, _) if **key == *name => Some(key_span.to(value.span)),
        _ => None,
    });
    found.unwrap_or(decl.name_span)
}

impl Env<'_> {
    /// The value of a property of a declaration: as written or its default, of the declared type.
    pub fn property(&self, id: InstanceId, name: &Name) -> Value {
        let Some(instance) = self.world.instance(id) else { return Value::Missing };
        let Made::Kind(info) = &instance.made else { return Value::Missing };
        let (Some((at, _, property)), ty) =
            (info.kind.properties.get_full(name), info.kind.properties.get_index_of(name).and_then(|i| info.properties.get(i)))
        else {
            return Value::Missing;
        };
        let (Some(slot), Some(ty)) = (instance.slots.get(at), ty) else { return Value::Missing };
        if let Some(value) = slot.get() {
            return value.clone();
        }
        let what = (u64::from(id.0), at as u64);
        if Trail::holds(self.trail, what) {
            let message = format!("`{}.{name}` depends on itself", instance.name);
            return self.fail(Diagnostic::error("circular-value", place(&instance.decl, name), message));
        }
        let trail = Trail { what, before: self.trail };
        let value = match (written(&instance.decl, name), &property.default) {
            (Some(expr), _) => {
                let env = Env {
                    world: self.world,
                    scope: Scope::Frame(instance.frame),
                    locals: Locals::default(),
                    trail: Some(&trail),
                    source: None,
                    lenient: false,
                };
                let env = env.resting_on([&property.doc, &info.kind.doc]);
                let value = env.eval(expr);
                env.conform(value, ty, expr, name)
            }
            (None, Some(default)) => {
                let env = Env {
                    world: self.world,
                    scope: Scope::Kind(id),
                    locals: Locals::default(),
                    trail: Some(&trail),
                    source: None,
                    lenient: false,
                };
                let value = env.eval(default);
                env.conform(value, ty, default, name)
            }
            (None, None) => self.conditional(id, name, ty, &trail),
        };
        slot.get_or_init(|| value).clone()
    }

    /// A property that is written under an `if`, or not at all.
    fn conditional(&self, id: InstanceId, name: &Name, ty: &crate::model::Type, trail: &Trail<'_>) -> Value {
        let Some(instance) = self.world.instance(id) else { return Value::Missing };
        let nested: Vec<Entry> = instance.decl.body.iter().flat_map(conditional_entries).collect();
        if !nested.is_empty() {
            let env = Env {
                world: self.world,
                scope: Scope::Frame(instance.frame),
                locals: Locals::default(),
                trail: Some(trail),
                source: None,
                lenient: false,
            };
            let mut fields = crate::base::FxIndexMap::default();
            env.entries(&nested, &mut fields);
            if let Some(value) = fields.swap_remove(name) {
                let at = Expr::new(instance.decl.name_span, Node::Missing);
                return env.conform(value, ty, &at, name);
            }
        }
        if ty.optional() {
            return Value::None;
        }
        if self.misspelt(id, name) {
            return Value::Missing;
        }
        let message = format!("`{}` has no `{name}`", instance.name);
        let mut finding = Diagnostic::error("missing-property", instance.decl.name_span, message);
        if let Some(info) = instance.kind()
            && let Some(property) = info.kind.properties.get(name)
            && let Some(first) = property.doc.lines().next()
        {
            finding = finding.note(format!("{name}: {first}"));
        }
        self.fail(finding.help(format!("add `{name} = ...` ({ty})")))
    }

    /// Whether a declaration has an unknown field whose name was meant to be this one.
    fn misspelt(&self, id: InstanceId, name: &Name) -> bool {
        let Some((instance, info)) = self.world.instance(id).and_then(|i| Some((i, i.kind()?))) else { return false };
        let known = || info.kind.properties.keys().map(|n| &**n);
        instance.decl.body.iter().any(|part| match part {
            Body::Entry(Entry::Field { key, .. }, _) => !info.kind.properties.contains_key(key) && nearest(key, known()) == Some(&**name),
            _ => false,
        })
    }

    /// Reports the fields of a declaration that its kind does not have.
    pub fn check_fields(&self, id: InstanceId) {
        let Some(instance) = self.world.instance(id) else { return };
        let Made::Kind(info) = &instance.made else { return };
        let mut seen: Vec<(&Name, Span)> = Vec::new();
        for part in &instance.decl.body {
            let Body::Entry(Entry::Field { key, key_span, .. }, _) = part else { continue };
            if let Some((_, first)) = seen.iter().find(|(k, _)| *k == key) {
                let finding =
                    Diagnostic::error("duplicate-field", *key_span, format!("`{key}` is given twice")).also(*first, "given here first");
                self.world.report(finding);
            }
            seen.push((key, *key_span));
            let known =
                info.kind.properties.contains_key(key) || &**key == "raw" || (instance.decl.existing && info.kind.outs.contains_key(key));
            if known {
                continue;
            }
            let message = format!("{} has no `{key}`", super::members::a_kind(&info.kind.name));
            let mut finding = Diagnostic::error("unknown-property", *key_span, message);
            let names = info.kind.properties.keys().map(|n| &**n);
            match nearest(key, names.clone()) {
                Some(near) => {
                    finding = finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), *key_span, near)
                }
                None => {
                    let names: Vec<&str> = names.collect();
                    finding = finding.help(format!(
                        "it has {}; `raw {{ ... }}` sets CloudFormation properties that it does not model",
                        names.join(", ")
                    ));
                }
            }
            self.world.report(finding);
        }
    }

    /// The value of what a kind gives out.
    pub(super) fn out(&self, id: InstanceId, at: usize, out: &crate::model::Out) -> Value {
        // Numbered from the other end than properties.
        let what = (u64::from(id.0), u64::MAX - at as u64);
        if Trail::holds(self.trail, what) {
            return self.fail(Diagnostic::error("circular-value", out.span, format!("`{}` depends on itself", out.name)));
        }
        let trail = Trail { what, before: self.trail };
        Env { trail: Some(&trail), ..Env::kind(self.world, id) }.eval(&out.value)
    }

    /// What a name means inside a kind: a property, what the kind gives out, one of its resources.
    pub(super) fn kind_name(&self, id: InstanceId, name: &Name) -> Option<Value> {
        let instance = self.world.instance(id)?;
        let info = instance.kind()?;
        if &**name == "self" {
            return Some(Value::Ref(id));
        }
        if instance.decl.existing {
            return (info.kind.outs.contains_key(name) || info.kind.properties.contains_key(name))
                .then(|| self.of_instance(id, name, instance.decl.name_span));
        }
        if info.kind.properties.contains_key(name) {
            return Some(self.property(id, name));
        }
        if let Some((at, _, out)) = info.kind.outs.get_full(name) {
            return Some(self.out(id, at, out));
        }
        if let Some(value) = self.label(id, name) {
            return Some(value);
        }
        if &**name == "as_of" {
            return Some(self.world.as_of.clone().map_or(Value::None, Value::Date));
        }
        let compute = |expr: &Expr| Env::kind(self.world, id).eval(expr);
        self.world.library.constant(name, compute)
    }

    /// Every name that means something inside a kind.
    pub(super) fn kind_names(&self, id: InstanceId) -> Vec<Name> {
        let Some(info) = self.world.instance(id).and_then(|i| i.kind()) else { return Vec::new() };
        info.kind.properties.keys().chain(info.kind.outs.keys()).cloned().collect()
    }
}

fn conditional_entries(part: &Body) -> Vec<Entry> {
    let fields = |body: &[Body]| {
        body.iter()
            .flat_map(|b| match b {
                Body::Entry(entry, _) => vec![entry.clone()],
                other => conditional_entries(other),
            })
            .collect::<Vec<_>>()
    };
    match part {
        Body::If(condition, then, otherwise) => vec![Entry::If(condition.clone(), fields(then), fields(otherwise))],
        _ => Vec::new(),
    }
}
