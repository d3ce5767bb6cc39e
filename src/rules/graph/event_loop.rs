//! What is said of loops: those that are certain, those that could not be excluded, and those that only the code's own
//! discipline excludes. How they are found is in `graph/loops`. Knows no service.

use super::{About, Rule};
use crate::base::{Diagnostic, Severity, Span};
use crate::flow::{Flow, IN_DECLARATIONS, looped, rule};
use crate::graph::Graph;
use rustc_hash::FxHashMap;

const SOURCE: &str = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html";

pub(super) const RULE: Rule = Rule {
    finds: &[
        About {
            name: "event-loop",
            severity: Severity::Error,
            about: "A declaration triggers itself, directly or over other services: every event makes another, until the bill or a quota ends it. Lambda notices some such loops after about sixteen rounds, and none over DynamoDB, Kinesis, EventBridge and CloudWatch Logs. Every hop of this loop is certain: each filter on the way accepts a message that is sent to it. Filters are compared in the language of their service, over every hop that the message takes.",
            help: "Narrow the trigger or the capability so that they exclude each other, write elsewhere, or say how it ends: `@allow(event-loop, \"...\")`.",
            source: SOURCE,
        },
        About {
            name: "loop-not-proved",
            severity: Severity::Advice,
            about: "A declaration may trigger itself, and whether it does could not be decided: a field may hold several values of which each filter accepts another, a right is given outside of `can`, a trigger is declared outside of `on`, or something depends on what the code writes. It is reported once for each such thing, and only where a loop would exist through it.",
            help: "Declare the right with `can` and the trigger with `on`, narrow a filter to a field with one value, or say why it is no loop: `@allow(loop-not-proved, \"...\")`.",
            source: SOURCE,
        },
        About {
            name: "loop-only-declared",
            severity: Severity::Advice,
            about: "A declaration does not trigger itself only as long as messages are as declared: as a sender says with the arguments of a capability, or as the type says that a queue, a topic, a stream or a bus carries. Nothing on AWS enforces either. It is reported once for each such line.",
            help: "Narrow the trigger, which AWS enforces, or make sure that the code sends nothing else.",
            source: SOURCE,
        },
    ],
    find: event_loops,
};

/// The findings on the loops of a graph. Loops of the same lines, as the turns of a `for` make them, are one finding.
fn event_loops(graph: &Graph) -> Vec<Diagnostic> {
    let loops = graph.loops();
    let name = |id| graph.world.instance(id).map_or_else(String::new, |i| i.name.to_string());
    let mut out: Vec<Diagnostic> = Vec::new();
    let mut alike: FxHashMap<(Vec<Span>, &str), (usize, usize)> = FxHashMap::default();
    for found in &loops.found {
        let flows: Vec<&Flow> = found.flows.iter().filter_map(|e| loops.flows.graph.edge_weight(*e)).collect();
        let mut lines: Vec<Span> = flows.iter().map(|f| f.span).collect();
        lines.sort_unstable();
        let entry = alike.entry((lines, rule(&found.proof))).or_insert((out.len(), 0));
        entry.1 += 1;
        if entry.1 == 1 {
            out.push(looped(found, &flows, &name, &IN_DECLARATIONS));
        }
    }
    for (at, times) in alike.into_values().filter(|(_, times)| *times > 1) {
        if let Some(finding) = out.get_mut(at) {
            finding.notes.push(format!("these lines make {times} such loops"));
        }
    }
    out.extend(loops.cut_short.iter().filter_map(|id| too_many(graph, *id)));
    out
}

/// More flows than are looked at: said, not passed over.
fn too_many(graph: &Graph, id: crate::model::InstanceId) -> Option<Diagnostic> {
    let instance = graph.world.instance(id)?;
    let message = format!("not all ways from `{}` were followed: there are too many", instance.name);
    let mut finding = Diagnostic::new(Severity::Advice, "loop-not-proved", instance.decl.name_span, message);
    finding.allowable = true;
    Some(finding.help("narrow what is published and listened for, so that fewer declarations reach each other"))
}
