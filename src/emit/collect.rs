//! Walks kinds and edges and collects the resources and the statements that they emit. Knows nothing of JSON.

use super::deletion::Deletion;
use super::foreign::{self, Foreign};
use super::grants;
use super::resource::{Asked, Resource, Statement};
use super::stamp::Stamp;
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::graph::{Edge, EdgeKind, Graph};
use crate::model::{Argument, Attribute, Cond, Deploy, Emit, Grant, InstanceId, Leaf, Node, Step, Value, can_hold};
use crate::types::{Env, Made, Placed, World, a_kind, attribute, both, camel};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Everything that is emitted.
#[derive(Default)]
pub(super) struct Collected {
    pub resources: FxIndexMap<Name, Resource>,
    /// The statements of each role, by its logical id.
    pub statements: FxIndexMap<Name, Vec<Statement>>,
    appends: Vec<Append>,
    before: Vec<Before>,
    grants: Vec<(InstanceId, Statement)>,
    principals: FxHashMap<InstanceId, Name>,
    foreign: Foreign,
    /// What the kind says of a way that changes nothing in another stack, of the edge that is being collected.
    instead: Option<String>,
}

/// An element for a list of a resource.
struct Append {
    to: Name,
    path: Vec<Name>,
    value: Value,
    condition: Option<Cond>,
    /// Where the `append` stands.
    span: Span,
    /// The line of the program that asks for it.
    asked: Span,
}

/// A resource that must be there before another, and the line of the program that asks for it.
struct Before {
    later: Name,
    first: Name,
    asked: Span,
}

/// Collects what a graph emits.
pub(super) fn collect(graph: &Graph) -> Collected {
    let world = &graph.world;
    let mut collected = Collected::default();
    for instance in &world.instances {
        if instance.decl.existing {
            continue;
        }
        match &instance.made {
            Made::Kind(info) => {
                let env = Env::kind(world, instance.id);
                collected.steps(&env, &info.kind.steps, instance.id, instance.decl.name_span, &instance.condition);
                collected.raw(world, instance.id);
            }
            Made::Resource(ty) => collected.typed(world, instance.id, ty),
            Made::Component(..) | Made::Unknown => {}
        }
    }
    for edge in &graph.edges {
        collected.edge(world, edge, &edge.logical(world));
    }
    collected.settle(world);
    std::mem::take(&mut collected.foreign).report(world);
    collected
}

impl Collected {
    fn steps(&mut self, env: &Env<'_>, steps: &[Step], actor: InstanceId, span: Span, condition: &Option<Cond>) {
        env.walk(steps, &mut |placed| {
            let condition = both(condition, placed.condition.clone());
            match placed.leaf {
                Leaf::Emit(emit) => self.emit(emit, &placed, actor, span, condition),
                Leaf::Grant(grant) => self.grant(grant, &placed.env, actor, span, condition),
                Leaf::Append { path, span: at, value, attributes } => {
                    self.append((path, *at, span), &placed.env, value, attributes, condition)
                }
                Leaf::Needs(_) | Leaf::Check(_) => {}
            }
        });
    }

    fn edge(&mut self, world: &World, edge: &Edge, owner: &Name) {
        let steps = match edge.kind {
            EdgeKind::Trigger(_) => edge.as_event(world).map(|e| e.steps.as_slice()),
            EdgeKind::Capability => edge.as_verb(world).map(|v| v.steps.as_slice()),
        };
        let Some(steps) = steps else { return };
        let env = edge.env(world).for_edge(owner, steps);
        self.instead = edge.elsewhere(world);
        self.steps(&env, steps, edge.actor, edge.span, &edge.condition);
        self.instead = None;
    }

