//! What is known of declarations that another stack owns: what is written of them, what their stack says, defaults of
//! their kind. Knows nothing of what is emitted.

use super::eval::{Env, Scope};
use super::library::KindInfo;
use super::world::{Instance, STANDARD, World};
use crate::base::{Diagnostic, Name, Span};
use crate::model::{Deploy, Expr, InstanceId, Node, Type, Value};

impl World {
    /// Whether a place is where a stack exports something that is imported here.
    pub fn is_import(&self, span: Span) -> bool {
        self.instances.iter().any(|i| i.decl.imported && i.decl.name_span == span)
    }
}

impl Env<'_> {
    /// `declaration.name` of what another stack owns.
    ///
    /// A property that is not written is unknown: checks say nothing about it, the user cannot read it, and what is
    /// emitted goes by the default of its kind.
    pub(super) fn of_existing(&self, instance: &Instance, info: &KindInfo, name: &Name, at: Span) -> Value {
        let stand_in = self.world.stand_ins.contains(&instance.id);
        let nothing = || Expr::new(instance.decl.name_span, Node::Literal(Value::None));
        let written = super::fields::given(&instance.decl, name, &nothing);
        if let Some(property) = info.kind.properties.get(name) {
            let own = matches!(self.scope, Scope::Frame(frame) if frame != STANDARD);
            return match written {
                Some(_) => self.property(instance.id, name),
                None if stand_in => self.of_stand_in(instance, info, name),
                None if instance.decl.imported || self.lenient => Value::Missing,
                None if own => self.not_given(instance, name, at),
                None if property.default.is_some() => self.property(instance.id, name),
                None if info.properties.get(info.kind.properties.get_index_of(name).unwrap_or_default()).is_some_and(Type::optional) => {
                    Value::None
                }
                None => self.not_given(instance, name, at),
            };
        }
        // What a branch leaves out is not given; what an import says is nothing is nothing.
        let given = written.map(|expr| Env::frame(self.world, instance.frame).eval(&expr));
        if let Some(value) = given.filter(|value| *value != Value::None || instance.decl.imported) {
            return value;
        }
        match info.kind.outs.get(name) {
            Some(_) if stand_in || self.lenient => Value::Missing,
            Some(_) => self.not_given(instance, name, at),
            None => {
                let outs = info.kind.outs.keys();
                let known = outs.chain(info.kind.properties.keys()).cloned().collect();
                self.unknown_member(&format!("the {} `{}`", info.kind.name, instance.name), name, at, known)
            }
        }
    }

    /// A property of what stands for a declaration: what is known of it is its type.
    fn of_stand_in(&self, _: &Instance, info: &KindInfo, name: &Name) -> Value {
        let ty = info.kind.properties.get_index_of(name).and_then(|at| info.properties.get(at));
        let ty = ty.map(|ty| if let Type::Optional(inner) = ty { inner } else { ty });
        match ty {
            Some(ty) if super::rehearse::scalar(ty) => Value::deploy(Deploy::Param(name.clone(), ty.clone())),
            _ => Value::Missing,
        }
    }

    /// What a name means inside a kind, on behalf of what another stack owns. Its resources are that stack's: only
    /// what it gives out can be referred to.
    pub(super) fn existing_name(&self, instance: &Instance, name: &Name) -> Option<Value> {
        let info = instance.kind()?;
        if info.kind.outs.contains_key(name) || info.kind.properties.contains_key(name) {
            return Some(self.of_existing(instance, info, name, instance.decl.name_span));
        }
        if self.is_label_of_another_stack(name) {
            let message = format!("this needs the resource `{name}` of `{}`, which another stack owns", instance.name);
            let finding = Diagnostic::error("resource-of-another-stack", self.asked.unwrap_or(instance.decl.name_span), message);
            let help = format!("write this line into the stack that declares `{}`", instance.name);
            return Some(self.fail(finding.also(instance.decl.name_span, "declared here").help(help)));
        }
        let compute = |expr: &Expr| Env::kind(self.world, instance.id).eval(expr);
        match &**name {
            "as_of" => Some(self.world.as_of.clone().map_or(Value::None, Value::Date)),
            _ => self.world.library.constant(name, compute),
        }
    }

    /// Whether a name is that of a resource that the kind emits in another stack.
    pub fn is_label_of_another_stack(&self, name: &str) -> bool {
        let Scope::Kind(id) = self.scope else { return false };
        let Some(instance) = self.world.instance(id).filter(|i| i.decl.existing) else { return false };
        self.locals.get(name).is_none() && instance.kind().is_some_and(|info| info.has_label(name))
    }

    /// The declaration of another stack in whose resource a path leads: `main.X`, `target.policy.X`.
    pub fn owner_of_another_stack(&self, path: &[Name]) -> Option<InstanceId> {
        let first = path.first()?;
        if self.is_label_of_another_stack(first) {
            return if let Scope::Kind(id) = self.scope { Some(id) } else { None };
        }
        match self.eval(&Expr::new(Span::default(), Node::Name(first.clone()))) {
            Value::Ref(id) if self.world.instance(id).is_some_and(|i| i.decl.existing) => Some(id),
            _ => None,
        }
    }

    fn not_given(&self, instance: &Instance, name: &Name, at: Span) -> Value {
        let kind = instance.kind_name();
        let (message, help) = match instance.decl.imported {
            true => (
                format!("`{}` is imported, and its stack does not export the `{name}` of this {kind}", instance.name),
                format!("export the {kind} itself in that stack, and use that export here"),
            ),
            false => (
                format!("`{}` belongs to another stack, and its `{name}` is not given", instance.name),
                format!("add `{name} = ...` to it"),
            ),
        };
        // A place in the library is none that the user can change.
        let at = self.asked.unwrap_or(at);
        let finding = Diagnostic::error("existing-without-value", at, message);
        let place = instance.decl.name_span;
        self.fail(if place == at { finding.help(help) } else { finding.also(place, "declared here").help(help) })
    }
}
