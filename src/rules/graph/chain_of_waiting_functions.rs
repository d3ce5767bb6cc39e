//! Functions that wait for functions that wait: what that can take and cost, hop by hop. Knows no service: what is paid
//! while it waits is what its kind gives a price.

use super::{About, Rule};
use crate::base::{Diagnostic, Severity};
use crate::graph::{Graph, Path, Waits};
use crate::model::{InstanceId, Unit};

pub(super) const RULE: Rule = Rule {
    finds: &[About {
        name: "chain-of-waiting-functions",
        severity: Severity::Warning,
        about: "A function that waits for another which waits for a third is paid for three times, fails when any of them fails, and can take as long as all of them together. The finding shows what is left of the time at each hop.",
        help: "Put a queue between them, let a state machine call one after the other, or hand the result on with `on_success`.",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html",
    }],
    find,
};

/// How many answers the cost is told for: one costs less than a cent.
const ANSWERS: f64 = 1000.0;

fn find(graph: &Graph) -> Vec<Diagnostic> {
    let waits = Waits::of(graph);
    waits.paths().iter().filter_map(|path| chain(graph, path)).collect()
}

/// A path that begins with somebody who pays for waiting, if two more who pay follow at once.
fn chain(graph: &Graph, path: &Path) -> Option<Diagnostic> {
    let price = path.price?;
    let paid: Vec<_> = path.hops.iter().map_while(|hop| hop.price.map(|price| (hop, price))).collect();
    let (first, _) = paid.first()?;
    if paid.len() < 2 {
        return None;
    }
    let name = |id: InstanceId| graph.world.instance(id).map_or("", |i| &i.name);
    let show = |ms: i64| Unit::Time.show(ms);
    let names: Vec<String> = paid.iter().map(|(hop, _)| format!("waits for `{}`", name(hop.who))).collect();
    let times: Vec<String> = std::iter::once(path.limit).chain(paid.iter().map(|(hop, _)| hop.takes)).map(show).collect();
    let total = path.limit + paid.iter().map(|(hop, _)| hop.takes).sum::<i64>();
    let dollars = |ms: i64, price: f64| ms as f64 / 1000.0 * price * ANSWERS;
    let cost = dollars(path.limit, price) + paid.iter().map(|(hop, price)| dollars(hop.takes, *price)).sum::<f64>();
    let message = format!(
        "`{}` {}: in the worst case {} = {} are paid for one answer, ${cost:.2} for a thousand",
        name(path.from),
        names.join(", which "),
        times.join(" + "),
        show(total),
    );
    let mut finding = Diagnostic::new(Severity::Warning, "chain-of-waiting-functions", first.span, message);
    finding.allowable = true;
    let mut before = (name(path.from), path.limit);
    for (at, (hop, _)) in paid.iter().enumerate() {
        let slack = match hop.left {
            left @ 0.. => format!("{} to spare", show(left)),
            left => format!("{} too many", show(-left)),
        };
        let text = format!("{}. `{}` has {}, `{}` may take {}: {slack}", at + 1, before.0, show(before.1), name(hop.who), show(hop.takes));
        finding = if at == 0 { finding.label(text) } else { finding.also(hop.span, text) };
        before = (name(hop.who), hop.takes);
    }
    let about = RULE.finds.first()?;
    Some(
        finding
            .help("put a queue between them, let a state machine call one after the other, or hand the result on with `on_success`")
            .note(format!("source: {}", about.source)),
    )
}