    fn emit(&mut self, emit: &Emit, placed: &Placed<'_, '_>, owner: InstanceId, span: Span, condition: Option<Cond>) {
        let env = &placed.env;
        let id = env.logical(emit, &placed.keys);
        let mut properties = FxIndexMap::default();
        env.entries(&emit.fields, &mut properties);
        let listed =
            |a: &Attribute| a.arguments.iter().filter(|x| is_here(x, env)).flat_map(|x| ids(&env.eval(&x.value))).collect::<Vec<_>>();
        let after = attribute(&emit.attributes, "after").map(listed).unwrap_or_default();
        for later in attribute(&emit.attributes, "before").map(listed).unwrap_or_default() {
            self.before.push(Before { later, first: id.clone(), asked: span });
        }
        let deletion = attribute(&emit.attributes, "data").and_then(|a| match a.arguments.first() {
            Some(argument) => Deletion::of(env, &env.eval(&argument.value), argument.value.span),
            None => Some(Deletion::RETAIN),
        });
        let principal = attribute(&emit.attributes, "principal").is_some();
        if principal {
            self.principals.insert(owner, id.clone());
        }
        let resource = Resource {
            id: id.clone(),
            ty: emit.resource.clone(),
            properties,
            after,
            condition,
            deletion,
            on_demand: attribute(&emit.attributes, "on_demand").is_some(),
            hashed: attribute(&emit.attributes, "hashed").map(listed),
            stamped: attribute(&emit.attributes, "stamped").map(|a| stamp(a, env, listed(a))),
            principal,
            owner,
            span,
            asked: Vec::new(),
        };
        self.insert(env.world, resource);
    }

    fn insert(&mut self, world: &World, resource: Resource) {
        if let Some(param) = world.params.iter().find(|p| p.name == resource.id) {
            let message = format!("a parameter and a resource would both be called {} in the template", resource.id);
            let finding = Diagnostic::error("duplicate-logical-id", resource.span, message).also(param.span, "the parameter");
            world.report(finding.help("rename one of them"));
            return;
        }
        if let Some(first) = self.resources.get(&resource.id) {
            let same = first.ty == resource.ty && first.properties == resource.properties;
            if !same {
                let message = format!("two resources would be called {} in the template", resource.id);
                let finding = Diagnostic::error("duplicate-logical-id", resource.span, message).also(first.span, "the other");
                world.report(finding.help("rename one of the declarations, or set another logical id with `@id(\"...\")`"));
            }
            return;
        }
        self.resources.insert(resource.id.clone(), resource);
    }

    fn grant(&mut self, grant: &Grant, env: &Env<'_>, actor: InstanceId, span: Span, when: Option<Cond>) {
        let given = env.eval(&grant.actions);
        if given == Value::Missing {
            return;
        }
        let texts = given.as_list().map(|list| list.iter().map(|a| a.as_str().map(Name::from)).collect::<Option<Vec<_>>>());
        let Some(Some(actions)) = texts else {
            let message = format!("`grant` takes a list of actions, found {}", env.describe(&given));
            let finding = Diagnostic::error("type-mismatch", grant.actions.span, message).also(span, "asked for here");
            return env.report(finding.help("write `grant [\"service:Action\"] on ...`"));
        };
        let on = env.eval(&grant.on);
        if on == Value::Missing {
            return undecided(env.world, actor, span);
        }
        if actions.is_empty() {
            return;
        }
        let condition = grant.condition.as_ref().map(|c| env.eval(c)).unwrap_or(Value::None);
        for (when, resources) in grants::resources(&on, &when) {
            for (when, condition) in grants::alternatives(&condition, &when) {
                let condition = Some(condition).filter(|c| *c != Value::None);
                let (actions, resources) = (actions.clone(), resources.clone());
                self.grants.push((actor, Statement { actions, resources, condition, spans: vec![span], when }));
            }
        }
    }

