//! Evaluates the `check`s of kinds, verbs and events, each at the place that is at fault. Knows no check by name.

use crate::base::{Diagnostic, Severity, Span};
use crate::graph::{Edge, EdgeKind, Graph};
use crate::model::{Check, Cond, Deploy, Expr, InstanceId, Leaf, Node, Step, Type, Value, can_hold};
use crate::types::{Env, place};

/// The findings of every check of a graph.
pub fn checks(graph: &Graph) -> Vec<Diagnostic> {
    let world = &graph.world;
    let mut out = Vec::new();
    for instance in world.instances.iter().filter(|i| !i.decl.existing) {
        if let Some(info) = instance.kind() {
            run(&Env::kind(world, instance.id), &info.kind.steps, instance.id, None, &mut out);
        }
    }
    for edge in &graph.edges {
        let steps = match edge.kind {
            EdgeKind::Trigger(_) => edge.as_event(world).map(|e| &e.steps),
            EdgeKind::Capability => edge.as_verb(world).map(|v| &v.steps),
        };
        if let Some(steps) = steps {
            run(&edge.env(world), steps, edge.subject, Some(edge), &mut out);
        }
    }
    out
}

fn run(env: &Env<'_>, steps: &[Step], subject: InstanceId, edge: Option<&Edge>, out: &mut Vec<Diagnostic>) {
    if !has_check(steps) {
        return;
    }
    env.clone().lenient().walk(steps, &mut |placed| {
        if let Leaf::Check(check) = placed.leaf {
            out.extend(finding(check, &placed.env, subject, edge));
        }
    });
}

fn has_check(steps: &[Step]) -> bool {
    steps.iter().any(|step| match step {
        Step::Leaf(Leaf::Check(_)) => true,
        Step::If(_, a, b) => has_check(a) || has_check(b),
        Step::For { steps, .. } => has_check(steps),
        _ => false,
    })
}

fn finding(check: &Check, env: &Env<'_>, subject: InstanceId, edge: Option<&Edge>) -> Option<Diagnostic> {
    let sometimes = match env.condition(&check.when)? {
        Ok(false) => return None,
        Ok(true) => None,
        Err(cond) if !enumerable(&cond) || !can_hold(&[&cond]) => return None,
        Err(cond) => Some(cond),
    };
    // What the message names is as it is where the check fails.
    let assuming = sometimes.as_ref().map(|cond| env.clone().assuming(cond));
    let env = assuming.as_ref().unwrap_or(env);
    let text = |expr: &Expr| match env.eval(expr) {
        Value::Str(text) => text.to_string(),
        other => other.to_string(),
    };
    let fallback = || edge.map(|e| e.span).or_else(|| env.world.instance(subject).map(|i| i.decl.name_span)).unwrap_or_default();
    let span = check.fields.get("at").and_then(|at| at_fault(at, env, subject, edge));
    // What is wrong with the use of an import is told where it is used.
    let span = span.filter(|at| edge.is_none() || !env.world.is_import(*at)).unwrap_or_else(fallback);
    let mut finding = Diagnostic::new(check.severity, &check.name, span, text(&check.message));
    finding.allowable = true;
    if let Some(edge) = edge.filter(|e| !within(span, e.span)) {
        finding = finding.also(edge.span, if edge.kind == EdgeKind::Capability { "needed here" } else { "triggered here" });
    }
    let others = check.fields.get("also").map(|e| match &e.node {
        Node::List(list) => list.as_slice(),
        _ => std::slice::from_ref(e),
    });
    for other in others.unwrap_or_default() {
        let place = at_fault(other, env, subject, edge).filter(|p| *p != span);
        if let Some(place) = place {
            finding = finding.also(place, format!("{} is {}", shown(other), env.eval(other)));
        }
    }
    if let Some(help) = check.fields.get("help") {
        finding = finding.help(text(help));
    }
    if sometimes.is_some() {
        finding = finding.note("under one of the template's conditions");
    }
    if let Some(source) = check.fields.get("source") {
        finding = finding.note(format!("source: {}", text(source)));
    }
    debug_assert!(finding.severity >= Severity::Advice);
    Some(finding)
}

/// Whether a condition only compares parameters that have few values, so that each of them can come true.
pub(super) fn enumerable(cond: &Cond) -> bool {
    match cond {
        Cond::Equals(a, b) => [a, b].into_iter().all(|value| match value {
            Value::Deploy(deploy) => matches!(&**deploy, Deploy::Param(_, ty) if matches!(ty.bare(), Type::Words(_) | Type::Bool)),
            _ => true,
        }),
        Cond::Not(inner) => enumerable(inner),
        Cond::And(all) | Cond::Or(all) => all.iter().all(enumerable),
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end
}

/// The place that an expression of a check names: an argument of the edge, a property of a declaration.
pub(super) fn at_fault(at: &Expr, env: &Env<'_>, subject: InstanceId, edge: Option<&Edge>) -> Option<Span> {
    let world = env.world;
    match &at.node {
        Node::Name(name) => {
            if let Some(edge) = edge {
                if let Some(span) = edge.spans.get(name) {
                    return Some(*span);
                }
                if edge.arguments.contains_key(name) {
                    return Some(edge.span);
                }
            }
            match env.eval(at) {
                Value::Ref(id) if &**name == "target" || &**name == "actor" => world.instance(id).map(|i| i.decl.name_span),
                _ => world.instance(subject).map(|i| place(&i.decl, name)),
            }
        }
        Node::Member(inner, name, _) => match env.eval(inner) {
            Value::Ref(id) => world.instance(id).map(|i| place(&i.decl, name)),
            _ => at_fault(inner, env, subject, edge),
        },
        Node::Index(inner, _) => at_fault(inner, env, subject, edge),
        _ => None,
    }
}

/// An expression of a check in the reader's words: `visibility`, `target.timeout`.
pub(super) fn shown(expr: &Expr) -> String {
    match &expr.node {
        Node::Name(name) => format!("`{name}`"),
        Node::Member(_, name, _) => format!("`{name}`"),
        _ => "this".into(),
    }
}
