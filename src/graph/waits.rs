//! Who waits for whom, and how much of the time is left at each hop. Kinds say it with `@waits`: on an event, how long
//! its source waits for whom it wakes; on a verb, how long it can take, and what a second of it costs who does the work.
//! Knows no service.

use super::edge::{Edge, EdgeKind, Graph};
use crate::base::Span;
use crate::model::{Argument, InstanceId, Unit, Value};
use crate::types::{Env, attribute};
use rustc_hash::{FxHashMap, FxHashSet};

/// The most hops of a path that are followed.
const MOST_HOPS: usize = 64;

/// One that is waited for.
#[derive(Clone, Debug)]
pub struct Hop {
    /// Who.
    pub who: InstanceId,
    /// The line that makes the one before it wait.
    pub span: Span,
    /// How long it can take, in milliseconds.
    pub takes: i64,
    /// What is then left of the time that the one before it has, in milliseconds; less than nothing if it may be too late.
    pub left: i64,
    /// What a second of it costs, in dollars; none if it is not paid by time.
    pub price: Option<f64>,
}

/// Who waits, and for whom, down to the one that waits for nobody: at each hop for the one that can take longest.
#[derive(Clone, Debug)]
pub struct Path {
    /// What waits first: the source of an event, or somebody whom nobody waits for.
    pub from: InstanceId,
    /// The event and its first argument, if it is the source of one: `route("GET /")`.
    pub event: Option<String>,
    /// How long it waits, or may itself take, in milliseconds.
    pub limit: i64,
    /// Where that is said.
    pub span: Span,
    /// What a second of it costs, in dollars.
    pub price: Option<f64>,
    /// Who is waited for, one after the other.
    pub hops: Vec<Hop>,
}

/// Who waits for whom in a graph.
pub struct Waits<'g> {
    graph: &'g Graph,
    /// For each that waits: for whom, by which edge, and how long that can take.
    calls: FxHashMap<InstanceId, Vec<(InstanceId, Span, i64)>>,
    /// Of those, the one whose own calls take longest together with it.
    longest: FxHashMap<InstanceId, (InstanceId, Span, i64)>,
}

impl<'g> Waits<'g> {
    /// Finds who waits for whom.
    pub fn of(graph: &'g Graph) -> Waits<'g> {
        let mut waits = Waits { graph, calls: FxHashMap::default(), longest: FxHashMap::default() };
        for edge in &graph.edges {
            let Some(verb) = edge.as_verb(&graph.world) else { continue };
            let Some(waiting) = attribute(&verb.attributes, "waits") else { continue };
            if let Some(takes) = time(&edge.env(&graph.world), &waiting.arguments) {
                waits.calls.entry(edge.actor).or_default().push((edge.subject, edge.span, takes));
            }
        }
        waits.choose();
        waits
    }

    /// The paths of a graph: one from each event whose source waits, and one from everybody who waits and is not waited for.
    pub fn paths(&self) -> Vec<Path> {
        let world = &self.graph.world;
        let mut out = Vec::new();
        for edge in self.graph.edges.iter().filter(|e| matches!(e.kind, EdgeKind::Trigger(_))) {
            let Some(waiting) = edge.as_event(world).and_then(|e| attribute(&e.attributes, "waits")) else { continue };
            let Some(limit) = time(&edge.env(world), &waiting.arguments) else { continue };
            let Some((takes, _)) = self.itself(edge.actor) else { continue };
            let first = (edge.actor, edge.span, takes);
            let hops = self.hops(limit, Some(first));
            out.push(Path { from: edge.subject, event: Some(called(edge)), limit, span: edge.span, price: None, hops });
        }
        let waited: FxHashSet<InstanceId> = self.calls.values().flatten().map(|(to, ..)| *to).collect();
        for instance in world.instances.iter().filter(|i| self.calls.contains_key(&i.id) && !waited.contains(&i.id)) {
            let Some((limit, price)) = self.itself(instance.id) else { continue };
            let hops = self.hops(limit, self.longest.get(&instance.id).copied());
            out.push(Path { from: instance.id, event: None, limit, span: instance.decl.name_span, price, hops });
        }
        out
    }

    /// How long somebody can take when it is waited for, and what a second of that costs: what its kind's verb says.
    fn itself(&self, id: InstanceId) -> Option<(i64, Option<f64>)> {
        let info = self.graph.world.instance(id)?.kind()?;
        let waiting = info.kind.verbs.values().find_map(|v| attribute(&v.attributes, "waits"))?;
        let env = Env::kind(&self.graph.world, id).lenient();
        let price = waiting.arguments.iter().find(|a| a.name.as_ref().is_some_and(|(n, _)| &**n == "price"));
        Some((time(&env, &waiting.arguments)?, price.and_then(|p| env.eval(&p.value).magnitude())))
    }

    fn hops(&self, limit: i64, first: Option<(InstanceId, Span, i64)>) -> Vec<Hop> {
        let (mut deadline, mut next, mut hops, mut seen) = (limit, first, Vec::new(), FxHashSet::default());
        while let Some((who, span, takes)) = next {
            if !seen.insert(who) || hops.len() == MOST_HOPS {
                break;
            }
            let price = self.itself(who).and_then(|(_, price)| price);
            hops.push(Hop { who, span, takes, left: deadline - takes, price });
            deadline = deadline.min(takes);
            next = self.longest.get(&who).copied();
        }
        hops
    }

    /// Finds for each the longest of its calls, those that are called before those that call; a circle ends where it closes.
    fn choose(&mut self) {
        let mut total: FxHashMap<InstanceId, i64> = FxHashMap::default();
        let mut entered: FxHashSet<InstanceId> = FxHashSet::default();
        let mut starts: Vec<InstanceId> = self.calls.keys().copied().collect();
        starts.sort_unstable();
        let mut stack: Vec<(InstanceId, bool)> = starts.into_iter().rev().map(|id| (id, false)).collect();
        while let Some((id, done)) = stack.pop() {
            let calls = self.calls.get(&id).map_or(&[][..], Vec::as_slice);
            if done {
                let sum = |call: &&(InstanceId, Span, i64)| call.2 + total.get(&call.0).copied().unwrap_or_default();
                // The first of those that are equal, so that the source's order decides.
                if let Some(longest) = calls.iter().rev().max_by_key(sum) {
                    total.insert(id, sum(&longest));
                    self.longest.insert(id, *longest);
                }
            } else if entered.insert(id) {
                stack.push((id, true));
                stack.extend(calls.iter().filter(|c| !entered.contains(&c.0)).map(|c| (c.0, false)));
            }
        }
    }
}

/// The duration that an attribute's first argument comes to.
fn time(env: &Env<'_>, arguments: &[Argument]) -> Option<i64> {
    match env.clone().lenient().eval(&arguments.iter().find(|a| a.name.is_none())?.value) {
        Value::Quantity(time, Unit::Time) => Some(time),
        _ => None,
    }
}

/// The event of an edge with its first argument.
fn called(edge: &Edge) -> String {
    let first = edge.arguments.values().next().and_then(Value::as_str);
    first.map_or_else(|| format!("{}()", edge.name), |text| format!("{}({text:?})", edge.name))
}