    fn append(
        &mut self,
        (path, span, asked): (&[Name], Span, Span),
        env: &Env<'_>,
        value: &crate::model::Expr,
        attributes: &[Attribute],
        condition: Option<Cond>,
    ) {
        if let Some(of) = env.owner_of_another_stack(path) {
            let path = if env.is_label_of_another_stack(path.first().map_or("", |n| n)) { path } else { path.get(1..).unwrap_or_default() };
            let value = env.eval(value);
            self.foreign.entry(foreign::Entry { of, path: path.to_vec(), value, span: asked, instead: self.instead.clone() });
            return;
        }
        let Some((first, rest)) = path.split_first() else { return };
        let head = env.eval(&crate::model::Expr::new(span, crate::model::Node::Name(first.clone())));
        for (when, head) in alternatives(&head) {
            let condition = both(&condition, when);
            // Where the other side of a choice holds, nothing is appended.
            if condition.as_ref().is_some_and(|condition| !can_hold(&[condition])) {
                continue;
            }
            let (resource, rest) = match appended_to(env, first, &head, rest) {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                Err(found) => {
                    env.report(lost(span, asked, &found));
                    continue;
                }
            };
            for argument in attribute(attributes, "before").iter().flat_map(|a| &a.arguments).filter(|x| is_here(x, env)) {
                let later = ids(&env.eval(&argument.value)).into_iter();
                self.before.extend(later.map(|later| Before { later, first: resource.clone(), asked }));
            }
            self.appends.push(Append { to: resource, path: rest.to_vec(), value: env.eval(value), condition, span, asked });
        }
    }

    /// A `resource "AWS::..."` declaration.
    fn typed(&mut self, world: &World, id: InstanceId, ty: &Name) {
        let Some(instance) = world.instance(id) else { return };
        let env = Env::frame(world, instance.frame);
        let mut properties = FxIndexMap::default();
        env.entries(&crate::types::entries(&instance.decl.body), &mut properties);
        let deletion = match properties.shift_remove("deletion_policy") {
            Some(Value::Str(word)) => Some(Deletion::named(&camel(&word))),
            _ => None,
        };
        let after = properties.shift_remove("after").map(|v| ids_of(world, &v)).unwrap_or_default();
        let resource = Resource {
            id: instance.logical.clone(),
            ty: ty.clone(),
            properties,
            after,
            condition: instance.condition.clone(),
            deletion,
            on_demand: false,
            hashed: None,
            stamped: None,
            principal: false,
            owner: id,
            span: instance.decl.name_span,
            asked: Vec::new(),
        };
        self.insert(world, resource);
    }

    /// The `raw { ... }` of a declaration: properties of its main resource as CloudFormation names them.
    fn raw(&mut self, world: &World, id: InstanceId) {
        let Some(instance) = world.instance(id) else { return };
        let nothing = || crate::model::Expr::new(instance.decl.name_span, crate::model::Node::Literal(Value::None));
        let Some(expr) = crate::types::given(&instance.decl, "raw", &nothing) else { return };
        let fields = match Env::frame(world, instance.frame).eval(&expr) {
            Value::Record(fields) => fields,
            Value::None | Value::Missing => return,
            other => {
                let message = format!("`raw` is a record that is known now, found {other}");
                let finding = Diagnostic::error("type-mismatch", expr.span, message);
                return world.report(finding.help("write `raw { Property = value }`, and conditions at the values inside"));
            }
        };
        if let Some(resource) = self.resources.get_mut(&instance.logical) {
            for (key, value) in fields.iter() {
                let merged = overlay(resource.properties.get(key), value);
                resource.properties.insert(key.clone(), merged);
            }
        }
    }

