//! Finds the edges of a stack: those that are written, and those that follow. Knows nothing of CloudFormation.

use super::arguments::{Call, bind};
use super::edge::{Edge, EdgeKind, Graph};
use crate::base::budget::EDGES;
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::{self, Argument, Body, Cond, Expr, InstanceId, Leaf, Needs, Node, Step, Value};
use crate::names::nearest;
use crate::types::{Env, Made, World, a_kind, attribute, both};
use rustc_hash::FxHashMap;

/// Builds the graph of a world.
pub fn build(world: World) -> Graph {
    let mut builder = Builder { world: &world, edges: Vec::new(), derived: FxHashMap::default() };
    for instance in &world.instances {
        let env = Env::frame(&world, instance.frame);
        builder.body(instance.id, &instance.decl.body, &env, &instance.condition);
        if let Made::Kind(info) = &instance.made
            && !instance.decl.existing
        {
            let env = Env::kind(&world, instance.id);
            builder.needs(&env, &info.kind.steps, instance.id, (None, &instance.condition), instance.decl.name_span);
        }
    }
    let mut at = 0;
    while let Some(edge) = builder.edges.get(at).cloned() {
        builder.follow(&edge);
        at += 1;
    }
    let mut edges = builder.edges;
    let mut later = super::repeated::repeated(&world, &edges);
    while let Some(at) = later.pop() {
        edges.remove(at);
    }
    let incoming = incoming(&world, &edges);
    let _ = world.incoming.set(incoming);
    let _ = world.relations.set(super::relate::relations(&world, &edges));
    let graph = Graph { world, edges, loops: std::sync::OnceLock::new() };
    // Lambda is told to let a loop run where one is allowed; without an `@allow` nothing asks.
    if graph.world.allowed.iter().any(|(rule, _)| &**rule == crate::flow::rule(&crate::flow::Proof::Certain)) {
        let _ = graph.world.looped.set(graph.loops().allowed(&|span, rule| graph.permits(span, rule)));
    }
    graph
}

/// For each instance and event: whom it wakes, as records; and for each property that `@delivers`, who names it there.
fn incoming(world: &World, edges: &[Edge]) -> FxHashMap<(InstanceId, Name), Vec<Value>> {
    let mut incoming: FxHashMap<(InstanceId, Name), Vec<Value>> = FxHashMap::default();
    for edge in edges.iter().filter(|e| e.kind != EdgeKind::Capability) {
        let mut record: FxIndexMap<Name, Value> = edge.arguments.clone();
        record.insert("target".into(), Value::Ref(edge.actor));
        incoming.entry((edge.subject, edge.name.clone())).or_default().push(Value::record(record));
    }
    for instance in &world.instances {
        let Some(info) = instance.kind() else { continue };
        for property in info.kind.properties.values().filter(|p| attribute(&p.attributes, "delivers").is_some()) {
            if let Value::Ref(to) = Env::kind(world, instance.id).property(instance.id, &property.name) {
                let record = FxIndexMap::from_iter([("target".into(), Value::Ref(instance.id))]);
                incoming.entry((to, property.name.clone())).or_default().push(Value::record(record));
            }
        }
    }
    // What is emitted for several edges does not depend on the order in which they are written.
    for records in incoming.values_mut().filter(|records| records.len() > 1) {
        records.sort_by_cached_key(|record| {
            let fields = record.as_record();
            let target = match fields.and_then(|f| f.get("target")) {
                Some(Value::Ref(id)) => world.instance(*id).map(|i| i.logical.clone()),
                _ => None,
            };
            let arguments = fields.into_iter().flatten().filter(|(name, _)| &***name != "target");
            (arguments.map(|(name, value)| format!("{name}={value},")).collect::<String>(), target)
        });
    }
    incoming
}

struct Builder<'w> {
    world: &'w World,
    edges: Vec<Edge>,
    /// The derived edges by actor, verb, subject and arguments, with their places among the edges.
    derived: FxHashMap<(InstanceId, Name, InstanceId, String), usize>,
}

impl<'w> Builder<'w> {
    fn body(&mut self, actor: InstanceId, body: &[Body], env: &Env<'w>, condition: &Option<Cond>) {
        for part in body {
            match part {
                Body::Edge(edge) => self.edge(actor, edge, env, condition),
                Body::If(test, then, otherwise) => match env.condition(test) {
                    Some(Ok(true)) => self.body(actor, then, env, condition),
                    Some(Ok(false)) => self.body(actor, otherwise, env, condition),
                    Some(Err(cond)) => {
                        self.body(actor, then, env, &both(condition, Some(cond.clone())));
                        self.body(actor, otherwise, env, &both(condition, Some(Cond::Not(cond.into()))));
                    }
                    None => {}
                },
                Body::For(names, over, inner) => {
                    for (turn, _) in env.turns(names, over) {
                        self.body(actor, inner, &turn, condition);
                    }
                }
                Body::Entry(..) => {}
            }
        }
    }

