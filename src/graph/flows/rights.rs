//! Rights that no `can` gives: statements and policies of roles. What a statement names is read; what cannot be read
//! may be anything, and makes every way through it undecided.

use super::edges::present;
use super::{Flows, read};
use crate::base::{Name, Span};
use crate::flow::filter::{Glob, Matcher, Verdict};
use crate::flow::{Flow, Port};
use crate::graph::edge::{EdgeKind, Graph};
use crate::model::{Deploy, InstanceId, Leaf, Value, Verb};
use crate::types::{Env, World, both, place};

/// Adds what declarations may do beside their capabilities.
pub(super) fn rights(flows: &mut Flows<'_>, graph: &Graph) {
    let world = &graph.world;
    for instance in &world.instances {
        let Some(info) = instance.kind() else { continue };
        for property in info.kind.properties.values().filter(|p| !p.attributes.is_empty()) {
            let env = Env::kind(world, instance.id).lenient();
            let at = place(&instance.decl, &property.name);
            for attribute in &property.attributes {
                match &*attribute.name {
                    "acts_as" => acts_as(flows, graph, instance.id, &property.name, at),
                    "rights" => statements(flows, world, instance.id, &env.property(instance.id, &property.name), at),
                    "unread" => {
                        let names = read::names(attribute).next();
                        let raw = read::argument(attribute, "raw").map(|key| env.eval(key));
                        let (there, at) = match raw.as_ref().and_then(Value::as_str) {
                            Some(key) => match super::outside::raw(world, instance.id) {
                                Some((fields, span)) => (fields.contains_key(key), span),
                                None => (false, at),
                            },
                            None => (read::is_there(attribute, &env), at),
                        };
                        if there && let Some(why) = names {
                            unread(flows, world, instance.id, &why, at);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

/// A declaration that acts in a role has the role's rights, and those that others who act in it add to it.
fn acts_as(flows: &mut Flows<'_>, graph: &Graph, id: InstanceId, property: &Name, at: Span) {
    let world = &graph.world;
    let role = |id: InstanceId| match Env::kind(world, id).property(id, property) {
        Value::Ref(role) => Some(role),
        _ => None,
    };
    let Some(own) = role(id) else { return };
    let mut flow = Flow::new(id, own, at, "acts in the role");
    flow.condition = both(&present(world, id), present(world, own));
    flows.add(Port::Acts(id), Port::Acts(own), flow);
    let kind = world.instance(id).map(|i| i.kind_name().to_string());
    for edge in graph.edges.iter().filter(|e| e.kind == EdgeKind::Capability && e.actor != id) {
        let alike = world.instance(edge.actor).is_some_and(|i| Some(i.kind_name()) == kind.as_deref());
        if alike && role(edge.actor) == Some(own) {
            let why = format!(
                "a role that is shared gives each of its functions the rights of the others: `can {}` is declared in another",
                edge.name
            );
            let shared = crate::graph::edge::Edge { actor: id, span: at, ..edge.clone() };
            super::edges::capability_with(flows, graph, &shared, Some(why));
        }
    }
}

/// Whatever any verb can cause, for a declaration whose rights cannot be read.
pub(super) fn unread(flows: &mut Flows<'_>, world: &World, id: InstanceId, why: &str, at: Span) {
    for other in &world.instances {
        let Some(info) = other.kind() else { continue };
        for verb in info.kind.verbs.values() {
            for wakes in verb.attributes.iter().filter(|a| &*a.name == "wakes" && read::argument(a, "derived").is_none()) {
                let Some(to) = super::hops::port(world, other.id, read::names(wakes)) else { continue };
                // That it could run itself, without anything between, is not said of every policy.
                if to == Port::Acts(id) {
                    continue;
                }
                let mut flow = Flow::new(id, other.id, at, format!("may {}", verb.name));
                flow.undecided = Some(why.to_string());
                flow.condition = both(&present(world, id), present(world, other.id));
                flows.add(Port::Acts(id), to, flow);
            }
        }
    }
}

/// What the statements of a role allow. What one of them denies is not taken away from what edges give.
pub(super) fn statements(flows: &mut Flows<'_>, world: &World, id: InstanceId, value: &Value, at: Span) {
    let all = value.as_list().unwrap_or_default();
    let field = |s: &Value, name: &str| s.as_record().and_then(|r| r.get(name)).cloned().unwrap_or(Value::None);
    let allows = |s: &&Value| field(s, "effect").as_str() != Some("deny");
    let limited = all.iter().any(|s| !allows(&s));
    for statement in all.iter().filter(allows) {
        let said = Said { actions: list(&field(statement, "actions")), resources: list(&field(statement, "resources")) };
        let limited = limited || field(statement, "conditions") != Value::None;
        said.flows(flows, world, id, limited, at);
    }
}

fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::List(values) => values.to_vec(),
        Value::None | Value::Missing => Vec::new(),
        one => vec![one.clone()],
    }
}

/// The actions and resources of a statement.
pub(super) struct Said {
    pub actions: Vec<Value>,
    pub resources: Vec<Value>,
}

impl Said {
    /// A statement as IAM writes it: one text or several.
    pub(super) fn of(actions: &Value, resources: &Value) -> Said {
        Said { actions: list(actions), resources: list(resources) }
    }

    /// Adds what it allows a declaration to cause.
    pub(super) fn flows(&self, flows: &mut Flows<'_>, world: &World, id: InstanceId, limited: bool, at: Span) {
        for other in &world.instances {
            let Some(info) = other.kind() else { continue };
            for verb in info.kind.verbs.values() {
                for wakes in verb.attributes.iter().filter(|a| &*a.name == "wakes") {
                    let env = Env::kind(world, other.id).lenient();
                    let by = read::argument(wakes, "by").map(|by| list(&env.eval(by))).unwrap_or_default();
                    let Some(to) = super::hops::port(world, other.id, read::names(wakes)).filter(|_| self.names_action(&by)) else {
                        continue;
                    };
                    let Some(whole) = self.names_resource(flows, world, other.id, verb) else { continue };
                    let mut flow = Flow::new(id, other.id, at, format!("may {}", verb.name));
                    flow.undecided = (limited || !whole).then(|| "a statement limits this right in a way that is not compared".to_string());
                    flow.condition = both(&present(world, id), present(world, other.id));
                    flows.add(Port::Acts(id), to, flow);
                }
            }
        }
    }

    fn names_action(&self, by: &[Value]) -> bool {
        let fits = |pattern: &Value| match pattern.as_str() {
            Some(text) => by.iter().filter_map(Value::as_str).any(|action| Glob::iam(text).ignoring_case().matches(action)),
            None => true,
        };
        self.actions.iter().any(fits)
    }

    /// Whether its resources are those of a declaration: all of them, or perhaps some.
    fn names_resource(&self, flows: &Flows<'_>, world: &World, id: InstanceId, verb: &Verb) -> Option<bool> {
        let granted = granted(world, id, verb);
        let known = |text: &str| {
            let last = text.rsplit([':', '/']).next().unwrap_or(text);
            let kind = world.instance(id).map_or("", |i| i.kind_name());
            [text, last].iter().any(|t| flows.identities.known(kind, t).contains(&id))
        };
        let mut found = None;
        for resource in &self.resources {
            if resource.as_str() == Some("*") || granted.contains(resource) {
                return Some(true);
            }
            let overlaps = match resource.as_str() {
                // An ARN that is written out: by its place it may be anything that is known by its name.
                Some(text) if !text.contains(['*', '?', '$']) => known(text),
                _ => granted.iter().any(|g| overlap(resource, g)),
            };
            if overlaps {
                found = Some(false);
            }
        }
        found
    }
}

/// The resources of a verb's statements, as they are when its parameters are left out.
fn granted(world: &World, id: InstanceId, verb: &Verb) -> Vec<Value> {
    let mut env = Env::kind(world, id).lenient();
    for parameter in &verb.parameters {
        let value = parameter.default.as_ref().map_or(Value::None, |default| env.eval(default));
        env.set(&parameter.name, value);
    }
    let mut out = Vec::new();
    env.walk(&verb.steps, &mut |placed| {
        if let Leaf::Grant(grant) = placed.leaf {
            out.extend(list(&placed.env.eval(&grant.on)));
        }
    });
    out
}

/// Whether two ARNs can be one. References are equal to themselves alone, and may be whatever a wildcard allows.
fn overlap(a: &Value, b: &Value) -> bool {
    let mut atoms = Vec::new();
    let (a, b) = (pattern(a, &mut atoms), pattern(b, &mut atoms));
    let wild = |text: &str, other: &str| text.contains('*') && !text.contains(is_atom) && other.contains(is_atom);
    wild(&a, &b) || wild(&b, &a) || Matcher::glob(Glob::iam(&a)).meets(&Matcher::glob(Glob::iam(&b))) != Verdict::Disjoint
}

/// The first of the characters that stand for references.
const ATOMS: u32 = 0xF_0000;

fn is_atom(c: char) -> bool {
    u32::from(c) >= ATOMS
}

fn pattern(value: &Value, atoms: &mut Vec<String>) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Text(parts) => parts.iter().map(|part| pattern(part, atoms)).collect(),
            Deploy::Pseudo(_) => "*".into(),
            other => {
                let shown = other.to_string();
                let at = atoms.iter().position(|known| *known == shown).unwrap_or_else(|| {
                    atoms.push(shown);
                    atoms.len() - 1
                });
                char::from_u32(ATOMS + at as u32).map(String::from).unwrap_or_default()
            }
        },
        other => other.to_string(),
    }
}
