//! Holds a graph against the rules that are written in Purlin, built in and of one's own. A rule costs no more than the
//! pairs that it names: what stands in a relation to what is already bound is looked up, not searched. Knows no rule.

use super::checks::{at_fault, enumerable, shown};
use crate::base::{Diagnostic, Name, Severity, Span};
use crate::graph::Graph;
use crate::model::rule::{Binder, Relation, Report, Rule, RuleStep};
use crate::model::walk::{self, Met};
use crate::model::{Cond, Expr, InstanceId, Node, Op, Type, Value, can_hold};
use crate::types::{Env, FrameId, STANDARD, STDLIB_FILES, World};
use rustc_hash::FxHashMap;

/// The findings of every rule that is written in Purlin.
pub fn written(graph: &Graph) -> Vec<Diagnostic> {
    held(graph).0
}

/// How much of each limit a graph uses.
pub fn meters(graph: &Graph) -> Vec<Meter> {
    held(graph).1
}

fn held(graph: &Graph) -> (Vec<Diagnostic>, Vec<Meter>) {
    let world = &graph.world;
    let before = world.take_findings();
    let mut of_kind: FxHashMap<&str, Vec<InstanceId>> = FxHashMap::default();
    for instance in &world.instances {
        of_kind.entry(instance.kind_name()).or_default().push(instance.id);
    }
    let (mut out, mut meters) = (Vec::new(), Vec::new());
    let declared = |kind: &str| of_kind.contains_key(kind);
    let standard = world.library.rules_over(&declared).into_iter().map(|rule| (rule, STANDARD));
    for (rule, frame) in standard.chain(world.rules.iter().map(|(rule, frame)| (rule, *frame))) {
        let mut run = Run { world, rule, frame, of_kind: &of_kind, assumed: Vec::new(), out: &mut out, meters: &mut meters };
        run.steps(&rule.steps, &Env::frame(world, frame).lenient());
    }
    // A rule of the standard library that cannot compute something of a program without errors is an error of the rule,
    // which tests see. Of a program with errors, the value may be invalid itself.
    let shown = cfg!(debug_assertions) && !before.iter().any(|f| f.severity == Severity::Error);
    let said = world.take_findings().into_iter().filter(|f| shown || f.primary.span.file.0 < STDLIB_FILES);
    before.into_iter().chain(said).for_each(|finding| world.report(finding));
    (out, meters)
}

/// One rule against one graph.
struct Run<'r, 'w> {
    world: &'w World,
    rule: &'r Rule,
    frame: FrameId,
    of_kind: &'r FxHashMap<&'w str, Vec<InstanceId>>,
    /// The conditions of the template under which what holds here holds.
    assumed: Vec<Cond>,
    out: &'r mut Vec<Diagnostic>,
    meters: &'r mut Vec<Meter>,
}

/// How much of a limit is used.
#[derive(Clone, Debug)]
pub struct Meter {
    /// The rule that holds it.
    pub rule: Name,
    /// What uses it.
    pub span: Span,
    /// How much.
    pub value: String,
    /// Of how much.
    pub limit: String,
    /// The one divided by the other.
    pub share: f64,
}

/// Part of a condition: all parts must hold.
struct Part<'e> {
    expr: &'e Expr,
    /// The names of the binders that it asks about.
    asks: Vec<&'e str>,
}

