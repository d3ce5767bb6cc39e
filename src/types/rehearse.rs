//! Makes real what this program never reaches: components that nobody uses, branches that are not taken, loops that
//! never turn. Only to find the mistakes in them: it happens in a world of its own, where what is not known is
//! `Value::Missing`, about which nothing is said. Knows nothing of which findings are kept.

use super::expand::Place;
use super::world::{Binding, FrameId, Instance, Made, World};
use crate::base::{Name, Span};
use crate::model::walk::{self, Met};
use crate::model::{Decl, Deploy, Expr, InstanceId, Item, ItemNode, Node, Parameter, Type, Value};
use std::sync::{Arc, OnceLock};

impl World {
    /// A world in which what is never reached is made real too.
    pub fn rehearsing(mut self) -> World {
        self.rehearsal = true;
        self
    }

    /// Remembers, of a branch or a body that is not made real, where it stands.
    pub(super) fn pass_over(&mut self, items: &[Item]) {
        if let (Some(first), Some(last)) = (items.first(), items.last()) {
            self.passed_over.push(first.span.to(last.span));
        }
    }

    /// Makes a branch real that is not taken. What decided against it is taken to be unknown inside, or the branch
    /// would be held to what it guards against.
    pub(super) fn rehearse_branch(&mut self, condition: &Expr, items: &[Item], place: &Place) {
        let mut names: Vec<Name> = Vec::new();
        walk::expr(condition, &mut |met| {
            if let Met::Expr(Expr { node: Node::Name(name), .. }) = met
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        });
        self.rehearse(&names, condition.span, items, place);
    }

    /// Makes the body of a loop real that never turns.
    pub(super) fn rehearse_loop(&mut self, names: &[Name], over: &Expr, items: &[Item], place: &Place) {
        self.rehearse(names, over.span, items, place);
    }

    fn rehearse(&mut self, unknown: &[Name], span: Span, items: &[Item], place: &Place) {
        let frame = self.frame(Some(place.frame));
        for name in unknown {
            self.bind(frame, name, span, Binding::Value(Value::Missing));
        }
        self.expand_in(items, &place.rehearsed_in(frame), false);
    }

    /// Makes the components among some items real that nobody uses, with unknown arguments.
    pub fn rehearse_components(&mut self, items: &[Item], frame: FrameId, is_used: &dyn Fn(Span) -> bool) {
        for item in items {
            if let ItemNode::Component { name_span, parameters, items, .. } = &item.node
                && !is_used(*name_span)
            {
                let inner = self.frame(Some(frame));
                for parameter in parameters {
                    let value = self.unknown_argument(parameter, frame);
                    self.bind(inner, &parameter.name, parameter.span, Binding::Value(value));
                }
                self.expand_in(items, &Place::rehearsed(inner), false);
                self.rehearse_components(items, inner, is_used);
            }
        }
    }

    /// What stands for an argument: of a declaration, what is known is its kind, and so its verbs and events.
    fn unknown_argument(&mut self, parameter: &Parameter, frame: FrameId) -> Value {
        let ty = parameter.ty.as_ref().map(|ty| self.resolve_type(frame, ty));
        if let Some(default) = &parameter.default {
            let env = super::eval::Env::frame(self, frame);
            let value = env.eval(default);
            if let Some(ty) = &ty {
                env.conform(value, ty, default, &parameter.name);
            }
        }
        ty.map_or(Value::Missing, |ty| self.stand_in(&parameter.name, parameter.span, &ty, frame))
    }

    /// What stands for a value of which only the type is known.
    pub fn stand_in(&mut self, name: &Name, span: Span, ty: &Type, frame: FrameId) -> Value {
        let kinds = match ty {
            Type::Ref(kinds) => kinds,
            ty if scalar(ty) => return Value::deploy(Deploy::Param(name.clone(), ty.clone())),
            _ => return Value::Missing,
        };
        let [kind] = &**kinds else { return Value::Missing };
        let (Some(info), Ok(id)) = (self.library.kind(kind).cloned(), u32::try_from(self.instances.len())) else {
            return Value::Missing;
        };
        let decl = Decl {
            kind: kind.clone(),
            kind_span: span,
            name: name.clone(),
            name_span: span,
            span,
            doc: String::new(),
            existing: true,
            imported: false,
            resource: None,
            attributes: Vec::new(),
            body: Vec::new(),
        };
        let id = InstanceId(id);
        self.stand_ins.insert(id);
        self.instances.push(Instance {
            id,
            name: name.clone(),
            logical: name.clone(),
            decl: Arc::new(decl),
            made: Made::Kind(info),
            frame,
            condition: None,
            slots: Vec::new(),
            labels: OnceLock::new(),
        });
        Value::Ref(id)
    }
}

/// Whether a value of a type is known enough by its type, as a parameter of the stack is.
pub(super) fn scalar(ty: &Type) -> bool {
    let scalar = matches!(ty.bare(), Type::Bool | Type::Int | Type::Float | Type::String | Type::Quantity(_) | Type::Words(_) | Type::Cidr);
    scalar && !ty.optional()
}