    /// Puts appended elements, orders and statements where they belong.
    fn settle(&mut self, world: &World) {
        let mut appended: FxHashMap<Name, bool> = FxHashMap::default();
        let mut seen: FxHashSet<(Name, String)> = FxHashSet::default();
        for Append { to, path, value, condition, span, asked } in std::mem::take(&mut self.appends) {
            let Some(resource) = self.resources.get_mut(&to) else {
                world.report(lost(span, asked, &format!("{to} is not emitted")));
                continue;
            };
            if !seen.insert((to.clone(), format!("{path:?} {value:?} {condition:?}"))) {
                continue;
            }
            let value = match condition {
                Some(cond) => Value::deploy(Deploy::If(cond, value, Value::None)),
                None => value,
            };
            push_at(&mut resource.properties, &path, value.clone());
            resource.asked.push(Asked { path, value, span: asked });
            appended.insert(to, true);
        }
        self.resources.retain(|id, resource| !resource.on_demand || appended.contains_key(id));
        for Before { later, first, asked } in std::mem::take(&mut self.before) {
            if let Some(resource) = self.resources.get_mut(&later) {
                resource.after.push(first.clone());
                resource.asked.push(Asked { path: Vec::new(), value: Value::Resource(first), span: asked });
            }
        }
        for (actor, statement) in std::mem::take(&mut self.grants) {
            match self.role(world, actor, 0) {
                Some(role) => self.statements.entry(role).or_default().push(statement),
                None => {
                    let Some(instance) = world.instance(actor) else { continue };
                    if let Some((of, span)) = self.role_of_another_stack(world, actor, &statement) {
                        self.foreign.right(of, span, statement);
                        continue;
                    }
                    let message =
                        format!("`{}` is {} and has no role that could be given a right", instance.name, a_kind(instance.kind_name()));
                    let span = statement.spans.first().copied().unwrap_or(instance.decl.name_span);
                    world.report(Diagnostic::error("no-role", span, message));
                }
            }
        }
    }

    /// What another stack owns and should get a right, and the user's line that asks for it.
    fn role_of_another_stack(&self, world: &World, actor: InstanceId, statement: &Statement) -> Option<(InstanceId, Span)> {
        let instance = world.instance(actor)?;
        if instance.decl.existing {
            return Some((actor, statement.spans.first().copied().unwrap_or(instance.decl.name_span)));
        }
        match Env::kind(world, actor).property(actor, &"role".into()) {
            Value::Ref(role) if world.instance(role)?.decl.existing => Some((role, foreign::naming(world, actor, "role"))),
            _ => None,
        }
    }

    fn role(&self, world: &World, actor: InstanceId, depth: u8) -> Option<Name> {
        if let Some(role) = self.principals.get(&actor) {
            return Some(role.clone());
        }
        match Env::kind(world, actor).property(actor, &"role".into()) {
            Value::Ref(id) if depth < 4 => self.role(world, id, depth + 1),
            _ => None,
        }
    }
}

/// The resource that an `append` names, and the path in it. None if what is wrong with it is reported already; an error
/// says what it names instead.
fn appended_to<'p>(env: &Env<'_>, first: &Name, head: &Value, rest: &'p [Name]) -> Result<Option<(Name, &'p [Name])>, String> {
    match (head, rest.split_first()) {
        (Value::Resource(id), _) => Ok(Some((id.clone(), rest))),
        (Value::Ref(id), Some((label, rest))) => match env.label(*id, label) {
            Some(Value::Resource(resource)) => Ok(Some((resource, rest))),
            Some(Value::Missing) => Ok(None),
            _ if env.world.instance(*id).and_then(|i| i.kind()).is_none_or(|info| info.has_label(label)) => {
                Err(format!("{} emits `{label}` under a condition that is false here", env.describe(head)))
            }
            _ => Err(format!("{} emits no `{label}`", env.describe(head))),
        },
        (Value::Missing, _) => Ok(None),
        (Value::None, _) => Err(format!("`{first}` is `none` here")),
        (other, _) => Err(format!("`{first}` is {}", env.describe(other))),
    }
}

/// An `append` to what is no emitted resource: it would be lost.
fn lost(span: Span, asked: Span, found: &str) -> Diagnostic {
    Diagnostic::error("append-to-nothing", span, format!("`append` takes the label of an emitted resource; {found}"))
        .also(asked, "asked for here")
        .help("write `append LABEL.Property { ... }`, where LABEL is one of the kind's `emit`s")
}

/// A right that depends on what only the deployment of another stack decides.
fn undecided(world: &World, actor: InstanceId, span: Span) {
    let name = world.instance(actor).map_or("", |i| &i.name);
    let message = format!("the rights of `{name}` depend on a property that only the deployment of another stack decides");
    let help = "let that stack decide it with a `setting` instead of a `param`";
    world.report(Diagnostic::error("right-of-unknown-property", span, message).help(help));
}