impl<'w> Run<'_, 'w> {
    fn steps(&mut self, steps: &[RuleStep], env: &Env<'w>) {
        let mut env = env.clone();
        for step in steps {
            match step {
                RuleStep::Let(name, value) => {
                    let value = env.eval(value);
                    env.set(name, value);
                }
                RuleStep::If(condition, then, otherwise) => {
                    let before = self.assumed.len();
                    match self.holds(condition, &env) {
                        Some(true) => self.steps(then, &env),
                        Some(false) => self.steps(otherwise, &env),
                        None => {}
                    }
                    self.assumed.truncate(before);
                }
                RuleStep::For { names, over, steps } => env.turns(names, over).iter().for_each(|(turn, _)| self.steps(steps, turn)),
                RuleStep::Each { binders, filter, steps } => {
                    let mut parts = Vec::new();
                    filter.iter().for_each(|f| split(f, binders, &mut parts));
                    let parts: Vec<&Part<'_>> = parts.iter().collect();
                    self.bind(binders, &parts, steps, &env);
                }
                RuleStep::Report(report) => self.report(report, &env),
            }
        }
    }

    /// Whether a condition holds; nothing if that cannot be told.
    fn holds(&mut self, condition: &Expr, env: &Env<'w>) -> Option<bool> {
        match env.condition(condition)? {
            Ok(holds) => Some(holds),
            Err(cond) if enumerable(&cond) => {
                self.assumed.push(cond);
                Some(can_hold(&self.assumed.iter().collect::<Vec<_>>()))
            }
            Err(_) => None,
        }
    }

    /// Binds the first of some names to each declaration that can be meant, and goes on with the others.
    fn bind(&mut self, binders: &[Binder], parts: &[&Part<'_>], steps: &[RuleStep], env: &Env<'w>) {
        let Some((binder, rest)) = binders.split_first() else {
            let before = self.assumed.len();
            if parts.iter().all(|part| self.holds(part.expr, env) == Some(true)) {
                self.steps(steps, env);
            }
            self.assumed.truncate(before);
            return;
        };
        let later = |part: &Part<'_>| part.asks.iter().any(|name| rest.iter().any(|b| &*b.name == *name));
        let (later, now): (Vec<&Part<'_>>, Vec<&Part<'_>>) = parts.iter().partition(|part| later(part));
        let kinds = match self.world.resolve_type(self.frame, &binder.ty) {
            Type::Ref(kinds) => kinds,
            _ => return,
        };
        for id in self.candidates(&binder.name, &kinds, &now, env) {
            let fits = |i: &crate::types::Instance| kinds.is_empty() || kinds.iter().any(|k| **k == *i.kind_name());
            if !self.world.instance(id).is_some_and(fits) {
                continue;
            }
            let env = env.with(&binder.name, Value::Ref(id));
            let before = self.assumed.len();
            if now.iter().all(|part| self.holds(part.expr, &env) == Some(true)) {
                self.bind(rest, &later, steps, &env);
            }
            self.assumed.truncate(before);
        }
    }

    /// The declarations that a name can mean: those in a relation to what is bound, if a part of the condition says so.
    fn candidates(&self, name: &Name, kinds: &[Name], parts: &[&Part<'_>], env: &Env<'w>) -> Vec<InstanceId> {
        let related = parts.iter().find_map(|part| self.related(name, part, env));
        let mut ids = related.unwrap_or_else(|| match kinds {
            [] => self.world.instances.iter().map(|i| i.id).collect(),
            kinds => kinds.iter().flat_map(|k| self.of_kind.get(&**k).into_iter().flatten().copied()).collect(),
        });
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn related(&self, name: &str, part: &Part<'_>, env: &Env<'w>) -> Option<Vec<InstanceId>> {
        let Node::Relation(relation, left, right) = &part.expr.node else { return self.equal(name, part, env) };
        let relations = self.world.relations.get()?;
        let (left, event) = match (&left.node, relation) {
            (Node::Member(source, event, _), Relation::Wakes) => (&**source, Some(event)),
            _ => (&**left, None),
        };
        let is_it = |expr: &Expr| matches!(&expr.node, Node::Name(n) if **n == *name);
        let known = |expr: &Expr| match env.eval(expr) {
            Value::Ref(id) => Some(id),
            _ => None,
        };
        let means = |n: &Name| event.is_none_or(|e| e == n);
        match (relation, is_it(left), is_it(right)) {
            (Relation::Can(verb, _), true, false) if !part.asks_others(name, right) => {
                Some(relations.users(known(right)?).filter(|l| l.name == *verb).map(|l| l.actor).collect())
            }
            (Relation::Can(verb, _), false, true) if !part.asks_others(name, left) => {
                Some(relations.capabilities(known(left)?).filter(|l| l.name == *verb).map(|l| l.subject).collect())
            }
            (Relation::Wakes, true, false) if !part.asks_others(name, right) => {
                Some(relations.triggers(known(right)?).filter(|l| means(&l.name)).map(|l| l.subject).collect())
            }
            (Relation::Wakes, false, true) if !part.asks_others(name, left) => {
                Some(relations.woken(known(left)?).filter(|l| means(&l.name)).map(|l| l.actor).collect())
            }
            (Relation::Reaches, false, true) if !part.asks_others(name, left) => {
                Some(relations.reached(known(left)?, &[]).into_iter().collect())
            }
            _ => None,
        }
    }

    /// The one declaration that a name can mean if it must equal something known.
    fn equal(&self, name: &str, part: &Part<'_>, env: &Env<'w>) -> Option<Vec<InstanceId>> {
        let Node::Binary(Op::Equal, left, right) = &part.expr.node else { return None };
        let is_it = |expr: &Expr| matches!(&expr.node, Node::Name(n) if **n == *name);
        let other = match (is_it(left), is_it(right)) {
            (true, false) => right,
            (false, true) => left,
            _ => return None,
        };
        if part.asks_others(name, other) {
            return None;
        }
        match env.eval(other) {
            Value::Ref(id) => Some(vec![id]),
            Value::None => Some(Vec::new()),
            _ => None,
        }
    }

    fn report(&mut self, report: &Report, env: &Env<'w>) {
        let rule = self.rule;
        // What the message names is as it is where the rule is violated.
        let assumed = Cond::And(self.assumed.clone());
        let env = &if self.assumed.is_empty() { env.clone() } else { env.clone().assuming(&assumed) };
        let text = |expr: &Expr| match env.eval(expr) {
            Value::Str(text) => text.to_string(),
            other => other.to_string(),
        };
        let others = report.fields.get("also").map(|e| match &e.node {
            Node::List(list) => list.as_slice(),
            _ => std::slice::from_ref(e),
        });
        let others = others.unwrap_or_default();
        // What is wrong with the use of an import is told where it is used, and what is wrong with itself in its stack.
        let mut places = std::iter::once(&report.at).chain(others).filter_map(|at| place_of(at, env));
        let Some(span) = places.find(|at| !self.world.is_import(*at)) else { return };
        if let (Some(value), Some(limit)) = (report.fields.get("value"), report.fields.get("limit")) {
            let (value, limit) = (env.eval(value), env.eval(limit));
            let (Some(used), Some(most)) = (value.magnitude(), limit.magnitude()) else { return };
            self.meters.push(Meter {
                rule: rule.name.clone(),
                span,
                value: value.to_string(),
                limit: limit.to_string(),
                share: used / most,
            });
            if used <= most {
                return;
            }
        }
        let message = match &rule.asserts {
            Some(asserted) => format!("\"{}\" does not hold: {}", text(asserted), text(&report.message)),
            None => text(&report.message),
        };
        let mut finding = Diagnostic::new(rule.severity, &rule.name, span, message);
        finding.allowable = true;
        for other in std::iter::once(&report.at).chain(others) {
            if let Some(place) = place_of(other, env).filter(|p| *p != span) {
                let label = match (&other.node, env.eval(other)) {
                    (Node::Member(..), value) if !matches!(value, Value::Ref(_) | Value::Missing) => format!("{} is {value}", shown(other)),
                    _ => String::new(),
                };
                finding = finding.also(place, label);
            }
        }
        if rule.asserts.is_some() {
            finding = finding.also(rule.span, "asserted here");
        }
        if let Some(help) = report.fields.get("help") {
            finding = finding.help(text(help));
        }
        if !self.assumed.is_empty() {
            finding = finding.note("under one of the template's conditions");
        }
        let page = report.fields.get("source").map(text).or_else(|| source_of(&rule.doc));
        if let Some(page) = page {
            finding = finding.note(format!("source: {page}"));
        }
        self.out.push(finding);
    }
}

impl Part<'_> {
    /// Whether an expression of this part asks about what is not bound yet, besides a name.
    fn asks_others(&self, name: &str, expr: &Expr) -> bool {
        let mut asks = false;
        walk::expr(expr, &mut |met| asks |= matches!(met, Met::Expr(Expr { node: Node::Name(n), .. }) if **n == *name));
        asks
    }
}

/// The page that a rule rests on: the last `source:` line of its documentation.
fn source_of(doc: &str) -> Option<String> {
    doc.lines().rev().find_map(|line| line.trim().strip_prefix("source: ").map(str::to_string))
}

/// The parts of a condition, with the binders that each asks about.
fn split<'e>(expr: &'e Expr, binders: &'e [Binder], out: &mut Vec<Part<'e>>) {
    if let Node::Binary(Op::And, left, right) = &expr.node {
        split(left, binders, out);
        split(right, binders, out);
        return;
    }
    let mut asks = Vec::new();
    walk::expr(expr, &mut |met| {
        if let Met::Expr(Expr { node: Node::Name(name), .. }) = met
            && binders.iter().any(|b| b.name == *name)
        {
            asks.push(&**name);
        }
    });
    out.push(Part { expr, asks });
}

