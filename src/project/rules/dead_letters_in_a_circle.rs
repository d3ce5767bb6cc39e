//! Dead-letter queues that lead round to where they begin.

use super::error;
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::view::View;

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    view.nodes().filter(|id| view.fact(*id, "visibility").is_some()).filter_map(|queue| circle(view, queue)).collect()
}

/// A circle of dead-letter queues, at the last of its queues.
fn circle(view: &View<'_>, first: InstanceId) -> Option<Diagnostic> {
    let mut round = vec![first];
    loop {
        let next = view.ends(*round.last()?, "dead_letter").into_iter().next()?;
        if next == first {
            break;
        }
        // A circle that the first is not part of is reported at its own queues.
        if round.contains(&next) {
            return None;
        }
        round.push(next);
    }
    if round.iter().any(|id| id.0 > first.0) {
        return None;
    }
    let names: Vec<String> = round.iter().map(|id| view.name(*id)).collect();
    let message = match names.as_slice() {
        [one] => format!("{one} is its own dead-letter queue"),
        all => format!("{} are each other's dead-letter queues: failed messages circle between them", all.join(" and ")),
    };
    let line = |id: &InstanceId| view.span_of(*id, "dead_letter");
    let finding = error("dead-letters-in-a-circle", line(&first), message, &[]);
    Some(round.iter().skip(1).fold(finding, |finding, id| finding.also(line(id), format!("the dead-letter queue of {}", view.name(*id)))))
}
