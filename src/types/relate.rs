//! Evaluates how two declarations stand to each other. Knows nothing of how that came about.

use super::eval::Env;
use super::members::a_kind;
use super::relations::{Link, Relations};
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::rule::Relation;
use crate::model::{Attribute, Body, Deploy, Expr, InstanceId, Node, Value};
use crate::names::nearest;

impl Env<'_> {
    pub(super) fn relation(&self, relation: &Relation, left: &Expr, right: &Expr) -> Value {
        let (left, event) = match (&left.node, relation) {
            (Node::Member(source, event, at), Relation::Wakes) => (&**source, Some((event, *at))),
            _ => (left, None),
        };
        let (Some(left), Some(right)) = (self.declarations(left), self.declarations(right)) else { return Value::Missing };
        match relation {
            Relation::Can(verb, at) => right.iter().for_each(|id| self.must_offer(*id, verb, *at, true)),
            Relation::Wakes => event.iter().for_each(|(event, at)| left.iter().for_each(|id| self.must_offer(*id, event, *at, false))),
            Relation::Reaches => {}
        }
        let Some(relations) = self.world.relations.get() else { return Value::Missing };
        let event = event.map(|(name, _)| name);
        Value::Bool(left.iter().any(|a| match relation {
            Relation::Can(verb, _) => relations.capabilities(*a).any(|l| l.name == *verb && right.contains(&l.subject)),
            Relation::Wakes => relations.woken(*a).any(|l| event.is_none_or(|e| l.name == *e) && right.contains(&l.actor)),
            Relation::Reaches => {
                let reached = relations.reached(*a, &[]);
                right.iter().any(|b| reached.contains(b))
            }
        }))
    }

    /// The declarations that an expression names; none of `none`.
    fn declarations(&self, expr: &Expr) -> Option<Vec<InstanceId>> {
        match self.eval(expr) {
            Value::Ref(id) => Some(vec![id]),
            Value::None => Some(Vec::new()),
            Value::List(values) => Some(values.iter().filter_map(|v| if let Value::Ref(id) = v { Some(*id) } else { None }).collect()),
            Value::Missing => None,
            other => {
                let message = format!("expected a declaration, found {other}");
                self.fail(Diagnostic::error("type-mismatch", expr.span, message));
                None
            }
        }
    }

    /// Reports a verb or an event that a kind does not have.
    fn must_offer(&self, id: InstanceId, name: &Name, at: Span, verb: bool) {
        let Some(info) = self.world.instance(id).and_then(|i| i.kind()) else { return };
        let known: Vec<&str> =
            if verb { info.kind.verbs.keys().map(|v| &**v).collect() } else { info.kind.events.iter().map(|e| &*e.name).collect() };
        if known.contains(&&**name) || known.is_empty() && self.world.instance(id).is_some_and(|i| i.kind().is_none()) {
            return;
        }
        let kind = a_kind(&info.kind.name);
        let (rule, message) = match verb {
            true => ("unknown-verb", format!("{kind} has no verb `{name}`")),
            false => ("unknown-event", format!("{kind} has no event `{name}`")),
        };
        let finding = Diagnostic::error(rule, at, message);
        self.fail(match nearest(name, known.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), at, near),
            None => finding.help(format!("it has {}", known.join(", "))),
        });
    }
}

/// The links of a declaration as records.
pub(super) fn links(env: &Env<'_>, arguments: &[Value], get: fn(&Relations, InstanceId) -> Vec<Link>) -> Option<Value> {
    let id = match arguments {
        [Value::Ref(id)] => *id,
        [Value::None] => return Some(Value::list(Vec::new())),
        _ => return None,
    };
    let Some(relations) = env.world.relations.get() else { return Some(Value::Missing) };
    Some(Value::list(get(relations, id).iter().map(record).collect()))
}