/// The place that an expression of a report names: a declaration, a property of one, an edge.
fn place_of(at: &Expr, env: &Env<'_>) -> Option<Span> {
    match env.eval(at) {
        Value::Ref(id) if matches!(at.node, Node::Name(_) | Node::Index(..)) => env.world.instance(id).map(|i| i.decl.name_span),
        Value::Record(fields) if fields.contains_key("edge") => {
            let at = fields.get("edge").and_then(Value::as_str)?;
            let numbers: Vec<u32> = at.split(':').filter_map(|n| n.parse().ok()).collect();
            let [file, start, end] = numbers.as_slice() else { return None };
            Some(Span::new(crate::base::FileId(*file), *start, *end))
        }
        _ => at_fault(at, env, InstanceId(u32::MAX), None),
    }
}

/// Holds a rule against stand-ins, to find what is wrong with the rule itself.
pub fn rehearse(world: &mut World, rule: &Rule, frame: FrameId) {
    let mut stand_ins = FxHashMap::default();
    collect_stand_ins(world, &rule.steps, frame, &mut stand_ins);
    let env = Env::frame(world, frame);
    rule.asserts.iter().for_each(|text| drop(env.eval(text)));
    rehearse_steps(&rule.steps, &env, &stand_ins);
}

fn collect_stand_ins(world: &mut World, steps: &[RuleStep], frame: FrameId, out: &mut FxHashMap<Span, Value>) {
    for step in steps {
        match step {
            RuleStep::Each { binders, steps, .. } => {
                for binder in binders {
                    let ty = world.resolve_type(frame, &binder.ty);
                    if !matches!(ty, Type::Ref(_) | Type::Error) {
                        let message = format!("expected a kind for `{}`, found {ty}", binder.name);
                        world.report(Diagnostic::error("type-mismatch", binder.ty.span, message));
                    }
                    let value = world.stand_in(&binder.name, binder.span, &ty, frame);
                    out.insert(binder.span, value);
                }
                collect_stand_ins(world, steps, frame, out);
            }
            RuleStep::For { steps, .. } => collect_stand_ins(world, steps, frame, out),
            RuleStep::If(_, then, otherwise) => {
                collect_stand_ins(world, then, frame, out);
                collect_stand_ins(world, otherwise, frame, out);
            }
            RuleStep::Let(..) | RuleStep::Report(_) => {}
        }
    }
}

