//! Edges between instances. Knows nothing of how they are found.

use super::flows::flows;
use crate::base::{FxIndexMap, Name, Span};
use crate::flow::Loops;
use crate::model::walk::{self, Met};
use crate::model::{Attribute, Cond, Event, Expr, InstanceId, Mode, Node, Value, Verb};
use crate::types::{Env, World, attribute, edge_id};
use std::sync::OnceLock;

/// What an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EdgeKind {
    /// The subject wakes the actor.
    Trigger(Mode),
    /// The actor may do something with the subject.
    Capability,
}

/// An edge: `on subject.name(...)` or `can name subject(...)`, written in the actor.
#[derive(Clone, Debug)]
pub struct Edge {
    /// What it is.
    pub kind: EdgeKind,
    /// Who is woken, or who can.
    pub actor: InstanceId,
    /// What wakes, or with what it can.
    pub subject: InstanceId,
    /// The event or the verb.
    pub name: Name,
    /// The place of the event among those of the subject's kind.
    pub event: usize,
    /// The values of the event's or verb's parameters, defaults included.
    pub arguments: FxIndexMap<Name, Value>,
    /// Where the arguments stand that were written.
    pub spans: FxIndexMap<Name, Span>,
    /// Where it stands; for one that follows from another, where that stands.
    pub span: Span,
    /// Whether it follows from something else.
    pub derived: bool,
    /// When it is there.
    pub condition: Option<Cond>,
    /// The condition under which it is written in its declaration.
    pub under: Option<Cond>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// The graph of a stack.
pub struct Graph {
    /// Everything declared.
    pub world: World,
    /// The edges, in the order of the source.
    pub edges: Vec<Edge>,
    pub(super) loops: OnceLock<Loops>,
}

impl Edge {
    /// The event that it is of.
    pub fn as_event<'w>(&self, world: &'w World) -> Option<&'w Event> {
        matches!(self.kind, EdgeKind::Trigger(_)).then_some(())?;
        world.instance(self.subject)?.kind()?.kind.events.get(self.event)
    }

    /// The verb that it is of.
    pub fn as_verb<'w>(&self, world: &'w World) -> Option<&'w Verb> {
        (self.kind == EdgeKind::Capability).then_some(())?;
        world.instance(self.subject)?.kind()?.kind.verbs.get(&self.name)
    }

    /// What its kind says of its event or verb.
    pub fn attributes_of_kind<'w>(&self, world: &'w World) -> &'w [Attribute] {
        let attributes = match self.kind {
            EdgeKind::Capability => self.as_verb(world).map(|v| v.attributes.as_slice()),
            EdgeKind::Trigger(_) => self.as_event(world).map(|e| e.attributes.as_slice()),
        };
        attributes.unwrap_or_default()
    }

    /// Whether it is the kinds' own business: not something that the actor does, but what makes it possible.
    pub fn internal(&self, world: &World) -> bool {
        self.as_verb(world).is_some_and(Verb::internal)
    }

    /// What the logical ids of its resources begin with: a function of the edge alone. The `@key` of its event or verb
    /// distinguishes it from others between the same ends; without one, what was written as arguments of a capability.
    pub fn logical(&self, world: &World) -> Name {
        let end = |id| world.instance(id).map_or("", |i| &*i.logical);
        let attribute = attribute(self.attributes_of_kind(world), "key").and_then(|a| a.arguments.first());
        let key = attribute.filter(|key| self.writes_one_of(&key.value)).map(|key| match self.env(world).eval(&key.value) {
            Value::Str(text) => text.to_string(),
            other => other.to_string(),
        });
        let mut hidden = Vec::new();
        if attribute.is_none() && self.kind == EdgeKind::Capability && !self.spans.is_empty() {
            let written = self.spans.keys().map(|name| format!("{name}={}", self.arguments.get(name).unwrap_or(&Value::None)));
            hidden.push(written.collect::<Vec<_>>().join(","));
        }
        hidden.extend(self.under.as_ref().map(Cond::to_string));
        edge_id([end(self.actor), end(self.subject)], &self.name, key.as_deref(), &hidden)
    }

    /// Whether an argument that an expression names was written.
    fn writes_one_of(&self, expr: &Expr) -> bool {
        let mut found = false;
        walk::expr(expr, &mut |met| {
            found |= matches!(met, Met::Expr(Expr { node: Node::Name(name), .. }) if self.spans.contains_key(name));
        });
        found
    }

    /// What its kind says of a way that needs nothing in the stack of the subject, where another stack owns that.
    pub fn elsewhere(&self, world: &World) -> Option<String> {
        let attributes = self.as_event(world).map(|e| &e.attributes).or_else(|| self.as_verb(world).map(|v| &v.attributes))?;
        let text = &attribute(attributes, "elsewhere")?.arguments.first()?.value;
        self.env(world).lenient().constant_text(text).map(|text| text.to_string())
    }

    /// The environment of its steps: its arguments, and `target` or `actor`.
    pub fn env<'w>(&self, world: &'w World) -> Env<'w> {
        let mut env = Env::kind(world, self.subject).asked_at(self.span);
        let actor = if self.kind == EdgeKind::Capability { "actor" } else { "target" };
        env.set(&actor.into(), Value::Ref(self.actor));
        for (name, value) in &self.arguments {
            env.set(name, value.clone());
        }
        env
    }
}

impl Graph {
    /// Its loops, found when they are first asked for.
    pub fn loops(&self) -> &Loops {
        self.loops.get_or_init(|| Loops::of(flows(self), &|span, rule| self.permits(span, rule)))
    }

    /// Whether an `@allow` at a line permits what a rule says.
    pub fn permits(&self, span: Span, rule: &str) -> bool {
        let inside = |outer: &Span| outer.file == span.file && outer.start <= span.start && span.end <= outer.end;
        self.world.allowed.iter().any(|(allowed, region)| &**allowed == rule && inside(region))
    }

    /// Computes every property of every declaration, so that each mistake in one is found whether or not it is used.
    pub fn settle(&self) {
        for instance in &self.world.instances {
            let env = Env::kind(&self.world, instance.id);
            env.check_fields(instance.id);
            if let (Some(info), false) = (instance.kind(), instance.decl.existing) {
                for name in info.kind.properties.keys() {
                    env.property(instance.id, name);
                }
            }
        }
    }
}