    fn edge(&mut self, actor: InstanceId, edge: &model::Edge, env: &Env<'w>, condition: &Option<Cond>) {
        let (subject, arguments): (&Expr, &[Argument]) = match &edge.subject.node {
            Node::Call(callee, arguments) => (callee, arguments),
            _ => (&edge.subject, &[]),
        };
        let Some(actor_kind) = self.world.instance(actor).map(|i| i.kind_name().to_string()) else { return };
        let (subject, event) = match (&edge.verb, &subject.node) {
            (Some(_), _) => (subject, None),
            (None, Node::Member(source, event, at)) => (&**source, Some((event, *at))),
            (None, Node::Missing) => return,
            (None, _) => {
                let message = "a trigger names a source and one of its events";
                let help = "write `on source.event(...)`, as `on jobs.messages(batch: 10)`";
                self.world.report(Diagnostic::error("trigger-without-event", subject.span, message).help(help));
                return;
            }
        };
        let subjects = match env.eval(subject) {
            Value::Ref(id) => vec![id],
            Value::List(values) => values.iter().filter_map(|v| if let Value::Ref(id) = v { Some(*id) } else { None }).collect(),
            Value::Missing | Value::None => return,
            other => {
                let message = format!("expected a declaration, found {other}");
                self.world.report(Diagnostic::error("type-mismatch", subject.span, message));
                return;
            }
        };
        for id in subjects {
            if self.edges.len() >= EDGES {
                let message = format!("the stack has more than {EDGES} triggers and capabilities here");
                return self.world.exceeded(edge.span, &message, "shorten the lists that this edge runs over");
            }
            let found = match (&edge.verb, event) {
                (Some((verb, at)), _) => self.capability(id, verb, *at, edge, env, arguments),
                (None, Some((event, at))) => self.trigger(id, event, at, &actor_kind, edge, env, arguments),
                (None, None) => None,
            };
            if let Some(mut found) = found {
                found.actor = actor;
                let of = |id| self.world.instance(id).and_then(|i| i.condition.clone());
                found.under = condition.clone().filter(|_| *condition != of(actor));
                found.condition = both(condition, of(id));
                self.edges.push(found);
            }
        }
    }

    fn capability(&self, id: InstanceId, verb: &Name, at: Span, edge: &model::Edge, env: &Env<'w>, arguments: &[Argument]) -> Option<Edge> {
        let subject = self.world.instance(id)?;
        let Some(info) = subject.kind() else {
            self.no_edges(id, edge.subject.span);
            return None;
        };
        let Some(found) = info.kind.verbs.get(verb).filter(|v| !v.internal()) else {
            let message = format!("{} has no verb `{verb}`", a_kind(&info.kind.name));
            let known: Vec<&str> = info.kind.verbs.values().filter(|v| !v.internal()).map(|v| &*v.name).collect();
            let mut finding = Diagnostic::error("unknown-verb", at, message)
                .also(subject.decl.name_span, format!("`{}` is {}", subject.name, a_kind(&info.kind.name)));
            finding = match nearest(verb, known.iter().copied()) {
                Some(near) => finding.help(format!("did you mean `can {near}`?")).fix(format!("change it to `{near}`"), at, near),
                None if known.is_empty() => finding.help("this kind has no verbs"),
                None => finding.help(format!("its verbs are {}", known.join(", "))),
            };
            self.world.report(finding);
            return None;
        };
        let types = info.verbs.get(verb)?;
        let call = Call {
            what: format!("`can {verb}` {}", a_kind(&info.kind.name)),
            parameters: &found.parameters,
            types,
            span: edge.span,
            docs: [&found.doc, &info.kind.doc],
        };
        let (values, spans) = bind(env, self.world, id, &call, arguments);
        Some(self.new_edge(EdgeKind::Capability, id, verb, 0, (values, spans), edge))
    }