fn rehearse_steps(steps: &[RuleStep], env: &Env<'_>, stand_ins: &FxHashMap<Span, Value>) {
    let mut env = env.clone();
    for step in steps {
        match step {
            RuleStep::Let(name, value) => {
                let value = env.eval(value);
                env.set(name, value);
            }
            RuleStep::Each { binders, filter, steps } => {
                let mut inner = env.clone();
                for binder in binders {
                    inner.set(&binder.name, stand_ins.get(&binder.span).cloned().unwrap_or(Value::Missing));
                }
                filter.iter().for_each(|f| drop(inner.condition(f)));
                rehearse_steps(steps, &inner, stand_ins);
            }
            RuleStep::For { names, over, steps } => {
                env.eval(over);
                let inner = names.iter().fold(env.clone(), |env, name| env.with(name, Value::Missing));
                rehearse_steps(steps, &inner, stand_ins);
            }
            RuleStep::If(condition, then, otherwise) => {
                drop(env.condition(condition));
                rehearse_steps(then, &env, stand_ins);
                rehearse_steps(otherwise, &env, stand_ins);
            }
            RuleStep::Report(report) => {
                [&report.at, &report.message].into_iter().chain(report.fields.values()).for_each(|e| drop(env.eval(e)));
            }
        }
    }
}