/// A link as a record.
fn record(link: &Link) -> Value {
    let mut fields: FxIndexMap<Name, Value> = FxIndexMap::default();
    let mut put = |name: &str, value: Value| drop(fields.insert(name.into(), value));
    match link.mode {
        Some(mode) => {
            put("event", Value::Str(link.name.clone()));
            put("mode", Value::text(mode.word()));
            put("source", Value::Ref(link.subject));
            put("target", Value::Ref(link.actor));
        }
        None => {
            put("verb", Value::Str(link.name.clone()));
            put("source", Value::Ref(link.actor));
            put("target", Value::Ref(link.subject));
        }
    }
    put("derived", Value::Bool(link.derived));
    put("with", link.arguments.clone());
    put("edge", Value::text(format!("{}:{}:{}", link.span.file.0, link.span.start, link.span.end)));
    Value::record(fields)
}

/// What can come of a declaration.
pub(super) fn reached(env: &Env<'_>, arguments: &[Value], _: Span) -> Option<Value> {
    let (from, without) = match arguments {
        [Value::Ref(from)] => (*from, Vec::new()),
        [Value::Ref(from), without] => (*from, vec![without.clone()]),
        _ => return None,
    };
    let without = without.iter().flat_map(|v| match v {
        Value::List(values) => values.to_vec(),
        other => vec![other.clone()],
    });
    let without: Vec<InstanceId> = without.filter_map(|v| if let Value::Ref(id) = v { Some(id) } else { None }).collect();
    let Some(relations) = env.world.relations.get() else { return Some(Value::Missing) };
    let mut reached: Vec<InstanceId> = relations.reached(from, &without).into_iter().collect();
    reached.sort_unstable();
    Some(Value::list(reached.into_iter().map(Value::Ref).collect()))
}

/// Whether a stack exports a declaration, or one of its values.
pub(super) fn exported(env: &Env<'_>, id: InstanceId) -> bool {
    let Some(logical) = env.world.instance(id).map(|i| &i.logical) else { return false };
    env.world.outputs.iter().filter(|output| output.export).any(|output| mentions(&output.value, id, logical))
}

fn mentions(value: &Value, id: InstanceId, logical: &Name) -> bool {
    match value {
        Value::Ref(other) => *other == id,
        Value::Resource(other) => other == logical,
        Value::List(values) => values.iter().any(|v| mentions(v, id, logical)),
        Value::Record(fields) => fields.values().any(|v| mentions(v, id, logical)),
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Attr(other, _) => other == logical,
            Deploy::Text(parts) => parts.iter().any(|v| mentions(v, id, logical)),
            Deploy::If(_, a, b) => mentions(a, id, logical) || mentions(b, id, logical),
            Deploy::Call(_, argument) => mentions(argument, id, logical),
            Deploy::Param(..) | Deploy::Pseudo(_) | Deploy::StackPart | Deploy::Bool(_) => false,
        },
        _ => false,
    }
}

/// Whether an `@allow` of a rule stands before a declaration or one of its edges.
pub(super) fn allows(env: &Env<'_>, id: InstanceId, rule: &str) -> bool {
    fn of_edges(body: &[Body], names: &dyn Fn(&[Attribute]) -> bool) -> bool {
        body.iter().any(|part| match part {
            Body::Edge(edge) => names(&edge.attributes),
            Body::If(_, then, otherwise) => of_edges(then, names) || of_edges(otherwise, names),
            Body::For(_, _, inner) => of_edges(inner, names),
            Body::Entry(..) => false,
        })
    }
    let names = |attributes: &[Attribute]| attributes.iter().any(|a| a.rule().as_deref() == Some(rule));
    env.world.instance(id).is_some_and(|i| names(&i.decl.attributes) || of_edges(&i.decl.body, &names))
}

/// The built-in `seams`.
pub(super) fn parts(env: &Env<'_>, arguments: &[Value], _: Span) -> Option<Value> {
    let [Value::Ref(id)] = arguments else { return None };
    let unique = |links: &[Link]| {
        let mut ids: Vec<InstanceId> = links.iter().map(|link| link.subject).collect();
        ids.dedup();
        Value::list(ids.into_iter().map(Value::Ref).collect())
    };
    let part = |seam: super::seams::Seam| {
        Value::record(FxIndexMap::from_iter([
            ("paths".into(), Value::list(seam.heads.into_iter().map(Value::text).collect())),
            ("routes".into(), Value::Int(seam.routes.len() as i64)),
            ("needs".into(), unique(&seam.needs)),
        ]))
    };
    Some(Value::list(super::seams::seams(env.world, *id).0.into_iter().map(part).collect()))
}
