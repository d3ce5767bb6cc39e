//! The properties of declarations: what was written, what is the default, and what names mean inside a kind.

use super::eval::{Env, Trail};
use super::fields::{Written, given, misspelt, written};
use super::library::KindInfo;
use super::world::Made;
use crate::base::{Diagnostic, Name, Span};
use crate::model::{Expr, InstanceId, Node, Value};
use crate::names::nearest;

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
            return self.fail(Diagnostic::error("circular-value", super::fields::place(&instance.decl, name), message));
        }
        let Some(trail) = Trail::further(self, what, super::fields::place(&instance.decl, name)) else { return Value::Missing };
        let of_kind = || {
            let default = property.default.as_ref()?;
            let env = Env { trail: Some(&trail), asked: self.asked, ..Env::kind(self.world, id) }.expecting(ty);
            Some(env.conform(env.eval(default), ty, default, name))
        };
        let otherwise = || Expr::new(instance.decl.name_span, Node::Literal(of_kind().unwrap_or(Value::None)));
        let value = match given(&instance.decl, name, &otherwise) {
            Some(expr) => {
                let env = Env { trail: Some(&trail), asked: self.asked, ..Env::frame(self.world, instance.frame) };
                let env = env.resting_on([&property.doc, &info.kind.doc]).expecting(ty);
                match env.eval_at(&expr) {
                    (Value::None, _) if !ty.optional() && written(&instance.decl, name).is_none() => self.missing(id, name, ty),
                    (value, at) => env.conform(env.weighed(value, at.span), ty, at, name),
                }
            }
            None => of_kind().unwrap_or_else(|| self.missing(id, name, ty)),
        };
        slot.get_or_init(|| value).clone()
    }

    /// A property that is not written and has no default.
    fn missing(&self, id: InstanceId, name: &Name, ty: &crate::model::Type) -> Value {
        let Some((instance, info)) = self.world.instance(id).and_then(|i| Some((i, i.kind()?))) else { return Value::Missing };
        if ty.optional() {
            return Value::None;
        }
        if misspelt(&instance.decl, || info.kind.properties.keys().map(|n| &**n), name) {
            return Value::Missing;
        }
        let message = format!("`{}` has no `{name}`", instance.name);
        let mut finding = Diagnostic::error("missing-property", instance.decl.name_span, message);
        if let Some(property) = info.kind.properties.get(name)
            && let Some(first) = property.doc.lines().next()
        {
            finding = finding.note(format!("{name}: {first}"));
        }
        self.fail(finding.help(format!("add `{name} = ...` ({ty})")))
    }

    /// Reports the fields of a declaration that its kind does not have.
    pub fn check_fields(&self, id: InstanceId) {
        let Some(instance) = self.world.instance(id) else { return };
        let mut found = Vec::new();
        if !matches!(instance.made, Made::Resource(_)) {
            super::fields::mistakes(&instance.decl.body, &mut found);
        }
        if let Made::Kind(info) = &instance.made {
            super::fields::each(&instance.decl.body, &mut |field| {
                if let Written::Field(key, span) = field
                    && !(info.kind.properties.contains_key(key)
                        || &**key == "raw"
                        || (instance.decl.existing && info.kind.outs.contains_key(key)))
                {
                    found.push(unknown(info, key, span));
                }
            });
        }
        found.into_iter().for_each(|finding| self.world.report(finding));
    }

    /// The value of what a kind gives out.
    pub(super) fn out(&self, id: InstanceId, at: usize, out: &crate::model::Out) -> Value {
        // Numbered from the other end than properties.
        let what = (u64::from(id.0), u64::MAX - at as u64);
        if Trail::holds(self.trail, what) {
            return self.fail(Diagnostic::error("circular-value", out.span, format!("`{}` depends on itself", out.name)));
        }
        let at = self.world.instance(id).map_or(out.span, |i| i.decl.name_span);
        let Some(trail) = Trail::further(self, what, at) else { return Value::Missing };
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
            return self.existing_name(instance, name);
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

fn unknown(info: &KindInfo, key: &Name, span: Span) -> Diagnostic {
    let message = format!("{} has no `{key}`", super::members::a_kind(&info.kind.name));
    let finding = Diagnostic::error("unknown-property", span, message);
    let names = info.kind.properties.keys().map(|n| &**n);
    match nearest(key, names.clone()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), span, near),
        None => {
            let names: Vec<&str> = names.collect();
            finding.help(format!("it has {}; `raw {{ ... }}` sets CloudFormation properties that it does not model", names.join(", ")))
        }
    }
}