/// The values that a choice can be, each with the condition under which it is.
fn alternatives(value: &Value) -> Vec<(Option<Cond>, Value)> {
    if let Value::Deploy(deploy) = value
        && let Deploy::If(cond, then, otherwise) = &**deploy
    {
        let under = |cond: Cond, side: &Value| {
            alternatives(side).into_iter().map(move |(when, value)| (both(&Some(cond.clone()), when), value)).collect::<Vec<_>>()
        };
        return [under(cond.clone(), then), under(Cond::Not(cond.clone().into()), otherwise)].concat();
    }
    vec![(None, value.clone())]
}

/// `@stamped(main, into: "Description", source: "Code", except: [names])`
fn stamp(attribute: &Attribute, env: &Env<'_>, follows: Vec<Name>) -> Stamp {
    let named = |key: &str| attribute.arguments.iter().find(|a| a.name.as_ref().is_some_and(|(n, _)| &**n == key));
    let text = |key: &str| named(key).and_then(|a| env.constant_text(&a.value));
    let into = text("into").unwrap_or_else(|| {
        let message = "`@stamped` does not say into which property it writes";
        env.report(Diagnostic::error("missing-property", attribute.span, message).help("write `@stamped(LABEL, into: \"Property\")`"));
        "".into()
    });
    let except = named("except").map_or_else(Vec::new, |argument| {
        let given = env.eval(&argument.value);
        let names = given.as_list().and_then(|list| list.iter().map(|name| name.as_str().map(Name::from)).collect());
        names.unwrap_or_else(|| {
            if given != Value::Missing {
                let message = format!("`except` of `@stamped` is a list of names of properties, found {}", env.describe(&given));
                env.report(Diagnostic::error("type-mismatch", argument.value.span, message).help("write `except: [\"Tags\"]`"));
            }
            Vec::new()
        })
    });
    // Without `source` every change is one of the configuration.
    Stamp { follows, into, source: text("source").unwrap_or_else(|| "".into()), except }
}

/// Whether what an order names is of this stack: what another stack owns is there already.
fn is_here(argument: &Argument, env: &Env<'_>) -> bool {
    !matches!(&argument.value.node, Node::Name(label) if env.is_label_of_another_stack(label))
}

/// The logical ids that a value names.
fn ids(value: &Value) -> Vec<Name> {
    match value {
        Value::Resource(id) => vec![id.clone()],
        Value::List(values) => values.iter().flat_map(ids).collect(),
        _ => Vec::new(),
    }
}

fn ids_of(world: &World, value: &Value) -> Vec<Name> {
    match value {
        Value::Ref(id) => world.instance(*id).map(|i| i.logical.clone()).into_iter().collect(),
        Value::List(values) => values.iter().flat_map(|v| ids_of(world, v)).collect(),
        other => ids(other),
    }
}

fn overlay(base: Option<&Value>, over: &Value) -> Value {
    match (base, over) {
        (Some(Value::Record(base)), Value::Record(over)) => {
            let mut fields = (**base).clone();
            for (key, value) in over.iter() {
                let merged = overlay(fields.get(key), value);
                fields.insert(key.clone(), merged);
            }
            Value::record(fields)
        }
        _ => over.clone(),
    }
}

/// Adds an element to the list at a path.
pub(super) fn push_at(fields: &mut FxIndexMap<Name, Value>, path: &[Name], value: Value) {
    match path {
        [] => {}
        [last] => match fields.get_mut(last) {
            Some(Value::List(list)) => Arc::make_mut(list).push(value),
            _ => drop(fields.insert(last.clone(), Value::list(vec![value]))),
        },
        [first, rest @ ..] => match fields.get_mut(first) {
            Some(Value::Record(inner)) => push_at(Arc::make_mut(inner), rest, value),
            _ => {
                let mut inner = FxIndexMap::default();
                push_at(&mut inner, rest, value);
                fields.insert(first.clone(), Value::record(inner));
            }
        },
    }
}