    #[allow(clippy::too_many_arguments)]
    fn trigger(
        &self,
        id: InstanceId,
        event: &Name,
        at: Span,
        actor: &str,
        edge: &model::Edge,
        env: &Env<'w>,
        arguments: &[Argument],
    ) -> Option<Edge> {
        let subject = self.world.instance(id)?;
        let Some(info) = subject.kind() else {
            self.no_edges(id, edge.subject.span);
            return None;
        };
        let of_name = || info.kind.events.iter().enumerate().filter(|(_, e)| e.name == *event);
        let Some((index, found)) = of_name().find(|(_, e)| *e.target == *actor) else {
            self.no_event(subject.id, event, at, actor);
            return None;
        };
        let types = info.events.get(index)?;
        let call = Call {
            what: format!("the event `{event}` of {}", a_kind(&info.kind.name)),
            parameters: &found.parameters,
            types,
            span: edge.span,
            docs: [&found.doc, &info.kind.doc],
        };
        let (values, spans) = bind(env, self.world, id, &call, arguments);
        let made = self.new_edge(EdgeKind::Trigger(found.mode), id, event, index, (values, spans), edge);
        if subject.decl.existing && !has_effect(&found.steps) {
            self.made_elsewhere(&made);
            return None;
        }
        Some(made)
    }

    fn new_edge(
        &self,
        kind: EdgeKind,
        subject: InstanceId,
        name: &Name,
        event: usize,
        bound: (FxIndexMap<Name, Value>, FxIndexMap<Name, Span>),
        edge: &model::Edge,
    ) -> Edge {
        let (arguments, spans) = bound;
        Edge {
            kind,
            actor: subject,
            subject,
            name: name.clone(),
            event,
            arguments,
            spans,
            span: edge.span,
            derived: false,
            condition: None,
            under: None,
            attributes: edge.attributes.clone(),
        }
    }

    /// A trigger whose resources the source itself emits, of a source that another stack owns.
    fn made_elsewhere(&self, edge: &Edge) {
        let Some(subject) = self.world.instance(edge.subject) else { return };
        let (kind, name) = (subject.kind_name(), &subject.name);
        let message = format!("the {kind} `{name}` belongs to another stack, and only that can add `{}` to it", edge.name);
        let way = edge.elsewhere(self.world).unwrap_or_else(|| format!("write this line into the stack that declares `{name}`"));
        let finding = Diagnostic::error("event-of-other-stack", edge.span, message);
        self.world.report(finding.also(subject.decl.name_span, "declared here").help(way));
    }

    fn no_edges(&self, id: InstanceId, span: Span) {
        let Some(instance) = self.world.instance(id) else { return };
        if matches!(instance.made, Made::Unknown) {
            return;
        }
        let message = format!("`{}` is {} and cannot be the target of an edge", instance.name, a_kind(instance.kind_name()));
        self.world.report(Diagnostic::error("no-edges", span, message).help("name one of its outputs"));
    }

