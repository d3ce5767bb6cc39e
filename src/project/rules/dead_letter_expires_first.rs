//! Dead-letter queues that remove a message before anybody can read it there.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (queue, parked) in view.parked().into_iter().filter(|(queue, _)| !view.is(*queue, "fifo")) {
        let kept = view.number(queue, "retention").zip(view.number(parked, "retention"));
        let Some((first, second)) = kept.filter(|(first, second)| second <= first) else { continue };
        let (name, other) = (view.name(queue), view.name(parked));
        let message =
            format!("messages keep their age: after {first} s in {name} they are removed from {other}, which keeps them for {second} s");
        let finding = warning("dead-letter-expires-first", view.span_of(parked, "retention"), message, &[("parked", other)]);
        let finding = finding.also(view.span_of(queue, "retention"), format!("{name} keeps them for {first} s"));
        out.push(finding.also(view.span_of(queue, "dead_letter"), "sends them there"));
    }
    out
}