    fn no_event(&self, id: InstanceId, event: &Name, at: Span, actor: &str) {
        let Some(subject) = self.world.instance(id) else { return };
        let Some(info) = subject.kind() else { return };
        let kind = a_kind(&info.kind.name);
        let also = format!("`{}` is {kind}", subject.name);
        let finding = if info.kind.events.iter().any(|e| e.name == *event) {
            let targets: Vec<&str> = info.kind.events.iter().filter(|e| e.name == *event).map(|e| &*e.target).collect();
            let message = format!("the event `{event}` of {kind} cannot trigger {}", a_kind(actor));
            Diagnostic::error("unknown-event", at, message).help(format!("it triggers {}", targets.join(", ")))
        } else {
            let known: Vec<&str> = info.kind.events.iter().filter(|e| *e.target == *actor).map(|e| &*e.name).collect();
            let finding = Diagnostic::error("unknown-event", at, format!("{kind} has no event `{event}`"));
            match nearest(event, known.iter().copied()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), at, near),
                None if known.is_empty() => finding.help(format!("{kind} has no event that triggers {}", a_kind(actor))),
                None => finding.help(format!("it has {}", known.join(", "))),
            }
        };
        self.world.report(finding.also(subject.decl.name_span, also));
    }

    /// What follows from an edge.
    fn follow(&mut self, edge: &Edge) {
        let world = self.world;
        let Some(info) = world.instance(edge.subject).and_then(|i| i.kind()) else { return };
        let steps = match edge.kind {
            EdgeKind::Trigger(_) => info.kind.events.get(edge.event).map(|e| e.steps.as_slice()),
            EdgeKind::Capability => info.kind.verbs.get(&edge.name).map(|v| v.steps.as_slice()),
        };
        if let Some(steps) = steps {
            self.needs(&edge.env(world), steps, edge.actor, (Some(edge.subject), &edge.condition), edge.span);
        }
    }

    /// The capabilities that some steps need. What follows from an edge or a declaration is there when that is.
    fn needs(
        &mut self,
        env: &Env<'w>,
        steps: &'w [Step],
        actor: InstanceId,
        (source, parent): (Option<InstanceId>, &Option<Cond>),
        span: Span,
    ) {
        if !has_needs(steps) {
            return;
        }
        let world = self.world;
        let mut found: Vec<(&Needs, InstanceId, Env<'w>, Option<Cond>)> = Vec::new();
        env.walk(steps, &mut |placed| {
            let Leaf::Needs(needs) = placed.leaf else { return };
            let subject = match &needs.of {
                None => source.map_or(Value::None, Value::Ref),
                Some(of) => placed.env.eval(of),
            };
            let subjects = match subject {
                Value::List(values) => values.to_vec(),
                other => vec![other],
            };
            for subject in subjects {
                match subject {
                    Value::Ref(id) => found.push((needs, id, placed.env.clone(), placed.condition.clone())),
                    Value::None | Value::Missing => {}
                    other => {
                        let at = needs.of.as_ref().map_or(needs.span, |of| of.span);
                        let message = format!("`needs {}` takes a declaration, found {}", needs.verb, placed.env.describe(&other));
                        world.report(Diagnostic::error("type-mismatch", at, message));
                    }
                }
            }
        });
        for (needs, subject, env, condition) in found {
            let of_subject = world.instance(subject).and_then(|i| i.condition.clone());
            let condition = both(&both(parent, condition), of_subject);
            let values: Vec<String> = needs.arguments.iter().map(|a| env.eval(&a.value).to_string()).collect();
            let key = (actor, needs.verb.clone(), subject, values.join(","));
            match self.derived.get(&key) {
                Some(at) => self.widen(*at, condition),
                None => {
                    if self.derive(actor, needs, (subject, &env), condition, span) {
                        self.derived.insert(key, self.edges.len() - 1);
                    }
                }
            }
        }
    }

    /// A derived edge that is needed under a further condition.
    fn widen(&mut self, at: usize, condition: Option<Cond>) {
        let Some(edge) = self.edges.get_mut(at) else { return };
        let wider = match (&edge.condition, condition) {
            (None, _) => return,
            (Some(known), Some(new)) if *known == new => return,
            (Some(Cond::Or(parts)), Some(new)) if parts.contains(&new) => return,
            (Some(_), None) => None,
            (Some(known), Some(new)) => Some(Cond::Or(vec![known.clone(), new])),
        };
        edge.condition = wider;
        let edge = edge.clone();
        self.follow(&edge);
    }

    fn derive(
        &mut self,
        actor: InstanceId,
        needs: &Needs,
        (subject, env): (InstanceId, &Env<'w>),
        condition: Option<Cond>,
        span: Span,
    ) -> bool {
        let (world, verb) = (self.world, &needs.verb);
        let Some(info) = world.instance(subject).and_then(|i| i.kind()) else {
            self.no_edges(subject, needs.span);
            return false;
        };
        let (Some(found), Some(types)) = (info.kind.verbs.get(verb), info.verbs.get(verb)) else {
            let message = format!("{} has no verb `{verb}`, which is needed here", a_kind(&info.kind.name));
            world.report(Diagnostic::error("unknown-verb", span, message).also(needs.span, "needed by this line"));
            return false;
        };
        let call = Call { what: format!("`{verb}`"), parameters: &found.parameters, types, span, docs: [&found.doc, &info.kind.doc] };
        let (arguments, spans) = bind(env, world, subject, &call, &needs.arguments);
        self.edges.push(Edge {
            kind: EdgeKind::Capability,
            actor,
            subject,
            name: verb.clone(),
            event: 0,
            arguments,
            spans,
            span,
            derived: true,
            condition,
            under: None,
            attributes: Vec::new(),
        });
        true
    }
}

/// Whether steps add anything to a template or to rights, and do not only check.
fn has_effect(steps: &[Step]) -> bool {
    steps.iter().any(|step| match step {
        Step::Leaf(leaf) => !matches!(leaf, Leaf::Check(_)),
        Step::If(_, a, b) => has_effect(a) || has_effect(b),
        Step::For { steps, .. } => has_effect(steps),
        Step::Let(..) => false,
    })
}

fn has_needs(steps: &[Step]) -> bool {
    steps.iter().any(|step| match step {
        Step::Leaf(Leaf::Needs(_)) => true,
        Step::If(_, a, b) => has_needs(a) || has_needs(b),
        Step::For { steps, .. } => has_needs(steps),
        _ => false,
    })
}
